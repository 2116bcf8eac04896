import type { AlertChannelRecord } from '../../contracts/alerts.ts'
import type { MirrorRecord } from '../../contracts/mirrors.ts'
import type { MacFields, Place, Vault } from '../../contracts/secrets.ts'
import {
  type AccountRecord,
  type AppRecord,
  type BrowserRecord,
  type CalendarRecord,
  type ClientKeyRecord,
  type HookRecord,
  type HouseRecord,
  type IntentRecord,
  type LoginRecord,
  type PassphraseRecord,
  type PromptRecord,
  type Rows,
  type SessionRecord,
  thePassphrase,
} from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { Secret } from '../../core/secret.ts'

/** The rows that are authenticated: what is stored of whoever logs in, of what they are given, and of who may ask for it. */
interface Records {
  readonly apps: AppRecord
  readonly accounts: AccountRecord
  readonly sessions: SessionRecord
  readonly logins: LoginRecord
  readonly prompts: PromptRecord
  readonly intents: IntentRecord
  readonly hooks: HookRecord
  readonly client_keys: ClientKeyRecord
  readonly calendar: CalendarRecord
  readonly house: HouseRecord
  readonly alert_channels: AlertChannelRecord
  readonly browsers: BrowserRecord
  readonly passphrases: PassphraseRecord
  readonly mirrors: MirrorRecord
}
type Table = keyof Records

/**
 * All that a row holds: neither SQLite nor PostgreSQL notices a changed byte, and whoever can write the file must not be
 * able to prolong a session, widen a key, or put another label on an account. What is sealed too: it stands for itself,
 * but not for being the latest.
 */
function macInput<Of extends Table>(table: Of, record: Records[Of]): MacFields {
  const { id, mac: _, ...columns } = record
  const fields = Object.entries(columns)
    // What is empty says nothing: so a column that is added later changes no MAC of before.
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => [name, isPlain(value) ? storable(value) : canonical(value)])
  return { table, row: id, fields: Object.fromEntries(fields) }
}

/** Rows that were written by bhor 0.1, whose MAC knew of some columns only, are genuine until the inventory counts them. */
const formerly: { readonly [Of in Table]?: (record: Records[Of]) => MacFields['fields'] } = {
  apps: ({ broker, kind, apiKey, fields }) => ({ broker, kind, apiKey, fields: JSON.stringify(fields) }),
  accounts: ({ alias, broker, kind, appId, userId, redirectUrl, generation, settings, lastEgress }) => ({
    ...{ alias, broker, kind, appId, userId, redirectUrl, generation },
    // The first of them have none of these, and their MAC knows nothing of them.
    ...(Object.keys(settings).length > 0 ? { settings: JSON.stringify(settings) } : {}),
    ...(lastEgress ? { lastEgress: JSON.stringify(lastEgress) } : {}),
  }),
  sessions: ({ accountId, generation, status, endReason, userId, baseUrl, ...r }) => ({
    ...{ accountId, generation, status, endReason, userId, baseUrl },
    grantedAtMs: r.grantedAtMs,
    expiresAtMs: r.expiresAtMs,
    tokenExpiriesMs: JSON.stringify(Object.entries(r.tokenExpiriesMs).sort()),
  }),
  logins: ({ accountId, broker, stateHash, redirectUrl, status, expiresAtMs }) => ({
    ...{ accountId, broker, stateHash, redirectUrl, status, expiresAtMs },
  }),
  client_keys: ({ hash, scopes, accountIds, expiresAtMs, revokedAtMs, madeBy }) => ({
    ...{ hash, expiresAtMs, revokedAtMs },
    scopes: JSON.stringify(scopes),
    accountIds: JSON.stringify(accountIds),
    // None of them was made by a key, as far as was noted then.
    ...(madeBy === null ? {} : { madeBy }),
  }),
  calendar: ({ segment, firstDay, lastDay, source, days }) => ({
    ...{ segment, firstDay, lastDay, source },
    days: JSON.stringify(days),
  }),
}

function isPlain(value: unknown): value is string | number | null {
  return value === null || typeof value === 'string' || typeof value === 'number'
}

