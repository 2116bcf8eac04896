import assert from 'node:assert/strict'
import { test } from 'node:test'
import { handOutOf } from '../../test/support/fake-line.ts'
import { gateReasons } from '../contracts/api.ts'
import type { AccountChanged, FeedEvent, FeedEventName } from '../contracts/events.ts'
import { ManualClock } from '../core/clock.ts'
import { Memory } from './memory.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))
const forever = Number.POSITIVE_INFINITY
const held = handOutOf('papa', 3)

function memoryWith(clock = new ManualClock()) {
  const memory = new Memory(clock)
  memory.trustUntil(forever)
  memory.keep(held, memory.mark)
  memory.keep(handOutOf('mama', 9), memory.mark)
  assert.equal(memory.peek('papa'), held)
  return memory
}

function event(name: FeedEventName, data: object = {}): FeedEvent {
  const about = { account: 'papa', broker: 'demo', kind: 'sandbox', generation: 3 }
  return { event: name, data: { seq: 7, at: '2026-11-23T03:00:00Z', ...about, ...data } } as FeedEvent
}

test('a session is there until its end, to the millisecond', async () => {
  const clock = new ManualClock()
  const memory = memoryWith(clock)
  clock.set('2026-11-24T00:29:59.999Z')
  await turn()
  assert.equal(memory.peek('papa'), held)
  clock.set('2026-11-24T00:30:00Z')
  await turn()
  assert.equal(memory.peek('papa'), undefined)
})

test('nothing is there once the feed was silent for too long, nor when it was not heard of yet', async () => {
  const clock = new ManualClock()
  const memory = memoryWith(clock)
  memory.trustUntil(clock.nowMs() + 20_000)
  await clock.advance(19_999)
  assert.equal(memory.peek('papa'), held)
  await clock.advance(1)
  assert.equal(memory.peek('papa'), undefined)
  memory.keep(held, memory.mark)
  assert.equal(memory.peek('papa'), undefined, 'and nothing is kept either')
  memory.trustUntil(forever)
  assert.equal(memory.peek('papa'), undefined, 'what was dropped does not come back')
})

/** What is heard, and who is left. */
const rows: readonly (readonly [string, FeedEvent, left: string])[] = [
  ['a newer session', event('session.started', { generation: 4, startedBy: 'login' }), 'mama'],
  ['the very session', event('session.started', { startedBy: 'login' }), 'papa mama'],
  ['the end of the session', event('session.ended', { reason: 'revoked', code: null }), 'mama'],
  [
    'the end of an older one',
    event('session.ended', { generation: 2, reason: 'revoked', code: null }),
    'papa mama',
  ],
  ['another account', event('session.started', { account: 'mama', generation: 10 }), 'papa'],
  ['any news with a newer generation', event('login.finished', { generation: 4, result: 'done' }), 'mama'],
  ['forgotten events', event('reset', { reason: 'too_old', accounts: [] }), ''],
  ['the kill switch', event('gate.changed', { account: null, state: 'closed', reason: 'killed' }), ''],
  ['the seal', event('gate.changed', { account: null, state: 'closed', reason: 'sealed' }), ''],
  ['a pause', event('gate.changed', { state: 'closed', reason: 'paused' }), 'mama'],
  ['a cause that nobody knows yet', event('gate.changed', { state: 'closed', reason: 'comet' }), 'mama'],
  ['the end of trading', event('gate.changed', { state: 'closed', reason: 'market_closed' }), 'papa mama'],
  ['an open gate', event('gate.changed', { state: 'open', reason: null }), 'papa mama'],
  ['a use', event('key.used', { key: 'key_1' }), 'papa mama'],
]
for (const [name, heard, left] of rows) {
  test(`${name}: left is ${left || 'nothing'}`, () => {
    const memory = memoryWith()
    memory.hear(heard)
    assert.equal(['papa', 'mama'].filter((account) => memory.peek(account)).join(' '), left)
  })
}

test('what is changed about an account: dropped is what the desk might refuse now', () => {
  const left = (change: AccountChanged['change']) => {
    const memory = memoryWith()
    memory.hear(event('account.changed', { change }))
    return ['papa', 'mama'].filter((account) => memory.peek(account)).join(' ')
  }
  for (const change of ['doubted', 'paused', 'compromised', 'unconfirmed'] as const)
    assert.equal(left(change), 'mama', change)
  // The name may be another account's now.
  for (const change of ['edited', 'removed'] as const) assert.equal(left(change), '', change)
  for (const change of ['login_started', 'tested', 'measured', 'resumed'] as const)
    assert.equal(left(change), 'papa mama', change)
})

test('every reason of a gate is judged: only what says nothing about tokens keeps them', () => {
  const keeps = gateReasons.filter((reason) => {
    const memory = memoryWith()
    memory.hear(event('gate.changed', { state: 'closed', reason }))
    return memory.peek('papa') !== undefined
  })
  assert.deepEqual(keeps, [
    'egress_different',
    'egress_unmeasured',
    'market_closed',
    'market_unconfirmed',
    'session_expiring',
  ])
})

test('what is told while a hand-out is under way counts for it', () => {
  const memory = new Memory(new ManualClock())
  memory.trustUntil(forever)
  const arrives = (heard: FeedEvent, generation: number) => {
    const { mark } = memory
    memory.hear(heard)
    memory.keep(handOutOf('papa', generation), mark)
    return memory.peek('papa')?.generation
  }
  assert.equal(arrives(event('session.started', { generation: 4 }), 3), undefined, 'the one before')
  assert.equal(arrives(event('session.started', { generation: 5 }), 5), 5, 'the one that was told')
  assert.equal(arrives(event('session.ended', { generation: 5, reason: 'expired' }), 5), undefined)
  assert.equal(
    arrives(event('gate.changed', { account: null, state: 'closed', reason: 'killed' }), 6),
    undefined,
  )
  assert.equal(arrives(event('account.changed', { change: 'removed', generation: 6 }), 6), undefined)
  // A new account of the old name begins at 1.
  assert.equal(arrives(event('account.changed', { change: 'added', generation: 0 }), 1), 1)
})
