import type { App } from '../../app/open.ts'
import type { SignedIn } from '../../contracts/api.ts'
import { iso } from '../../core/instant.ts'
import type { Secret } from '../../core/secret.ts'
import { requireOperator, requirePerson } from '../../session/ground/rights.ts'
import { cookieName } from '../sign-ins.ts'
import { ReadyAnswer, type Routes } from './route.ts'

export const signInRoutes = {
  'POST /v1/desk/link': {
    right: 'operator',
    summary: 'A new one-time sign-in link to the dashboard.',
    answer: 'Link',
    async run({ app, signIns, principal }) {
      requireOperator(principal)
      const { token, expiresAtMs } = signIns.newLink()
      return { url: signInUrl(app, token), expiresAt: iso(expiresAtMs) }
    },
  },
  'POST /v1/desk/sign-in': {
    right: 'anyone',
    summary: 'Sign in to the dashboard with a link’s token.',
    body: 'SignIn',
    answer: 'SignedIn',
    async run({ app, signIns, principal, body }) {
      requirePerson(principal)
      const { id, cookie, page, expiresAtMs } = signIns.signIn(body.token)
      await app.record({ kind: 'desk', id }, 'desk.sign_in')
      const maxAge = Math.floor((expiresAtMs - app.clock.nowMs()) / 1000)
      return new ReadyAnswer<SignedIn>(
        { csrf: page.reveal(), expiresAt: iso(expiresAtMs) },
        `${cookieName}=${cookie.reveal()}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${maxAge}`,
      )
    },
  },
  'GET /v1/desk/me': {
    right: 'person',
    summary: 'Whether you are signed in.',
    answer: 'Me',
    async run({ app, principal }) {
      requirePerson(principal)
      return { signedIn: true, expiresAt: null, url: app.origin }
    },
  },
  'POST /v1/desk/sign-out': {
    right: 'person',
    summary: 'Sign out of the dashboard.',
    async run({ app, signIns, request, principal }) {
      requirePerson(principal)
      signIns.signOut(request.cookie(cookieName) ?? '')
      await app.record(principal.actor, 'desk.sign_out')
    },
  },
} satisfies Partial<Routes>

/** The token stands behind `#`, which no browser sends to anybody. */
export function signInUrl(app: App, token: Secret): string {
  return `${app.origin}/#sign-in=${token.reveal()}`
}
