import type { App } from '../app/open.ts'
import { fullRights } from '../session/ground/rights.ts'
import { version } from '../app/version.ts'
import { BhorError } from '../core/errors.ts'
import { printable } from '../core/redact.ts'
import { entryOf, type Principal } from '../session/context.ts'
import type { DeskSessions } from './desk-sessions.ts'
import type { Door } from './gate.ts'
import type { Route } from './routes.ts'
import type { WrongKeys } from './wrong-keys.ts'

/** A request as far as rights are concerned, whatever brought it. */
export interface Asked {
  /** How it came in; `library` is the caller's own process. */
  readonly door: Door | 'library'
  /** Decoded, without the query. */
  readonly path: string
  /** The query as it came, without its `?`; empty without one. */
  readonly search: string
  /** The desk's own cookie. */
  readonly cookie: string | undefined
  /** By its name in lower case. */
  header(name: HeaderName): string | undefined
}
export type HeaderName = 'authorization' | 'sec-fetch-site' | 'x-bhor-session' | 'bhor-version'

/** What a decision about rights is made from. */
export interface AccessParts {
  readonly app: App
  readonly sessions: DeskSessions
  readonly wrongKeys: WrongKeys
}

const credentialNames =
  /^(key|token|access_?token|api_?key|api_?secret|authorization|client_?key|csrf|session)$/i
const credentialValue = /bhor_[A-Za-z0-9_-]{43}/
const nothingAsked: Readonly<Record<string, string>> = Object.freeze({})

/** Who asks. The credential alone decides; nothing in the body, the query or another header can name somebody else. */
export function identify(
  asked: Asked,
  route: Route,
  { app, sessions, wrongKeys }: AccessParts,
): Principal | Promise<Principal> {
  if (asked.door === 'library') return fullRights('library')
  if (asked.door === 'socket') {
    refuseOtherVersion(asked.header('bhor-version'))
    return app.operator
  }
  const authorization = asked.header('authorization')
  if (authorization !== undefined) {
    const presented = authorization.startsWith('Bearer ') ? authorization.slice(7) : ''
    const known = app.desk.keys.known(presented)
    if (known) return known
    if (!/^\S+$/.test(presented))
      throw new BhorError('key_malformed', 'The Authorization header is not "Bearer <client key>".')
    return wrongKeys.authenticate(presented)
  }
  const isOwnPage = asked.header('sec-fetch-site') === 'same-origin'
  if (route.scope === 'anyone') {
    if (!isOwnPage) throw new BhorError('cross_site_blocked', 'Only the desk’s own page may do this.')
    return { actor: { kind: 'desk', id: '' }, scopes: new Set(), accountIds: null }
  }
  const { cookie } = asked
  const page = asked.header('x-bhor-session')
  if (cookie === undefined && page === undefined) {
    if (isOwnPage) throw new BhorError('sign_in_needed', 'You are not signed in.')
    throw new BhorError('key_missing', 'No client key was sent.')
  }
  // Browsers have sent Sec-Fetch-Site since 2023; whoever leaves it out is no page of ours.
  if (!isOwnPage)
    throw new BhorError('cross_site_blocked', 'Only the desk’s own page may use a signed-in session.')
  const { id } = sessions.check(cookie ?? '', page ?? '', !route.isWaiting)
  return fullRights('desk', id)
}

/** @throws BhorError `scope_missing` */
export function requireRight(principal: Principal, route: Route): void {
  if (mayCall(principal, route)) return
  throw new BhorError('scope_missing', `This needs ${neededRight(route)}.`, {
    facts: { scope: route.scope },
  })
}

function mayCall(principal: Principal, route: Route): boolean {
  const { kind } = principal.actor
  switch (route.scope) {
    case 'anyone':
      return kind !== 'key'
    case 'operator':
      return kind === 'operator' || kind === 'library'
    case 'person':
      return kind !== 'key'
    default:
      if (isHouseWide(route) && principal.accountIds !== null) return false
      return principal.scopes.has('admin') || principal.scopes.has(route.scope)
  }
}

/** Keys, audit, settings, new accounts: a key that is limited to some accounts could widen itself by these. */
function isHouseWide(route: Route): boolean {
  return route.scope === 'admin' && !route.path.includes('{account}')
}

function neededRight(route: Route): string {
  if (route.scope === 'anyone' || route.scope === 'person') return 'a person at the dashboard, not a key'
  if (route.scope === 'operator') return 'the command line of the user who runs bhor'
  return `the right "${route.scope}"${isHouseWide(route) ? ' over all accounts' : ''}`
}

/** The command line of one release must not drive the server of another: their wire types may differ. */
function refuseOtherVersion(theirs: string | undefined): void {
  if (theirs === undefined || theirs === version) return
  throw new BhorError(
    'server_version',
    `The server is ${version}, this command line is ${printable(theirs, 20)}.`,
  )
}

/** The query that the route knows, each parameter once. @throws BhorError `unknown_field`, `duplicate_field`, `credential_in_url` */
export function readQuery(
  asked: Asked,
  route: Route,
  parts: AccessParts,
): Readonly<Record<string, string>> | Promise<never> {
  const isCredentialInPath = asked.path.includes('bhor_') && credentialValue.test(asked.path)
  if (asked.search === '') return isCredentialInPath ? refuseCredential(parts, asked.path) : nothingAsked
  const query: Record<string, string> = {}
  for (const [name, value] of new URLSearchParams(asked.search)) {
    const isCredential = credentialNames.test(name) || credentialValue.test(`${name} ${value}`)
    if (isCredential || isCredentialInPath) return refuseCredential(parts, `${name} ${value}`)
    if (!route.query?.includes(name)) {
      throw new BhorError(
        'unknown_field',
        `The query parameter "${printable(name, 40)}" is not known here.`,
        { facts: { field: printable(name, 40) } },
      )
    }
    if (Object.hasOwn(query, name))
      throw new BhorError('duplicate_field', `The query parameter ${name} is given twice.`)
    query[name] = value
  }
  return isCredentialInPath ? refuseCredential(parts, asked.path) : query
}

/** A key in an address is in logs and histories by now: the audit names it, so that it can be revoked. */
async function refuseCredential({ app, wrongKeys }: AccessParts, text: string): Promise<never> {
  const error = new BhorError('credential_in_url', 'A credential stands in the address.')
  const presented = credentialValue.exec(text)?.[0]
  const holder =
    presented === undefined ? undefined : await wrongKeys.authenticate(presented).catch(() => undefined)
  if (!holder && wrongKeys.isFlooded) throw error
  if (!holder) wrongKeys.count()
  const { context } = app.desk
  await context.audit.record(
    entryOf(context, holder?.actor ?? { kind: 'key', id: '' }, undefined, {
      action: 'key.refused',
      result: 'refused',
      code: error.code,
      detail: { why: 'in_url' },
    }),
  )
  throw error
}
