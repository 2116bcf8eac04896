import { upstox } from '../brokers/upstox/index.ts'
import type { Values } from '../contracts/broker.ts'
import { BhorError, toBhorError } from '../core/errors.ts'
import { parseJson } from '../core/json.ts'
import { instantFromLocal, toLocalText } from '../core/local-time.ts'
import { printable } from '../core/redact.ts'
import { Secret } from '../core/secret.ts'
import { expiresAt } from '../session/life/expiry.ts'
import { Logger } from './logger.ts'
import type { Held } from './source.ts'

/** What the token file holds. */
export class StoredSession {
  readonly access: Secret
  readonly extended: Secret | undefined
  readonly held: Held
  /** Its time stood in the future: a clock or a time zone was changed, and nobody knows when it was issued. */
  readonly isMisdated: boolean

  constructor(access: Secret, extended: Secret | undefined, held: Held, isMisdated = false) {
    this.access = access
    this.extended = extended
    this.held = held
    this.isMisdated = isMisdated
  }
  with(extended: Secret | undefined): StoredSession {
    return new StoredSession(this.access, extended, this.held, this.isMisdated)
  }
  isSameAs({ access }: StoredSession): boolean {
    return access.reveal() === this.access.reveal()
  }
  /** For the broker's adapter. */
  tokens(): Values {
    return { access: this.access.reveal(), ...(this.extended ? { extended: this.extended.reveal() } : {}) }
  }
}

/** When a session ends that was issued then: by the hour, and never later than the token's own `exp`. */
export function endOf(issuedAt: Temporal.Instant, tokens: Values): Temporal.Instant {
  return expiresAt(upstox.expiry, { grantedAt: issuedAt, tokens })
}

export function endOfExtended({ held, extended }: StoredSession): Temporal.Instant {
  const { expiry } = upstox.tokens.extended
  return expiresAt(expiry, { grantedAt: held.issuedAt, tokens: { extended: extended?.reveal() ?? '' } })
}

/**
 * Reads the document's format. What others have added is passed over. The end is reckoned anew: programs that follow the
 * document's own rule have written another one.
 *
 * @throws BhorError `token_file_invalid`
 */
export function sessionIn(text: string, now: Temporal.Instant): StoredSession {
  const data = fieldsIn(text)
  const access = tokenOf(data, 'access_token')
  if (access === undefined) throw invalid('access_token is missing.', 'access_token')
  const extended = extendedIn(data)
  if (String(data.broker ?? 'UPSTOX').toUpperCase() !== 'UPSTOX')
    throw invalid(`It is of another broker: ${printable(String(data.broker), 40)}.`, 'broker')
  const issued = typeof data.issued_at === 'string' ? instantFromLocal(data.issued_at) : undefined
  if (!issued) throw invalid('issued_at is not a time such as 2025-11-25T10:30:00.', 'issued_at')
  // Nothing was issued in the future, and the earlier end is the safe one.
  const isMisdated = Temporal.Instant.compare(issued, now) > 0
  const issuedAt = isMisdated ? now : issued
  const held = {
    userId: textIn(data, 'user_id'),
    userName: textIn(data, 'user_name'),
    email: textIn(data, 'email'),
    exchanges: listIn(data, 'exchanges'),
    products: listIn(data, 'products'),
    orderTypes: listIn(data, 'order_types'),
    issuedAt,
    expiresAt: endOf(issuedAt, { access }),
  }
  const extendedToken = extended === undefined ? undefined : new Secret(extended)
  return new StoredSession(new Secret(access), extendedToken, held, isMisdated)
}

/** The document's file, with times as the clocks of this computer show them. */
export function textOf({ access, extended, held }: StoredSession): string {
  const file = {
    access_token: access.reveal(),
    user_id: held.userId,
    user_name: held.userName,
    email: held.email,
    broker: 'UPSTOX',
    issued_at: toLocalText(held.issuedAt),
    expires_at: toLocalText(held.expiresAt),
    exchanges: held.exchanges,
    products: held.products,
    order_types: held.orderTypes,
    extended_token: extended?.reveal() ?? null,
  }
  return `${JSON.stringify(file, null, 2)}\n`
}

type Fields = Readonly<Record<string, unknown>>

function fieldsIn(text: string): Fields {
  let json: unknown
  try {
    json = parseJson(text, { strictFields: true })
  } catch (error) {
    throw invalid(error instanceof BhorError ? error.message : 'It is not JSON.')
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw invalid('It is no object with fields.')
  const { version = 1 } = json as { version?: unknown }
  if (version !== 1) throw invalid(`It is of another version: ${printable(String(version), 40)}.`, 'version')
  return json as Fields
}

/** Something odd in its place does not cost the session. */
function extendedIn(data: Fields): string | undefined {
  try {
    return tokenOf(data, 'extended_token')
  } catch (error) {
    Logger.get().warning(`The token file: ${toBhorError(error).message} It is left out.`)
    return undefined
  }
}

function tokenOf(data: Fields, name: 'access_token' | 'extended_token'): string | undefined {
  const value = data[name]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'string' && value.length <= 8192 && upstox.tokens.access.pattern.test(value))
    return value
  throw invalid(`${name} is not a token.`, name)
}

function textIn(data: Fields, name: string): string {
  const value = data[name]
  return typeof value === 'string' ? printable(value, 120) : ''
}

function listIn(data: Fields, name: string): readonly string[] {
  const value = data[name]
  return Array.isArray(value)
    ? value.flatMap((one) => (typeof one === 'string' ? [printable(one, 40)] : []))
    : []
}

function invalid(why: string, field?: string): BhorError {
  return new BhorError('token_file_invalid', why, field === undefined ? {} : { facts: { field } })
}