/** As every engine gives it back: UTF-8 has no half surrogates. */
function storable(value: string | number | null): string | number | null {
  return typeof value === 'string' ? value.toWellFormed() : value
}

/** The same text for the same value, in whatever order its names stand. */
function canonical(value: unknown): string {
  const inOrder = (_: string, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part
  return JSON.stringify(value, inOrder)
}

/** The record with its `mac` computed afresh. Every write goes through here. */
export function stamped<Of extends Table>(
  vault: Vault,
  table: Of,
  record: Omit<Records[Of], 'mac'>,
): Records[Of] {
  const unstamped = { ...record, mac: '' } as Records[Of]
  return { ...unstamped, mac: vault.mac(macInput(table, unstamped)) }
}

/**
 * A stored record with some fields changed. The stored one is authenticated first: stamping a row that somebody
 * changed would make the change genuine.
 */
export function amended<Of extends Table>(
  vault: Vault,
  table: Of,
  record: Records[Of],
  changes: Partial<Omit<Records[Of], 'id' | 'mac'>>,
): Records[Of] {
  return stamped(vault, table, { ...proven(vault, table, record), ...changes })
}

/** Passes a record on only when its `mac` is right. @throws BhorError `store_damaged` naming table and row */
export function proven<Of extends Table>(vault: Vault, table: Of, record: Records[Of]): Records[Of] {
  if (!isGenuine(vault, table, record)) {
    throw new BhorError(
      'store_damaged',
      `The row ${record.id} of ${table} was changed outside bhor or is damaged.`,
      {
        facts: { table, row: record.id },
      },
    )
  }
  return record
}

/** The sound ones of a list: rows whose MAC is wrong are left out, as rows that cannot be read are. */
export function soundOf<Of extends Table>(vault: Vault, table: Of, rows: Rows<Records[Of]>): Records[Of][] {
  return rows.records.filter((record) => isGenuine(vault, table, record))
}

export function isGenuine<Of extends Table>(vault: Vault, table: Of, record: Records[Of]): boolean {
  if (vault.isMacValid(macInput(table, record), record.mac)) return true
  const fields = formerly[table]?.(record)
  return fields !== undefined && vault.isMacValid({ table, row: record.id, fields }, record.mac)
}

/** Seals a set of named secrets as one value; empty text for an empty set. */
export function sealSecrets(vault: Vault, secrets: Readonly<Record<string, Secret>>, place: Place): string {
  const entries = Object.entries(secrets)
  if (entries.length === 0) return ''
  return vault.seal(
    JSON.stringify(Object.fromEntries(entries.map(([name, secret]) => [name, secret.reveal()]))),
    place,
  )
}

/** The reverse of {@link sealSecrets}. */
export function openSecrets(vault: Vault, sealed: string, place: Place): Record<string, Secret> {
  if (sealed === '') return {}
  const values = JSON.parse(vault.open(sealed, place).reveal()) as Record<string, string>
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, new Secret(value)]))
}

export const places = {
  appSecrets: (appId: string): Place => ({ table: 'apps', row: appId, field: 'secrets', generation: 0 }),
  accountSecrets: (accountId: string): Place => ({
    table: 'accounts',
    row: accountId,
    field: 'secrets',
    generation: 0,
  }),
  tokens: (sessionId: string, generation: number): Place => ({
    table: 'sessions',
    row: sessionId,
    field: 'tokens',
    generation,
  }),
  grant: (sessionId: string, generation: number): Place => ({
    table: 'sessions',
    row: sessionId,
    field: 'grant',
    generation,
  }),
  egressLogin: (accountId: string): Place => ({
    table: 'accounts',
    row: accountId,
    field: 'egress',
    generation: 0,
  }),
  deskPassphrase: (): Place => ({ table: 'passphrases', row: thePassphrase, field: 'hash', generation: 0 }),
  carry: (loginId: string): Place => ({ table: 'logins', row: loginId, field: 'carry', generation: 0 }),
  channelSecrets: (channelId: string): Place => ({
    table: 'alert_channels',
    row: channelId,
    field: 'secrets',
    generation: 0,
  }),
  waitingAlert: (outboxId: string): Place => ({
    table: 'alert_outbox',
    row: outboxId,
    field: 'alert',
    generation: 0,
  }),
}
