import assert from 'node:assert/strict'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { inspect } from 'node:util'
import type { BhorError } from '../core/errors.ts'
import { deskAddress } from './desk-address.ts'
import { homeFolder } from './home.ts'
import { loadConfig } from './load.ts'
import { nearest, options } from './options.ts'
import { ownFolder } from './paths.ts'
import { tokenVariables } from './variables.ts'

const canary = 'SUPERSECRETVALUE'
const load = (
  file?: string,
  env: Record<string, string> = {},
  flags: Parameters<typeof loadConfig>[0] & object = {},
) => loadConfig({ env: { BHOR_HOME: '/data', ...env }, readFile: () => file, ...flags })

/** The error that must come, with nothing in it of what was given. */
function refusal(work: () => unknown, what = ''): BhorError {
  let error: BhorError | undefined
  try {
    work()
  } catch (cause) {
    error = cause as BhorError
  }
  assert.ok(error, `nothing was refused: ${what}`)
  assert.equal(error.code, 'config_invalid', error.message)
  assert.equal(error.exitCode, 2)
  assert.ok(!`${error.message}${error.hint}${inspect(error)}`.includes(canary), error.message)
  return error
}

test('flags beat environment beats file beats default, and each says so', () => {
  const of = (config: ReturnType<typeof load>) => [
    config.port,
    config.explained.find(({ name }) => name === 'port')?.source,
  ]
  assert.deepEqual(of(load()), [7878, 'default'])
  assert.deepEqual(of(load('port = 1111')), [1111, 'file'])
  assert.deepEqual(of(load('port = 1111', { BHOR_PORT: '2222' })), [2222, 'environment'])
  assert.deepEqual(of(load('port = 1111', { BHOR_PORT: '2222' }, { flags: { port: 3333 } })), [3333, 'flag'])
  assert.deepEqual(of(load('port = 1111', { BHOR_PORT: '' })), [1111, 'file'])
})

test('egress_echo: one or several services, over TLS or on this computer; nobody when left out', () => {
  assert.deepEqual(load().egressEcho, [])
  const echoes = ['https://echo.example/ip', 'http://[::1]:1/ip']
  assert.deepEqual(load(`egress_echo = "${echoes.join(', ')}"`).egressEcho, echoes)
  for (const wrong of [
    'echo.example',
    'http://echo.example/ip',
    'http://localhost/ip',
    `https://me:${canary}@echo.example`,
    'https://a.example,',
    '',
  ])
    assert.match(refusal(() => load(`egress_echo = "${wrong}"`), wrong).message, /egress_echo must be https/)
})

test('every option can be given, and is explained; secrets only as being there', () => {
  const config = load(undefined, {
    BHOR_DATABASE_URL: `postgres://me:${canary}@db.example/bhor`,
    BHOR_MASTER_KEY: canary,
    BHOR_ALLOW_ENV_KEY: '1',
    BHOR_KEY: canary,
    BHOR_URL: 'http://127.0.0.1:1',
    BHOR_HOST: '::1',
    BHOR_KEY_SOURCE: 'environment',
    BHOR_LOG_LEVEL: 'debug',
  })
  assert.deepEqual(
    config.explained.map(({ name }) => name),
    options.map(({ name }) => name),
  )
  for (const name of ['database_url', 'master_key', 'key'])
    assert.equal(config.explained.find((option) => option.name === name)?.value, '[secret]')
  assert.ok(!JSON.stringify(config).includes(canary))
  assert.ok(!inspect(config, { depth: 10 }).includes(canary))
  assert.deepEqual([config.host, config.allowEnvKey, config.keySource], ['::1', true, 'environment'])
})

