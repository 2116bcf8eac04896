import { type BrokerFixtures, loginSites, replyOf, sessionSites } from '../../src/brokers/suite/suite.ts'
import type { Grant } from '../../src/contracts/broker.ts'
import { now, redirectUrl, token, verdict } from './demo.ts'

const kotakApp = { apiKey: 'bhor', dashboardToken: 'dashboardTokenOfKotak' }
const kotakAccount = { mobileNumber: '+919999999999', ucc: 'DEMO1' }
const kotakHeaders = { authorization: 'dashboardTokenOfKotak', 'neo-fin-key': 'neotradeapi' }
export const kotakContext = { app: kotakApp, account: kotakAccount, redirectUrl, now }
const kotakTokens = { access: token, sid: 'sidOfTheSession' }
export const kotakReplies = [
  replyOf(200, {
    data: { token: 'viewTokenOfKotak', sid: 'viewSidOfKotak', kType: 'View', status: 'success' },
  }),
  replyOf(200, {
    data: {
      token,
      sid: kotakTokens.sid,
      rid: 'rid',
      baseUrl: 'https://e21.kotaksecurities.com',
      dataCenter: 'E21',
      ucc: 'DEMO1',
      kType: 'Trade',
      status: 'success',
    },
  }),
] as const
export const kotakGrant: Grant = {
  tokens: kotakTokens,
  userId: 'DEMO1',
  baseUrl: 'https://e21.kotaksecurities.com',
}
export const kotakFixtures: BrokerFixtures = {
  steps: [
    {
      name: 'totp',
      context: { ...kotakContext, vars: { totp: '654321' } },
      request: {
        method: 'POST',
        host: 'login',
        path: '/login/1.0/tradeApiLogin',
        headers: kotakHeaders,
        body: { json: { mobileNumber: '+919999999999', ucc: 'DEMO1', totp: '654321' } },
      },
      reply: kotakReplies[0],
      result: { carry: { viewToken: 'viewTokenOfKotak', viewSid: 'viewSidOfKotak' } },
    },
    {
      name: 'mpin',
      context: {
        ...kotakContext,
        vars: { viewToken: 'viewTokenOfKotak', viewSid: 'viewSidOfKotak', mpin: '123456' },
      },
      request: {
        method: 'POST',
        host: 'login',
        path: '/login/1.0/tradeApiValidate',
        headers: { ...kotakHeaders, sid: 'viewSidOfKotak', auth: 'viewTokenOfKotak' },
        body: { json: { mpin: '123456' } },
      },
      reply: kotakReplies[1],
      result: { grant: kotakGrant },
    },
  ],
  session: {
    ...kotakContext,
    tokens: kotakTokens,
    userId: 'DEMO1',
    baseUrl: 'https://e21.kotaksecurities.com',
  },
  signed: { headers: { 'neo-fin-key': 'neotradeapi', auth: token, sid: kotakTokens.sid } },
  probe: {
    request: {
      method: 'POST',
      host: 'session',
      path: '/quick/user/limits',
      body: { form: [['jData', '{"seg":"ALL","exch":"ALL","prod":"ALL"}']] },
    },
    reply: replyOf(200, { stat: 'Ok', stCode: 200, Net: '0.00' }),
    profile: { userId: '' },
  },
  verdicts: [
    verdict(
      'a refused TOTP',
      200,
      { status: 'error', message: 'Invalid TOTP', errorCode: '401' },
      loginSites,
      'bad_grant',
    ),
    verdict('an error in a list', 400, { error: [{ code: '10020', message: 'No.' }] }, ['api'], 'rejected'),
    verdict('a dead session', 401, { stat: 'Not_Ok', errMsg: 'Expired session' }, sessionSites, 'expired'),
    verdict(
      'a dead session with 200',
      200,
      { stat: 'Not_Ok', errMsg: 'Expired session' },
      sessionSites,
      'expired',
    ),
    verdict('no data', 200, { stat: 'Not_Ok', stCode: 5203, errMsg: 'No Data' }, ['api'], 'ok'),
    verdict(
      'another address',
      200,
      { stat: 'Not_Ok', stCode: 1037, errMsg: 'IP' },
      ['api'],
      'ip_not_allowed',
    ),
    verdict('424', 424, { stat: 'Not_Ok', errMsg: 'Dependency' }, sessionSites, 'transient'),
  ],
}
