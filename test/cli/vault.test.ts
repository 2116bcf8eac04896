import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { HandOut, VaultView } from '../../src/contracts/api.ts'
import { bhor, json, logIn, newFolder, startServer } from '../support/at-the-terminal.ts'

test('vault: status, another data key beside a running server, another master key', async () => {
  using folder = newFolder()
  const { env } = folder
  const run = (...args: string[]) => bhor(env, args)
  let given: HandOut
  {
    await using _server = await startServer(env)
    await run('accounts', 'add', 'demo', '--broker', 'kite', '--sandbox')
    assert.equal((await logIn(env, 'demo')).code, 0)
    given = json<HandOut>(await run('token', 'demo', '--format', 'json'))
    const before = json<VaultView>(await run('vault', 'status', '--json'))
    assert.equal(before.rotation, null)
    const rotated = await run('vault', 'rotate')
    assert.deepEqual([rotated.code, rotated.stdout], [0, ''], rotated.stderr)
    assert.match(rotated.stderr, /Data key dk_\S+, since .* IST\.\nEverything is sealed by it\.\n$/)
    const after = json<VaultView>(await run('vault', 'status', '--json'))
    assert.notEqual(after.key, before.key)
    assert.deepEqual(json<HandOut>(await run('token', 'demo', '--format', 'json')), given)
    for (const [args, said] of [
      [['--source', 'nowhere'], /Allowed choices are file, passphrase/],
      [['--passphrase', 'x'], /Secrets are not taken on the command line/],
      [['--passphrase-file', 'x'], /belongs to --source passphrase/],
      [['--source', 'passphrase'], /there is no terminal/],
    ] as const) {
      const refused = await run('vault', 'rotate', ...args)
      assert.deepEqual([refused.code, refused.stdout], [2, ''], refused.stderr)
      assert.match(refused.stderr, said)
    }
  }
  const words = join(folder.home, 'words')
  writeFileSync(words, 'six random words for the vault\n', { mode: 0o600 })
  const changed = await run('vault', 'rotate', '--source', 'passphrase', '--passphrase-file', words)
  assert.equal(changed.code, 0, changed.stderr)
  assert.match(changed.stderr, /The master key was replaced; the one of before opens nothing any more/)
  const locked = await run('vault', 'status')
  assert.match(locked.stderr, /BHOR_PASSPHRASE_FILE/)
  const open = await bhor({ ...env, BHOR_PASSPHRASE_FILE: words }, ['vault', 'status'])
  assert.match(open.stdout, /^Data key dk_/)
})
