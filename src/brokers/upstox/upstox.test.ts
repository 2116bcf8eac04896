import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CallSite, VerdictKind } from '../../contracts/broker.ts'
import {
  type BrokerFixtures,
  brokerSuite,
  documented,
  everySite,
  loginSites,
  replyOf,
  sessionSites,
  type VerdictFixture,
  verdictRows,
} from '../suite/suite.ts'
import { upstox } from './index.ts'

const app = { apiKey: '615b1297-d443-3b39-ba19-1927fbcdddc7', apiSecret: 'y2demosecret' }
const now = Temporal.Instant.from('2026-11-23T03:02:00Z')
const redirectUrl = 'https://bhor.example.com/callback/upstox?via=a b'
const session200 = documented(import.meta.url, 'session')
const sent = session200.json as { access_token: string; extended_token: string }
const tokens = { access: sent.access_token, extended: sent.extended_token, refresh: 'r3fr3sh' }
const granted = { access: tokens.access, extended: tokens.extended }
const profile = {
  userId: 'DM0001',
  userName: 'Demo User',
  email: 'demo@example.com',
  userType: 'individual',
  broker: 'UPSTOX',
  exchanges: ['NSE', 'NFO', 'BSE', 'CDS', 'BFO', 'BCD'],
  products: ['D', 'CO', 'I'],
  orderTypes: ['MARKET', 'LIMIT', 'SL', 'SL-M'],
}
const context = { app, account: {}, redirectUrl, vars: { code: 'mk404x' }, now }
const session = { app, account: {}, tokens, userId: 'DM0001', now }
const authorized = { accept: 'application/json', authorization: `Bearer ${tokens.access}` }

const errorOf = (code: string, message: string) => ({
  status: 'error',
  errors: [
    {
      errorCode: code,
      message,
      propertyPath: null,
      invalidValue: null,
      error_code: code,
      property_path: null,
      invalid_value: null,
    },
  ],
})
function refusal(
  status: number,
  code: string,
  message: string,
  at: readonly CallSite[],
  kind: VerdictKind,
): VerdictFixture {
  const reply = replyOf(status, errorOf(code, message))
  return {
    name: `${status} ${code} “${message}” at ${at.join(', ')}: ${kind}`,
    reply,
    at,
    kind,
    brokerCode: code,
  }
}
const grantedReading = {
  kind: 'granted',
  state: 's1',
  vars: { code: 'mk404x' },
  secretVars: ['code'],
} as const

/** Replies that people have met, from public threads and documentation: where, status, code, words, site, verdict. */
const replies = verdictRows(import.meta.url, 'replies', (code, message) => errorOf(code, message))

