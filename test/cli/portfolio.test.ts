import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ActivityPage } from '../../src/contracts/activity.ts'
import type { PortfolioView } from '../../src/contracts/portfolio.ts'
import { bhor, json, logIn, newFolder, startServer } from '../support/at-the-terminal.ts'

const inr = { style: 'currency', currency: 'INR' } as const
const inRupees = (amount: string) => new Intl.NumberFormat('en-IN', inr).format(Number(amount))
const withSign = (amount: string) =>
  new Intl.NumberFormat('en-IN', { ...inr, signDisplay: 'exceptZero' }).format(Number(amount))
/** The cells of the first line of a table that is like this. */
const cellsOf = (text: string, line: RegExp) => (line.exec(text)?.[0] ?? '').trim().split(/ {2,}/)
const withoutNulls = (row: object) =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))

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
  const nothing = (await bhor(env, ['portfolio', '--csv'])).stdout
    .split('\n')
    .find((line) => line.includes(',papa,'))
  assert.match(nothing!, /^sandbox,papa,upstox,papa,,holdings positions funds,,/, 'as of no time')
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
  const figures = ({ sums }: (typeof accounts)[number]) => [
    ...[sums.invested, sums.value].map((amount) => inRupees(amount!)),
    ...[sums.holdingsPnl, sums.dayPnl, sums.positionsPnl].map((amount) => withSign(amount!)),
    ...[sums.available, sums.used].map((amount) => inRupees(amount!)),
  ]
  assert.notEqual(accounts[0]!.sums.dayPnl, accounts[0]!.sums.holdingsDayPnl)
  assert.deepEqual(
    ['mine', 'papa'].map((name) => cellsOf(shown.stdout, new RegExp(`^${name} .*`, 'm')).slice(2)),
    accounts.map(figures),
    'the figures of the API',
  )
  const position = accounts[0]!.positions![0]!
  assert.deepEqual(
    cellsOf(shown.stdout, new RegExp(`^${position.symbol} +${position.product} .*`, 'm')).slice(-3),
    [withSign(position.pnl), withSign(position.dayPnl!), 'mine'],
  )
  const csv = await bhor(env, ['portfolio', '--csv'])
  const [head = [], ...lines] = csv.stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','))
  assert.deepEqual(
    [head.slice(0, 6), head.at(-1)],
    [['kind', 'account', 'broker', 'group', 'asOf', 'part'], 'error'],
  )
  const told = lines.map((line) =>
    Object.fromEntries(line.flatMap((cell, at) => (cell === '' ? [] : [[head[at], cell]]))),
  )
  assert.deepEqual(
    told.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'asOf'))),
    accounts.flatMap(({ kind, account, broker, group, holdings, positions, funds }) => {
      const rows = { holding: holdings!, position: positions!, funds: funds! }
      return Object.entries(rows).flatMap(([part, own]) =>
        own.map((row) => withoutNulls({ kind, account, broker, group, part, ...row })),
      )
    }),
    'every field of every row, as it is',
  )
  assert.ok(told.every(({ asOf }) => asOf?.endsWith('Z')))
  assert.ok(totals[0]!.accounts.length === 2)
  assert.equal((await bhor(env, ['portfolio', '--json', '--csv'])).code, 2)
  const key = (await bhor(env, ['keys', 'add', 'my-bot'])).stdout.trim()
  assert.match(key, /^bhor_/)
  const words = await bhor(env, ['audit', '--kind', 'session'])
  assert.match(words.stdout, /logged in papa/)
  const gathered = json<ActivityPage>(await bhor(env, ['audit', '--json', '--words', '--limit', '3']))
  assert.equal(gathered.entries.length, 3)
  const [, before, upTo] =
    /^Older ones: --before (\d+) --up-to (\d+)$/m.exec((await bhor(env, ['audit', '--limit', '3'])).stderr) ??
    []
  const older = ['audit', '--json', '--words', '--before', before!, '--up-to', upTo!]
  const { entries } = json<ActivityPage>(await bhor(env, older))
  assert.ok(entries.length > 3 && entries.every(({ seq }) => seq < Number(before)))
  assert.equal((await bhor(env, ['audit', '--json', '--up-to', upTo!])).code, 2, 'records have no such page')
  assert.match((await bhor(env, ['audit', '--csv'])).stdout, /^seq,at,who,text,/)
  assert.equal((await bhor(env, ['audit', '--json', '--kind', 'session'])).code, 2)
  assert.equal((await bhor(env, ['audit', '--kind', 'nonsense'])).code, 2)
})
