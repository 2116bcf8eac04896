import { strict as assert } from 'node:assert'
import { test } from 'node:test'
import { KiteConnect } from 'kiteconnect'
import { assertSameCall, sentBy } from '../sdk-peer.suite.ts'
import { kite } from './index.ts'

const app = { apiKey: 'kitedemokey12345', apiSecret: 'kitedemosecret67890' }
const now = Temporal.Instant.from('2026-11-23T03:02:00Z')
const context = {
  app,
  account: {},
  redirectUrl: 'http://127.0.0.1:7878/callback/kite',
  vars: { request_token: 'req+/=&1' },
  now,
}
const session = { app, account: {}, tokens: { access: 'acc+/=', refresh: 'ref+/=' }, userId: 'DM0001', now }
const client = (root: string, extra: { access_token?: string } = {}) =>
  new KiteConnect({ api_key: app.apiKey, root, ...extra })

test('the login page is the official client’s, with our state beside it', () => {
  const theirs = new URL(new KiteConnect({ api_key: app.apiKey }).getLoginURL())
  const { host, path, query = [] } = kite.logins[0].loginUrl({ ...context, state: 's' })
  assert.equal(kite.hosts[host as 'login'] + path, theirs.origin + theirs.pathname)
  const ours = new Map(query)
  assert.equal(ours.get('redirect_params'), 'state=s')
  ours.delete('redirect_params')
  assert.deepEqual(Object.fromEntries(ours), Object.fromEntries(theirs.searchParams))
})

test('the exchange is the official client’s', async () => {
  const peer = await sentBy((root) => client(root).generateSession(context.vars.request_token, app.apiSecret))
  assertSameCall(kite.logins[0].steps[0].request(context), peer, ['x-kite-version', 'authorization'])
})

test('the renewal is the official client’s', async () => {
  const peer = await sentBy((root) => client(root).renewAccessToken(session.tokens.refresh, app.apiSecret))
  assertSameCall(kite.renewal.request(session), peer, ['x-kite-version', 'authorization'])
})

test('the logout is the official client’s', async () => {
  const peer = await sentBy((root) => client(root).invalidateAccessToken(session.tokens.access))
  assertSameCall(kite.logout.request(session), peer, ['x-kite-version', 'authorization'])
})

test('a signed probe is the official client’s profile', async () => {
  const peer = await sentBy((root) => client(root, { access_token: session.tokens.access }).getProfile())
  assertSameCall(kite.sign(kite.probe.request(session), session), peer, ['x-kite-version', 'authorization'])
})