test('channels are looked at before the first reminder, whatever hours are wanted, and that is explained', () => {
  const looksAt = (lines: string[]) => {
    const { alerts, explained } = load(lines.join('\n'))
    assert.equal(explained.find(({ name }) => name === 'alerts_check_at')?.value, alerts.checkAt)
    return alerts.checkAt
  }
  assert.equal(looksAt([]), '07:25')
  assert.equal(looksAt(['roll_call_at = "06:30,08:15"']), '06:25')
  assert.equal(looksAt(['roll_call_at = "06:30"', 'alerts_check_at = "06:30"']), '06:25')
  assert.equal(looksAt(['roll_call_at = "06:30"', 'alerts_check_at = "06:29"']), '06:29')
  assert.equal(looksAt(['alerts_check_at = "05:00"']), '05:00')
  assert.equal(looksAt(['roll_call_at = "00:03"']), '00:00')
})

test('what a file may not say: name, line and rule, never the value', () => {
  const rows: readonly (readonly [string, RegExp, RegExp?])[] = [
    ['a = 1\nbrokker = 2', /config\.toml:1: unknown key "a"/],
    ['\n\nprot = 7878', /config\.toml:3: unknown key "prot"/, /Did you mean "port"/],
    [`log-level = "${canary}"`, /unknown key "log-level"/, /"log_level"/],
    [`port = "${canary}"`, /config\.toml:1: port must be a whole number from 0 to 65535, e\.g\. 7878/],
    ['port = 70000', /port must be a whole number/],
    ['port = -1', /port must be a whole number/],
    ['port = 5.5', /port must be a whole number/],
    ['port = true', /port must be a whole number/],
    ['port = "5s"', /port must be a whole number/],
    ['port = nan', /port must be a whole number/],
    ['port = [7878]', /port must be a whole number/],
    ['[port]\nx = 1', /port must be a whole number/],
    ['host = "0.0.0.0"', /host must be 127\.0\.0\.1 or ::1; the desk is never bound to the network/],
    ['host = "localhost"', /host must be 127/],
    ['host = 127', /host must be 127/],
    [`log_level = "${canary}"`, /log_level must be debug, info, warn or error/],
    ['allow_env_key = "yes"', /allow_env_key must be true or false/],
    ['passphrase_file = 7', /passphrase_file must be a path/],
    ['home = "/x"', /home can only be set as BHOR_HOME/],
    ['url = "http://x"', /url can only be set as BHOR_URL/],
    [`master_key = "${canary}"`, /master_key is a secret/, /Set BHOR_MASTER_KEY instead/],
    [`database_url = "postgres://me:${canary}@h/d"`, /database_url is a secret/],
    [`api_secret = "${canary}"`, /config\.toml:1: secrets do not belong in the file/],
    [`x = 1\nport = 1`, /unknown key/],
    [`broker_password = "${canary}"`, /secrets do not belong/],
    ['port = 1\n\nhost = "::1"\nport = 2', /"port" stands in line 1 and again in line 4/],
    [`port = ${canary}`, /config\.toml:1:\d+: this is not valid TOML/],
    [`port = 1\nhost = "${canary}`, /config\.toml:2:\d+: this is not valid TOML/],
    ['= 5', /config\.toml:1:\d+: this is not valid TOML/],
    ['port = 7890', /port and simulator_port are both 7890/],
    ['hosts = 5', /hosts must be a table/],
    ['[hosts]\nkite = 5', /hosts\.kite must be a table/],
    ['[hosts.kite]\napi = "http://evil.test"', /hosts\.kite\.api must be https/],
    ['[hosts.kite]\napi = "http://localhost:1"', /hosts\.kite\.api must be https/],
    ['[hosts.kite]\napi = "ftp://x"', /must be https/],
    [`[hosts.kite]\napi = "${canary}"`, /must be https/],
    [`[hosts.kite]\napi = "https://me:${canary}@x"`, /without a user, a query or a fragment/],
    [`[hosts.kite]\napi = "https://x/?k=${canary}"`, /without a user/],
  ]
  for (const [text, said, hint] of rows) {
    const error = refusal(() => load(text), text)
    assert.match(error.message, said, text)
    if (hint) assert.match(error.hint, hint, text)
  }
  assert.equal(
    load('[hosts.kite]\napi = "http://127.0.0.1:7890/kite"').hosts.kite?.api,
    'http://127.0.0.1:7890/kite',
  )
})

