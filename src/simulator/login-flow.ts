import { type Answer, redirectAnswer, withParams } from './answer.ts'
import { isEnabled, type SimulatedApp } from './apps.ts'
import { textOf } from './call.ts'
import type { RouteTable, SimulatedBrokerModule, Visit } from './module.ts'
import { type PageStyle, page, passwordPage, totpPage } from './pages.ts'
import { opaqueToken } from './tokens.ts'
import { totpMatches } from './totp.ts'
import type { LoginUnderway, World } from './world.ts'

/** The page and the form of a module's login. */
export function loginRoutes(module: SimulatedBrokerModule): RouteTable<Visit> {
  const { login: pages } = module
  if (!pages) return {}
  const style = { brokerName: module.name, action: pages.path.split('/').at(-1)!, accent: pages.accent }
  return {
    [`GET ${pages.path}`]: (visit: Visit) => {
      const opened = pages.open(visit)
      if ('body' in opened) return opened
      const id = opaqueToken(visit.world.random, 32)
      const { app, carried = {}, onlyUserId } = opened
      const { apiKey } = app
      const login = visit.world.logins.issue(id, { id, apiKey, carried, onlyUserId, isComplete: false })
      return passwordPage(style, login, offeredBy(visit.world, app, login))
    },
    [`POST ${pages.path}`]: (visit: Visit) => submitted(module, style, visit),
  }
}

/** Ends the login and sends the browser to the app with a fresh one-time code. */
export function sendBack(
  world: World,
  app: SimulatedApp,
  login: LoginUnderway,
  codeLength: number,
  params: (code: string) => Iterable<readonly [string, string]>,
): Answer {
  world.logins.take(login.id)
  const code = opaqueToken(world.random, codeLength)
  world.codes.issue(code, { apiKey: app.apiKey, userId: login.userId! })
  return redirectAnswer(withParams(app.redirectUrl, params(code)))
}

const offeredBy = (world: World, app: SimulatedApp, { onlyUserId }: LoginUnderway) =>
  world.users.get(onlyUserId ?? '') ?? world.personOf(app)

/** One submitted form: cancel, one tap as a known user, user id and password, or TOTP (and PIN). */
function submitted(module: SimulatedBrokerModule, style: PageStyle, { world, call }: Visit): Answer {
  const pages = module.login!
  const login = world.logins.get(textOf(call.fields, 'sess_id'))
  if (!login) {
    const text = '<p role="alert">This login is too old. Start it again.</p>'
    return page('Session expired', text, style.accent, 400)
  }
  const app = world.apps.get(login.apiKey)
  if (!app) return module.refuse('unknown_app', {})
  if (textOf(call.fields, 'cancel')) {
    world.logins.take(login.id)
    return redirectAnswer(withParams(app.redirectUrl, pages.cancelled(login)))
  }
  const tapped = world.users.get(textOf(call.fields, 'demo'))
  const form = (name: string) => textOf(call.fields, name).trim()
  if (tapped) login.userId = tapped.userId
  else if (login.userId === undefined) {
    const user = world.users.get(form('user_id').toUpperCase())
    if (user?.password !== textOf(call.fields, 'password'))
      return passwordPage(style, login, offeredBy(world, app, login), 'Invalid user id or password.')
    login.userId = user.userId
    return totpPage(style, login, user, world.now())
  } else {
    const user = world.users.get(login.userId)!
    const again = (error: string) => totpPage(style, login, user, world.now(), error)
    if (!totpMatches(user.totpSeed, form('totp'), world.now())) return again('Invalid TOTP.')
    if (user.pin && user.pin !== form('pin')) return again('Invalid PIN.')
  }
  if (!isEnabled(app, login.userId) || (login.onlyUserId ?? login.userId) !== login.userId) {
    world.logins.take(login.id)
    return module.refuse('not_enabled', {})
  }
  login.isComplete = true
  return pages.granted(world, app, login)
}
