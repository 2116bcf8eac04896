import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import type { AccountView } from '../../src/contracts/api.ts'
import {
  bhor,
  freePort,
  json,
  newFolder,
  type Running,
  start,
  startServer,
} from '../support/at-the-terminal.ts'

const apiKey = 'appkey0001'
const secret = 'SecretOfTheApp0001'
const add = (name: string) => {
  const app = ['--api-key', apiKey, '--api-secret-file', '-']
  return ['accounts', 'add', name, '--broker', 'kite', ...app, '--user', 'AB1234', '--json']
}

/** A broker on this computer that notes the checksum of a login and refuses it. */
async function refusingBroker(): Promise<AsyncDisposable & { origin: string; checksums: string[] }> {
  const checksums: string[] = []
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    checksums.push(new URLSearchParams(body).get('checksum') ?? '')
    response.writeHead(403, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify({ status: 'error', error_type: 'TokenException', message: 'Token is invalid.' }),
    )
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    checksums,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Pastes the address that the broker would have sent the browser to. */
async function paste(login: Running, requestToken: string) {
  const link = new URL(await login.says(/^\s+(http\S+)$/m))
  const redirect = await login.says(/it starts with (\S+)\)/)
  const back = new URLSearchParams(link.searchParams.get('redirect_params') ?? '')
  back.set('request_token', requestToken)
  back.set('status', 'success')
  login.child.stdin!.end(`${redirect}?${back}\n`)
  return login.ended
}

/** The command lines of all processes, as every user of this computer can read them. */
function processList(): string {
  if (!existsSync('/proc/self/cmdline')) return ''
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
      } catch {
        return ''
      }
    })
    .join('\n')
}

test('a secret piped in any shape is the secret that the broker hears of; no process list ever shows it', async () => {
  using folder = newFolder()
  await using broker = await refusingBroker()
  const hosts = `[hosts.kite]\nlogin = "${broker.origin}"\napi = "${broker.origin}"\n`
  writeFileSync(join(folder.home, 'config.toml'), hosts, { mode: 0o600 })
  const { env } = folder
  await using server = await startServer(env)
  const expected: string[] = []
  for (const [name, input] of [
    ['plain', secret],
    ['crlf', `${secret}\r\n`],
    ['bom', `\ufeff${secret}\n`],
  ] as const) {
    await using adding = start(add(name), env, input)
    const listed = processList()
    assert.equal((await adding.ended).code, 0, adding.stderr)
    assert.equal(json<AccountView>(await adding.ended).hasSecret, true)
    assert.equal(/left off/.test(adding.stderr), name !== 'plain')
    await using login = start(['login', name, '--paste'], env)
    const requestToken = `OneTimeRequestToken-${name}`
    expected.push(hash('sha256', apiKey + requestToken + secret, 'hex'))
    const ended = await paste(login, requestToken)
    assert.notEqual(ended.code, 0)
    for (const text of [listed, processList(), adding.stdout, adding.stderr, ended.stdout, ended.stderr])
      assert.ok(!text.includes(secret))
    assert.ok(!ended.stderr.includes(requestToken))
    assert.equal((await bhor(env, ['status', name])).code, 4)
  }
  assert.deepEqual(broker.checksums, expected)
  assert.ok(!server.stderr.includes(secret) && !server.stderr.includes('OneTimeRequestToken'))
})

test('a broker that is not there: exit 6, and the account is not left waiting', async () => {
  using folder = newFolder()
  const { env, home } = folder
  const nowhere = `http://127.0.0.1:${await freePort()}`
  writeFileSync(join(home, 'config.toml'), `[hosts.kite]\nlogin = "${nowhere}"\napi = "${nowhere}"\n`, {
    mode: 0o600,
  })
  assert.equal((await bhor(env, add('personal'), secret)).code, 0)
  await using login = start(['login', 'personal', '--paste'], env)
  const ended = await paste(login, 'OneTimeRequestToken01')
  assert.deepEqual([ended.code, ended.stdout], [6, ''], ended.stderr)
  const view = json<AccountView>(await bhor(env, ['accounts', 'show', 'personal', '--json']))
  assert.notEqual(view.status, 'login_pending')
})
