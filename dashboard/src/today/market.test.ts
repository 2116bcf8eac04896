import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MarketNow } from '../../../src/contracts/calendar.ts'
import { marketWords } from './market.ts'

const at = (text: string) => Date.parse(text)
const day: MarketNow['day'] = {
  date: '2026-11-23',
  segment: 'equity',
  kind: 'trading',
  sessions: [],
  note: '',
  source: null,
  saidBy: 'bhor',
}

test('the market’s clock says what is so, what comes, and how long that is', () => {
  const open: MarketNow = {
    segment: 'equity',
    phase: 'open',
    until: '2026-11-23T10:00:00Z',
    next: 'closed',
    running: [],
    day,
  }
  assert.deepEqual(marketWords(open, at('2026-11-23T08:00:00Z')), [
    'Market open',
    'closes 15:30 IST',
    '2 h 0 min left',
  ])
  const holiday = { ...day, kind: 'holiday' as const, note: 'Diwali' }
  assert.deepEqual(
    marketWords(
      { ...open, phase: 'holiday', until: '2026-11-25T03:30:00Z', next: 'pre_open', day: holiday },
      at('2026-11-23T08:00:00Z'),
    ),
    ['Holiday: Diwali', 'pre-open Wed 25 Nov 09:00 IST'],
  )
  const weekend = { ...day, kind: 'weekend' as const }
  assert.equal(
    marketWords({ ...open, phase: 'holiday', day: weekend }, at('2026-11-23T08:00:00Z'))[0],
    'Weekend',
  )
  const unconfirmed = { ...day, kind: 'unconfirmed' as const }
  assert.equal(
    marketWords({ ...open, day: unconfirmed }, at('2026-11-23T08:00:00Z')).at(-1),
    'no list speaks of this day',
  )
})
