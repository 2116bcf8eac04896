import { brokerSuite, everySite, loginSites, replyOf, sessionSites } from 'bhor/broker/suite'
import { broker } from './demo-broker.ts'

const app = { apiKey: 'demokey1', apiSecret: 'demosecret1' }
const now = Temporal.Instant.from('2026-11-25T03:30:00Z')
const redirectUrl = 'http://127.0.0.1:7878/callback/demo-broker'
const token = 'demo.token-of-the-example'
const context = { app, account: {}, redirectUrl, vars: { code: 'c0de' }, now }
const refusal = (status: number, error: string) => replyOf(status, { error, message: 'No.' })

brokerSuite(broker, {
  redirect: {
    context: { ...context, vars: {}, state: 'st4te' },
    url: 'https://login.example.com/authorize?key=demokey1&redirect=http%3A%2F%2F127.0.0.1%3A7878%2Fcallback%2Fdemo-broker&state=st4te',
    callbacks: [
      {
        name: 'success',
        query: 'code=c0de&state=s1',
        reading: { kind: 'granted', state: 's1', vars: { code: 'c0de' }, secretVars: ['code'] },
      },
      { name: 'no code', query: 'state=s1', reading: { kind: 'incomplete', state: 's1', missing: 'code' } },
      {
        name: 'cancelled',
        query: 'error=denied&state=s1',
        reading: { kind: 'refused', state: 's1', brokerMessage: 'denied' },
      },
    ],
  },
  steps: [
    {
      name: 'exchange',
      context,
      request: {
        method: 'POST',
        host: 'api',
        path: '/token',
        body: {
          form: [
            ['key', 'demokey1'],
            ['secret', 'demosecret1'],
            ['code', 'c0de'],
          ],
        },
      },
      reply: replyOf(200, { token, user: 'DM0001' }),
      result: { grant: { tokens: { access: token }, userId: 'DM0001' } },
    },
  ],
  session: { app, account: {}, tokens: { access: token }, userId: 'DM0001', now },
  signed: { headers: { authorization: `Bearer ${token}` } },
  probe: {
    request: { method: 'GET', host: 'api', path: '/me' },
    reply: replyOf(200, { user: 'DM0001' }),
    profile: { userId: 'DM0001' },
  },
  verdicts: [
    { name: 'a dead session', reply: refusal(401, 'session_over'), at: sessionSites, kind: 'expired' },
    { name: 'a code used twice', reply: refusal(400, 'bad_code'), at: loginSites, kind: 'bad_grant' },
    { name: 'a wrong secret', reply: refusal(401, 'unknown_app'), at: everySite, kind: 'app_invalid' },
    { name: 'another address', reply: refusal(403, 'wrong_address'), at: everySite, kind: 'ip_not_allowed' },
    { name: 'a refused order', reply: refusal(400, 'no_margin'), at: ['api'], kind: 'rejected' },
    { name: 'a 401 in nobody’s words', reply: replyOf(401, {}), at: everySite, kind: 'rejected' },
  ],
})
