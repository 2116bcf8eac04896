import type { BrokerRequest, Call, Probe, Renewal, SignContext } from '../../contracts/broker.ts'
import { BhorError } from '../../core/errors.ts'
import { grantedTokens, objectOf, profileOf, required, textOf, userIdOf, withHeaders } from '../reading.ts'
import { tokenPath } from './login.ts'
import { sentTokens, tokens as tokenSpecs } from './tokens.ts'
import { refreshGrantType } from './unverified.ts'

/** `Authorization: Bearer access_token` */
export function sign(request: BrokerRequest, { tokens }: SignContext): BrokerRequest {
  return withHeaders(request, {
    accept: 'application/json',
    authorization: `Bearer ${required(tokens, 'access')}`,
  })
}

/** The profile. Never the candles: they answer without any token. */
export const probe: Probe = {
  request: () => ({ method: 'GET', host: 'api', path: '/v2/user/profile' }),
  read: ({ json }) => {
    const data = objectOf(objectOf(json)?.data)
    if (!data) throw new BhorError('bad_token_shape', 'Upstox called it a success and sent no profile.')
    return profileOf('Upstox', data)
  },
}

/** Only where an answer has ever held a refresh token; see `unverified.ts`. */
export const renewal: Renewal = {
  needs: 'refresh',
  isForeseen: true,
  request: ({ app, tokens }) => ({
    method: 'POST',
    host: 'api',
    path: tokenPath,
    headers: { accept: 'application/json' },
    body: {
      form: [
        ['refresh_token', required(tokens, 'refresh')],
        ['client_id', required(app, 'apiKey')],
        ['client_secret', required(app, 'apiSecret')],
        ['grant_type', refreshGrantType],
      ],
    },
  }),
  read: ({ json }) => {
    const data = objectOf(json)
    if (!data) throw new BhorError('bad_token_shape', 'Upstox called it a success and sent no data.')
    const userId = textOf(data.user_id)
    return {
      ...grantedTokens('Upstox', tokenSpecs, sentTokens(data)),
      ...(userId ? { userId: userIdOf('Upstox', userId) } : {}),
    }
  },
}

/** Ends the access token. The extended token lives on, and nothing can end it. */
export const logout: Call = {
  request: (session) => sign({ method: 'DELETE', host: 'api', path: '/v2/logout' }, session),
}
