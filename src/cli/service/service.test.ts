import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadConfig } from '../../config/load.ts'
import { label, launchdAgent } from './launchd-agent.ts'
import { type ServicePlan, servicePlan } from './plan.ts'
import { isUntouched, stamped } from './stamp.ts'
import { systemdUnit } from './systemd-unit.ts'

const own: ServicePlan = {
  command: ['/opt/no de/bin/node', '/opt/b"h$r/bhor.js', 'serve'],
  home: '/home/me/50% sure',
  user: undefined,
  masterKeyFile: undefined,
  passphraseFile: undefined,
  isEncrypted: false,
  writable: [],
  needsLowPort: false,
}
const ofSystem: ServicePlan = {
  ...own,
  command: ['/usr/bin/node', '/usr/lib/node_modules/bhor/dist/cli/bhor.js', 'serve'],
  home: '/var/lib/bhor',
  user: 'bhor',
  masterKeyFile: '/etc/bhor/master.key',
}

/** The settings of a unit as systemd reads them; those that stand several times, all of them. */
function settingsOf(unit: string): Readonly<Record<string, readonly string[]>> {
  const settings: Record<string, string[]> = {}
  let section = ''
  for (const line of unit.split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const [, header] = /^\[(\w+)\]$/.exec(line) ?? []
    if (header) {
      section = header
      continue
    }
    const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? assert.fail(`no setting: ${line}`)
    const at = `${section}.${name}`
    settings[at] = [...(settings[at] ?? []), value!]
  }
  return settings
}

test('a unit starts this very bhor, whatever stands in its paths', () => {
  const settings = settingsOf(systemdUnit(own))
  assert.deepEqual(settings['Service.ExecStart'], ['"/opt/no de/bin/node" "/opt/b\\"h$$r/bhor.js" "serve"'])
  assert.deepEqual(settings['Service.Environment'], ['"BHOR_HOME=/home/me/50%% sure"'])
  assert.deepEqual(settings['Install.WantedBy'], ['default.target'])
  assert.equal(settings['Service.User'], undefined)
})

test('keys and passphrases arrive as credentials, encrypted or plain', () => {
  const load = (plan: Partial<ServicePlan>) => {
    const settings = settingsOf(systemdUnit({ ...own, ...plan }))
    return [settings['Service.LoadCredential'], settings['Service.LoadCredentialEncrypted']]
  }
  assert.deepEqual(load({}), [undefined, undefined])
  assert.deepEqual(load({ masterKeyFile: '/etc/100%/key' }), [['bhor-master-key:/etc/100%%/key'], undefined])
  assert.deepEqual(load({ masterKeyFile: '/k', isEncrypted: true }), [undefined, ['bhor-master-key:/k']])
  const withPassphrase = { ...own, passphraseFile: '/p' }
  assert.deepEqual(load(withPassphrase), [['bhor-passphrase:/p'], undefined])
  assert.deepEqual(settingsOf(systemdUnit(withPassphrase))['Service.Environment'], [
    '"BHOR_HOME=/home/me/50%% sure"',
    '"BHOR_PASSPHRASE_FILE=%d/bhor-passphrase"',
  ])
})

test('a service of the system sees and writes little; one of a user is not put into a name space that bhor would not trust', () => {
  const user = settingsOf(systemdUnit(own))
  const system = settingsOf(systemdUnit(ofSystem))
  for (const settings of [user, system])
    for (const [name, value] of Object.entries({
      NoNewPrivileges: 'yes',
      LimitCORE: '0',
      UMask: '0077',
      RestrictSUIDSGID: 'yes',
      RestrictNamespaces: 'yes',
      SystemCallFilter: '@system-service @pkey',
    }))
      assert.deepEqual(settings[`Service.${name}`], [value], name)
  // V8 makes code while it runs.
  assert.equal(user['Service.MemoryDenyWriteExecute'], undefined)
  assert.ok(!Object.keys(user).some((name) => /Protect|Private|ReadWrite|Capabilit/.test(name)))
  for (const [name, value] of Object.entries({
    User: 'bhor',
    StateDirectory: 'bhor',
    StateDirectoryMode: '0700',
    ProtectSystem: 'strict',
    ProtectHome: 'yes',
    PrivateDevices: 'yes',
    CapabilityBoundingSet: '',
  }))
    assert.deepEqual(system[`Service.${name}`], [value], name)
  const elsewhere = settingsOf(
    systemdUnit({ ...ofSystem, home: '/home/b/data', writable: ['/mnt/a b'], needsLowPort: true }),
  )
  assert.deepEqual(elsewhere['Service.ReadWritePaths'], ['"-/home/b/data" "-/mnt/a b"'])
  assert.deepEqual(elsewhere['Service.ProtectHome'], ['read-only'])
  assert.equal(elsewhere['Service.StateDirectory'], undefined)
  assert.deepEqual(elsewhere['Service.AmbientCapabilities'], ['CAP_NET_BIND_SERVICE'])
})

