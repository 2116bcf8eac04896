import {
  type Answer,
  jsonAnswer,
  opaqueToken,
  type SimulatedBrokerModule,
  textOf,
} from '../../src/simulator/index.ts'

const refusal = (status: number, code: string, message: string): Answer =>
  jsonAnswer(status, { code, message })

/** The fictitious broker of approving.ts, and the phone of its clients: `POST /phone/<client>/approve` or `refuse`. */
export const simulator: SimulatedBrokerModule = {
  id: 'approving',
  name: 'Approving Example',
  hostRoles: ['api'],
  demoUser: {
    userId: 'AP0001',
    password: 'demo-approving',
    totpSeed: 'MFYHA4TPMFYHA4TPMFYHA4TPMFYHA4TP',
    name: 'Demo User',
    email: 'demo.approving@example.com',
  },
  dayEnds: '00:00',
  liveSessions: 'many',
  codeTtlMs: 3 * 60_000,
  exchanges: ['GET /approvals/*'],
  orders: ['POST /orders'],
  accountOf: ({ userId }) => ({ clientId: userId, region: 'mumbai' }),
  open: {
    'POST /approvals': ({ world, call }) => {
      const user = world.users.get(textOf(call.fields, 'client'))
      if (!user) return refusal(400, 'NO_CLIENT', 'There is no such client.')
      const approval = opaqueToken(world.random, 24)
      world.codes.issue(approval, { apiKey: '', userId: user.userId })
      world.codes.issue(`phone ${user.userId}`, { apiKey: approval, userId: user.userId })
      return jsonAnswer(200, { approval })
    },
    'GET /approvals/:id': ({ world, call, params: { id = '' } }) => {
      const asked = world.codes.get(id)
      if (!asked) return refusal(410, 'APPROVAL_OVER', 'This request is over.')
      const answer = world.codes.get(`answer ${id}`)?.apiKey
      if (!answer) return jsonAnswer(200, { state: 'waiting' })
      world.codes.take(id)
      if (answer === 'refuse') return refusal(403, 'REFUSED', 'The client has refused.')
      const { userId } = world.granteeOf(call, asked.userId)
      const accessToken = opaqueToken(world.random, 40)
      world.openSession({ apiKey: userId, userId, accessToken })
      return jsonAnswer(200, { state: 'approved', token: accessToken, client: userId })
    },
    'POST /phone/:client/:answer': ({ world, params: { client = '', answer = '' } }) => {
      const shown = world.codes.get(`phone ${client}`)
      if (!shown) return refusal(404, 'NOTHING', 'Nothing waits on this phone.')
      world.codes.issue(`answer ${shown.apiKey}`, { apiKey: answer, userId: client })
      return jsonAnswer(200, {})
    },
  },
  guarded: {
    'GET /me': ({ session }) => jsonAnswer(200, { client: session.userId }),
    'DELETE /me/session': ({ world, session }) => {
      world.sessions.end({ accessToken: session.accessToken })
      return jsonAnswer(200, {})
    },
  },
  tokenOf: ({ headers }) => {
    const { 'x-session': accessToken, 'x-client': apiKey } = headers
    return accessToken && apiKey ? { kind: 'access', accessToken, apiKey } : undefined
  },
  refuse(why, { status = 500 }) {
    if (why === 'dead_token') return refusal(401, 'SESSION_OVER', 'The session is over.')
    if (why === 'rate_limited') return refusal(429, 'SLOW_DOWN', 'Too many requests.')
    return refusal(why === 'unavailable' ? status : 404, 'UNAVAILABLE', 'The service is not available.')
  },
}
