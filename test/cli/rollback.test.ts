import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { KeyAdded } from '../../src/contracts/api.ts'
import { bhor, type Ended, json, logIn, newFolder, startServer } from '../support/at-the-terminal.ts'
import { sqliteIntruder } from '../support/set-back.ts'

const code = ({ code }: Ended) => code

test('a store that went back: every command says so, nothing leaves until one accepts it, also beside a server', async () => {
  using folder = newFolder()
  const { env, home } = folder
  const intruder = sqliteIntruder(home)
  {
    await using server = await startServer(env)
    assert.equal(code(await bhor(env, ['accounts', 'add', 'demo', '--broker', 'kite', '--sandbox'])), 0)
    assert.equal(code(await logIn(env, 'demo')), 0)
    await server.stop('SIGTERM')
  }
  const counter = join(home, 'bhor.counter')
  assert.equal(statSync(counter).mode & 0o777, 0o600)
  const { key, id } = json<KeyAdded>(await bhor(env, ['keys', 'add', 'bot', '--json']))
  assert.ok(!readFileSync(counter, 'utf8').includes(key))

  await using server = await startServer(env)
  const ask = (path: string) => fetch(server.origin + path, { headers: { authorization: `Bearer ${key}` } })
  assert.equal((await ask('/v1/accounts/demo/session')).status, 200)
  const copy = await intruder.copy(['client_keys'])
  assert.equal(code(await bhor(env, ['keys', 'revoke', id])), 0)
  assert.equal((await ask('/v1/accounts/demo/session')).status, 401)
  await intruder.putBack(copy)
  const refused = await ask('/v1/accounts/demo/session')
  assert.deepEqual(
    [refused.status, ((await refused.json()) as { code: string }).code],
    [503, 'store_rolled_back'],
  )

  const ready = await fetch(`${server.origin}/readyz`)
  assert.deepEqual(
    [ready.status, ((await ready.json()) as { code: string }).code],
    [503, 'store_rolled_back'],
  )
  await server.says(new RegExp(`client_keys ${id}`))
  for (const [args, exit, text] of [
    [['token', 'demo'], 5, new RegExp(`client_keys ${id}`)],
    [['status'], 5, /--accept-rollback/],
    [['status', 'demo'], 5, /--accept-rollback/],
    [['doctor'], 1, /store: Rows of the store are not the latest.*--accept-rollback/],
    [['audit', 'verify'], 5, new RegExp(`client_keys ${id}`)],
    [['renew', 'demo'], 5, /--accept-rollback/],
    [['login', 'demo', '--no-browser'], 5, /--accept-rollback/],
  ] as const) {
    const { code, stdout, stderr } = await bhor(env, args)
    assert.equal(code, exit, `${args}: ${stdout}${stderr}`)
    assert.match(stdout + stderr, text)
  }
  const accepted = await bhor(env, ['doctor', '--accept-rollback'])
  assert.match(accepted.stderr, new RegExp(`^Accepted. It had been found: .*client_keys ${id}`))
  assert.match(accepted.stdout, /store: The SQLite store can be read and written, and is the latest/)
  assert.equal((await fetch(`${server.origin}/readyz`)).status, 200)
  // The key that was put back is not alive again.
  assert.equal((await ask('/v1/accounts/demo/session')).status, 401)
  assert.equal(code(await bhor(env, ['token', 'demo'])), 0)
  assert.equal(code(await bhor(env, ['audit', 'verify'])), 0)
  const again = await bhor(env, ['doctor', '--accept-rollback'])
  assert.match(again.stderr, /nothing to accept/)
})