test('systemd itself has nothing to say against the units', () => {
  // There is systemd on Linux alone.
  if (process.platform !== 'linux') return
  const folder = mkdtempSync(join(tmpdir(), 'bhor-unit-'))
  try {
    // It looks whether the program is there and the user known.
    const command = [process.execPath, join(folder, 'it is "here".js'), 'serve']
    for (const [name, plan] of Object.entries({
      own: { ...own, command, passphraseFile: '/p', masterKeyFile: '/k' },
      system: {
        ...ofSystem,
        command,
        user: 'root',
        isEncrypted: true,
        writable: ['/mnt/a b'],
        needsLowPort: true,
      },
    })) {
      const file = join(folder, name, 'bhor.service')
      mkdirSync(join(folder, name))
      writeFileSync(file, systemdUnit(plan))
      const verify = (path: string) =>
        spawnSync('systemd-analyze', ['verify', ...(name === 'own' ? ['--user'] : []), path], {
          encoding: 'utf8',
          env: { ...process.env, XDG_RUNTIME_DIR: folder },
        })
      const found = verify(file)
        .stderr.split('\n')
        .filter((line) => line.includes(file) || line.includes('bhor.service'))
      assert.deepEqual(found, [], name)
      writeFileSync(file, systemdUnit(plan).replace('LimitCORE=0', 'LimitCORE=nonsense\nNoSuchThing=1'))
      assert.match(verify(file).stderr, /NoSuchThing/, 'it would have said so')
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('a plan tells what a service must reach beside its folder', () => {
  const wish = { user: undefined, masterKeyFile: undefined, passphraseFile: undefined, isEncrypted: false }
  const plan = (text: string) =>
    servicePlan(loadConfig({ env: { BHOR_HOME: '/data' }, readFile: () => text }), wish, [
      'node',
      'bhor.js',
      'serve',
    ])
  assert.deepEqual([plan('').writable, plan('').needsLowPort], [[], false])
  assert.deepEqual(plan('backup_dir = "/mnt/usb"\nbackup_passphrase_file = "/p"').writable, ['/mnt/usb'])
  assert.deepEqual(plan('backup_dir = "/data/backups"\nbackup_passphrase_file = "/p"').writable, [])
  const elsewhere = loadConfig({
    env: { BHOR_HOME: '/data', BHOR_DATABASE_URL: 'sqlite:/srv/db/bhor.db' },
    readFile: () => undefined,
  })
  assert.deepEqual(servicePlan(elsewhere, wish, ['node']).writable, ['/srv/db'])
  assert.ok(plan('[porch]\nport = 443\nurl = "https://bhor.example"').needsLowPort)
})

test('the property list of launchd is whole, and holds what the unit does', () => {
  const plan = { ...own, home: '/Users/me/a & <b>', passphraseFile: '/p' }
  const text = launchdAgent(plan, '/Users/me/Library/Logs/bhor.log')
  const tags = [...text.replace(/<[?!][^>]*>/g, '').matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)]
  const open: string[] = []
  for (const [, end, name = '', alone] of tags)
    if (end) assert.equal(open.pop(), name)
    else if (!alone) open.push(name)
  assert.deepEqual(open, [])
  assert.ok(text.includes(`<key>Label</key>\n  <string>${label}</string>`))
  assert.match(text, /<key>BHOR_HOME<\/key>\n\s+<string>\/Users\/me\/a &amp; &lt;b&gt;<\/string>/)
  assert.match(text, /<key>BHOR_PASSPHRASE_FILE<\/key>\n\s+<string>\/p<\/string>/)
  assert.match(text, /<key>Umask<\/key>\n\s+<integer>63<\/integer>/)
  assert.match(text, /<key>Core<\/key>\n\s+<integer>0<\/integer>/)
  assert.throws(() => launchdAgent({ ...plan, isEncrypted: true }, '/log'), {
    code: 'usage',
    message: /no encrypted/,
  })
})

test('bhor knows its own file again, and any change of it', () => {
  const text = stamped('[Unit]\nDescription=x\n', (line) => `# ${line}`)
  assert.ok(isUntouched(text))
  for (const changed of [text.replace('x', 'y'), `${text}\n`, `#\n${text}`, text.replace(/.$/m, ''), 'x', ''])
    assert.equal(isUntouched(changed), false, changed)
})
