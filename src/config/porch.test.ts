import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isBhorError } from '../core/errors.ts'
import { loadConfig } from './load.ts'

const load = (file?: string, env: Record<string, string> = {}) =>
  loadConfig({ env: { BHOR_HOME: '/data', ...env }, readFile: () => file })
const porch = (lines: string, env: Record<string, string> = {}) => load(`[porch]\n${lines}\n`, env).porch

test('the porch is off unless something asks for one', () => {
  assert.equal(load().porch, undefined)
  assert.equal(load('port = 1111').porch, undefined)
  assert.deepEqual(porch('port = 7880'), {
    host: '127.0.0.1',
    port: 7880,
    url: undefined,
    tls: undefined,
  })
  assert.equal(load(undefined, { BHOR_PORCH_PORT: '0' }).porch?.port, 0)
})

/** Ways in which a porch can be set up. */
const right: readonly (readonly [lines: string, host: string, url: string | undefined])[] = [
  ['url = "https://bhor.example"', '127.0.0.1', 'https://bhor.example'],
  ['url = "https://bhor.example/"', '127.0.0.1', 'https://bhor.example'],
  ['url = "https://bhor.example:8443"\nhost = "192.168.1.5"', '192.168.1.5', 'https://bhor.example:8443'],
  ['url = "https://bhor.example"\nhost = "10.0.0.1"', '10.0.0.1', 'https://bhor.example'],
  ['url = "https://bhor.example"\nhost = "fd00::1"', 'fd00::1', 'https://bhor.example'],
  ['url = "http://127.0.0.1:7880"', '127.0.0.1', 'http://127.0.0.1:7880'],
  [
    'url = "https://bhor.example"\nhost = "0.0.0.0"\ncert = "/c.pem"\nkey = "/k.pem"',
    '0.0.0.0',
    'https://bhor.example',
  ],
  ['cert = "/c.pem"\nkey = "/k.pem"', '127.0.0.1', undefined],
]

test('behind a proxy, on a LAN, on this computer, with a certificate of its own', () => {
  for (const [lines, host, url] of right) {
    const found = porch(lines)
    assert.deepEqual([found?.host, found?.url], [host, url], lines)
  }
  const { tls } = porch('cert = "~/c.pem"\nkey = "/k.pem"') ?? {}
  assert.match(tls?.cert ?? '', /^\/.*\/c\.pem$/)
})

/** What would send a code over a network in the clear, or cannot be meant. */
const wrong: readonly (readonly [lines: string, message: RegExp])[] = [
  ['url = "http://bhor.example"', /config\.toml:2: porch\.url must be https: the code of a login/],
  ['url = "http://192.168.1.5:7880"', /porch\.url must be https/],
  ['url = "http://localhost:7880"', /porch\.url must be https/],
  ['url = "bhor.example"', /porch\.url must be an address without a path/],
  ['url = "https://bhor.example/bhor"', /must be an address without a path/],
  ['url = "https://me:secret@bhor.example"', /must be an address without a path/],
  ['url = ""', /must be an address without a path/],
  ['url = "https://bhor.example"\nhost = "0.0.0.0"', /porch\.host is reachable from outside/],
  ['url = "https://bhor.example"\nhost = "::"', /porch\.host is reachable from outside/],
  ['url = "https://bhor.example"\nhost = "203.0.113.7"', /porch\.host is reachable from outside/],
  ['url = "https://bhor.example"\nhost = "172.32.0.1"', /porch\.host is reachable from outside/],
  ['host = "bhor.example"', /porch\.host must be an IP address/],
  ['host = "192.168.1.5"', /porch\.url is missing/],
  ['cert = "/c.pem"', /porch\.cert and porch\.key go together/],
  ['key = "/k.pem"', /porch\.cert and porch\.key go together/],
  ['url = "http://127.0.0.1:1"\ncert = "/c.pem"\nkey = "/k.pem"', /porch\.url says http/],
  ['port = 7878', /port and porch\.port are both 7878/],
  ['port = 7890', /simulator_port and porch\.port are both 7890/],
  ['port = 70000', /porch\.port must be a whole number/],
  ['prot = 1', /porch\.prot is not known/],
]

test('what cannot be a porch is refused by name, with a next step, and without what was given', () => {
  for (const [lines, message] of wrong)
    assert.throws(
      () => porch(lines),
      (error) => {
        assert.ok(isBhorError(error, 'config_invalid'), lines)
        assert.match(error.message, message)
        assert.ok(error.hint.length > 10)
        assert.equal(`${error.message}${error.hint}`.includes('secret@'), false)
        return true
      },
    )
  assert.throws(() => load('porch = true'), { message: /porch must be a table/ })
  assert.throws(() => porch('prot = 1'), { hint: 'Did you mean "port"?' })
})

test('the desk’s own public address is none for the porch', () => {
  const both = 'public_url = "https://bhor.example"\n[porch]\nurl = "https://bhor.example"\n'
  assert.throws(() => load(both), { message: /public_url and porch\.url are the same address/ })
})

test('every option of it is explained', () => {
  const names = load().explained.map(({ name }) => name)
  for (const name of ['porch.host', 'porch.port', 'porch.url', 'porch.cert', 'porch.key'])
    assert.ok(names.includes(name), name)
})
