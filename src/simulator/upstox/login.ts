import { textOf } from '../call.ts'
import { sendBack } from '../login-flow.ts'
import type { LoginPages } from '../module.ts'
import { loginError } from './errors.ts'
import { accent, cancelledRedirect } from './unverified.ts'

/** `GET /v2/login/authorization/dialog?response_type=code&client_id=…&redirect_uri=…[&state=…]` */
export const login: LoginPages = {
  path: '/v2/login/authorization/dialog',
  accent,
  open({ world, call }) {
    const app = world.apps.get(textOf(call.query, 'client_id'))
    const isKnown = app?.redirectUrl === textOf(call.query, 'redirect_uri')
    if (!app || !isKnown || textOf(call.query, 'response_type') !== 'code') return loginError('UDAPI100068')
    const state = call.query.get('state')
    return { app, carried: state === null ? {} : { state } }
  },
  granted: (world, app, underway) =>
    sendBack(world, app, underway, 6, (code) => [['code', code], ...Object.entries(underway.carried)]),
  cancelled: ({ carried }) => [...cancelledRedirect, ...Object.entries(carried)],
}
