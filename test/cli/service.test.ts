import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  bhor,
  type Ended,
  entryAddress,
  json,
  newFolder,
  start,
  startServer,
} from '../support/at-the-terminal.ts'

/** A home with programs of its own in PATH, which write down how they were called and answer what a case says. */
function computer(programs: Readonly<Record<string, string>>) {
  const folder = newFolder()
  const [bin, log] = [join(folder.home, 'bin'), join(folder.home, 'calls')]
  mkdirSync(bin)
  for (const [name, body] of Object.entries(programs))
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >> '${log}'\n${body}\n`, { mode: 0o755 })
  const config = join(folder.home, 'config')
  return Object.assign(folder, {
    env: {
      ...folder.env,
      PATH: `${bin}:/usr/bin:/bin`,
      HOME: folder.home,
      XDG_CONFIG_HOME: config,
      BHOR_PORT: undefined,
      BHOR_SIMULATOR_PORT: undefined,
    },
    unit: join(config, 'systemd', 'user', 'bhor.service'),
    calls() {
      const text = existsSync(log) ? readFileSync(log, 'utf8') : ''
      writeFileSync(log, '')
      return text.split('\n').filter(Boolean)
    },
  })
}

/** A systemd that does what it is told. */
const obedient = `case "$*" in
  *--property=Version*) echo '252.38-1~deb12u1' ;;
  *--property=*) printf 'UnitFileState=enabled\\nActiveState=active\\nMainPID=4711\\nNRestarts=2\\n' ;;
esac`

function assertRefused({ code, stdout, stderr }: Ended, exit: number, said: RegExp, hint: RegExp): void {
  assert.deepEqual([code, stdout], [exit, ''], stderr)
  const [, sentence = '', next = ''] = /^bhor: (.*)\n {6}Try: (.*)$/m.exec(stderr) ?? []
  assert.match(sentence, said)
  assert.match(next, hint)
}

test('service install writes a unit, starts it, and says what to know; remove takes it away', async () => {
  using it = computer({ systemctl: obedient, journalctl: 'echo "$*"; exit 3' })
  const passphrase = join(it.home, 'passphrase')
  writeFileSync(passphrase, 'correct horse battery', { mode: 0o600 })
  const installed = await bhor({ ...it.env, BHOR_LOG_LEVEL: 'debug' }, [
    'service',
    'install',
    '--passphrase-file',
    passphrase,
  ])
  assert.equal(installed.code, 0, installed.stderr)
  assert.deepEqual(it.calls(), [
    'systemctl --user show --property=Version --value',
    'systemctl --user daemon-reload',
    'systemctl --user enable bhor.service',
    'systemctl --user restart bhor.service',
  ])
  const unit = readFileSync(it.unit, 'utf8')
  assert.ok(
    unit.includes(`ExecStart="${process.execPath}" "`) && unit.includes(`"BHOR_HOME=${it.home}"`),
    unit,
  )
  assert.ok(unit.includes(`LoadCredential=bhor-passphrase:${passphrase}\n`))
  assert.ok(!unit.includes('correct horse'))
  assert.equal(statSync(it.unit).mode & 0o777, 0o644)
  assert.match(installed.stderr, new RegExp(`enable-linger ${userInfo().username}`))
  assert.match(installed.stderr, /does not hear of BHOR_LOG_LEVEL: write log_level into/)

  const printed = await bhor(it.env, ['service', 'install', '--print', '--passphrase-file', passphrase])
  assert.deepEqual([printed.stdout, it.calls()], [unit, []])

  const status = json<Record<string, unknown>>(await bhor(it.env, ['service', 'status', '--json']))
  assert.deepEqual(status, {
    manager: 'systemd',
    file: it.unit,
    state: 'running',
    startsWithTheSystem: true,
    pid: 4711,
    restarts: 2,
    isChangedByHand: false,
    deskAnswers: false,
  })
  assert.match((await bhor(it.env, ['service', 'status'])).stdout, /^state: +running, process 4711$/m)
  const logs = await bhor(it.env, ['service', 'logs', '--lines', '7', '--follow'])
  assert.deepEqual(
    [logs.code, logs.stdout],
    [3, '--user --unit bhor.service --lines 7 --no-pager --follow\n'],
  )

  it.calls()
  assert.equal((await bhor(it.env, ['service', 'remove'])).code, 0)
  assert.deepEqual(it.calls().slice(1), [
    'systemctl --user disable --now bhor.service',
    'systemctl --user daemon-reload',
  ])
  assert.ok(!existsSync(it.unit))
  assertRefused(
    await bhor(it.env, ['service', 'remove']),
    3,
    /There is no .*bhor\.service/,
    /bhor service install/,
  )
  assertRefused(
    await bhor(it.env, ['service', 'status']),
    3,
    /There is no .*bhor\.service/,
    /bhor service install/,
  )
})

test('a unit that somebody changed is left alone, or kept beside', async () => {
  using it = computer({ systemctl: obedient })
  await bhor(it.env, ['service', 'install'])
  const mine = readFileSync(it.unit, 'utf8').replace('RestartSec=5s', 'RestartSec=1s')
  writeFileSync(it.unit, mine)
  it.calls()
  for (const command of ['install', 'remove'])
    assertRefused(
      await bhor(it.env, ['service', command]),
      1,
      /bhor\.service was changed by hand/,
      /--force.*systemctl edit bhor/,
    )
  assert.equal(readFileSync(it.unit, 'utf8'), mine)
  assert.ok(
    it.calls().every((call) => call.includes(' show ')),
    'nothing was stopped or started',
  )
  assert.equal(
    json<{ isChangedByHand: boolean }>(await bhor(it.env, ['service', 'status', '--json'])).isChangedByHand,
    true,
  )

  assert.equal((await bhor(it.env, ['service', 'install', '--force'])).code, 0)
  assert.equal(readFileSync(`${it.unit}.before`, 'utf8'), mine)
  assert.ok(!readFileSync(it.unit, 'utf8').includes('RestartSec=1s'))
  writeFileSync(it.unit, 'theirs')
  assert.equal((await bhor(it.env, ['service', 'remove', '--force'])).code, 0)
  assert.deepEqual([existsSync(it.unit), readFileSync(`${it.unit}.before`, 'utf8')], [false, 'theirs'])
})

