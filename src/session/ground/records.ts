import type { MacFields, Place, Vault } from '../../contracts/secrets.ts'
import type {
  AccountRecord,
  AppRecord,
  ClientKeyRecord,
  LoginRecord,
  Rows,
  SessionRecord,
} from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { Secret } from '../../core/secret.ts'

/**
 * Which plain columns of each row decide something. They are authenticated, because neither SQLite nor PostgreSQL
 * notices a changed byte, and whoever can write the file must not be able to prolong a session or widen a key.
 */
const macFields = {
  apps: (r: AppRecord) => ({
    broker: r.broker,
    kind: r.kind,
    apiKey: r.apiKey,
    fields: JSON.stringify(r.fields),
  }),
  accounts: (r: AccountRecord) => ({
    alias: r.alias,
    broker: r.broker,
    kind: r.kind,
    appId: r.appId,
    userId: r.userId,
    redirectUrl: r.redirectUrl,
    generation: r.generation,
    // Rows that were written before there were settings have none, and their MAC knows nothing of them.
    ...(Object.keys(r.settings).length > 0 ? { settings: JSON.stringify(r.settings) } : {}),
  }),
  sessions: (r: SessionRecord) => ({
    accountId: r.accountId,
    generation: r.generation,
    status: r.status,
    endReason: r.endReason,
    userId: r.userId,
    baseUrl: r.baseUrl,
    grantedAtMs: r.grantedAtMs,
    expiresAtMs: r.expiresAtMs,
    tokenExpiriesMs: JSON.stringify(Object.entries(r.tokenExpiriesMs).sort()),
  }),
  logins: (r: LoginRecord) => ({
    accountId: r.accountId,
    broker: r.broker,
    stateHash: r.stateHash,
    redirectUrl: r.redirectUrl,
    status: r.status,
    expiresAtMs: r.expiresAtMs,
  }),
  client_keys: (r: ClientKeyRecord) => ({
    hash: r.hash,
    scopes: JSON.stringify(r.scopes),
    accountIds: JSON.stringify(r.accountIds),
    expiresAtMs: r.expiresAtMs,
    revokedAtMs: r.revokedAtMs,
  }),
} as const

type Tables = typeof macFields
type RecordOf<Table extends keyof Tables> = Parameters<Tables[Table]>[0]

function macInput<Table extends keyof Tables>(table: Table, record: RecordOf<Table>): MacFields {
  const fields = (macFields[table] as (r: RecordOf<Table>) => MacFields['fields'])(record)
  return { table, row: record.id, fields }
}

/** The record with its `mac` computed afresh. Every write goes through here. */
export function stamped<Table extends keyof Tables>(
  vault: Vault,
  table: Table,
  record: Omit<RecordOf<Table>, 'mac'>,
): RecordOf<Table> {
  const unstamped = { ...record, mac: '' } as RecordOf<Table>
  return { ...unstamped, mac: vault.mac(macInput(table, unstamped)) }
}

/**
 * A stored record with some fields changed. The stored one is authenticated first: stamping a row that somebody
 * changed would make the change genuine.
 */
export function amended<Table extends keyof Tables>(
  vault: Vault,
  table: Table,
  record: RecordOf<Table>,
  changes: Partial<Omit<RecordOf<Table>, 'id' | 'mac'>>,
): RecordOf<Table> {
  return stamped(vault, table, { ...proven(vault, table, record), ...changes })
}

/** Passes a record on only when its `mac` is right. @throws BhorError `store_damaged` naming table and row */
export function proven<Table extends keyof Tables>(
  vault: Vault,
  table: Table,
  record: RecordOf<Table>,
): RecordOf<Table> {
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
export function soundOf<Table extends keyof Tables>(
  vault: Vault,
  table: Table,
  rows: Rows<RecordOf<Table>>,
): RecordOf<Table>[] {
  return rows.records.filter((record) => isGenuine(vault, table, record))
}

export function isGenuine<Table extends keyof Tables>(
  vault: Vault,
  table: Table,
  record: RecordOf<Table>,
): boolean {
  return vault.isMacValid(macInput(table, record), record.mac)
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
  carry: (loginId: string): Place => ({ table: 'logins', row: loginId, field: 'carry', generation: 0 }),
}
