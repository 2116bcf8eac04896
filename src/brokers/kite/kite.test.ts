import { createHash } from 'node:crypto'
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
import { kite } from './index.ts'

const app = { apiKey: 'kitedemokey12345', apiSecret: 'kitedemosecret67890' }
const now = Temporal.Instant.from('2026-11-23T03:02:00Z')
const redirectUrl = 'http://127.0.0.1:7878/callback/kite'
const checksum = (value: string) =>
  createHash('sha256').update(`${app.apiKey}${value}${app.apiSecret}`, 'ascii').digest('hex')

const tokens = {
  access: 'accessTokenOfTheDemoUserXXXXXXXX',
  public: 'publicTokenOfTheDemoUserXXXXXXXX',
  enctoken: 'enctoken+Of/TheDemoUserXXXXXXXX==',
}
const profile = {
  userId: 'DM0001',
  userType: 'individual',
  email: 'demo@example.com',
  userName: 'Demo User',
  userShortname: 'Demo',
  broker: 'ZERODHA',
  products: ['CNC', 'NRML', 'MIS', 'BO', 'CO'],
  orderTypes: ['MARKET', 'LIMIT', 'SL', 'SL-M'],
}
const context = { app, account: {}, redirectUrl, vars: { request_token: 'req123' }, now }
const session = {
  app,
  account: {},
  tokens: { ...tokens, refresh: 'refreshTokenOfTheDemoUserXXXXXX1' },
  userId: 'DM0001',
  now,
}

function refusal(
  status: number,
  type: string,
  message: string,
  at: readonly CallSite[],
  kind: VerdictKind,
): VerdictFixture {
  const reply = replyOf(status, { status: 'error', message, data: null, error_type: type })
  return {
    name: `${status} ${type} “${message}” at ${at.join(', ')}: ${kind}`,
    reply,
    at,
    kind,
    brokerCode: type,
  }
}
/** Replies that people have met, from public threads and documentation: where, status, code, words, site, verdict. */
const replies = verdictRows(import.meta.url, 'replies', (code, message) => ({
  status: 'error',
  message,
  data: null,
  error_type: code,
}))

