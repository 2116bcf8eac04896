import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type SessionView, sessionStatuses, shownStatus, shownStatuses } from '../../../src/contracts/api.ts'
import { headline, isLive, statusLook } from './status.ts'

const morning = Date.parse('2026-11-23T02:30:00Z')
const of = (...all: readonly (typeof sessionStatuses)[number][]) => all.map((status) => ({ status }))

test('every status has a shape and a word of its own', () => {
  const looks = shownStatuses.map((status) => statusLook[status])
  assert.equal(new Set(looks.map((look) => look.shape)).size, shownStatuses.length)
  assert.equal(new Set(looks.map((look) => look.word)).size, shownStatuses.length)
})

test('an own logout is not told, nor painted, as what the broker ended', () => {
  const of = (endReason: 'logged_out' | 'revoked') =>
    statusLook[shownStatus({ status: 'revoked', session: { endReason } as SessionView })]
  assert.deepEqual(
    [of('logged_out'), of('revoked')].map(({ tone, word }) => [tone, word]),
    [
      ['grey', 'Logged out'],
      ['red', 'Ended by the broker'],
    ],
  )
})

test('only active and expiring sessions are live, and only live ones may be green', () => {
  assert.deepEqual(
    sessionStatuses.filter((status) => isLive({ status })),
    ['active', 'expiring'],
  )
  assert.deepEqual(
    sessionStatuses.filter((status) => statusLook[status].tone === 'green'),
    ['active'],
  )
})

test('the headline counts what is live', () => {
  assert.equal(headline([], morning), 'Good morning. Let us begin.')
  assert.equal(headline(of('active'), morning), 'Good morning. Your session is live.')
  assert.equal(headline(of('active', 'expiring'), morning), 'Good morning. All 2 sessions are live.')
  assert.equal(headline(of('expired'), morning), 'Good morning. One login, and the day can start.')
  assert.equal(headline(of('none', 'revoked'), morning), 'Good morning. 2 accounts wait for their login.')
  assert.equal(
    headline(of('active', 'login_pending', 'none'), morning),
    'Good morning. 1 of 3 sessions are live.',
  )
})
