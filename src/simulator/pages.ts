import { type Answer, htmlAnswer } from './answer.ts'
import { totpCode } from './totp.ts'
import type { SimulatedUser } from './users.ts'
import type { LoginUnderway } from './world.ts'

/** What tells one broker's login pages from another's. */
export interface PageStyle {
  readonly brokerName: string
  /** The form's target, relative to the page. */
  readonly action: string
  readonly accent: string
}

const warning = 'bhor simulator – not a broker, no real money'

const css = (accent: string) => `
:root{color-scheme:light dark;--accent:${accent}}
*{box-sizing:border-box}
body{margin:0;font:16px/1.5 system-ui,sans-serif;background:light-dark(#f4f4f2,#161616);color:light-dark(#222,#eee)}
.banner{background:repeating-linear-gradient(135deg,#ffcf33 0 24px,#f5b800 24px 48px);color:#221a00;font-weight:700;text-align:center;padding:.75rem 1rem}
main{max-width:25rem;margin:2rem auto;padding:0 1rem}
form,aside{background:light-dark(#fff,#222);border:1px solid light-dark(#ddd,#3a3a3a);border-radius:12px;padding:1.25rem;margin:0 0 1rem}
h1{font-size:1.35rem;margin:0 0 1rem}h2{font-size:1rem;margin:0 0 .5rem}
label{display:block;margin:0 0 .85rem;font-size:.9rem}
input{display:block;width:100%;font:inherit;padding:.6rem .7rem;margin-top:.25rem;border:1px solid light-dark(#bbb,#555);border-radius:8px;background:transparent;color:inherit}
button{display:block;width:100%;font:inherit;font-weight:600;padding:.7rem;margin:.5rem 0 0;border:1px solid var(--accent);border-radius:8px;background:var(--accent);color:#fff;cursor:pointer}
button.quiet{background:transparent;color:inherit;border-color:light-dark(#bbb,#555);font-weight:400}
.error{color:light-dark(#b00020,#ff8a94);font-weight:600;margin:0 0 1rem}
dl{display:grid;grid-template-columns:auto 1fr;gap:.1rem .75rem;margin:.25rem 0 .75rem;font-size:.85rem}
dt{opacity:.7}dd{margin:0;font-family:ui-monospace,monospace;overflow-wrap:anywhere}`

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)

/** A whole page under the warning that none of this is real. */
export function page(title: string, body: string, accent = '#7a4b00', status = 200): Answer {
  return htmlAnswer(
    status,
    `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)} – simulator</title>
<style>${css(accent)}</style>
</head>
<body>
<header class="banner" role="note">${warning}</header>
<main>
${body}
</main>
</body>
</html>
`,
  )
}

const hidden = (login: LoginUnderway) =>
  `<input type="hidden" name="sess_id" value="${escapeHtml(login.id)}">`
const alert = (error: string) => (error ? `<p class="error" role="alert">${escapeHtml(error)}</p>` : '')
const cancel = '<button class="quiet" name="cancel" value="1" formnovalidate>Cancel</button>'

/** The first step: user id and password, or one tap as the app's person. */
export function passwordPage(
  style: PageStyle,
  login: LoginUnderway,
  offered: SimulatedUser,
  error = '',
): Answer {
  return page(
    `${style.brokerName} login`,
    `<form method="post" action="${style.action}">
<h1>Log in to ${escapeHtml(style.brokerName)}</h1>
${alert(error)}
${hidden(login)}
<label>User id<input name="user_id" autocomplete="off" autocapitalize="characters" required></label>
<label>Password<input name="password" type="password" autocomplete="off" required></label>
<button name="step" value="password">Log in</button>
${cancel}
</form>
${userCard(style, login, offered)}`,
    style.accent,
  )
}

function userCard(style: PageStyle, login: LoginUnderway, user: SimulatedUser): string {
  const rows = [
    ['User id', user.userId],
    ['Password', user.password],
    ['TOTP seed', user.totpSeed],
    ...(user.pin ? [['PIN', user.pin] as const] : []),
  ]
  const list = rows.map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(value!)}</dd>`).join('')
  return `<form method="post" action="${style.action}">
<h2>${escapeHtml(user.name)}</h2>
<dl>${list}</dl>
${hidden(login)}
<button name="demo" value="${escapeHtml(user.userId)}">Use demo user ${escapeHtml(user.userId)}</button>
</form>`
}

/** The second step: the code of the authenticator app, and the PIN where the user has one. */
export function totpPage(
  style: PageStyle,
  login: LoginUnderway,
  user: SimulatedUser,
  now: Temporal.Instant,
  error = '',
): Answer {
  const pin = user.pin
    ? '<label>PIN<input name="pin" type="password" inputmode="numeric" autocomplete="off" required></label>'
    : ''
  return page(
    `${style.brokerName} login`,
    `<form method="post" action="${style.action}">
<h1>One more step, ${escapeHtml(user.name)}</h1>
${alert(error)}
${hidden(login)}
<label>TOTP from your authenticator app<input name="totp" inputmode="numeric" autocomplete="one-time-code" required></label>
${pin}
<button name="step" value="totp">Continue</button>
${cancel}
</form>
<aside>Your authenticator app would show <strong>${totpCode(user.totpSeed, now)}</strong> now.</aside>`,
    style.accent,
  )
}
