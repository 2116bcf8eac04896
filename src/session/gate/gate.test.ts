import assert from 'node:assert/strict'
import { test } from 'node:test'
import { account, house, session } from '../../../test/suites/stores/samples.ts'
import { type GateReason, gateReasons } from '../../contracts/api.ts'
import type { AccountRecord, SessionRecord } from '../../contracts/store.ts'
import { type Finding, gateCauses } from './causes.ts'
import { type Gate, type GateFacts, gateOf, houseGateOf } from './gate.ts'
import { viewOf } from './view.ts'

const hourMs = 3_600_000
const nowMs = Date.parse('2026-11-23T04:00:00Z') // 09:30 in India
const proven = { atMs: nowMs - hourMs, verdict: 'valid', code: 'ok' } as const
const live = session('acc_1', 3, {
  createdAtMs: nowMs - hourMs,
  grantedAtMs: nowMs - hourMs,
  expiresAtMs: Date.parse('2026-11-24T00:30:00Z'),
  unconfirmed: '',
})
const ours = (changes: Partial<AccountRecord> = {}) =>
  account('acc_1', { pause: null, lastFault: null, lastProbe: proven, ...changes })
const somebody = { kind: 'operator', id: '' } as const
const paused = {
  sinceMs: nowMs - 1,
  firstBy: somebody,
  atMs: nowMs - 1,
  by: somebody,
  reason: '',
  untilMs: nowMs + hourMs,
  withholds: false,
}
const facts = (changes: Partial<GateFacts> = {}): GateFacts => ({
  nowMs,
  account: ours(),
  session: live,
  house: house({ kill: null }),
  proofEndsAtMs: nowMs + 11 * hourMs,
  egress: 'as registered',
  egressEndsAtMs: null,
  hours: [],
  health: [],
  ...changes,
})
const ended = (endReason: SessionRecord['endReason']) =>
  session('acc_1', 3, { ...live, status: 'ended', endReason, endedAtMs: nowMs - 60_000 })

test('nothing speaks against it: open until the session ends', () => {
  const gate = gateOf(facts())
  assert.deepEqual(gate, {
    isOpen: true,
    reason: null,
    sinceMs: null,
    untilMs: live.expiresAtMs,
    changesAtMs: nowMs + 11 * hourMs,
    findings: [],
  } satisfies Gate)
  assert.equal(viewOf(gate, 'demo').text, 'Open until Tue 24 Nov 06:00 IST.')
})

const since = Date.parse('2026-11-23T03:45:00Z')
const cases: readonly (readonly [what: string, Partial<GateFacts>, GateReason | null])[] = [
  ['the row of the house is gone', { house: 'damaged' }, 'switch_damaged'],
  ['killed', { house: house({ kill: { ...paused, untilMs: null } }) }, 'killed'],
  ['a kill whose time has come', { house: house({ kill: { ...paused, untilMs: nowMs } }) }, null],
  [
    'a kill of which a millisecond is left',
    { house: house({ kill: { ...paused, untilMs: nowMs + 1 } }) },
    'killed',
  ],
  ['paused', { account: ours({ pause: paused }) }, 'paused'],
  ['a pause whose time has come', { account: ours({ pause: { ...paused, untilMs: nowMs } }) }, null],
  ['bhor is unwell', { health: [{ reason: 'clock_doubtful', sinceMs: since }] }, 'clock_doubtful'],
  ['the stored session cannot be believed', { session: 'damaged' }, 'store_damaged'],
  ['no session', { session: undefined }, 'session_none'],
  ['nobody has confirmed whose it is', { session: { ...live, unconfirmed: 'porch' } }, 'unconfirmed'],
  ['the session is at its hour', { nowMs: live.expiresAtMs }, 'session_expired'],
  ['the keeper wrote that down', { session: ended('expired') }, 'session_expired'],
  ['the broker ended it', { session: ended('revoked') }, 'session_revoked'],
  ['logged out', { session: ended('logged_out') }, 'logged_out'],
  ['nobody was ever asked', { account: ours({ lastProbe: null }) }, 'unproven'],
  [
    'the broker gave no word',
    { account: ours({ lastProbe: { ...proven, verdict: 'unknown', code: 'broker_timeout' } }) },
    'unproven',
  ],
  ['the last word is too old', { proofEndsAtMs: nowMs }, 'unproven'],
  ['a millisecond before it is', { proofEndsAtMs: nowMs + 1 }, null],
  [
    'a later login went wrong',
    { account: ours({ lastFault: { atMs: nowMs - 1, code: 'answer_lost', detail: '' } }) },
    'session_doubted',
  ],
  [
    'and the broker was asked since',
    {
      account: ours({
        lastFault: { atMs: nowMs - 2, code: 'wrong_user', detail: '' },
        lastProbe: { ...proven, atMs: nowMs - 1 },
      }),
    },
    null,
  ],
  ['it leaves by another address', { egress: 'different' }, 'egress_different'],
  ['nobody has measured', { egress: 'unmeasured' }, 'egress_unmeasured'],
  ['nothing is registered', { egress: 'nothing registered' }, null],
  ['the market is closed', { hours: [{ reason: 'market_closed', sinceMs: null, untilMs: null }] }, null],
  ['it ends soon', { nowMs: live.expiresAtMs - 1, proofEndsAtMs: live.expiresAtMs }, null],
]
for (const [what, changes, reason] of cases) {
  test(`${what}: ${reason ?? 'open'}`, () => {
    const gate = gateOf(facts(changes))
    assert.deepEqual([gate.isOpen, gate.reason], [reason === null, reason])
    const { state, text, next, causes } = viewOf(gate, 'demo')
    assert.equal(state, reason === null ? 'open' : 'closed')
    assert.match(text, /^[A-Z].*[.]$/)
    assert.doesNotMatch(text, /undefined|null|NaN|\d{4}-\d\d/)
    assert.equal(next === null, reason === null)
    assert.equal(
      causes.some((cause) => cause.closes),
      reason !== null,
    )
  })
}