test('without a systemd that answers nothing is written, and it is said what to do', async () => {
  for (const [programs, said] of [
    [{}, /systemd does not answer here: There is no systemctl\.$/],
    [
      { systemctl: "echo 'Failed to connect to bus: No medium found' >&2; exit 1" },
      /Failed to connect to bus/,
    ],
  ] as const) {
    using it = computer(programs)
    const env = { ...it.env, PATH: join(it.home, 'bin') }
    assertRefused(await bhor(env, ['service', 'install']), 1, said, /--print/)
    assert.ok(!existsSync(it.unit))
    assert.equal((await bhor(env, ['service', 'install', '--print'])).code, 0)
    assert.equal((await bhor(env, ['service', 'logs'])).code, 1)
  }
  using it = computer({
    systemctl: `${obedient}\ncase "$*" in *restart*) echo 'Job failed.' >&2; exit 1 ;; esac`,
  })
  assertRefused(
    await bhor(it.env, ['service', 'install']),
    1,
    /systemctl restart bhor\.service: Job failed\./,
    /service logs/,
  )
})

test('what a service cannot be is refused before anything is written', async () => {
  using it = computer({ systemctl: obedient, id: '[ "$2" = root ]' })
  const key = join(it.home, 'key')
  writeFileSync(key, '')
  const rows: [string[], number, RegExp, RegExp][] = [
    [['--user', 'bhor'], 2, /--user belongs to --system/, /./],
    [['--system'], 2, /needs a user to run as/, /--user bhor.*useradd --system --home-dir \/var\/lib\/bhor/],
    [['--system', '--user', 'x y'], 2, /needs a user/, /useradd/],
    [['--system', '--user', 'nobody-here'], 2, /has no user nobody-here/, /useradd/],
    [['--encrypted'], 2, /--encrypted belongs to/, /./],
    [['--master-key-file', '/nowhere/key'], 2, /There is no file \/nowhere\/key/, /./],
    [['--master-key-file', key, '--encrypted'], 2, /need systemd 256 here; this is 252/, /--system/],
  ]
  for (const [args, exit, said, hint] of rows)
    assertRefused(await bhor(it.env, ['service', 'install', ...args]), exit, said, hint)
  writeFileSync(join(it.home, 'config'), '')
  assertRefused(
    await bhor(it.env, ['service', 'install']),
    1,
    /bhor\.service cannot be read or written \(ENOTDIR\)|EEXIST/,
    /./,
  )
  assertRefused(await bhor(it.env, ['service', 'logs', '--lines', 'x']), 2, /--lines must be/, /./)
})

test('a server that runs already by itself is not joined by a service', async () => {
  using it = computer({ systemctl: obedient.replace('active', 'inactive') })
  await using server = await startServer({ ...it.env, BHOR_PORT: '0', BHOR_SIMULATOR_PORT: '0' })
  assertRefused(await bhor(it.env, ['service', 'install']), 5, /serves this data folder already/, /Stop it/)
  assert.ok(!existsSync(it.unit))
  await server.stop('SIGTERM')
})

test('on a Mac it is launchd, with the words that nobody has run it there; elsewhere there is none yet', async () => {
  using it = computer({
    launchctl: `case "$1" in print) echo '  pid = 99' ;; esac`,
  })
  const on = (platform: string, args: readonly string[]) => {
    const program = join(it.home, `${platform}.mjs`)
    writeFileSync(
      program,
      `Object.defineProperty(process, 'platform', { value: '${platform}' })\nawait import(${JSON.stringify(entryAddress)})`,
    )
    return start(['service', ...args], it.env, '', program).ended
  }
  const file = join(it.home, 'Library', 'LaunchAgents', 'bhor.serve.plist')
  const installed = await on('darwin', ['install'])
  assert.equal(installed.code, 0, installed.stderr)
  assert.match(installed.stderr, /Nobody has run bhor under launchd yet/)
  const domain = `gui/${process.getuid?.()}`
  assert.deepEqual(it.calls(), [
    'launchctl help',
    `launchctl bootout ${domain}/bhor.serve`,
    `launchctl bootstrap ${domain} ${file}`,
  ])
  assert.match(readFileSync(file, 'utf8'), /<\/plist>\n<!-- Made by bhor service install; sha256 \w+ -->\n$/)
  assert.equal(json<{ pid: number }>(await on('darwin', ['status', '--json'])).pid, 99)
  assertRefused(await on('darwin', ['logs']), 3, /no log yet/, /./)
  assert.equal((await on('darwin', ['remove'])).code, 0)
  assert.ok(!existsSync(file))
  assertRefused(
    await on('freebsd', ['install']),
    1,
    /cannot make a service on this system yet/,
    /docs\/platforms\.md/,
  )
})

test('a unit below a folder that no system can make is refused', async () => {
  using it = computer({ systemctl: obedient })
  const env = { ...it.env, XDG_CONFIG_HOME: '/proc/nowhere' }
  assertRefused(
    await bhor(env, ['service', 'install']),
    1,
    /^\/proc\/nowhere\/systemd\/user\/bhor\.service cannot be read or written \(ENOENT\)/,
    /permissions/,
  )
})
