import type { SessionNotGenerated } from '../../contracts/api.ts'
import { callbackOf } from '../../session/login/callback.ts'
import type { Routes } from './route.ts'

/** Document 001's endpoint, in its own words: for programs that were written for it. */
export const generateSessionRoutes = {
  'POST /api/kite-auth/generate-session': {
    right: 'login',
    summary:
      'Exchange a request token of Kite. Nothing is stored without accountId, the name of an account; with it, it is a login of that account.',
    body: 'GenerateSession',
    answer: 'SessionGenerated',
    failure: {
      schema: 'SessionNotGenerated',
      of: ({ code, detail: message, hint }): SessionNotGenerated => ({
        success: false,
        error: { code, message, hint },
      }),
    },
    async run({ app, principal, body: { requestToken, apiKey, apiSecret, accountId } }) {
      const callback = callbackOf(new URLSearchParams({ request_token: requestToken }).toString())
      const session = await app.desk.logins.exchangeBrought(principal, {
        broker: 'kite',
        app: { apiKey, apiSecret },
        callback,
        ...(accountId === undefined ? {} : { account: accountId }),
      })
      const data = {
        access_token: session.accessToken,
        user_id: session.userId,
        user_name: session.userName,
        email: session.email,
        user_type: session.userType,
        broker: session.brokerName,
        login_time: session.grantedAt,
      }
      return { success: true as const, data }
    },
  },
} satisfies Partial<Routes>