test('an address is used as it was checked: without what is around it, and without a slash at its end', () => {
  for (const written of [
    '  https://api.example.test/v2/ ',
    '\thttps://api.example.test/v2\n',
    'HTTPS://API.example.test:443/v2//',
    'https://api.exa\nmple.test/v2',
  ])
    assert.deepEqual(load(`[hosts.kite]\napi = ${JSON.stringify(written)}`).hosts, {
      kite: { api: 'https://api.example.test/v2' },
    })
  for (const [written, said] of [
    ['http://localhost:7878', /unprotected/],
    ['http://127.0.0.1.example.test', /unprotected/],
    [`https://me:${canary}@desk.example.test`, /without a user/],
    [`https://desk.example.test/?k=${canary}`, /without a user/],
    ['https://desk.example.test/below', /a path/],
    [`${canary}://x`, /not an http address/],
  ] as const)
    assert.match(refusal(() => deskAddress(written)).message, said)
  assert.equal(deskAddress(' http://127.0.0.1:7878/ ').origin, 'http://127.0.0.1:7878')
})

test('the public address is https, and nothing but an address', () => {
  const at = (publicUrl: string) => loadConfig({ env: { BHOR_PUBLIC_URL: publicUrl }, readFile: () => '' })
  assert.equal(at('https://bhor.example.test').publicUrl, 'https://bhor.example.test')
  assert.equal(at('').publicUrl, undefined)
  for (const wrong of [
    'bhor.example.test',
    'http://bhor.example.test',
    'https://bhor.example.test/x',
    'https://',
  ])
    assert.match(refusal(() => at(wrong)).message, /^BHOR_PUBLIC_URL must be an https address/)
  for (const wrong of [`https://me:${canary}@bhor.example.test`, `https://bhor.example.test/?k=${canary}`])
    assert.ok(!refusal(() => at(wrong)).message.includes(canary))
})

test('~ is the home folder wherever a path is written, and never a name', () => {
  const env = { BHOR_HOME: '~/b', BHOR_MASTER_KEY_FILE: '~/k', BHOR_DATABASE_URL: 'sqlite:~/x.db' }
  const config = loadConfig({ env, readFile: () => 'passphrase_file = "~/p"' })
  assert.deepEqual(
    [config.home, config.masterKeyFile, config.passphraseFile, config.databaseUrl.reveal()],
    [join(homedir(), 'b'), join(homedir(), 'k'), join(homedir(), 'p'), `sqlite:${join(homedir(), 'x.db')}`],
  )
  assert.equal(load(undefined, { BHOR_HOME: '~' }).home, homedir())
  for (const name of ['BHOR_HOME', 'BHOR_PASSPHRASE_FILE'])
    assert.match(refusal(() => load(undefined, { [name]: '~papa/b' })).message, /folder of another user/)
})

