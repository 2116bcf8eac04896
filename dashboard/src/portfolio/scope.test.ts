import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  AccountPortfolio,
  Holding,
  PortfolioAmounts,
  PortfolioTotal,
  PortfolioView,
} from '../../../src/contracts/portfolio.ts'
import { dimensionsOf, pathOf, shownOf, slicesOf } from './scope.ts'

const amounts = (value: string): PortfolioAmounts => ({
  invested: '1',
  value,
  holdingsPnl: '1',
  holdingsDayPnl: '1',
  positionsPnl: '1',
  positionsDayPnl: '1',
  dayPnl: '2',
  available: '1',
  used: '0',
  unknown: { invested: 0, value: 0, dayPnl: 0 },
})
const share = (symbol: string): Holding => ({
  exchange: 'NSE',
  symbol,
  isin: null,
  instrument: symbol,
  product: 'CNC',
  quantity: '1',
  t1Quantity: '0',
  pledgedQuantity: '0',
  averagePrice: '1',
  lastPrice: '1',
  closePrice: '1',
  invested: '1',
  value: '1',
  pnl: '0',
  dayPnl: '0',
})
const of = (account: string, kind: 'live' | 'sandbox', group: string | null): AccountPortfolio => ({
  account,
  broker: 'one',
  kind,
  generation: 1,
  group,
  asOf: '2026-11-23T04:00:00Z',
  holdings: [share('M&M'), share('INFY')],
  positions: [],
  funds: [],
  sums: amounts(account),
})
const total = (
  kind: 'live' | 'sandbox',
  groups: readonly (string | null)[],
  accounts: string[],
): PortfolioTotal => ({
  kind,
  accounts,
  missing: [],
  ...amounts(`all of ${kind}`),
  groups: groups.map((group) => ({ group, accounts, missing: [], ...amounts(`of ${group}`) })),
  instruments: [
    { isin: null, symbol: 'M&M', quantity: '3', invested: '3', value: '3', pnl: '0', dayPnl: null, accounts },
  ],
})
const view: PortfolioView = {
  asOf: '2026-11-23T04:00:00Z',
  partial: false,
  accounts: [
    of('a', 'live', null),
    of('b', 'live', 'papa'),
    of('c', 'live', 'papa'),
    of('d', 'sandbox', null),
  ],
  totals: [total('live', ['papa', null], ['a', 'b', 'c']), total('sandbox', [null], ['d'])],
}
const at = (...path: readonly string[]) => {
  const shown = shownOf(view, path)!
  return [shown.total.kind, shown.scope.of, shown.sums.value, shown.accounts.map(({ account }) => account)]
}

test('an address says which money and whose; what it does not name is everyone, and real money', () => {
  assert.deepEqual(at(), ['live', 'together', 'all of live', ['a', 'b', 'c']])
  assert.deepEqual(at('sandbox'), ['sandbox', 'together', 'all of sandbox', ['d']])
  assert.deepEqual(at('live', 'member', 'papa'), ['live', 'member', 'of papa', ['b', 'c']])
  assert.deepEqual(at('live', 'member', ''), ['live', 'member', 'of null', ['a']])
  assert.deepEqual(at('live', 'account', 'b'), ['live', 'account', 'b', ['b']])
  const everyone = at()
  // Of another kind, no more there, or never.
  for (const path of [['live', 'account', 'd'], ['live', 'member', 'x'], ['gold'], ['live', 'x', 'y']])
    assert.deepEqual(at(...path), everyone)
  assert.equal(shownOf({ ...view, totals: [] }, []), undefined)
})

test('every scope leads back to itself', () => {
  for (const path of [
    ['live'],
    ['live', 'member', 'papa'],
    ['live', 'member', ''],
    ['live', 'account', 'c'],
  ]) {
    const { total, scope } = shownOf(view, path)!
    assert.deepEqual(pathOf(total.kind, scope), path)
  }
})

test('of all together each share stands once, of a member and an account as the broker has it', () => {
  assert.deepEqual(
    shownOf(view, [])!.holdings.map(({ symbol, own }) => [symbol, own]),
    [['M&M', null]],
  )
  const { holdings } = shownOf(view, ['live', 'member', 'papa'])!
  assert.equal(holdings.length, 4)
  assert.equal(new Set(holdings.map(({ key }) => key)).size, 4)
})

test('charts are divided by what there is more than one of', () => {
  const by = (...path: readonly string[]) => dimensionsOf(shownOf(view, path)!)
  assert.deepEqual(by(), ['share', 'account', 'member'])
  assert.deepEqual(by('live', 'member', 'papa'), ['share', 'account'])
  assert.deepEqual(by('sandbox'), ['share'])
  const slices = slicesOf(shownOf(view, [])!, 'member', 'nobody’s')
  assert.deepEqual(
    slices.map(({ name, value }) => [name, value]),
    [
      ['papa', 'of papa'],
      ['nobody’s', 'of null'],
    ],
  )
})
