import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ExplainedOption } from '../../src/config/load.ts'
import { bhor, json, newFolder } from '../support/at-the-terminal.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const unprintable = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/

test('config tells every option with its value and where that comes from; secrets are masked', async () => {
  using folder = newFolder()
  writeFileSync(join(folder.home, 'config.toml'), 'log_level = "debug"\nport = 7001\n', { mode: 0o600 })
  const masked = {
    BHOR_MASTER_KEY: 'MasterKeyInTheEnvironment',
    BHOR_KEY: `bhor_${'k'.repeat(43)}`,
    BHOR_DATABASE_URL: 'postgres://me:PasswordInAddress@127.0.0.1/bhor',
  }
  const env = { ...folder.env, ...masked, BHOR_PORT: undefined }
  const [plain, asJson] = await Promise.all([bhor(env, ['config']), bhor(env, ['config', '--json'])])
  for (const { code, stdout, stderr } of [plain, asJson]) {
    assert.equal(code, 0, stderr)
    for (const value of [...Object.values(masked), 'PasswordInAddress'])
      assert.ok(!`${stdout}${stderr}`.includes(value))
  }
  const { options } = json<{ options: ExplainedOption[] }>(asJson)
  const told = (name: string) => {
    const { value, source } = options.find((option) => option.name === name)!
    return [value, source]
  }
  assert.deepEqual(told('home'), [folder.home, 'environment'])
  assert.deepEqual(told('port'), ['7001', 'file'])
  assert.deepEqual(told('simulator_port'), ['0', 'environment'])
  assert.deepEqual(told('host'), ['127.0.0.1', 'default'])
  for (const name of ['master_key', 'key', 'database_url'])
    assert.deepEqual(told(name), ['[secret]', 'environment'])
  for (const { name, env: variable } of options)
    assert.ok(plain.stdout.includes(name) && plain.stdout.includes(variable))
})

test('a wrong config.toml: the line is named, what it says is not quoted', async () => {
  using folder = newFolder()
  const secret = 'SecretThatWasPasted01'
  for (const [text, said] of [
    [`port = 7001\nhost = "${secret}"\n`, /config\.toml:2: host must be 127\.0\.0\.1 or ::1/],
    ['log_level = "info"\nprot = 7001\n', /config\.toml:2: unknown key "prot"[\s\S]*Did you mean "port"\?/],
    [`\n\napi_secret = "${secret}"\n`, /config\.toml:3: secrets do not belong in the file/],
    [`port = 1\nmaster_key = "${secret}"\n`, /config\.toml:2: /],
    [`port = 1\nhost = ${secret} oops\n`, /config\.toml:2:\d+: this is not valid TOML/],
    [`port = 1\nport = 2 # ${secret}\n`, /"port" stands in line 1 and again in line 2/],
    [
      `[hosts.kite]\napi = "http://${secret}.example.com"\n`,
      /config\.toml:1: hosts\.kite\.api must be https/,
    ],
    ['"\\u001b]0;owned\\u0007\\u009b31m" = 1\n', /config\.toml:1: unknown key/],
    ['[hosts."\\u001b[31mx"]\napi = "x"\n', /hosts\..*must be https/],
  ] as const) {
    writeFileSync(join(folder.home, 'config.toml'), text, { mode: 0o600 })
    const ended = await bhor(folder.env, ['config'])
    assert.deepEqual([ended.code, ended.stdout], [2, ''], ended.stderr)
    assert.match(ended.stderr, said)
    assert.ok(!ended.stderr.includes(secret), text)
    assert.doesNotMatch(ended.stderr, unprintable)
  }
})

test('an unknown variable is refused by every command, with the one that was meant', async () => {
  using folder = newFolder()
  for (const args of [['serve'], ['token', 'demo'], ['accounts', 'list'], ['config']]) {
    const ended = await bhor({ ...folder.env, BHOR_PROT: 'ValueThatMayBeSecret' }, args)
    assert.deepEqual([ended.code, ended.stdout], [2, ''], args.join(' '))
    assert.match(ended.stderr, /The variable BHOR_PROT is not known\.\n.*Did you mean BHOR_PORT\?/)
    assert.ok(!ended.stderr.includes('ValueThatMayBeSecret'))
  }
  const strange = await bhor({ ...folder.env, 'BHOR_\u001b]0;owned\u0007': '1' }, ['config'])
  assert.equal(strange.code, 2)
  assert.doesNotMatch(strange.stderr, unprintable)
})

test('settings of Node that would undo the protection are refused', async () => {
  using folder = newFolder()
  for (const [changed, said] of [
    [{ NODE_TLS_REJECT_UNAUTHORIZED: '0' }, /NODE_TLS_REJECT_UNAUTHORIZED is set/],
    [{ NODE_OPTIONS: '--tls-min-v1.0' }, /NODE_OPTIONS is set/],
    [{ NODE_DEBUG: 'nothing' }, /NODE_DEBUG is set/],
  ] as const) {
    for (const args of [['serve'], ['accounts', 'list']]) {
      const ended = await bhor({ ...folder.env, ...changed }, args)
      assert.deepEqual([ended.code, ended.stdout], [2, ''], ended.stderr)
      assert.match(ended.stderr, said)
    }
  }
})

test('what is no command: usage on stderr, exit 2; what was asked for: stdout, exit 0', async () => {
  using folder = newFolder()
  const env = { ...folder.env, NO_COLOR: '1' }
  for (const args of [
    [],
    ['logn'],
    ['accounts'],
    ['token'],
    ['login', '--nope'],
    ['keys', 'add', 'a', 'b'],
  ]) {
    const ended = await bhor(env, args)
    assert.deepEqual([ended.code, ended.stdout], [2, ''], args.join(' '))
    assert.notEqual(ended.stderr, '')
    assert.doesNotMatch(ended.stderr, unprintable)
  }
  for (const args of [['--help'], ['--version'], ['token', '--help'], ['accounts', 'add', '--help']]) {
    const ended = await bhor(env, args)
    assert.deepEqual([ended.code, ended.stderr], [0, ''], args.join(' '))
    assert.notEqual(ended.stdout, '')
    assert.doesNotMatch(ended.stdout, unprintable)
  }
})
