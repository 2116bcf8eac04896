import { hash } from 'node:crypto'
import { escaped, type PageText, pageStyle, sun } from './pages.ts'
import { linesOf, type Reply, securityHeaders } from './reply.ts'

/** Takes the code out of the address bar; everything else of a page is the same without it. */
const script = `history.replaceState(null,'','/callback/over')`

const headers = headersFor("'none'")
// A page that is referred to by nothing posts as if it came from nowhere, and is then refused as somebody else's.
const formHeaders = headersFor("'self'", { 'referrer-policy': 'same-origin' })

function headersFor(forms: string, more: Readonly<Record<string, string>> = {}) {
  return linesOf({
    ...securityHeaders,
    ...more,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; script-src '${hashOf(script)}'; style-src '${hashOf(pageStyle)}'; base-uri 'none'; form-action ${forms}; frame-ancestors 'none'`,
  })
}

export interface PorchText extends PageText {
  /** A button that posts to the page's own address. */
  readonly button?: string
  /** Where the browser goes on to, by itself. */
  readonly goesTo?: { readonly url: string; readonly label: string }
}

/** A page for whoever comes from outside: complete in itself, and without a word about where the desk is. */
export function porchPage(status: number, { button, goesTo, ...page }: PorchText): Reply {
  const { title, text, hint = '', staysHere = false } = page
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${escaped(title)} · bhor</title>
${goesTo ? `<meta http-equiv="refresh" content="0; url=${escaped(goesTo.url)}">` : ''}
<style>${pageStyle}</style>
${staysHere ? '' : `<script>${script}</script>`}
</head>
<body>
<main>
${sun}
<h1>${escaped(title)}</h1>
<p>${escaped(text)}</p>
${button ? `<form method="post"><button>${escaped(button)}</button></form>` : ''}
${goesTo ? `<p><a href="${escaped(goesTo.url)}" rel="noreferrer">${escaped(goesTo.label)}</a></p>` : ''}
<p class="hint">${button || goesTo ? escaped(hint) : 'You can close this page.'}</p>
</main>
</body>
</html>
`
  return { status, headers: button ? formHeaders : headers, body }
}

function hashOf(text: string): string {
  return `sha256-${hash('sha256', text, 'base64')}`
}