const fixtures: BrokerFixtures = {
  redirect: {
    context: { ...context, vars: {}, state: 'st4te.s1g-n_ed' },
    url: 'https://api.upstox.com/v2/login/authorization/dialog?response_type=code&client_id=615b1297-d443-3b39-ba19-1927fbcdddc7&redirect_uri=https%3A%2F%2Fbhor.example.com%2Fcallback%2Fupstox%3Fvia%3Da+b&state=st4te.s1g-n_ed',
    callbacks: [
      { name: 'success', query: 'code=mk404x&state=s1', reading: grantedReading },
      {
        name: 'success beside a query of the redirect URL’s own',
        query: 'via=a&code=mk404x&state=s1',
        reading: grantedReading,
      },
      { name: 'no code', query: 'state=s1', reading: { kind: 'incomplete', state: 's1', missing: 'code' } },
      {
        name: 'an empty code',
        query: 'code=&state=s1',
        reading: { kind: 'incomplete', state: 's1', missing: 'code' },
      },
      {
        name: 'a code with a line break',
        query: 'code=a%0Ab&state=s1',
        reading: { kind: 'incomplete', state: 's1', missing: 'code' },
      },
      {
        name: 'a code too long',
        query: `code=${'a'.repeat(513)}`,
        reading: { kind: 'incomplete', missing: 'code' },
      },
      { name: 'nothing at all', query: '', reading: { kind: 'incomplete', missing: 'code' } },
      {
        name: 'cancelled',
        query: 'error=access_denied&state=s1',
        reading: { kind: 'refused', state: 's1', brokerMessage: 'access_denied' },
      },
      {
        name: 'refused with a description',
        query: 'error=server_error&error_description=Try+later&state=s1',
        reading: { kind: 'refused', state: 's1', brokerMessage: 'Try later' },
      },
      {
        name: 'the login page pasted',
        query: 'response_type=code&client_id=k&redirect_uri=http%3A%2F%2F127.0.0.1&state=s1',
        reading: { kind: 'wrong_page', hint: /login page/ },
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
        path: '/v2/login/authorization/token',
        headers: { accept: 'application/json' },
        body: {
          form: [
            ['code', 'mk404x'],
            ['client_id', app.apiKey],
            ['client_secret', app.apiSecret],
            ['redirect_uri', redirectUrl],
            ['grant_type', 'authorization_code'],
          ],
        },
      },
      reply: session200,
      result: { grant: { tokens: granted, userId: 'DM0001', profile } },
    },
  ],
  session,
  signed: { headers: authorized },
  probe: {
    request: { method: 'GET', host: 'api', path: '/v2/user/profile' },
    reply: documented(import.meta.url, 'profile'),
    profile,
  },
  renewal: {
    request: {
      method: 'POST',
      host: 'api',
      path: '/v2/login/authorization/token',
      headers: { accept: 'application/json' },
      body: {
        form: [
          ['refresh_token', 'r3fr3sh'],
          ['client_id', app.apiKey],
          ['client_secret', app.apiSecret],
          ['grant_type', 'refresh_token'],
        ],
      },
    },
    reply: session200,
    grant: { tokens: granted, userId: 'DM0001' },
  },
  logout: { method: 'DELETE', host: 'api', path: '/v2/logout', headers: authorized },
  portfolio: {
    holdings: {
      request: { method: 'GET', host: 'api', path: '/v2/portfolio/long-term-holdings' },
      reply: documented(import.meta.url, 'holdings'),
      rows: [
        {
          exchange: 'NSE',
          symbol: 'YESBANK',
          isin: 'INE528G01035',
          instrument: 'NSE_EQ|INE528G01035',
          product: 'D',
          quantity: '36',
          t1Quantity: '0',
          pledgedQuantity: '0',
          averagePrice: '18.75',
          lastPrice: '17.05',
          closePrice: '17.05',
          invested: '675',
          value: '613.8',
          pnl: '-61.2',
          dayPnl: '0',
        },
        // As documented: the day's change is there, and `day_change` is 0.
        {
          exchange: 'NSE',
          symbol: 'RELINFRA',
          isin: 'INE036A01016',
          instrument: 'NSE_EQ|INE036A01016',
          product: 'D',
          quantity: '1',
          t1Quantity: '0',
          pledgedQuantity: '0',
          averagePrice: '192.55',
          lastPrice: '174.85',
          closePrice: '169.2',
          invested: '192.55',
          value: '174.85',
          pnl: '-17.7',
          dayPnl: '5.65',
        },
        // Its own P&L is that of ten and of the five that are not delivered yet.
        {
          exchange: 'NSE',
          symbol: 'SBIN',
          isin: 'INE062A01020',
          instrument: 'NSE_EQ|INE062A01020',
          product: 'D',
          quantity: '15',
          t1Quantity: '5',
          pledgedQuantity: '4',
          averagePrice: '870',
          lastPrice: '880.5',
          closePrice: '875',
          invested: '13050',
          value: '13207.5',
          pnl: '157.5',
          dayPnl: '82.5',
        },
        {
          exchange: 'NSE',
          symbol: 'RELIANCE',
          isin: 'INE002A01018',
          instrument: 'NSE_EQ|INE002A01018',
          product: 'D',
          quantity: '2',
          t1Quantity: '0',
          pledgedQuantity: '0',
          averagePrice: null,
          lastPrice: '1400',
          closePrice: '1412',
          invested: null,
          value: '2800',
          pnl: null,
          dayPnl: '-24',
        },
      ],
    },
    positions: {
      request: { method: 'GET', host: 'api', path: '/v2/portfolio/short-term-positions' },
      reply: documented(import.meta.url, 'positions'),
      rows: [
        {
          exchange: 'NFO',
          symbol: 'BANKNIFTY26NOV53000CE',
          instrument: 'NSE_FO|52618',
          product: 'D',
          quantity: '75',
          overnightQuantity: '75',
          multiplier: '1',
          averagePrice: '2.1',
          lastPrice: '4.2',
          pnl: '157.5',
          realised: '0',
          unrealised: '157.5',
          dayPnl: '82.5',
        },
        {
          exchange: 'NSE',
          symbol: 'SBIN',
          instrument: 'NSE_EQ|INE062A01020',
          product: 'I',
          quantity: '0',
          overnightQuantity: '0',
          multiplier: '1',
          averagePrice: null,
          lastPrice: '880.5',
          pnl: '12.5',
          realised: '12.5',
          unrealised: '0',
          dayPnl: '12.5',
        },
        // As documented: opened today, the average price is null.
        {
          exchange: 'BSE',
          symbol: 'FCONSUMER',
          instrument: 'BSE_EQ|INE220J01025',
          product: 'D',
          quantity: '1',
          overnightQuantity: '0',
          multiplier: '1',
          averagePrice: '0.8',
          lastPrice: '0.81',
          pnl: '0.01',
          realised: '0',
          unrealised: '0.01',
          dayPnl: '0.01',
        },
        // A thousand dollars each.
        {
          exchange: 'CDS',
          symbol: 'USDINR26OCT85.5CE',
          instrument: 'NCD_FO|13177',
          product: 'D',
          quantity: '0',
          overnightQuantity: '1',
          multiplier: '1000',
          averagePrice: null,
          lastPrice: '0.0025',
          pnl: '2.5',
          realised: '0',
          unrealised: '0',
          dayPnl: '1',
        },
        // Sold short before today, and no close of yesterday.
        {
          exchange: 'NFO',
          symbol: 'BANKNIFTY26NOV53000PE',
          instrument: 'NSE_FO|52619',
          product: 'D',
          quantity: '-75',
          overnightQuantity: '-75',
          multiplier: '1',
          averagePrice: '40',
          lastPrice: '30',
          pnl: '750',
          realised: '0',
          unrealised: '750',
          dayPnl: null,
        },
      ],
    },
    funds: {
      request: { method: 'GET', host: 'api', path: '/v2/user/get-funds-and-margin' },
      reply: documented(import.meta.url, 'funds'),
      rows: [
        { segment: 'equity', available: '15507.46', used: '0.8', cash: null, collateral: null },
        { segment: 'commodity', available: '0', used: '0', cash: null, collateral: null },
      ],
    },
    orders: {
      request: { method: 'GET', host: 'api', path: '/v2/order/retrieve-all' },
      reply: documented(import.meta.url, 'orders'),
      rows: [
        {
          id: '231019025562880',
          exchangeOrderId: '1300000025660919',
          at: '2026-11-23T07:55:56Z',
          exchange: 'NSE',
          symbol: 'SBIN-EQ',
          instrument: 'NSE_EQ|INE062A01020',
          side: 'BUY',
          type: 'LIMIT',
          product: 'D',
          validity: 'DAY',
          variety: 'SIMPLE',
          quantity: '1',
          filled: '1',
          pending: '0',
          price: '571',
          triggerPrice: '0',
          averagePrice: '570.95',
          state: 'complete',
          status: 'complete',
          message: null,
          tag: null,
        },
      ],
    },
  },
  verdicts: [
    ...replies,
    refusal(400, 'UDAPI100058', 'No segments for these users are active.', everySite, 'needs_human'),
    refusal(401, 'UDAPI100069', 'Check your client_id and client_secret', everySite, 'app_invalid'),
    refusal(401, 'UDAPI100070', 'The redirect_uri does not match', everySite, 'app_invalid'),
    refusal(401, 'UDAPI100068', "Check your 'client_id' and 'redirect_uri'", everySite, 'app_invalid'),
    refusal(401, 'UDAPI100073', 'The client_id is inactive', everySite, 'app_invalid'),
    refusal(403, 'UDAPI100067', 'Not permitted with an extended_token', everySite, 'not_permitted'),
    refusal(401, 'UDAPI1221', 'Static IP', everySite, 'ip_not_allowed'),
    refusal(
      403,
      'UDAPI1154',
      'configured static IP (192.0.2.1) does not match origin IP (192.0.2.2)',
      everySite,
      'ip_not_allowed',
    ),
    refusal(403, 'UDAPI10005', 'Too Many Request Sent', everySite, 'rate_limited'),
    refusal(400, 'UDAPI100500', 'Something went wrong', everySite, 'transient'),
    refusal(400, 'UDAPI1052', 'The quantity must be a multiple of the lot', ['api'], 'rejected'),
    refusal(422, 'UDAPI1234', 'No.', everySite, 'rejected'),
    refusal(401, 'UDAPI1234', 'A 401 that nobody documents', everySite, 'rejected'),
    refusal(200, 'UDAPI100050', 'Invalid token used to access API', sessionSites, 'expired'),
    {
      name: 'the deprecated spelling alone',
      reply: replyOf(401, {
        status: 'error',
        errors: [{ errorCode: 'UDAPI100050', message: 'Invalid token' }],
      }),
      at: sessionSites,
      kind: 'expired',
      brokerCode: 'UDAPI100050',
    },
    {
      name: 'the telling error is not the first one',
      reply: replyOf(401, {
        status: 'error',
        errors: [...errorOf('UDAPI1234', 'Hm').errors, ...errorOf('UDAPI1221', 'Static IP').errors],
      }),
      at: everySite,
      kind: 'ip_not_allowed',
      brokerCode: 'UDAPI1221',
    },
    { name: 'a success', reply: replyOf(200, { status: 'success', data: true }), at: everySite, kind: 'ok' },
    {
      name: 'a basket of which one order was refused',
      reply: replyOf(207, { status: 'partial_success', data: [], errors: errorOf('UDAPI1052', 'No').errors }),
      at: ['api'],
      kind: 'ok',
    },
    {
      name: 'JSON of something else with 200',
      reply: replyOf(200, { hello: 1 }),
      at: [...loginSites, 'probe', 'logout'],
      kind: 'transient',
    },
    {
      name: 'an error without any code',
      reply: replyOf(200, { status: 'error', errors: [] }),
      at: everySite,
      kind: 'transient',
    },
    {
      name: 'a 401 in nobody’s words',
      reply: replyOf(401, { message: 'Unauthorized' }),
      at: everySite,
      kind: 'rejected',
    },
    {
      name: 'a page of Cloudflare',
      reply: replyOf(403, '<html>error code: 1010</html>'),
      at: everySite,
      kind: 'transient',
    },
  ],
}

