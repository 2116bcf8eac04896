import type { Answer } from './answer.ts'
import { type Call, textOf } from './call.ts'
import type { LoginUnderway } from './logins.ts'
import { type PageStyle, page, passwordPage, totpPage } from './pages.ts'
import { totpMatches } from './totp.ts'
import type { World } from './world.ts'

/** Where a submitted login form leads. */
export type LoginMove =
  | { readonly kind: 'page'; readonly answer: Answer }
  | { readonly kind: 'complete'; readonly login: LoginUnderway; readonly userId: string }
  | { readonly kind: 'cancelled'; readonly login: LoginUnderway }

/** Opens a login for the app and shows the first page. `carried` is what the redirect will need. */
export function openLogin(
  world: World,
  style: PageStyle,
  apiKey: string,
  carried: Record<string, string>,
): Answer {
  return passwordPage(style, world.logins.start(apiKey, carried), world.users.shown())
}

/** Takes one submitted form: cancel, one tap as a known user, user id and password, or TOTP (and PIN). */
export function continueLogin(world: World, style: PageStyle, call: Call): LoginMove {
  const login = world.logins.get(textOf(call.fields, 'sess_id'))
  if (!login)
    return shown(
      page(
        'Session expired',
        '<p role="alert">This login is too old. Start it again.</p>',
        style.accent,
        400,
      ),
    )
  if (textOf(call.fields, 'cancel')) return { kind: 'cancelled', login }
  const demo = world.users.get(textOf(call.fields, 'demo'))
  if (demo) return complete(login, demo.userId)
  return login.userId
    ? secondStep(world, style, call, login, login.userId)
    : firstStep(world, style, call, login)
}

function firstStep(world: World, style: PageStyle, call: Call, login: LoginUnderway): LoginMove {
  const user = world.users.get(textOf(call.fields, 'user_id').trim().toUpperCase())
  if (!user || user.password !== textOf(call.fields, 'password')) {
    return shown(passwordPage(style, login, world.users.shown(), 'Invalid user id or password.'))
  }
  login.userId = user.userId
  return shown(totpPage(style, login, user, world.now()))
}

function secondStep(
  world: World,
  style: PageStyle,
  call: Call,
  login: LoginUnderway,
  userId: string,
): LoginMove {
  const user = world.users.get(userId)!
  const isRight = totpMatches(user.totpSeed, textOf(call.fields, 'totp').trim(), world.now())
  if (!isRight) return shown(totpPage(style, login, user, world.now(), 'Invalid TOTP.'))
  if (user.pin && user.pin !== textOf(call.fields, 'pin')) {
    return shown(totpPage(style, login, user, world.now(), 'Invalid PIN.'))
  }
  return complete(login, userId)
}

function complete(login: LoginUnderway, userId: string): LoginMove {
  login.userId = userId
  login.isComplete = true
  return { kind: 'complete', login, userId }
}

const shown = (answer: Answer): LoginMove => ({ kind: 'page', answer })
