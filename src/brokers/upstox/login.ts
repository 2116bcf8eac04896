import type { CallbackInput, CallbackReading, RedirectLogin, Step } from '../../contracts/broker.ts'
import { BhorError } from '../../core/errors.ts'
import { grantedTokens, objectOf, profileOf, required } from '../reading.ts'
import { sentTokens, tokens } from './tokens.ts'
import { codeTtlMs, refusalParams } from './unverified.ts'

export const tokenPath = '/v2/login/authorization/token'

/**
 * The code is spent "regardless of whether the access token generation succeeds". Another `Accept` than JSON is
 * answered with 406; `Api-Version`, which the official clients still send, is not needed since March 2024.
 */
const exchange: Step = {
  name: 'exchange',
  request: ({ app, vars, redirectUrl }) => ({
    method: 'POST',
    host: 'api',
    path: tokenPath,
    headers: { accept: 'application/json' },
    body: {
      form: [
        ['code', required(vars, 'code')],
        ['client_id', required(app, 'apiKey')],
        ['client_secret', required(app, 'apiSecret')],
        ['redirect_uri', redirectUrl],
        ['grant_type', 'authorization_code'],
      ],
    },
  }),
  // Flat: this one reply has no `status` and `data` around it.
  read: ({ json }) => {
    const data = objectOf(json)
    if (!data) throw new BhorError('bad_token_shape', 'Upstox called it a success and sent no data.')
    const profile = profileOf('Upstox', data)
    return {
      grant: { ...grantedTokens('Upstox', tokens, sentTokens(data)), userId: profile.userId, profile },
    }
  },
}

/** The authorize dialog of https://upstox.com/developer/api-documentation/authorize. */
export const login = {
  kind: 'redirect',
  state: 'echoed',
  callbackMethod: 'GET',
  grantTtlMs: codeTtlMs,
  loginUrl: ({ app, redirectUrl, state }) => ({
    host: 'api',
    path: '/v2/login/authorization/dialog',
    query: [
      ['response_type', 'code'],
      ['client_id', required(app, 'apiKey')],
      ['redirect_uri', redirectUrl],
      ['state', state],
    ],
  }),
  readCallback,
  steps: [exchange],
} as const satisfies RedirectLogin

function readCallback({ params }: CallbackInput): CallbackReading {
  const { state: brought, code } = params
  const state = brought ? { state: brought } : {}
  const error = params[refusalParams.error]
  if (error) return { kind: 'refused', ...state, brokerMessage: params[refusalParams.description] || error }
  if (!code && (params.response_type || params.client_id)) return { kind: 'wrong_page', hint: dialogHint }
  if (!code || !/^[\x21-\x7e]{1,512}$/.test(code)) return { kind: 'incomplete', ...state, missing: 'code' }
  return { kind: 'granted', ...state, vars: { code }, secretVars: ['code'] }
}

const dialogHint =
  'This is Upstox’ login page. Log in there first, then copy the address of the page where the browser ends; it holds code=….'
