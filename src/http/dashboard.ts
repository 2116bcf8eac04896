import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import type { Addresses } from './addresses.ts'
import { linesOf, securityHeaders } from './reply.ts'
import type { Row } from './table.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
}

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; manifest-src 'self'; connect-src 'self'; worker-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

const dashboardHeaders = {
  ...securityHeaders,
  // A browser that knows this runs no script without a hash, also none that a script loads.
  'integrity-policy': 'blocked-destinations=(script)',
  'x-frame-options': 'DENY',
  // The broker's page opens in a popup that this page must be able to close.
  'cross-origin-opener-policy': 'same-origin-allow-popups',
} as const

/**
 * The built dashboard, one row a file. The folder is listed once, so that no request can name any other file; contents
 * are read when asked for.
 */
export function dashboardRows(folder: string, addresses: Addresses): Row[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const file = join(entry.parentPath, entry.name)
    const type = types[extname(file)]
    if (!entry.isFile() || type === undefined) return []
    const path = `/${relative(folder, file).split(sep).join('/')}`
    return (path === '/index.html' ? ['/', plainEntry, path] : [path]).map((at) =>
      row(at, file, type, addresses),
    )
  })
}

/** Where a link to the plain address leads: to a path that no browser has cached, once. */
const plainEntry = '/enter/{once}'

function row(path: string, file: string, type: string, addresses: Addresses): Row {
  const isHashed = path.startsWith('/assets/')
  const caching = isHashed ? { 'cache-control': 'public, max-age=31536000, immutable' } : {}
  // Not the storage: in it other pages of this address keep their half of a sign-in.
  const clearing = path === plainEntry ? { 'clear-site-data': '"cache"' } : {}
  const headers = { ...dashboardHeaders, ...caching, ...clearing, 'content-type': type }
  const answer = () => ({
    status: 200,
    // The frame with a browser's key is at an address of its own, which `returns.ts` tells.
    headers: linesOf({
      ...headers,
      'content-security-policy': `${policy}; frame-src http://*.${addresses.own}`,
    }),
    body: readFileSync(file),
  })
  return { method: 'GET', path, hasHead: true, answer }
}