const fixtures: BrokerFixtures = {
  redirect: {
    context: { ...context, vars: {}, state: 'st4te.s1g-n_ed' },
    url: 'https://kite.zerodha.com/connect/login?v=3&api_key=kitedemokey12345&redirect_params=state%3Dst4te.s1g-n_ed',
    callbacks: [
      {
        name: 'success as staff quote it',
        query: 'action=login&type=login&status=success&request_token=req123&state=s1',
        reading: {
          kind: 'granted',
          state: 's1',
          vars: { request_token: 'req123' },
          secretVars: ['request_token'],
        },
      },
      {
        name: 'success as the sandbox documents it, without type',
        query: 'action=login&status=success&request_token=req123&state=s1',
        reading: {
          kind: 'granted',
          state: 's1',
          vars: { request_token: 'req123' },
          secretVars: ['request_token'],
        },
      },
      {
        name: 'only the code: the engine misses the state, not the adapter',
        query: 'request_token=req123',
        reading: { kind: 'granted', vars: { request_token: 'req123' }, secretVars: ['request_token'] },
      },
      {
        name: 'no code',
        query: 'action=login&status=success&state=s1',
        reading: { kind: 'incomplete', state: 's1', missing: 'request_token' },
      },
      {
        name: 'an empty code',
        query: 'request_token=&state=s1',
        reading: { kind: 'incomplete', state: 's1', missing: 'request_token' },
      },
      {
        name: 'a code with a space',
        query: 'request_token=a+b&state=s1',
        reading: { kind: 'incomplete', state: 's1', missing: 'request_token' },
      },
      {
        name: 'a code too long',
        query: `request_token=${'a'.repeat(513)}`,
        reading: { kind: 'incomplete', missing: 'request_token' },
      },
      { name: 'nothing at all', query: '', reading: { kind: 'incomplete', missing: 'request_token' } },
      {
        name: 'another status, with a code',
        query: 'action=login&status=error&request_token=req123&state=s1',
        reading: { kind: 'incomplete', state: 's1', missing: 'status=success' },
      },
      {
        name: 'cancelled',
        query: 'action=login&type=login&status=cancelled&state=s1',
        reading: { kind: 'refused', state: 's1' },
      },
      {
        name: 'another action',
        query: 'action=basket&status=success&request_token=req123&state=s1',
        reading: { kind: 'incomplete', state: 's1', missing: 'action=login' },
      },
      {
        name: 'an OAuth error',
        query: 'error=access_denied&state=s1',
        reading: { kind: 'refused', state: 's1', brokerMessage: 'access_denied' },
      },
      {
        name: 'the login page pasted',
        query: 'v=3&api_key=k&redirect_params=state%3Ds1',
        reading: { kind: 'wrong_page', hint: /login page/ },
      },
      {
        name: 'the page on the way pasted',
        query: 'api_key=k&sess_id=abc',
        reading: { kind: 'wrong_page', hint: /on the way/ },
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
        path: '/session/token',
        headers: { 'x-kite-version': '3' },
        body: {
          form: [
            ['api_key', app.apiKey],
            ['request_token', 'req123'],
            ['checksum', checksum('req123')],
          ],
        },
      },
      reply: documented(import.meta.url, 'session'),
      result: {
        grant: {
          tokens,
          grantedAt: Temporal.Instant.from('2026-11-23T03:01:14Z'),
          userId: 'DM0001',
          profile: { ...profile, exchanges: ['NSE', 'NFO', 'BFO', 'CDS', 'BSE', 'MCX', 'BCD', 'MF'] },
        },
      },
    },
  ],
  session,
  signed: { headers: { 'x-kite-version': '3', authorization: `token ${app.apiKey}:${tokens.access}` } },
  probe: {
    request: { method: 'GET', host: 'api', path: '/user/profile' },
    reply: documented(import.meta.url, 'profile'),
    profile: { ...profile, exchanges: ['BFO', 'MCX', 'NSE', 'CDS', 'BSE', 'BCD', 'MF', 'NFO'] },
  },
  renewal: {
    request: {
      method: 'POST',
      host: 'api',
      path: '/session/refresh_token',
      headers: { 'x-kite-version': '3' },
      body: {
        form: [
          ['api_key', app.apiKey],
          ['refresh_token', session.tokens.refresh],
          ['checksum', checksum(session.tokens.refresh)],
        ],
      },
    },
    reply: documented(import.meta.url, 'renewed'),
    grant: {
      tokens: { access: 'renewedTokenOfTheDemoUserXXXXXXX', refresh: 'refreshTokenOfTheDemoUserXXXXXX2' },
      userId: 'DM0001',
    },
  },
  logout: {
    method: 'DELETE',
    host: 'api',
    path: '/session/token',
    query: [
      ['api_key', app.apiKey],
      ['access_token', tokens.access],
    ],
    headers: { 'x-kite-version': '3' },
  },
  portfolio: {
    holdings: {
      request: { method: 'GET', host: 'api', path: '/portfolio/holdings' },
      reply: documented(import.meta.url, 'holdings'),
      rows: [
        {
          exchange: 'NSE',
          symbol: 'INFY',
          isin: 'INE009A01021',
          instrument: '408065',
          product: 'CNC',
          quantity: '12',
          t1Quantity: '2',
          pledgedQuantity: '4',
          averagePrice: '1450.333333',
          lastPrice: '1520.05',
          closePrice: '1510.1',
          invested: '17404',
          value: '18240.6',
          pnl: '836.6',
          dayPnl: '119.4',
        },
        {
          exchange: 'BSE',
          symbol: 'SBIN',
          isin: 'INE062A01020',
          instrument: '128028676',
          product: 'MTF',
          quantity: '100',
          t1Quantity: '0',
          pledgedQuantity: '0',
          averagePrice: '861.25',
          lastPrice: '880.5',
          closePrice: '875',
          invested: '86125',
          value: '88050',
          pnl: '1925',
          dayPnl: '550',
        },
        // Bought yesterday: nothing of it is in Kite's `quantity`.
        {
          exchange: 'NSE',
          symbol: 'M&M',
          isin: 'INE101A01026',
          instrument: '519937',
          product: 'CNC',
          quantity: '3',
          t1Quantity: '3',
          pledgedQuantity: '0',
          averagePrice: '1542',
          lastPrice: '1582.15',
          closePrice: '1559.95',
          invested: '4626',
          value: '4746.45',
          pnl: '120.45',
          dayPnl: '66.6',
        },
        // Not bought, and not yet traded: no price is no profit of everything.
        {
          exchange: 'NSE',
          symbol: 'BAJAJ-AUTO',
          isin: 'INE917I01010',
          instrument: '4267265',
          product: 'CNC',
          quantity: '5',
          t1Quantity: '0',
          pledgedQuantity: '0',
          averagePrice: null,
          lastPrice: '9200.5',
          closePrice: null,
          invested: null,
          value: '46002.5',
          pnl: null,
          dayPnl: null,
        },
      ],
    },
    positions: {
      request: { method: 'GET', host: 'api', path: '/portfolio/positions' },
      reply: documented(import.meta.url, 'positions'),
      rows: [
        {
          exchange: 'MCX',
          symbol: 'LEADMINI26NOVFUT',
          instrument: '53496327',
          product: 'NRML',
          quantity: '1',
          overnightQuantity: '1',
          multiplier: '1000',
          averagePrice: '161.05',
          lastPrice: '160.4',
          pnl: '-650',
          realised: '0',
          unrealised: '-650',
          dayPnl: '-650',
        },
        {
          exchange: 'NSE',
          symbol: 'SBIN',
          instrument: '779521',
          product: 'MIS',
          quantity: '-5',
          overnightQuantity: '0',
          multiplier: '1',
          averagePrice: '884.2',
          lastPrice: '880.5',
          pnl: '18.5',
          realised: '0',
          unrealised: '18.5',
          dayPnl: '18.5',
        },
      ],
    },
    funds: {
      request: { method: 'GET', host: 'api', path: '/user/margins' },
      reply: documented(import.meta.url, 'margins'),
      rows: [
        {
          segment: 'equity',
          available: '99725.05',
          used: '145706.55',
          cash: '245431.6',
          collateral: '15000.5',
        },
      ],
    },
    orders: {
      request: { method: 'GET', host: 'api', path: '/orders' },
      reply: documented(import.meta.url, 'orders'),
      rows: [
        {
          id: '1914227164488687616',
          exchangeOrderId: '1300000009870279',
          at: '2026-11-23T05:03:20Z',
          exchange: 'NSE',
          symbol: 'INFY',
          instrument: '408065',
          side: 'BUY',
          type: 'LIMIT',
          product: 'CNC',
          validity: 'DAY',
          variety: 'regular',
          quantity: '3',
          filled: '0',
          pending: '3',
          price: '1500.5',
          triggerPrice: '0',
          averagePrice: '0',
          state: 'cancelled',
          status: 'CANCELLED',
          message: null,
          tag: 'morning',
        },
        {
          id: '1914227164488687617',
          exchangeOrderId: null,
          at: '2026-11-23T05:04:00Z',
          exchange: 'NSE',
          symbol: 'SBIN',
          instrument: '779521',
          side: 'SELL',
          type: 'SL',
          product: 'MIS',
          validity: 'DAY',
          variety: 'amo',
          quantity: '5',
          filled: '0',
          pending: '0',
          price: '870',
          triggerPrice: '871.15',
          averagePrice: '0',
          state: 'rejected',
          status: 'REJECTED',
          message: 'Insufficient funds.',
          tag: null,
        },
      ],
    },
  },
  verdicts: [
    ...replies,
    refusal(400, 'InputException', 'Invalid `api_key`.', loginSites, 'app_invalid'),
    refusal(400, 'InputException', 'Missing or empty field `request_token`', loginSites, 'bad_grant'),
    refusal(400, 'InputException', 'Invalid `quantity`.', everySite, 'rejected'),
    refusal(400, 'OrderException', 'Insufficient funds.', ['api'], 'rejected'),
    refusal(400, 'MarginException', 'Insufficient margin.', ['api'], 'rejected'),
    refusal(422, 'SomethingNewException', 'No.', everySite, 'rejected'),
    refusal(410, 'GeneralException', 'Gone', everySite, 'rejected'),
    refusal(400, 'NetworkException', 'Too many requests', everySite, 'rate_limited'),
    refusal(502, 'NetworkException', 'OMS is unreachable', everySite, 'transient'),
    refusal(500, 'GeneralException', 'Something went wrong', everySite, 'transient'),
    refusal(500, 'TokenException', 'Something went wrong', everySite, 'transient'),
    refusal(502, 'DataException', 'Bad answer of the OMS', everySite, 'transient'),
    refusal(400, 'DataException', 'Bad answer of the OMS', everySite, 'transient'),
    refusal(200, 'TokenException', 'Incorrect `api_key` or `access_token`.', sessionSites, 'expired'),
    { name: 'a success', reply: replyOf(200, { status: 'success', data: true }), at: everySite, kind: 'ok' },
    {
      name: 'a 403 page of a gateway',
      reply: replyOf(403, '<html>1020</html>'),
      at: everySite,
      kind: 'transient',
    },
    {
      name: 'a 403 in nobody’s words',
      reply: replyOf(403, { message: 'Forbidden' }),
      at: everySite,
      kind: 'rejected',
    },
    {
      name: 'JSON of something else with 200',
      reply: replyOf(200, { hello: 1 }),
      at: [...loginSites, 'probe', 'logout'],
      kind: 'transient',
    },
    {
      name: 'the instruments, which are CSV',
      reply: replyOf(200, 'instrument_token,exchange_token\n', { 'content-type': 'text/csv' }),
      at: ['api'],
      kind: 'ok',
    },
    {
      name: 'CSV where there is none',
      reply: replyOf(200, 'a,b\n', { 'content-type': 'text/csv' }),
      at: ['exchange', 'renewal', 'probe', 'logout'],
      kind: 'transient',
    },
  ],
}

brokerSuite(kite, fixtures)
