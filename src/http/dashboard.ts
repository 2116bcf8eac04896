import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { linesOf, securityHeaders } from './reply.ts'
import type { Row } from './table.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

const dashboardHeaders = {
  ...securityHeaders,
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  'x-frame-options': 'DENY',
  // The broker's page opens in a popup that this page must be able to close.
  'cross-origin-opener-policy': 'same-origin-allow-popups',
} as const

/**
 * The built dashboard, one row a file. The folder is listed once, so that no request can name any other file; contents
 * are read when asked for.
 */
export function dashboardRows(folder: string): Row[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const file = join(entry.parentPath, entry.name)
    const type = types[extname(file)]
    if (!entry.isFile() || type === undefined) return []
    const path = `/${relative(folder, file).split(sep).join('/')}`
    return (path === '/index.html' ? ['/', path] : [path]).map((at) => row(at, file, type))
  })
}

function row(path: string, file: string, type: string): Row {
  const isHashed = path.startsWith('/assets/')
  const caching = isHashed ? { 'cache-control': 'public, max-age=31536000, immutable' } : {}
  const headers = linesOf({ ...dashboardHeaders, ...caching, 'content-type': type })
  const answer = () => ({ status: 200, headers, body: readFileSync(file) })
  return { method: 'GET', path, hasHead: true, answer }
}
