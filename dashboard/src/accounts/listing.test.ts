import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountView, GateCause } from '../../../src/contracts/api.ts'
import { grouped, isFound, passes } from './listing.ts'
import { byNeed, loginsLeft, needOf } from './needs.ts'

const cause = (closes: boolean): GateCause => ({
  reason: closes ? 'paused' : 'market_closed',
  closes,
  text: '',
  since: null,
  until: null,
  next: null,
})
function account(name: string, more: Partial<AccountView> = {}, causes: GateCause[] = []) {
  const gate = { state: 'open', reason: null, text: '', since: null, until: null, next: null, causes }
  return {
    ...{ account: name, label: '', brokerName: 'Zerodha Kite Connect', userId: 'AB1234', kind: 'live' },
    ...{ settings: {}, status: 'active', loginHelps: true, unconfirmed: null, gate },
    ...more,
  } as AccountView
}

test('who needs a login comes first, then who needs a look, then the rest by name', () => {
  const all = [
    account('papa'),
    account('demo', {}, [cause(true)]),
    account('personal', { status: 'expired' }),
    account('aunt', {}, [cause(false)]),
  ]
  assert.deepEqual(
    byNeed(all).map((each) => [each.account, needOf(each)]),
    [
      ['personal', 'login'],
      ['demo', 'look'],
      ['aunt', 'nothing'],
      ['papa', 'nothing'],
    ],
  )
})

test('asked to log in is who is not at it, and who gains by it', () => {
  const all = [
    account('a', { status: 'expired' }),
    account('b', { status: 'login_pending' }),
    account('c', { status: 'expired', loginHelps: false }),
    account('d'),
  ]
  assert.deepEqual(
    loginsLeft(all).map((each) => each.account),
    ['a'],
  )
})

test('a search finds by every word, in any of the names', () => {
  const papa = account('papa', { label: 'Father’s', settings: { group: 'family' } })
  for (const text of ['', 'PAPA', 'kite fam', 'ab12', 'father']) assert.ok(isFound(papa, text), text)
  assert.ok(!isFound(papa, 'papa upstox'))
})

test('a filter leaves who needs somebody, who is ready, or who is no live account', () => {
  const dead = account('dead', { status: 'revoked' })
  const demo = account('demo', { kind: 'sandbox' })
  assert.deepEqual(
    [passes(dead, 'needs'), passes(dead, 'live'), passes(dead, 'sandbox')],
    [true, false, false],
  )
  assert.deepEqual(
    [passes(demo, 'needs'), passes(demo, 'live'), passes(demo, 'sandbox')],
    [false, true, true],
  )
})

test('groups come by name, and who has none comes last', () => {
  const all = [
    account('x'),
    account('y', { settings: { group: 'us' } }),
    account('z', { settings: { group: 'kids' } }),
  ]
  assert.deepEqual(
    grouped(all).map(([name, members]) => [name, members.length]),
    [
      ['kids', 1],
      ['us', 1],
      ['', 1],
    ],
  )
})
