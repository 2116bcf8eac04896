import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { AccountPortfolio, Holding, Position } from '../../contracts/portfolio.ts'
import { amountsOf, totalsOf } from './totals.ts'

const share: Holding = {
  exchange: 'NSE',
  symbol: 'INFY',
  isin: 'INE009A01021',
  instrument: '408065',
  product: 'CNC',
  quantity: '10',
  t1Quantity: '0',
  pledgedQuantity: '0',
  averagePrice: '100.1',
  lastPrice: '100.2',
  closePrice: '100',
  invested: '1001',
  value: '1002',
  pnl: '1',
  dayPnl: '2',
}
type Told = Omit<AccountPortfolio, 'sums'>
const of = (account: string, more: Partial<Told> = {}): Told => ({
  account,
  broker: 'one',
  kind: 'live',
  generation: 1,
  group: null,
  asOf: '2026-11-23T04:00:00Z',
  holdings: [share],
  positions: [],
  funds: [{ segment: 'equity', available: '0.1', used: '0.2', cash: null, collateral: null }],
  ...more,
})
const gone = { code: 'broker_timeout', text: 'It is down.', hint: 'Wait.', missing: ['holdings' as const] }

test('money and play money are in no sum together', () => {
  const totals = totalsOf([
    of('a'),
    of('b', { kind: 'sandbox' }),
    of('c', { kind: 'broker-sandbox' }),
    of('d'),
  ])
  const told = totals.map(({ kind, accounts, value }) => [kind, accounts, value])
  assert.deepEqual(told, [
    ['live', ['a', 'd'], '2004'],
    ['sandbox', ['b'], '1002'],
    ['broker-sandbox', ['c'], '1002'],
  ])
})

test('sums are by household member and together, and exact', () => {
  const [live] = totalsOf([
    of('a', { group: 'papa' }),
    of('b', { group: 'papa' }),
    of('c', { group: 'me' }),
    of('d'),
  ])
  assert.deepEqual(
    live?.groups.map(({ group, accounts, available }) => [group, accounts, available]),
    [
      ['me', ['c'], '0.1'],
      ['papa', ['a', 'b'], '0.2'],
      [null, ['d'], '0.1'],
    ],
  )
  const ten = totalsOf(Array.from({ length: 10 }, (_, at) => of(`a${at}`)))
  assert.deepEqual([ten[0]?.available, ten[0]?.used], ['1', '2'], 'ten times 0.1 is 1')
})

test('what is missing is not zero in silence: the sums say whose it is', () => {
  const [live] = totalsOf([
    of('a'),
    of('b', { holdings: null, error: gone }),
    of('c', { holdings: null, positions: null, funds: null, error: gone }),
  ])
  assert.deepEqual([live?.accounts, live?.missing, live?.value], [['a', 'b'], ['b', 'c'], '1002'])
  const [nobody] = totalsOf([of('b', { holdings: null, error: gone })])
  assert.deepEqual([nobody?.value, nobody?.dayPnl, nobody?.available], [null, null, '0.1'])
  assert.equal(nobody?.groups[0]?.holdingsPnl, null)
})

test('the same share at two brokers and two exchanges is one; without an ISIN each stands for itself', () => {
  const elsewhere = {
    ...share,
    exchange: 'BSE',
    instrument: 'BSE_EQ|INE009A01021',
    quantity: '5',
    value: '501',
  }
  const nameless = { ...share, isin: null, symbol: 'X', value: '7' }
  const [live] = totalsOf([
    of('a'),
    of('b', { holdings: [elsewhere, nameless] }),
    of('c', { holdings: [{ ...nameless, exchange: 'BSE' }] }),
  ])
  assert.deepEqual(
    live?.instruments.map(({ symbol, quantity, value, dayPnl, accounts }) => [
      symbol,
      quantity,
      value,
      dayPnl,
      accounts,
    ]),
    [
      ['INFY', '15', '1503', '4', ['a', 'b']],
      ['X', '10', '7', '2', ['b']],
      ['X', '10', '7', '2', ['c']],
    ],
  )
})

