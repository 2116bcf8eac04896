import assert from 'node:assert/strict'
import { test } from 'node:test'
import { documented, replyOf } from '../suite/suite.ts'
import { kite } from './index.ts'

const app = { apiKey: 'kitedemokey12345', apiSecret: 'kitedemosecret67890' }
const now = Temporal.Instant.from('2026-11-23T03:02:00Z')
const redirectUrl = 'http://127.0.0.1:7878/callback/kite'
const context = { app, account: {}, redirectUrl, vars: { request_token: 'req123' }, now }
const access = 'accessTokenOfTheDemoUserXXXXXXXX'
const session = { app, account: {}, tokens: { access, refresh: 'refreshToken1' }, userId: 'DM0001', now }

/** The grant's start when Kite gives this `login_time` at `now`. */
function grantedAt(loginTime: unknown) {
  const reply = documented(import.meta.url, 'session')
  const { data } = reply.json as { data: Record<string, unknown> }
  const result = kite.logins[0].steps[0].read(
    { ...reply, json: { status: 'success', data: { ...data, login_time: loginTime } } },
    context,
  )
  assert.ok('grant' in result)
  return result.grant.grantedAt?.toString()
}

test('login_time is Indian time, whatever zone the host is in', () => {
  assert.equal(grantedAt('2026-11-23 05:59:59'), '2026-11-23T00:29:59Z')
})

test('a login_time that cannot be true leaves the beginning to the engine’s clock', () => {
  const impossible = [
    '2026-11-23 08:32:01',
    '2021-01-01 16:15:14',
    '2026-02-31 08:00:00',
    '2026-11-23',
    'soon',
    '',
    null,
    5,
    {},
  ]
  for (const value of impossible) assert.equal(grantedAt(value), undefined, String(value))
})

test('a renewal without a user id keeps the session’s own; one with an impossible id is refused', () => {
  const read = (data: unknown) => kite.renewal.read(replyOf(200, { status: 'success', data }), session)
  assert.equal(read({ access_token: access, refresh_token: '' }).userId, undefined)
  assert.deepEqual(read({ access_token: access, refresh_token: '' }).tokens, { access })
  assert.throws(() => read({ access_token: access, user_id: 'two words' }), {
    code: 'bad_token_shape',
  })
})

test('texts of the profile are made printable', () => {
  const data = {
    user_id: 'DM0001',
    user_name: 'Demo\u202e\nUser',
    exchanges: ['NSE', 7, '', 'B\u0000SE'],
    email: 7,
  }
  const read = kite.probe.read(replyOf(200, { status: 'success', data }))
  assert.deepEqual(read, { userId: 'DM0001', userName: 'Demo User', exchanges: ['NSE', 'B SE'] })
})