brokerSuite(upstox, fixtures)

test('an exchange without the extended token is a session too', () => {
  const { extended_token: _, ...rest } = sent
  const result = upstox.logins[0].steps[0].read({ ...session200, json: rest }, context)
  assert.ok('grant' in result)
  assert.deepEqual(result.grant.tokens, { access: tokens.access })
})

test('should an answer ever hold a refresh token, it is kept, and never handed out', () => {
  const read = (refreshToken: unknown) =>
    upstox.logins[0].steps[0].read({ ...session200, json: { ...sent, refresh_token: refreshToken } }, context)
  const refreshed = read('r3fr3sh')
  assert.ok('grant' in refreshed)
  assert.equal(refreshed.grant.tokens.refresh, 'r3fr3sh')
  assert.equal(upstox.tokens.refresh.internal, true)
  const none = read('')
  assert.ok('grant' in none)
  assert.equal('refresh' in none.grant.tokens, false)
})

test('a session of nobody is refused', () => {
  const read = (userId: unknown) =>
    upstox.logins[0].steps[0].read({ ...session200, json: { ...sent, user_id: userId } }, context)
  for (const nobody of [undefined, null, '', 7, 'two words', 'a'.repeat(41)]) {
    assert.throws(() => read(nobody), { code: 'bad_token_shape' })
  }
})
