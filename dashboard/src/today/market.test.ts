import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MarketNow } from '../../../src/contracts/calendar.ts'
import { marketOverMs, marketWords } from './market.ts'

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

test('where a part of the shares is in another phase, both are told', () => {
  const session = { phase: 'open' as const, from: '09:15', until: '15:30', only: 'other shares' as const }
  const split: MarketNow = {
    segment: 'equity',
    phase: 'open',
    until: '2026-11-23T10:00:00Z',
    next: 'closing_auction',
    running: [
      session,
      {
        ...session,
        phase: 'closing_auction',
        from: '15:15',
        until: '15:35',
        only: 'shares with derivatives',
      },
    ],
    day,
  }
  const words = (market: MarketNow) => marketWords(market, at('2026-11-23T09:50:00Z'))
  assert.deepEqual(words(split).slice(0, 2), [
    'Market open for other shares, closing auction of shares with derivatives',
    'closing auction 15:30 IST',
  ])
  assert.equal(words({ ...split, running: [session] })[0], 'Market open')
  assert.equal(
    words({ ...split, phase: 'pre_open', running: [{ ...session, phase: 'pre_open' }] })[0],
    'Pre-open',
  )
})

test('it is asked for again with the next phase, and with the next day', () => {
  const closed: MarketNow = {
    segment: 'equity',
    phase: 'closed',
    until: '2026-11-24T03:30:00Z',
    next: 'pre_open',
    running: [],
    day,
  }
  const midnight = at('2026-11-23T18:30:00Z')
  assert.equal(marketOverMs([closed], at('2026-11-23T12:00:00Z')), midnight)
  assert.equal(marketOverMs([closed], midnight - 1), midnight)
  assert.equal(marketOverMs([closed], midnight), at(closed.until))
})
