import { redirectAnswer } from '../answer.ts'
import { textOf } from '../call.ts'
import { sendBack } from '../login-flow.ts'
import type { LoginPages, Visit } from '../module.ts'
import type { LoginUnderway } from '../world.ts'
import { inputError, kiteRefusal } from './errors.ts'
import { cancelledRedirect } from './unverified.ts'

const echoed = ({ carried }: LoginUnderway) => new URLSearchParams(carried.redirect_params ?? '')

/** `GET /connect/login?v=3&api_key=…[&redirect_params=…]` */
export const login: LoginPages = {
  path: '/connect/login',
  accent: '#b8431f',
  open({ world, call }) {
    const app = world.apps.get(textOf(call.query, 'api_key'))
    return app
      ? { app, carried: { redirect_params: textOf(call.query, 'redirect_params') } }
      : kiteRefusal('unknown_app')
  },
  /** A finished login goes on over `/connect/finish`, the page that people paste by mistake. */
  granted: (_, app, { id }) =>
    redirectAnswer(`finish?${new URLSearchParams({ api_key: app.apiKey, sess_id: id })}`),
  cancelled: (underway) => [...cancelledRedirect, ...echoed(underway)],
}

/** `GET /connect/finish?api_key=…&sess_id=…`: sends the browser to the app with a fresh `request_token`. */
export function finishLogin({ world, call }: Visit) {
  const underway = world.logins.get(textOf(call.query, 'sess_id'))
  const app = world.apps.get(textOf(call.query, 'api_key'))
  if (!underway?.isComplete || app?.apiKey !== underway.apiKey) return inputError('Invalid session.')
  return sendBack(world, app, underway, 32, (requestToken) => [
    ['action', 'login'],
    ['type', 'login'],
    ['status', 'success'],
    ['request_token', requestToken],
    ...echoed(underway),
  ])
}
