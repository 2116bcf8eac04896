import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ImportPlan } from '../../src/contracts/imports.ts'
import type { MirrorView } from '../../src/contracts/mirrors.ts'
import { bhor, json, newFolder } from '../support/at-the-terminal.ts'

test('mirrors are added, listed, synced and removed at the command line, with a hint at each wrong turn', async () => {
  using folder = newFolder()
  const home = join(realpathSync(folder.home), 'data')
  const bot = join(realpathSync(folder.home), 'bot')
  mkdirSync(bot, { mode: 0o700 })
  const env = { ...folder.env, BHOR_HOME: home }
  const path = join(bot, 'config.json')
  const run = (...args: string[]) => bhor(env, args)
  assert.equal(
    (await run('accounts', 'add', 'demo', '--broker', 'kite', '--sandbox', '--rate-limit', '5/9')).code,
    0,
  )
  assert.match((await run('mirrors')).stderr, /No mirrors yet\./)
  const template = join(bot, 'template.json')
  writeFileSync(template, '{"token": "{{access_token}}"}')
  const added = await run('mirrors', 'add', 'demo', path, '--format', 'json', '--template', template)
  assert.equal(added.code, 0, added.stderr)
  assert.match(added.stderr, /is written as soon as demo has a session/)
  const again = await run('mirrors', 'add', 'demo', path, '--format', 'env')
  assert.deepEqual([again.code, /already/.test(again.stderr)], [2, true], again.stderr)
  const wrong = await run('mirrors', 'add', 'demo', join(home, 'bhor.db'), '--format', 'env')
  assert.deepEqual([wrong.code, /own data folder/.test(wrong.stderr)], [2, true], wrong.stderr)
  assert.match(
    (await run('mirrors', 'list')).stdout,
    /^ACCOUNT +FORMAT +STATE .*\ndemo +json +waiting +never +.*config\.json\n$/,
  )
  const theirs = '{"token": "PUTBYHAND"}'
  writeFileSync(path, theirs, { mode: 0o600 })
  const conflict = await run('mirrors', 'sync', 'demo')
  assert.deepEqual([conflict.code, /--take or --overwrite/.test(conflict.stderr)], [7, true], conflict.stderr)
  assert.equal((await run('mirrors', 'sync', 'demo', '--take', '--overwrite')).code, 2)
  assert.equal((await run('mirrors', 'sync', 'papa')).code, 3)
  const [view] = json<MirrorView[]>(await run('mirrors', 'list', '--json'))
  assert.deepEqual([view?.state, view?.fault?.code], ['conflict', 'mirror_conflict'])
  assert.equal((await run('mirrors', 'remove', 'demo', path)).code, 0)
  assert.equal(readFileSync(path, 'utf8'), theirs)
})

test('an import shows its plan, does it when asked to, and never shows a secret', async () => {
  using folder = newFolder()
  const file = join(folder.home, 'accounts.csv')
  const csv =
    'account,broker,api_key,api_secret\npapa,zerodha,keypapa,secretpapa\nmama,upstox,keymama,secretmama\n'
  writeFileSync(file, csv, { mode: 0o644 })
  const run = async (...args: string[]) => {
    const ended = await bhor({ ...folder.env, BHOR_HOME: join(folder.home, 'data') }, ['accounts', ...args])
    assert.doesNotMatch(`${ended.stdout}${ended.stderr}`, /secretpapa|secretmama/)
    return ended
  }
  const asked = await run('import', file)
  assert.deepEqual([asked.code, /--api-secret-is secret/.test(asked.stderr)], [2, true], asked.stderr)
  const plan = await run('import', file, '--api-secret-is', 'secret')
  assert.equal(plan.code, 0, plan.stderr)
  assert.match(plan.stdout, /papa +kite +live +keypapa +- +yes +none +CSV, line 2\n/)
  assert.match(plan.stderr, /is open to other users.*chmod 600/)
  assert.match(plan.stderr, /Nothing was stored\. To do it, add --apply\./)
  assert.equal((await run('list')).stdout, '')
  const done = json<ImportPlan>(await run('import', file, '--api-secret-is', 'secret', '--apply', '--json'))
  assert.equal(done.applied, true)
  assert.match((await run('list')).stdout, /mama +upstox[^\n]*\npapa +kite/)
  assert.equal((await run('import', file, '--api-secret-is', 'secret', '--apply')).code, 2)
  assert.equal((await run('import', join(folder.home, 'none'))).code, 2)
  if (process.platform !== 'win32') {
    const pipe = join(folder.home, 'pipe')
    execFileSync('mkfifo', ['-m', '600', pipe])
    const unwritten = await run('import', pipe)
    assert.deepEqual([unwritten.code, /not a plain file/.test(unwritten.stderr)], [2, true], unwritten.stderr)
  }
  const other = join(folder.home, 'other-secret')
  writeFileSync(other, 'secretpapatoo', { mode: 0o600 })
  const added = await run(
    ...['add', 'uncle', '--broker', 'kite', '--api-key', 'keypapa', '--api-secret-file', other],
  )
  assert.deepEqual([added.code, /was replaced, also for papa\./.test(added.stderr)], [0, true], added.stderr)
  const more = join(folder.home, 'more.env')
  const env = 'KITE_API_KEY=keypapa\nKITE_API_SECRET=secretpapa\n'
  writeFileSync(more, env, { mode: 0o600 })
  const late = await run('import', more, '--account', 'aunt', '--apply')
  assert.deepEqual([late.code, /--replace/.test(late.stderr)], [2, true], late.stderr)
  assert.equal((await run('import', more, '--account', 'aunt', '--apply', '--replace')).code, 0)
  const place = await run('edit', 'papa', '--api-secret-from', 'env:PAPAS_SECRET')
  assert.equal(place.code, 0, place.stderr)
  assert.match(place.stderr, /cannot be read from there yet: The variable PAPAS_SECRET is not set\./)
  const refusedOne = ['add', 'kaka', '--broker', 'kite', '--api-key', 'keykaka']
  const said = await run(...refusedOne, '--api-secret-from', 'command:op read op://x/y/z')
  assert.equal(said.code, 0, said.stderr)
  assert.match(said.stderr, /may not be run for a secret\. Allowed by secret_commands: none\./)
  assert.equal((await run('edit', 'papa', '--api-secret-from', 'abcdef0123')).code, 2)
})