test('every reason has a cause, and every cause that closes has a next step', () => {
  const finding = (reason: GateReason): Finding => ({ reason, sinceMs: nowMs, untilMs: nowMs })
  for (const reason of gateReasons) {
    const { closes, text, next } = gateCauses[reason]
    assert.match(text(finding(reason)), /[.]$/, reason)
    assert.equal(next('demo') !== null, closes, reason)
  }
  const firstNote = gateReasons.findIndex((reason) => !gateCauses[reason].closes)
  assert.ok(gateReasons.slice(firstNote).every((reason) => !gateCauses[reason].closes))
})

test('of several causes the gravest is the reason, all are told, and it opens when the last one has ended', () => {
  const gate = gateOf(
    facts({
      house: house({ kill: { ...paused, sinceMs: nowMs - 5, untilMs: nowMs + hourMs } }),
      account: ours({ pause: { ...paused, sinceMs: nowMs - 9, untilMs: nowMs + 2 * hourMs } }),
    }),
  )
  assert.deepEqual([gate.reason, gate.sinceMs, gate.untilMs], ['killed', nowMs - 9, nowMs + 2 * hourMs])
  assert.deepEqual(
    gate.findings.map(({ reason }) => reason),
    ['killed', 'paused'],
  )
  const endless = gateOf(facts({ account: ours({ pause: paused }), session: undefined }))
  assert.deepEqual([endless.reason, endless.untilMs], ['paused', null])
})

test('it says when time will change it: the sooner of a pause’s end and the proof’s', () => {
  assert.equal(gateOf(facts({ account: ours({ pause: paused }) })).changesAtMs, paused.untilMs)
  assert.equal(gateOf(facts({ proofEndsAtMs: nowMs + 1 })).changesAtMs, nowMs + 1)
  assert.equal(gateOf(facts({ proofEndsAtMs: nowMs })).changesAtMs, null)
  assert.equal(
    gateOf(facts({ proofEndsAtMs: live.expiresAtMs })).changesAtMs,
    null,
    'its end is written down',
  )
  assert.equal(gateOf(facts({ session: undefined })).changesAtMs, null)
})

test('a code of a probe that nobody knows is not repeated', () => {
  for (const code of ['constructor', '<b>', '__proto__', 'ok']) {
    const lastProbe = { ...proven, verdict: 'unknown', code } as const
    const { text } = viewOf(gateOf(facts({ account: ours({ lastProbe }) })), 'demo')
    assert.equal(text, 'Nobody knows whether the session lives since Mon 23 Nov 08:30 IST.')
  }
})

test('the house closes for what concerns everybody, and for nothing else', () => {
  const health = [{ reason: 'stopping', sinceMs: null }] as const
  assert.equal(houseGateOf({ nowMs, house: house({ kill: null }), health: [] }).isOpen, true)
  assert.equal(houseGateOf({ nowMs, house: house({ kill: null }), health }).reason, 'stopping')
  assert.equal(houseGateOf({ nowMs, house: house({ kill: paused }), health }).reason, 'killed')
  assert.equal(houseGateOf({ nowMs, house: 'damaged', health }).reason, 'switch_damaged')
})
