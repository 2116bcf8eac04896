import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startReceiver } from '../support/alerts/receiver.ts'
import { bhor, newFolder, start } from '../support/at-the-terminal.ts'

test('a server that starts at night waits for the passphrase; a slip is told, and it goes on waiting', async () => {
  using folder = newFolder()
  const { env, home } = folder
  const passphrase = join(home, 'passphrase')
  writeFileSync(passphrase, 'correct horse battery staple\n', { mode: 0o600 })
  const slip = join(home, 'slip')
  writeFileSync(slip, 'correct horse battery stable\n', { mode: 0o600 })
  const withFile = { ...env, BHOR_KEY_SOURCE: 'passphrase', BHOR_PASSPHRASE_FILE: passphrase }
  assert.equal((await bhor(withFile, ['accounts', 'add', 'demo', '--broker', 'kite', '--sandbox'])).code, 0)

  const heard = Promise.withResolvers<void>()
  await using helper = await startReceiver(() => {
    heard.resolve()
    return {}
  })
  const alone = {
    ...env,
    BHOR_KEY_SOURCE: 'passphrase',
    BHOR_LOCKED_NOTICE_URL: `${helper.url}/topic-of-the-house`,
    BHOR_ALERTS_PRIVATE_TARGETS: '127.0.0.1',
  }
  const nobody = await bhor(alone, ['unlock', '--passphrase-file', passphrase])
  assert.deepEqual([nobody.code, /Start it: bhor serve/.test(nobody.stderr)], [6, true], nobody.stderr)
  await using server = start(['serve'], alone, '')
  await server.says(/waits for the passphrase/)
  await heard.promise
  assert.deepEqual(
    helper.received.map(({ path, body }) => [path, body]),
    [
      [
        '/topic-of-the-house',
        'bhor waits for the passphrase of its vault. Give it at the terminal of the user who runs bhor: bhor unlock.',
      ],
    ],
  )
  for (const command of [['status'], ['token', 'demo'], ['accounts', 'list'], ['login', 'demo']]) {
    const { code, stdout, stderr } = await bhor(alone, command)
    assert.deepEqual([code, stdout], [5, ''], `${command.join(' ')}: ${stderr}`)
    assert.match(stderr, /waits for the passphrase of its vault[\s\S]*Try: .*bhor unlock/)
  }
  for (let tries = 0; tries < 2; tries++) {
    const wrong = await bhor(alone, ['unlock', '--passphrase-file', slip])
    assert.equal(wrong.code, 5)
    assert.match(wrong.stderr, /not the passphrase of this vault/)
    assert.ok(!wrong.stderr.includes('stable'), wrong.stderr)
  }
  const right = await bhor(alone, ['unlock', '--passphrase-file', passphrase])
  assert.equal(right.code, 0, right.stderr)
  assert.match(right.stderr, /Unlocked\.\n$/)
  await server.says(/is up at (\S+)/)
  assert.match((await bhor(alone, ['status'])).stdout, /demo/)
  assert.match((await bhor(alone, ['unlock'])).stderr, /unlocked already/)
})

test('a new vault is not made with a passphrase that is given once', async () => {
  using folder = newFolder()
  const { code, stderr } = await bhor({ ...folder.env, BHOR_KEY_SOURCE: 'passphrase' }, ['serve'])
  assert.equal(code, 2, stderr)
  assert.match(stderr, /must be chosen, but there is no terminal[\s\S]*Try: Set BHOR_PASSPHRASE_FILE/)
})