test('what a shell, a service or a browser was to make a path of is refused: no folder of that name is made', () => {
  const wrong = [
    ...[' /abs/path', '/abs/path ', '/abs/path\n', '\t/x', '/a\u0000b'],
    ...[
      '$HOME/b',
      `\${HOME}/b`,
      `/data/\${USER}`,
      '"/tmp/q"',
      "'/tmp/q'",
      '"~/b',
      '`pwd`/b',
      '$(pwd)/b',
      '%h/bhor',
      '%USERPROFILE%\\b',
    ],
    ...['file:///x', 'https://x.example/b'],
  ]
  for (const name of ['BHOR_HOME', 'BHOR_PASSPHRASE_FILE', 'BHOR_BACKUP_DIR'])
    for (const value of wrong) {
      const { code, message } = refusal(() => load(undefined, { [name]: value }))
      assert.equal(code, 'config_invalid', value)
      assert.match(message, new RegExp(`^${name} (has|stands|is)`))
    }
  const odd = () => loadConfig({ env: {}, flags: { home: '$HOME/b' }, readFile: () => undefined })
  assert.match(refusal(odd).message, /^--home has a variable/)
  const inUrl = () => load(undefined, { BHOR_DATABASE_URL: 'sqlite:$HOME/x.db' })
  assert.match(refusal(inUrl).message, /^BHOR_DATABASE_URL has a variable/)
  for (const fine of ['/my data/b', './$x', 'C:\\bhor', '/a%b', 'b', "/it's"])
    assert.ok(load(undefined, { BHOR_HOME: fine }).home, fine)
  const empty = loadConfig({ env: { BHOR_HOME: '/data' }, flags: { home: '' }, readFile: () => undefined })
  assert.equal(empty.home, '/data')
})

test('a home folder that the system does not know, or that is no path, is said', () => {
  const throwing = () => {
    throw new Error('ENOENT')
  }
  for (const ask of [throwing, () => '', () => 'relative'])
    assert.match(refusal(() => ownFolder(ask)).hint, /^Set BHOR_HOME/)
  assert.match(homeFolder({ XDG_STATE_HOME: 'relative' }, 'linux'), /^\/.*\.local\/state\/bhor$/)
})

test('a secret in the file is refused, also where a variable comes before it', () => {
  const both = () => load(`master_key = "${canary}"`, { BHOR_MASTER_KEY: 'x' })
  assert.match(refusal(both).message, /master_key is a secret/)
})

test('what a variable may not say', () => {
  const rows: readonly (readonly [string, string, RegExp])[] = [
    ['BHOR_PROT', canary, /BHOR_PROT is not known/],
    ['BHOR_', canary, /is not known/],
    [`BHOR_${'X'.repeat(500)}`, canary, /is not known/],
    ['BHOR_PORT', canary, /BHOR_PORT must be a whole number/],
    ['BHOR_PORT', '78 78', /BHOR_PORT must be/],
    ['BHOR_PORT', '0x50', /BHOR_PORT must be/],
    ['BHOR_PORT', '65536', /BHOR_PORT must be/],
    ['BHOR_HOST', '0.0.0.0', /never bound to the network/],
    ['BHOR_HOST', '::', /never bound/],
    ['BHOR_ALLOW_ENV_KEY', canary, /true or false/],
    ['BHOR_DATABASE_URL', `mysql://me:${canary}@h`, /BHOR_DATABASE_URL must be sqlite:/],
    ['BHOR_DATABASE_URL', 'sqlite:', /must be sqlite/],
    ['BHOR_KEY_SOURCE', canary, /auto, file, credential/],
  ]
  for (const [name, value, said] of rows)
    assert.match(refusal(() => load(undefined, { [name]: value })).message, said)
  assert.match(refusal(() => load(undefined, { BHOR_PROT: '1' })).hint, /^Did you mean BHOR_PORT\?$/)
})

test('what a flag may not say', () => {
  for (const port of [Number.NaN, -1, 65_536, 5.5, '', ' 80', '0x50', '1e3', canary])
    assert.match(
      refusal(() => load(undefined, {}, { flags: { port } })).message,
      /^--port must be a whole number/,
    )
})

test('whoever has loaded a token into the environment can still run bhor', () => {
  const env = Object.fromEntries(Object.values(tokenVariables).map((name) => [name, 'x']))
  assert.equal(load(undefined, env).port, 7878)
})

test('the nearest name is one that a finger could have meant, or none', () => {
  const names = options.map(({ env }) => env)
  assert.equal(nearest('BHOR_PROT', names), 'BHOR_PORT')
  assert.equal(nearest('BHOR_DATABASE', names), 'BHOR_DATABASE_URL')
  assert.equal(nearest('COMPLETELY_ELSE', names), undefined)
})
