import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SealView } from '../../src/contracts/api.ts'
import { bhor, json, logIn, newFolder, startServer } from '../support/at-the-terminal.ts'

test('seal and unseal: what programs and people see, with a server and without', async () => {
  using folder = newFolder()
  const { env } = folder
  const run = (...args: string[]) => bhor(env, args)
  {
    await using _server = await startServer(env)
    await run('accounts', 'add', 'demo', '--broker', 'kite', '--sandbox')
    assert.equal((await logIn(env, 'demo')).code, 0)
    const sealed = await run('seal', '--reason', 'laptop stolen')
    assert.deepEqual([sealed.code, sealed.stdout], [0, ''], sealed.stderr)
    assert.match(sealed.stderr, /^bhor is sealed since .* IST by the command line: “laptop stolen”\.\n/)
    const refused = await run('token', 'demo')
    assert.deepEqual([refused.code, refused.stdout], [5, ''])
    assert.match(refused.stderr, /^bhor: bhor is sealed since .*“laptop stolen”.*\n.*bhor unseal/)
    for (const command of ['login', 'renew']) assert.equal((await run(command, 'demo')).code, 5, command)
    assert.match((await run('status')).stdout, /GATE\n.*closed: sealed\n$/)
  }
  await using _server = await startServer(env)
  assert.equal((await run('token', 'demo')).code, 5, 'a restart opens nothing')
  const open = json<SealView>(await run('unseal', '--json'))
  assert.deepEqual([open.sealed, open.since], [false, null])
  assert.equal((await run('token', 'demo')).code, 0)
})
