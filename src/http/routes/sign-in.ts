import type { KeyFrame, SignedIn } from '../../contracts/api.ts'
import { iso } from '../../core/instant.ts'
import { deskProof } from '../../session/browsers/return-proof.ts'
import { fullRights, requireOperator, requirePerson } from '../../session/ground/rights.ts'
import { browserName } from '../browser-name.ts'
import { cookieName, cookiePrefix, type PageSignIn, type SignInLink } from '../sign-ins.ts'
import { type Call, ReadyAnswer, type Routes } from './route.ts'

export const signInRoutes = {
  'POST /v1/desk/link': {
    right: 'operator',
    summary:
      'A new one-time sign-in link to the dashboard. `plain`: at 127.0.0.1, for a browser that knows no names below localhost.',
    body: 'NewLink',
    answer: 'Link',
    async run({ signIns, principal, body }) {
      requireOperator(principal)
      const link = signIns.newLink(body.plain)
      return { url: signInUrl(link), expiresAt: iso(link.expiresAtMs) }
    },
  },
  'POST /v1/desk/sign-in': {
    right: 'page',
    summary: 'Sign in to the dashboard with a link’s token, at the address that the link names.',
    body: 'SignIn',
    answer: 'SignedIn',
    async run(call) {
      const { signIns, request, principal, body } = call
      requirePerson(principal)
      const name = browserName(request.header('user-agent'))
      return signedInAnswer(call, await signIns.signIn(body.token, originOf(call), name), {})
    },
  },
  'GET /v1/desk/me': {
    right: 'person',
    summary: 'Whether you are signed in.',
    answer: 'Me',
    async run({ app, drafts, principal }) {
      requirePerson(principal)
      const { browsers } = app.desk
      const isPage = principal.actor.kind === 'desk'
      const browser = isPage ? await browsers.check(principal.actor.id) : undefined
      return {
        signedIn: true,
        expiresAt: browser ? iso(browsers.endOf(browser)) : null,
        url: app.origin,
        porch: app.desk.context.porch?.()?.url ?? null,
        browser: browser?.id ?? null,
        isKept: browser !== undefined && browser.publicKey !== '',
        proofKey: browser ? browsers.proofKeyOf(browser.id) : null,
        drafts: isPage ? drafts.all() : {},
        choices: await app.desk.choices.get(principal),
        seq: app.desk.context.feed.latestSeq,
      }
    },
  },
  'POST /v1/desk/proof': {
    right: 'person',
    summary:
      'After an outage: `proof` that who answers is the desk that signed the page in, HMAC-SHA-256 by its `proofKey` over the nonce, a line feed and the address of the page.',
    body: 'ReturnAsked',
    answer: 'Proof',
    async run(call) {
      const { app, principal, body } = call
      requirePerson(principal)
      const { kind, id } = principal.actor
      // There is no page to prove anything to.
      if (kind !== 'desk') return { proof: '' }
      const { browsers } = app.desk
      await browsers.check(id)
      return { proof: deskProof(browsers.proofKeyOf(id), body.nonce, originOf(call)) }
    },
  },
  'POST /v1/desk/sign-out': {
    right: 'person',
    summary: 'Sign out of the dashboard. `frame`: where the browser forgets its key.',
    answer: 'KeyFrame',
    async run(call) {
      const { app, signIns, returns, principal } = call
      requirePerson(principal)
      const { kind, id } = principal.actor
      if (kind !== 'desk') return { frame: null }
      const browser = await app.desk.browsers.check(id)
      const frame = returns.lastFrame(browser, originOf(call)) ?? null
      await app.desk.browsers.revoke(principal, id)
      signIns.signOut(id)
      return new ReadyAnswer<KeyFrame>({ frame }, setCookie(id, '', 0))
    },
  },
  'POST /v1/desk/sign-out/late': {
    right: 'page',
    summary:
      'Sign a browser out by its cookie, which opens nothing: what was asked for while bhor did not answer. `frame`: as above.',
    body: 'SignOutLate',
    answer: 'KeyFrame',
    async run(call) {
      const { app, signIns, returns, request, principal, body } = call
      requirePerson(principal)
      const id = body.browser
      const cookies = request.cookies(cookiePrefix).filter(({ name }) => name === cookieName(id))
      const named = await signIns.named(cookies)
      // Whoever is out already has what was asked for.
      if (!named) return { frame: null }
      const frame = returns.lastFrame(named.browser, originOf(call)) ?? null
      await app.desk.browsers.revoke(fullRights('desk', id), id)
      signIns.signOut(id)
      return new ReadyAnswer<KeyFrame>({ frame }, setCookie(id, '', 0))
    },
  },
  'PATCH /v1/desk/choices': {
    right: 'person',
    summary:
      'How the page is wanted: what is named, and null for what is not chosen any more. It outlives this browser and this run of bhor.',
    body: 'ChoosePage',
    run: ({ app, principal, body }) => app.desk.choices.choose(principal, body),
  },
  'PUT /v1/desk/drafts/{form}': {
    right: 'person',
    summary: 'Keep what was typed into a form of the page, for a day at most and until bhor stops.',
    body: 'KeepDraft',
    async run({ drafts, principal, params, body }) {
      requirePerson(principal)
      drafts.keep(params.form, body.fields)
    },
  },
} satisfies Partial<Routes>

/** Where the page is that asks. */
export function originOf({
  addresses,
  request,
}: Pick<Call<unknown, unknown, unknown>, 'addresses' | 'request'>): string {
  return addresses.originOf(request.header('host') ?? '') ?? ''
}

/** Both halves: one in the answer, beside `more`, one as a cookie. */
export function signedInAnswer<More extends object>(
  { app }: Pick<Call<unknown, unknown, unknown>, 'app'>,
  { browser, cookie, page, expiresAtMs }: PageSignIn,
  more: More,
): ReadyAnswer<SignedIn & More> {
  // Longer than the page may stay without use: each use prolongs it, and nobody sends the cookie anew.
  const maxAge = Math.ceil((app.desk.browsers.longestEndOf(browser) - app.clock.nowMs()) / 1000)
  return new ReadyAnswer<SignedIn & More>(
    { ...more, id: browser.id, csrf: page.reveal(), expiresAt: iso(expiresAtMs) },
    setCookie(browser.id, cookie.reveal(), maxAge),
  )
}

/** Of this host alone (no `Domain`), for every path. */
export function setCookie(id: string, value: string, maxAge: number): string {
  return `${cookieName(id)}=${value}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${maxAge}`
}

/** The token stands behind `#`, which no browser sends to anybody. */
export function signInUrl({ page, token }: SignInLink): string {
  return `${page}#sign-in=${token.reveal()}`
}
