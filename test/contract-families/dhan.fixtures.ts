import { type BrokerFixtures, loginSites, replyOf, sessionSites } from '../../src/brokers/suite/suite.ts'
import type { Grant } from '../../src/contracts/broker.ts'
import { apiSecret, now, redirectUrl, token, verdict } from './demo.ts'

const dhanApp = { apiKey: 'demoappid', apiSecret }
const dhanAccount = { clientId: '1100003626' }
const dhanHeaders = { app_id: 'demoappid', app_secret: apiSecret }
export const dhanContext = { app: dhanApp, account: dhanAccount, redirectUrl, now }
const dhanReply = replyOf(200, {
  dhanClientId: '1100003626',
  dhanClientName: 'Demo User',
  dhanClientUcc: 'DEMO1234A',
  givenPowerOfAttorney: false,
  accessToken: token,
  expiryTime: '2026-11-24T08:32:00.000',
})
export const dhanGrant: Grant = {
  tokens: { access: token },
  userId: '1100003626',
  expiresAt: Temporal.Instant.from('2026-11-24T03:02:00Z'),
}
const dhanError = (errorCode: string) => ({ errorType: 'Some_Error', errorCode, errorMessage: 'No.' })
export const dhanFixtures: BrokerFixtures = {
  redirect: {
    context: { ...dhanContext, vars: { consentAppId: '940b0ca1' }, state: 'st4te' },
    url: 'https://auth.dhan.co/login/consentApp-login?consentAppId=940b0ca1',
    callbacks: [
      {
        name: 'success, without a state',
        query: 'tokenId=tok123',
        reading: { kind: 'granted', vars: { tokenId: 'tok123' }, secretVars: ['tokenId'] },
      },
      { name: 'no token id', query: 'x=1', reading: { kind: 'incomplete', missing: 'tokenId' } },
    ],
  },
  steps: [
    {
      name: 'consent',
      context: { ...dhanContext, vars: {} },
      request: {
        method: 'POST',
        host: 'auth',
        path: '/app/generate-consent',
        query: [['client_id', '1100003626']],
        headers: dhanHeaders,
      },
      reply: replyOf(200, { consentAppId: '940b0ca1', consentAppStatus: 'GENERATED', status: 'success' }),
      result: { carry: { consentAppId: '940b0ca1' } },
    },
    {
      name: 'consume',
      context: { ...dhanContext, vars: { tokenId: 'tok123' } },
      request: {
        method: 'POST',
        host: 'auth',
        path: '/app/consumeApp-consent',
        query: [['tokenId', 'tok123']],
        headers: dhanHeaders,
      },
      reply: dhanReply,
      result: { grant: dhanGrant },
    },
    {
      name: 'pin and totp',
      context: { ...dhanContext, vars: { pin: '123456', totp: '654321' } },
      request: {
        method: 'POST',
        host: 'auth',
        path: '/app/generateAccessToken',
        query: [
          ['dhanClientId', '1100003626'],
          ['pin', '123456'],
          ['totp', '654321'],
        ],
      },
      reply: dhanReply,
      result: { grant: dhanGrant },
    },
  ],
  session: { app: dhanApp, account: dhanAccount, tokens: { access: token }, userId: '1100003626', now },
  signed: { headers: { 'access-token': token } },
  probe: {
    request: { method: 'GET', host: 'api', path: '/v2/profile' },
    reply: replyOf(200, {
      dhanClientId: '1100003626',
      tokenValidity: '24/11/2026 08:32',
      dataPlan: 'Active',
    }),
    profile: { userId: '1100003626' },
  },
  verdicts: [
    verdict('401 DH-901', 401, dhanError('DH-901'), sessionSites, 'expired'),
    verdict('401 DH-901', 401, dhanError('DH-901'), loginSites, 'bad_grant'),
    verdict('400 DH-902', 400, dhanError('DH-902'), sessionSites, 'not_permitted'),
    verdict('429 DH-904', 429, dhanError('DH-904'), sessionSites, 'rate_limited'),
    verdict('400 DH-911', 400, dhanError('DH-911'), sessionSites, 'ip_not_allowed'),
    verdict('401 807', 401, dhanError('807'), ['api'], 'expired'),
    verdict('400 DH-906', 400, dhanError('DH-906'), ['api'], 'rejected'),
  ],
}
