import { hash } from 'node:crypto'
import { withoutControls } from '../core/control-characters.ts'
import { linesOf, type Reply, securityHeaders } from './reply.ts'
import type { Row } from './table.ts'

/**
 * The small pages that a broker's redirect ends on. They name no origin but their own, and least of all the page's. They run one script, ours, by its
 * hash: the browser may hold another under its address.
 */
const pageHeaders = linesOf({
  ...securityHeaders,
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'integrity-policy': 'blocked-destinations=(script)',
})

export interface PageText {
  readonly title: string
  readonly text: string
  readonly hint?: string
  /** The window closes by itself. */
  readonly isDone: boolean
  /** Loading it again may bring more: then its address stays as it is. */
  readonly staysHere?: boolean
}

export function page(status: number, { title, text, hint, isDone, staysHere = false }: PageText): Reply {
  const html = `<!doctype html>
<html lang="en" data-done="${isDone}"${staysHere ? ' data-stays' : ''}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)} · bhor</title>
<link rel="stylesheet" href="/login/page.css" integrity="${integrity.style}">
<script src="/login/page.js" integrity="${integrity.script}" crossorigin defer></script>
</head>
<body>
<main>
${sun}
<h1>${escaped(title)}</h1>
<p>${escaped(text)}</p>
${hint ? `<p class="hint">${escaped(hint)}</p>` : ''}
<p class="hint">${isDone ? 'This window closes by itself. If it stays, close it.' : 'You can close this window.'}</p>
</main>
</body>
</html>
`
  return { status, headers: pageHeaders, body: html }
}

/** Drawn, not written: many systems have no Devanagari font for भोर. */
export const sun =
  '<svg class="sun" viewBox="0 0 72 40" role="img" aria-label="bhor"><path fill="currentColor" d="M20 34a16 16 0 0 1 32 0z"/><path stroke="currentColor" stroke-width="3" stroke-linecap="round" d="M4 36h64M36 4v7M15 12l5 5M57 12l-5 5"/></svg>'

const script = `if (!('stays' in document.documentElement.dataset)) history.replaceState(null, '', '/login/over')
if (document.documentElement.dataset.done === 'true') setTimeout(() => window.close(), 900)
// bhor has none: whoever served this address before has left it.
navigator.serviceWorker?.getRegistrations().then((all) => all.forEach((each) => each.unregister()))
`

export const pageStyle = `:root { color-scheme: light dark; --ground: #fbf7f2; --ink: #2a2118; --soft: #75685a; --dawn: #c2571a; --press: #b04c13 }
@media (prefers-color-scheme: dark) { :root { --ground: #17130f; --ink: #f3ece3; --soft: #a99c8d; --dawn: #f0925a } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground); color: var(--ink); font: 1.0625rem/1.55 system-ui, sans-serif }
main { max-width: 30rem; padding: 2rem 1.5rem; text-align: center }
.sun { width: 4.5rem; color: var(--dawn) }
h1 { margin: .25rem 0 .75rem; font-size: 1.5rem; font-weight: 650 }
p { margin: .5rem 0 }
.hint { color: var(--soft); font-size: .9375rem }
button { margin: 1rem 0 .5rem; padding: .75rem 1.5rem; border: 0; border-radius: .75rem; background: var(--press); color: #fff; font: inherit; font-weight: 650; cursor: pointer }
button:focus-visible, a:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px }
a { color: var(--dawn) }
`

const integrity = { script: hashOf(script), style: hashOf(pageStyle) }

function hashOf(text: string): string {
  return `sha384-${hash('sha384', text, 'base64')}`
}

/** `/login/over` is where the address bar ends: an address without a code in it. */
export const loginPageRows: readonly Row[] = [
  row('/login/page.js', asset(script, 'text/javascript; charset=utf-8')),
  row('/login/page.css', asset(pageStyle, 'text/css; charset=utf-8')),
  row(
    '/login/over',
    page(200, { title: 'Nothing more to do here', text: 'This login is over.', isDone: false }),
  ),
]

function row(path: string, reply: Reply): Row {
  return { method: 'GET', path, hasHead: true, answer: () => reply }
}

function asset(body: string, type: string): Reply {
  return { status: 200, headers: linesOf({ ...securityHeaders, 'content-type': type }), body }
}

export function escaped(text: string): string {
  return withoutControls(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
}
