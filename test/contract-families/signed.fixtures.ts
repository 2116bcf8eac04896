import { createHash } from 'node:crypto'
import { type BrokerFixtures, loginSites, replyOf, sessionSites } from '../../src/brokers/suite/suite.ts'
import { apiSecret, now, redirectUrl, token, verdict } from './demo.ts'

const app = { apiKey: 'demoapikey', apiSecret }
const account = { server: 'mum-2', version: 'v1' }
const over = { code: 'SESSION_OVER', message: 'Log in again.' }

export const signedFixtures: BrokerFixtures = {
  steps: [
    {
      name: 'login',
      context: { app, account, redirectUrl, vars: { pin: '1234' }, now },
      request: {
        method: 'POST',
        host: 'api',
        path: '/login',
        body: { json: { key: 'demoapikey', pin: '1234' } },
      },
      reply: replyOf(200, { user: 'DEMO1' }, { 'x-session': token }),
      result: { grant: { tokens: { access: token }, userId: 'DEMO1' } },
    },
  ],
  session: { app, account, tokens: { access: token }, userId: 'DEMO1', now },
  signed: {
    headers: {
      'x-session': token,
      'x-timestamp': '2026-11-23T03:02:00Z',
      'x-signature': createHash('sha256')
        .update(`2026-11-23T03:02:00Z\nGET\n/any\nnull${apiSecret}`)
        .digest('hex'),
    },
  },
  probe: {
    request: { method: 'GET', host: 'api', path: '/me' },
    reply: replyOf(200, { user: 'DEMO1' }),
    profile: { userId: 'DEMO1' },
  },
  verdicts: [
    verdict('a session that is over', 403, over, sessionSites, 'expired'),
    verdict('a session that is over', 403, over, loginSites, 'bad_grant'),
  ],
}