test('a placeholder where an ISIN should be joins no two shares', () => {
  const odd = (symbol: string, isin: string): Holding => ({ ...share, symbol, isin })
  const [live] = totalsOf([
    of('a', { holdings: [odd('M&M', '-'), odd('BAJAJ-AUTO', '-'), odd('X', 'NA')] }),
    of('b', { holdings: [odd('M&M', '-')] }),
  ])
  assert.deepEqual(
    live?.instruments.map(({ symbol, accounts }) => [symbol, accounts]),
    [
      ['M&M', ['a', 'b']],
      ['BAJAJ-AUTO', ['a']],
      ['X', ['a']],
    ],
  )
})

test('what a broker does not say is in no sum as nothing: the sums say of how many', () => {
  const gift: Holding = { ...share, isin: 'INE062A01020', averagePrice: null, invested: null, pnl: null }
  const unpriced: Holding = { ...share, lastPrice: null, value: null, pnl: null, dayPnl: null }
  const future: Position = {
    exchange: 'MCX',
    symbol: 'GOLDM26DECFUT',
    instrument: '1',
    product: 'NRML',
    quantity: '-1',
    overnightQuantity: '-1',
    multiplier: '10',
    averagePrice: '70000',
    lastPrice: '70100',
    pnl: '-1000',
    realised: null,
    unrealised: null,
    dayPnl: null,
  }
  const told = of('a', {
    holdings: [share, gift],
    positions: [future, { ...future, dayPnl: '-0.5' }],
  })
  const [live] = totalsOf([told, of('b', { holdings: [unpriced] })])
  assert.deepEqual(live?.unknown, { invested: 1, value: 1, dayPnl: 2 })
  assert.deepEqual(
    [
      live?.invested,
      live?.value,
      live?.holdingsPnl,
      live?.holdingsDayPnl,
      live?.positionsDayPnl,
      live?.dayPnl,
    ],
    ['2002', '2004', '1', '4', '-0.5', '3.5'],
  )
  // A share of which one account's part is unknown has no sum over both.
  assert.deepEqual(
    live?.instruments.map(({ isin, invested, value, pnl, dayPnl }) => [isin, invested, value, pnl, dayPnl]),
    [
      ['INE062A01020', null, '1002', null, '2'],
      ['INE009A01021', '2002', null, null, null],
    ],
  )
  const { holdingsPnl, dayPnl, available, unknown } = amountsOf({ ...told, funds: null })
  assert.deepEqual(
    [holdingsPnl, dayPnl, available, unknown],
    ['1', '3.5', null, { invested: 1, value: 0, dayPnl: 1 }],
  )
  assert.equal(amountsOf({ ...told, positions: null }).dayPnl, null, 'half of a day is no day')
})

test('the parts add up to the whole, whatever they are', () => {
  const paise = fc.integer({ min: -(10 ** 12), max: 10 ** 12 })
  const account = fc.record({
    group: fc.constantFrom('papa', 'me', null),
    pnl: fc.array(paise, { maxLength: 5 }),
  })
  const asText = (amount: number) =>
    `${amount < 0 ? '-' : ''}${Math.floor(Math.abs(amount) / 100)}.${String(Math.abs(amount) % 100).padStart(2, '0')}`
  const inPaise = (text: string) => Math.round(Number(text) * 100)
  fc.assert(
    fc.property(fc.array(account, { minLength: 1, maxLength: 6 }), (accounts) => {
      const [live] = totalsOf(
        accounts.map(({ group, pnl }, at) =>
          of(`a${at}`, { group, holdings: pnl.map((one) => ({ ...share, pnl: asText(one) })) }),
        ),
      )
      const whole = accounts.flatMap(({ pnl }) => pnl).reduce((sum, one) => sum + one, 0)
      assert.equal(inPaise(live!.holdingsPnl!), whole)
      assert.equal(
        live!.groups.reduce((sum, { holdingsPnl }) => sum + inPaise(holdingsPnl!), 0),
        whole,
      )
    }),
  )
})
