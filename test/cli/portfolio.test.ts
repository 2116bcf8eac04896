import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ActivityPage } from '../../src/contracts/activity.ts'
import type { PortfolioView } from '../../src/contracts/portfolio.ts'
import { bhor, json, logIn, newFolder, startServer } from '../support/at-the-terminal.ts'

test('bhor portfolio: ₹ in lakh and crore, aligned; JSON and CSV with plain numbers; what is missing is said', async () => {
  using folder = newFolder()
  const { env } = folder
  await using _server = await startServer(env)
  const none = await bhor(env, ['portfolio'])
  assert.deepEqual([none.code, none.stdout], [0, ''])
  assert.match(none.stderr, /bhor accounts add/)
  await bhor(env, ['accounts', 'add', 'mine', '--broker', 'kite', '--sandbox'])
  await bhor(env, ['accounts', 'add', 'papa', '--broker', 'upstox', '--sandbox', '--group', 'papa'])
  await logIn(env, 'mine')
  const partial = await bhor(env, ['portfolio'])
  assert.equal(partial.code, 1)
  assert.match(partial.stderr, /papa: no holdings, no positions, no funds\. .*Start a login: bhor login papa/)
  assert.match(partial.stdout, /= together \(without papa\)/)
  await logIn(env, 'papa', 'DM0002')
  const shown = await bhor(env, ['portfolio'])
  assert.equal(shown.code, 0, shown.stderr)
  assert.match(shown.stdout, /^SANDBOX \(simulated, no money\)$/m)
  assert.match(shown.stdout, /^mine +kite +.*₹\d{1,2}(,\d\d)*,\d{3}\.\d\d/m, 'lakh and crore')
  assert.match(shown.stdout, /₹\d{2},\d{2},\d{3}\.\d\d/)
  assert.match(shown.stdout, /^= papa +/m)
  assert.match(shown.stderr, /As of \w{3} \d+ \w{3,4} \d\d:\d\d IST/)
  const [first = '', ...rest] = shown.stdout.split('\n').filter((line) => /^(ACCOUNT|mine|papa|=)/.test(line))
  for (const line of rest) assert.equal(line.length, first.length, 'columns of numbers end at the same place')
  const { accounts, totals } = json<PortfolioView>(await bhor(env, ['portfolio', '--json']))
  assert.deepEqual(
    accounts.map(({ account }) => account),
    ['mine', 'papa'],
  )
  const csv = await bhor(env, ['portfolio', '--csv'])
  const lines = csv.stdout.trimEnd().split('\n')
  const rows = accounts.flatMap(({ holdings, positions, funds }) => [
    ...holdings!,
    ...positions!,
    ...funds!,
  ]).length
  assert.equal(lines.length, 1 + rows)
  assert.match(lines[0]!, /^kind,account,broker,group,asOf,part,.*,error$/)
  assert.ok(lines[1]!.includes(accounts[0]!.holdings![0]!.value!), 'amounts as they are')
  assert.doesNotMatch(csv.stdout, /₹/)
  assert.ok(totals[0]!.accounts.length === 2)
  assert.equal((await bhor(env, ['portfolio', '--json', '--csv'])).code, 2)
  const key = (await bhor(env, ['keys', 'add', 'my-bot'])).stdout.trim()
  assert.match(key, /^bhor_/)
  const words = await bhor(env, ['audit', '--kind', 'session'])
  assert.match(words.stdout, /logged in papa/)
  const gathered = json<ActivityPage>(await bhor(env, ['audit', '--json', '--words', '--limit', '3']))
  assert.equal(gathered.entries.length, 3)
  assert.match((await bhor(env, ['audit', '--csv'])).stdout, /^seq,at,who,text,/)
  assert.equal((await bhor(env, ['audit', '--json', '--kind', 'session'])).code, 2)
  assert.equal((await bhor(env, ['audit', '--kind', 'nonsense'])).code, 2)
})
