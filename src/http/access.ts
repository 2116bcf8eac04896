import type { App } from '../app/open.ts'
import { version } from '../app/version.ts'
import { BhorError } from '../core/errors.ts'
import { printable } from '../core/redact.ts'
import { fullRights, type Principal } from '../session/ground/rights.ts'
import type { Addresses } from './addresses.ts'
import type { Drafts } from './drafts.ts'
import type { HttpRequest } from './request.ts'
import type { Returns } from './returns.ts'
import type { ListedRoute } from './routes/all.ts'
import { cookiePrefix, type SignIns } from './sign-ins.ts'
import type { Params } from './table.ts'
import type { WrongKeys } from './wrong-keys.ts'

/** What a decision about rights is made from. */
export interface AccessParts {
  readonly app: App
  readonly signIns: SignIns
  readonly returns: Returns
  readonly drafts: Drafts
  readonly addresses: Addresses
  readonly wrongKeys: WrongKeys
}

/** Who asks. The credential alone decides; nothing in the body, the query or another header can name somebody else. */
export async function identify(
  request: HttpRequest,
  route: ListedRoute,
  parts: AccessParts,
): Promise<Principal> {
  if (request.door.admits === 'operator') {
    refuseOtherVersion(request.header('bhor-version'))
    return parts.app.operator
  }
  const presented = bearerOf(request)
  const { keys } = parts.app.desk
  const known =
    presented === undefined
      ? undefined
      : route.confirmsKey
        ? keys.remembered(presented)
        : keys.known(presented)
  try {
    const principal = known ?? (await principalOf(request, presented, route, parts))
    if (principal !== nobody) request.shownBy(principal.actor)
    return principal
  } catch (error) {
    if (presented !== undefined) request.shownBy(undefined)
    throw error
  }
}

/** What follows the scheme “Bearer”, whose case does not count (RFC 9110, 11.1); undefined without an Authorization. */
export function bearerOf(request: HttpRequest): string | undefined {
  const authorization = request.header('authorization')
  if (authorization === undefined) return undefined
  return /^bearer +(\S+)$/i.exec(authorization)?.[1] ?? ''
}

async function principalOf(
  request: HttpRequest,
  presented: string | undefined,
  route: ListedRoute,
  { app, signIns, addresses, wrongKeys }: AccessParts,
): Promise<Principal> {
  if (presented !== undefined) {
    if (presented === '')
      throw new BhorError('key_malformed', 'The Authorization header is not "Bearer <client key>".')
    return wrongKeys.authenticate(presented)
  }
  if (route.right === 'anyone') return nobody
  const isOwnPage = request.header('sec-fetch-site') === 'same-origin'
  if (route.right === 'page') {
    if (!isOwnPage) throw new BhorError('cross_site_blocked', 'Only the desk’s own page may do this.')
    return nobody
  }
  const cookies = request.cookies(cookiePrefix)
  const page = request.header('x-bhor-session')
  if (cookies.length === 0 && page === undefined) {
    if (isOwnPage) throw new BhorError('sign_in_needed', 'You are not signed in.')
    throw new BhorError('key_missing', 'No client key was sent.')
  }
  // Browsers have sent Sec-Fetch-Site since 2023; whoever leaves it out is no page of ours.
  if (!isOwnPage) throw new BhorError('cross_site_blocked', 'Only the desk’s own page may use a sign-in.')
  const origin = addresses.originOf(request.header('host') ?? '') ?? ''
  const { id } = await signIns.check(cookies, page ?? '', origin, !route.isWaiting)
  const freshUntilMs = app.desk.confirmations.freshUntil(id)
  return { ...fullRights('desk', id), ...(freshUntilMs === undefined ? {} : { freshUntilMs }) }
}
/** Who has shown nothing, and may do what that takes: sign in, or ask for a proof. */
const nobody: Principal = { actor: { kind: 'desk', id: '' }, rights: new Set(), accountIds: null }

/** The command line of one release must not drive the server of another: their wire types may differ. */
function refuseOtherVersion(theirs: string | undefined): void {
  if (theirs === undefined || theirs === version) return
  throw new BhorError(
    'server_version',
    `The server is ${version}, this command line is ${printable(theirs, 20)}.`,
  )
}

const credentialNames =
  /^(key|token|access_?token|api_?key|api_?secret|authorization|client_?key|csrf|session)$/i
const credentialValue = /bhor_[A-Za-z0-9_-]{43}/
const nothingAsked: Params = Object.freeze({})

/** The query that the route knows, each parameter once. @throws BhorError `unknown_field`, `duplicate_field`, `credential_in_url` */
export async function readQuery(
  { search }: HttpRequest,
  params: Params,
  route: ListedRoute,
  parts: AccessParts,
): Promise<Params> {
  for (const value of Object.values(params))
    if (credentialValue.test(value)) return refuseCredential(parts, value)
  if (search === '') return nothingAsked
  const query: Record<string, string> = {}
  for (const [name, value] of new URLSearchParams(search)) {
    const said = `${name} ${value}`
    const isKnown = route.query !== undefined && Object.hasOwn(route.query, name)
    if ((credentialNames.test(name) && !isKnown) || credentialValue.test(said))
      return refuseCredential(parts, said)
    if (!isKnown) {
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
  return query
}

/** A key in an address is in logs and histories by now: the audit names it, so that it can be revoked. */
async function refuseCredential({ app, wrongKeys }: AccessParts, text: string): Promise<never> {
  const error = new BhorError('credential_in_url', 'A credential stands in the address.')
  const presented = credentialValue.exec(text)?.[0]
  const holder =
    presented === undefined ? undefined : await wrongKeys.authenticate(presented).catch(() => undefined)
  await app.desk.context.refusals.record({
    actor: holder?.actor ?? { kind: 'key', id: '' },
    action: 'key.refused',
    result: 'refused',
    code: error.code,
    detail: { why: 'in_url' },
  })
  throw error
}
