import { createHash } from 'node:crypto'
import { type BrokerFixtures, loginSites, replyOf, sessionSites } from '../../src/brokers/suite/suite.ts'
import type { Grant } from '../../src/contracts/broker.ts'
import { apiSecret, now, redirectUrl, verdict } from './demo.ts'

const definedgeApp = { apiKey: 'demo-api-token', apiSecret }
export const definedgeContext = { app: definedgeApp, account: {}, redirectUrl, now }
const definedgeTokens = { access: 'apiSessionKeyOfDefinedge', feed: 'suserTokenOfDefinedge' }
export const definedgeReplies = [
  replyOf(200, { otp_token: 'otpToken1', message: 'OTP sent' }),
  replyOf(200, {
    stat: 'Ok',
    api_session_key: definedgeTokens.access,
    susertoken: definedgeTokens.feed,
    uid: 'DEMO1',
    actid: 'DEMO1',
  }),
] as const
export const definedgeGrant: Grant = { tokens: definedgeTokens, userId: 'DEMO1' }
export const definedgeFixtures: BrokerFixtures = {
  steps: [
    {
      name: 'send otp',
      context: { ...definedgeContext, vars: {} },
      request: {
        method: 'GET',
        host: 'signin',
        path: '/auth/realms/debroking/dsbpkc/login/demo-api-token',
        headers: { api_secret: apiSecret },
      },
      reply: definedgeReplies[0],
      result: { carry: { otpToken: 'otpToken1' } },
    },
    {
      name: 'check otp',
      context: { ...definedgeContext, vars: { otpToken: 'otpToken1', otp: '112233' } },
      request: {
        method: 'POST',
        host: 'signin',
        path: '/auth/realms/debroking/dsbpkc/token',
        body: {
          json: {
            otp_token: 'otpToken1',
            otp: '112233',
            ac: createHash('sha256').update(`otpToken1112233${apiSecret}`).digest('hex'),
          },
        },
      },
      reply: definedgeReplies[1],
      result: { grant: definedgeGrant },
    },
  ],
  session: { app: definedgeApp, account: {}, tokens: definedgeTokens, userId: 'DEMO1', now },
  signed: { headers: { authorization: definedgeTokens.access } },
  probe: {
    request: { method: 'GET', host: 'api', path: '/dart/v1/limits' },
    reply: replyOf(200, { stat: 'Ok', cash: '0.00' }),
    profile: { userId: '' },
  },
  verdicts: [
    verdict('401', 401, { stat: 'Not_Ok', emsg: 'Unauthorized' }, sessionSites, 'expired'),
    verdict('401', 401, { message: 'Unauthorized' }, loginSites, 'app_invalid'),
    verdict('a wrong OTP', 200, { stat: 'Not_Ok', emsg: 'Invalid OTP' }, loginSites, 'bad_grant'),
    verdict('a refused order', 200, { stat: 'Not_Ok', emsg: 'Invalid price' }, ['api'], 'rejected'),
  ],
}
