import type { BrowsersRevoked } from '../../contracts/api.ts'
import { ReadyAnswer, type Routes } from './route.ts'
import { originOf, setCookie } from './sign-in.ts'

export const browserRoutes = {
  'GET /v1/desk/browsers': {
    right: 'person',
    summary: 'The browsers that are signed in to the dashboard.',
    answer: 'BrowserView[]',
    run: ({ app, principal }) => app.desk.browsers.list(principal),
  },
  'DELETE /v1/desk/browsers': {
    right: 'person',
    summary: 'Sign every browser out, this one too. `frame`: where it forgets its key.',
    answer: 'BrowsersRevoked',
    async run(call) {
      const { app, signIns, returns, drafts, principal } = call
      const { kind, id } = principal.actor
      const own = kind === 'desk' ? await app.desk.browsers.check(id) : undefined
      const revoked = await app.desk.browsers.revokeAll(principal)
      signIns.signOut()
      drafts.forget()
      const frame = (own && returns.lastFrame(own, originOf(call))) ?? null
      const answer = { revoked, frame }
      return own ? new ReadyAnswer<BrowsersRevoked>(answer, setCookie(id, '', 0)) : answer
    },
  },
  'DELETE /v1/desk/browsers/{browser}': {
    right: 'person',
    summary: 'Sign one browser out.',
    async run({ app, signIns, principal, params }) {
      await app.desk.browsers.revoke(principal, params.browser)
      signIns.signOut(params.browser)
    },
  },
} satisfies Partial<Routes>
