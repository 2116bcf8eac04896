import { type BrokerFixtures, loginSites, replyOf, sessionSites } from '../../src/brokers/suite/suite.ts'
import { now, redirectUrl, token, verdict } from './demo.ts'

const angelAccount = {
  clientCode: 'D12345',
  localIp: '192.168.1.2',
  publicIp: '203.0.113.7',
  macAddress: '02:00:00:00:00:01',
}
const machine = {
  'x-usertype': 'USER',
  'x-sourceid': 'WEB',
  'x-clientlocalip': '192.168.1.2',
  'x-clientpublicip': '203.0.113.7',
  'x-macaddress': '02:00:00:00:00:01',
  'x-privatekey': 'demoapikey',
}
const angelTokens = { access: token, refresh: 'refreshTokenOfAngel', feed: 'feedTokenOfAngel' }
const angelSession = {
  app: { apiKey: 'demoapikey' },
  account: angelAccount,
  tokens: angelTokens,
  userId: 'D12345',
  now,
}
const angelSigned = { ...machine, authorization: `Bearer ${token}` }
const angelReply = replyOf(200, {
  status: true,
  message: 'SUCCESS',
  errorcode: '',
  data: { jwtToken: `Bearer ${token}`, refreshToken: angelTokens.refresh, feedToken: angelTokens.feed },
})
const angelError = (code: string) => ({ success: false, message: 'No.', errorCode: code, data: '' })
export const angelFixtures: BrokerFixtures = {
  steps: [
    {
      name: 'login',
      context: { ...angelSession, redirectUrl, vars: { pin: '1234', totp: '654321' } },
      request: {
        method: 'POST',
        host: 'api',
        path: '/rest/auth/angelbroking/user/v1/loginByPassword',
        headers: machine,
        body: { json: { clientcode: 'D12345', password: '1234', totp: '654321' } },
      },
      reply: angelReply,
      result: { grant: { tokens: angelTokens } },
    },
  ],
  session: angelSession,
  signed: { headers: angelSigned },
  probe: {
    request: { method: 'GET', host: 'api', path: '/rest/secure/angelbroking/user/v1/getProfile' },
    reply: replyOf(200, { status: true, data: { clientcode: 'D12345', name: 'Demo User' } }),
    profile: { userId: 'D12345', userName: 'Demo User' },
  },
  renewal: {
    request: {
      method: 'POST',
      host: 'api',
      path: '/rest/auth/angelbroking/jwt/v1/generateTokens',
      headers: angelSigned,
      body: { json: { refreshToken: angelTokens.refresh } },
    },
    reply: angelReply,
    grant: { tokens: angelTokens },
  },
  logout: {
    method: 'POST',
    host: 'api',
    path: '/rest/secure/angelbroking/user/v1/logout',
    headers: angelSigned,
    body: { json: { clientcode: 'D12345' } },
  },
  verdicts: [
    ...['AG8001', 'AG8002', 'AG8003', 'AB1010', 'AB1011'].map((code) =>
      verdict(`200 ${code}`, 200, angelError(code), sessionSites, 'expired'),
    ),
    verdict(
      '200 AG8002 in the other spelling',
      200,
      { status: false, errorcode: 'AG8002' },
      ['probe'],
      'expired',
    ),
    verdict('200 AB8051', 200, angelError('AB8051'), loginSites, 'bad_grant'),
    verdict('200 AB1234', 200, angelError('AB1234'), ['api'], 'rejected'),
    verdict(
      '403 as a throttle',
      403,
      'Access denied because of exceeding rate limit',
      ['api', 'probe'],
      'rate_limited',
    ),
  ],
}
