import assert from 'node:assert/strict'
import { test } from 'node:test'
import { documented, replyOf } from '../suite/suite.ts'
import { portfolio } from './portfolio.ts'

const documentedJson = (file: string) => documented(import.meta.url, file).json as { data: unknown }
const marginsWith = (change: Record<string, unknown>) => {
  const { data } = documentedJson('margins') as { data: Record<string, object> }
  const commodity = { ...data.commodity, ...change }
  return portfolio.funds.read(replyOf(200, { status: 'success', data: { ...data, commodity } }))
}

test('a segment that is not enabled is left out, whatever stands in it; one that does not say is refused', () => {
  assert.equal(marginsWith({ net: null, utilised: null, available: null }).length, 1)
  const refused = { code: 'bad_reply' }
  assert.throws(() => marginsWith({ enabled: undefined }), refused)
  assert.throws(() => marginsWith({ enabled: true, net: null }), refused)
  assert.throws(() => marginsWith({ enabled: true, utilised: undefined }), refused)
  assert.equal(marginsWith({ enabled: true }).length, 2)
})

test('one share without prices takes no other one with it, and what was sold today is worth nothing', () => {
  const [first] = documentedJson('holdings').data as Record<string, unknown>[]
  const read = (change: Record<string, unknown>) =>
    portfolio.holdings.read(replyOf(200, { status: 'success', data: [{ ...first, ...change }, first] }))
  const [odd, sound] = read({ average_price: null, last_price: null, close_price: null, pnl: null })
  assert.deepEqual([odd!.invested, odd!.value, odd!.pnl, odd!.dayPnl], [null, null, null, null])
  assert.equal(sound!.pnl, '836.6')
  const sold = { quantity: 0, t1_quantity: 0, collateral_quantity: 0, used_quantity: 12, pnl: 0 }
  const [gone] = read({ ...sold, average_price: 0 })
  assert.deepEqual([gone!.quantity, gone!.invested, gone!.value, gone!.pnl, gone!.dayPnl], [...'00000'])
  // Pledged shares have left the quantity, and maybe Kite's own P&L.
  const [pledged] = read({ quantity: 0, t1_quantity: 0, collateral_quantity: 10, pnl: 0 })
  assert.deepEqual([pledged!.quantity, pledged!.value, pledged!.pnl], ['10', '15200.5', '697.1667'])
})
