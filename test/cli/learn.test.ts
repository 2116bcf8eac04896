import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { AccountView, HandOut, Learnt } from '../../src/contracts/api.ts'
import { bhor, freePort, json, logIn, newFolder, startServer } from '../support/at-the-terminal.ts'

test('doctor --learn tells each call, asks first, and writes down nothing of the account', async () => {
  using folder = newFolder()
  const { home } = folder
  const env = { ...folder.env, BHOR_PORT: String(await freePort()) }
  assert.equal((await bhor(env, ['accounts', 'add', 'demo', '--broker', 'upstox', '--sandbox'])).code, 0)
  const noSession = await bhor(env, ['doctor', '--learn', 'demo', '--yes'])
  assert.deepEqual([noSession.code, /has no session/.test(noSession.stderr)], [4, true], noSession.stderr)
  await using _server = await startServer(env)
  assert.equal((await logIn(env, 'demo', 'DM0002')).code, 0)

  const asked = await bhor(env, ['doctor', '--learn', 'demo'])
  assert.deepEqual([asked.code, asked.stdout], [2, ''])
  assert.match(asked.stderr, /profile: .*\n +GET http:\/\/127\.0\.0\.1:\d+\/v2\/user\/profile\n/)
  const nobody = await bhor(env, ['doctor', '--learn', '--yes'])
  assert.match(nobody.stderr, /No account has a live session/)

  const learnt = await bhor(env, ['doctor', '--learn', 'demo', '--yes'])
  assert.equal(learnt.code, 0, learnt.stderr)
  const { answers } = json<{ answers: Learnt[] }>(learnt)
  assert.ok(answers.length >= 10 && answers.some(({ token }) => token === 'extended'))
  const [file = ''] = readdirSync(join(home, 'learnt'))
  const path = join(home, 'learnt', file)
  assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), json(learnt))
  if (process.platform !== 'win32') assert.equal(statSync(path).mode & 0o777, 0o600)

  const { session, userId } = json<AccountView>(await bhor(env, ['accounts', 'show', 'demo', '--json']))
  const { accessToken } = json<HandOut>(await bhor(env, ['token', 'demo', '--format', 'json']))
  for (const own of [accessToken, userId!, session!.userName, session!.email, 'demo'])
    assert.ok(!learnt.stdout.includes(own), own)
})
