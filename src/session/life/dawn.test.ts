import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBed } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import type { ExpiryRule } from '../../contracts/broker.ts'
import { endWords, lifeHint, loginAt, loginWords } from './dawn.ts'

const at = (text: string) => Date.parse(text)
const sixOClock = at('2026-11-24T00:30:00Z')

for (const [broker, start, clock] of [
  ['kite', '2026-11-24T00:30:00Z', '06:00'],
  ['upstox', '2026-11-23T22:00:00Z', '03:30'],
] as const) {
  test(`${broker}: before ${clock} a login is not what helps, afterwards it is`, async () => {
    await using bed = await openBed(broker)
    const endMs = at(start)
    assert.equal((await bed.account()).statusText, 'No session yet. Log in to start one.')
    await bed.domain.logIn('demo')
    const day = await bed.account()
    assert.equal(day.statusText, `The session is live until Tue 24 Nov ${clock} IST.`)
    await bed.clock.advance(endMs - 40 * 60_000 - bed.clock.nowMs())
    const dawn = await bed.account()
    assert.deepEqual([dawn.status, dawn.loginHelps], ['expiring', false])
    assert.equal(
      dawn.statusText,
      `The session ends Tue 24 Nov ${clock} IST; a login before then ends at ${clock} too. Log in afterwards.`,
    )
    await assert.rejects(
      bed.domain.desk.sessions.handOut(operator, 'demo', { minLifeMs: 60 * 60_000 }),
      (error: Error & { code: string; hint: string }) => {
        assert.equal(error.code, 'session_short')
        assert.match(error.hint, new RegExp(`log in after Tue 24 Nov ${clock} IST`))
        return true
      },
    )
    await bed.domain.desk.sessions.logout(operator, 'demo')
    const out = await bed.account()
    assert.match(
      out.statusText,
      new RegExp(`^Logged out Tue 24 Nov .* IST\\..* before ${clock} ends at ${clock}\\.$`),
    )
    assert.equal(out.loginHelps, true, 'there is nothing else')
    await bed.domain.logIn('demo')
    await bed.clock.advance(40 * 60_000)
    const after = await bed.account()
    assert.deepEqual([after.status, after.loginHelps], ['expired', true])
    assert.equal(
      after.statusText,
      `The session ended Tue 24 Nov ${clock} IST, as it does every day. Log in to start the next one.`,
    )
  })
}

test('where a login lasts a whole day, or only its token says how long, it helps', () => {
  const nowMs = sixOClock - 20 * 60_000
  const day: ExpiryRule = { kind: 'after', ms: 24 * 60 * 60_000 }
  assert.equal(
    endWords(sixOClock, loginAt(nowMs, day, sixOClock)),
    'The session ends Tue 24 Nov 06:00 IST. A login now lasts until Wed 25 Nov 05:40 IST.',
  )
  for (const rule of [{ kind: 'as_granted' }, { kind: 'jwt_exp', token: 'access' }] as const) {
    const login = loginAt(nowMs, rule, sixOClock)
    assert.deepEqual(login, { endsAtMs: undefined, helps: true, isShort: false })
    assert.match(endWords(sixOClock, login), /when it has ended, or before\.$/)
    assert.equal(loginWords(login), '')
  }
  // A JWT that ends sooner than the broker's hour: a new one helps.
  const both: ExpiryRule = {
    kind: 'earliest',
    of: [
      { kind: 'daily_at', time: '06:00' },
      { kind: 'jwt_exp', token: 'access' },
    ],
  }
  assert.equal(loginAt(nowMs, both, sixOClock - 60_000).helps, true)
  assert.equal(loginAt(nowMs, both, sixOClock).helps, false)
})

test('who asks for a longer life than any session has is told so', () => {
  const kite: ExpiryRule = { kind: 'daily_at', time: '06:00' }
  const morning = at('2026-11-23T03:00:00Z')
  const early = loginAt(morning, kite, morning + 60_000)
  assert.equal(lifeHint(morning + 60_000, sixOClock, early), 'Log in again, or ask for less.')
  assert.match(
    lifeHint(morning + 60_000, sixOClock + 1, early),
    /no session lasts so long, .* ends Tue 24 Nov 06:00 IST\.$/,
  )
})
