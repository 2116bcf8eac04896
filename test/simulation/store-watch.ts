import type { StatementSync } from 'node:sqlite'
import type { Vault } from '../../src/contracts/secrets.ts'
import type { Brokers, Issued } from './brokers.ts'
import { GateWatch } from './gate-watch.ts'
import { LeaseWatch } from './lease-watch.ts'
import type { SharedDatabase } from './shared-database.ts'
import { StatusWatch } from './status-watch.ts'
import { clockErrorMs, holds } from './violation.ts'

export interface StoredAccount {
  readonly id: string
  readonly alias: string
  readonly broker: string
  readonly appId: string
  readonly userId: string
  readonly generation: number
}
export interface StoredSession {
  readonly id: string
  readonly accountId: string
  readonly generation: number
  readonly status: 'active' | 'ended'
  readonly endReason: string | null
  readonly userId: string
  readonly expiresAtMs: number
  readonly sealedTokens: string
  /** What the broker knows of its access token. */
  readonly issued: Issued
  readonly committedAtMs: number
  readonly committedBy: string
}
interface StatusRow {
  readonly id: string
  readonly status: string
}
interface AuditRow {
  readonly seq: number
  readonly accountId: string | null
  readonly entry: string
}
interface Entry {
  readonly actor: { readonly kind: string; readonly id: string }
  readonly action: string
  readonly result: string
  readonly detail?: { readonly generation?: number; readonly kind?: string }
}

/** What the watch must know of the world beside the store. */
export interface Surroundings {
  readonly nowMs: () => number
  readonly brokers: Brokers
  /** Somebody has asked for that. */
  readonly wasAsked: (what: 'logout' | 'removal', accountId: string) => boolean
}

const watched = ['accounts', 'sessions', 'logins', 'intents', 'client_keys'] as const
type Watched = (typeof watched)[number]

/**
 * Looks at the rows themselves after every commit, past all code of bhor's: what may follow what, and whether it is true by
 * what the brokers know.
 */
export class StoreWatch {
  readonly accounts = new Map<string, StoredAccount>()
  readonly sessions = new Map<string, StoredSession>()
  /** By account. */
  readonly latest = new Map<string, StoredSession>()
  /** Which account a token was stored for. */
  readonly accountOfToken = new Map<string, string>()
  readonly revokedKeys = new Set<string>()
  /** Durable records of hand-outs, by account, generation and key. */
  readonly handOuts = new Map<string, number>()
  readonly statuses: StatusWatch
  readonly gates: GateWatch
  readonly #leases: LeaseWatch
  vault: Vault | undefined
  commits = 0
  records = 0
  readonly #around: Surroundings
  readonly #changed: StatementSync
  readonly #forget: StatementSync
  readonly #row: Readonly<Record<'accounts' | 'sessions' | 'client_keys', StatementSync>>
  readonly #audit: StatementSync
  readonly #fedSince: StatementSync
  readonly #apiKey: StatementSync
  #seq = 0
  #fed = 0

  constructor(database: SharedDatabase, around: Surroundings) {
    const { raw } = database
    this.#around = around
    this.statuses = new StatusWatch(database, around.nowMs)
    raw.function('true_now_ms', around.nowMs)
    this.gates = new GateWatch(database, around.nowMs)
    this.#leases = new LeaseWatch(database)
    raw.exec('create temp table changed (of text not null, id text not null)')
    for (const table of watched) {
      for (const [event, row] of [
        ['insert', 'new'],
        ['update', 'new'],
        ['delete', 'old'],
      ]) {
        raw.exec(`create temp trigger ${table}_${event} after ${event} on main.${table}
          begin insert into changed values ('${table}', ${row}.id); end`)
      }
    }
    for (const event of ['update', 'delete'])
      raw.exec(`create temp trigger audit_${event} before ${event} on main.audit
        begin select raise(abort, 'I6 a record of the audit was changed'); end`)
    this.#changed = raw.prepare('select distinct of, id from changed')
    this.#forget = raw.prepare('delete from changed')
    this.#row = {
      accounts: raw.prepare(`select id, alias, broker, app_id as appId, user_id as userId, generation
        from accounts where id = ?`),
      sessions: raw.prepare(`select id, account_id as accountId, generation, status, end_reason as endReason,
        user_id as userId, expires_at_ms as expiresAtMs, sealed_tokens as sealedTokens from sessions where id = ?`),
      client_keys:
        raw.prepare(`select id, case when revoked_at_ms is null then 'live' else 'revoked' end as status
        from client_keys where id = ?`),
    }
    this.#audit = raw.prepare(
      'select seq, account_id as accountId, entry_json as entry from audit where seq > ? order by seq',
    )
    this.#fedSince = raw.prepare('select seq from feed where seq > ? order by seq')
    this.#apiKey = raw.prepare('select api_key as apiKey from apps where id = ?')
  }

  /** True when rows have changed, and not only records were added. */
  committed(kind: string, by: string): boolean {
    this.commits++
    const changed = kind === 'audit' ? [] : (this.#changed.all() as { of: Watched; id: string }[])
    if (changed.length > 0) this.#forget.run()
    // Accounts first: what is said of a session is held against them.
    const before = new Map(this.accounts)
    for (const { of, id } of changed) if (of === 'accounts') this.#account(id)
    const brought = new Set<string | undefined>()
    for (const { of, id } of changed)
      if (of === 'logins' || of === 'intents') brought.add(this.statuses.changed(of, id, by))
    for (const { of, id } of changed) {
      if (of === 'sessions') this.#session(id, by, brought)
      else if (of === 'client_keys') this.#key(id)
    }
    this.#leases.committed(by)
    for (const { of, id } of changed) if (of === 'accounts') this.#generation(id, before.get(id))
    const added = this.#recordsAdded()
    holds(
      changed.length === 0 || added.length > 0,
      () => `I6 ${by} changed ${changed.map(({ of }) => of)} without a record`,
    )
    if (kind === 'transaction') this.#wereFed(added)
    else if (kind === 'audit') this.#mayBeFed(added)
    else if (kind === 'beginning') this.#fed = this.#seq
    return changed.length > 0
  }

  #account(id: string): void {
    const row = this.#row.accounts.get(id) as unknown as StoredAccount | undefined
    const before = this.accounts.get(id)
    if (!row) {
      holds(before, () => `I1 an account that nobody knows was deleted: ${id}`)
      holds(
        this.#around.wasAsked('removal', id),
        () => `I1 ${before.alias} was removed, and nobody asked for it`,
      )
      this.accounts.delete(id)
      this.latest.delete(id)
      return
    }
    const step = row.generation - (before?.generation ?? 0)
    holds(
      step === 0 || step === 1,
      () => `I2 ${row.alias} goes from generation ${before?.generation} to ${row.generation}`,
    )
    this.accounts.set(id, row)
  }

  #generation(id: string, before: StoredAccount | undefined): void {
    const account = this.accounts.get(id)
    if (!account || account.generation === (before?.generation ?? 0)) return
    const latest = this.latest.get(id)
    holds(
      latest?.generation === account.generation,
      () =>
        `I2 ${account.alias} is at generation ${account.generation}, its newest session at ${latest?.generation}`,
    )
  }

  #session(id: string, by: string, brought: ReadonlySet<string | undefined>): void {
    const row = this.#row.sessions.get(id) as unknown as
      | Omit<StoredSession, 'issued' | 'committedAtMs' | 'committedBy'>
      | undefined
    const before = this.sessions.get(id)
    if (!row) {
      holds(
        before && !this.accounts.has(before.accountId),
        () => `I1 a session was deleted, and its account was not: ${id}`,
      )
      this.sessions.delete(id)
      return
    }
    if (!before) {
      const isBrought = by === 'nobody' || brought.has(row.accountId)
      holds(
        isBrought,
        () => `I4 a session of ${row.accountId} was stored, and the exchange for it had been given up`,
      )
      this.#newSession(row, by)
      return
    }
    this.sessions.set(id, { ...before, ...row })
    const after = this.sessions.get(id)!
    if (this.latest.get(row.accountId)?.id === id) this.latest.set(row.accountId, after)
    const name = () => `${this.accounts.get(row.accountId)?.alias} generation ${row.generation}`
    holds(
      before.generation === row.generation &&
        before.expiresAtMs === row.expiresAtMs &&
        before.userId === row.userId,
      () => `I7 ${name()} was made another session than it was`,
    )
    holds(
      before.status !== 'ended' || row.status === 'ended',
      () => `I7 ${name()} had ended, and lives again`,
    )
    if (before.status === 'active' && row.status === 'ended') this.#ended(after, name)
    else
      holds(
        before.endReason === row.endReason,
        () => `I7 ${name()} ended ${before.endReason}, now ${row.endReason}`,
      )
  }

  #newSession(row: Omit<StoredSession, 'issued' | 'committedAtMs' | 'committedBy'>, by: string): void {
    const account = this.accounts.get(row.accountId)
    const before = this.latest.get(row.accountId)
    const name = `${account?.alias} generation ${row.generation}`
    holds(account && row.generation === account.generation, () => `I2 ${name} is not what its account says`)
    holds(row.status === 'active', () => `I2 ${name} begins as one that has ended`)
    const tokens = this.#tokensOf(row)
    const issued = this.#around.brokers.issued(tokens.access ?? '')
    holds(issued, () => `I1 ${name} has a token that no broker has given`)
    holds(!this.accountOfToken.has(issued.token), () => `I2 ${name} has the token of another session`)
    for (const token of Object.values(tokens)) this.accountOfToken.set(token, row.accountId)
    holds(
      issued.userId === row.userId && issued.userId === account.userId,
      () => `T2 ${name} holds the token of ${issued.userId}, and is ${account.userId}’s`,
    )
    const { apiKey } = this.#apiKey.get(account.appId) as { apiKey: string }
    holds(
      issued.broker === account.broker && issued.apiKey === apiKey,
      () => `T2 ${name} holds a token of the app ${issued.apiKey}, not of ${apiKey}`,
    )
    holds(
      row.expiresAtMs <= issued.expiresAtMs,
      () =>
        `I8 ${name} is said to last until ${iso(row.expiresAtMs)}, its token until ${iso(issued.expiresAtMs)}`,
    )
    const session = { ...row, issued, committedAtMs: this.#around.nowMs(), committedBy: by }
    this.sessions.set(row.id, session)
    this.latest.set(row.accountId, session)
    const rival = before && this.#row.sessions.get(before.id)
    holds(!rival || rival.status === 'ended', () => `I2 ${name} and the one before it are both current`)
  }

  #tokensOf({ id, generation, sealedTokens }: Pick<StoredSession, 'id' | 'generation' | 'sealedTokens'>) {
    const place = { table: 'sessions', row: id, field: 'tokens', generation } as const
    return JSON.parse(this.vault!.open(sealedTokens, place).reveal()) as Record<string, string>
  }

  /** Each end has its reason, and the reason is true. */
  #ended({ accountId, endReason, expiresAtMs, issued }: StoredSession, name: () => string): void {
    const { nowMs, brokers, wasAsked } = this.#around
    if (endReason === 'expired') {
      holds(
        nowMs() + clockErrorMs >= expiresAtMs,
        () => `I8 ${name()} was called expired at ${iso(nowMs())}, and lasts until ${iso(expiresAtMs)}`,
      )
    } else if (endReason === 'revoked') {
      holds(!brokers.isAlive(issued.token), () => `I8 ${name()} was called dead, and its token lives`)
    } else if (endReason === 'logged_out') {
      const isAsked = wasAsked('logout', accountId) || wasAsked('removal', accountId)
      holds(isAsked, () => `I8 ${name()} was logged out, and nobody asked for it`)
    } else holds(endReason === 'replaced', () => `I2 ${name()} has ended without a reason`)
  }

  #key(id: string): void {
    const row = this.#row.client_keys.get(id) as unknown as StatusRow | undefined
    holds(row?.status !== 'live' || !this.revokedKeys.has(id), () => `I7 the revoked key ${id} lives again`)
    if (row?.status !== 'live') this.revokedKeys.add(id)
  }

  /** Those of this commit. */
  #recordsAdded(): readonly AuditRow[] {
    const added = this.#audit.all(this.#seq) as unknown as AuditRow[]
    for (const { seq, accountId, entry } of added) {
      holds(seq === this.#seq + 1, () => `I6 record ${seq} follows ${this.#seq}`)
      this.#seq = seq
      this.records++
      if (entry.includes('"session.handout"')) this.#handOut(accountId, JSON.parse(entry) as Entry)
    }
    return added
  }
  #handOut(accountId: string | null, { actor, result, detail }: Entry): void {
    if (result !== 'ok' || accountId === null) return
    const latest = this.latest.get(accountId)
    holds(
      latest?.generation === detail?.generation && (latest?.status === 'active' || detail?.kind !== 'access'),
      () =>
        `I3 generation ${detail?.generation} was handed out, when ${latest?.generation} (${latest?.status}) was current`,
    )
    holds(
      actor.kind !== 'key' || !this.revokedKeys.has(actor.id),
      () => `I3 the key ${actor.id} was revoked, and got a token`,
    )
    holds(
      detail?.kind !== 'access' || !this.gates.withholds(accountId),
      () => `GATE ${this.accounts.get(accountId)?.alias} was handed out, while trading was stopped for it`,
    )
    const which = handOutKey(accountId, detail?.generation ?? 0, actor.id)
    this.handOuts.set(which, (this.handOuts.get(which) ?? 0) + 1)
  }

  /** Of records alone the feed tells some, the first use of a key in a minute, and nothing that is in no record. */
  #mayBeFed(added: readonly AuditRow[]): void {
    const records = new Set(added.map(({ seq }) => seq))
    const fed = this.#fedSince.all(this.#fed) as { seq: number }[]
    holds(
      fed.every(({ seq }) => records.has(seq)),
      () => `I6 the feed tells of ${fed.map(({ seq }) => seq)}, the audit of ${[...records]}`,
    )
    this.#fed = this.#seq
  }
  #wereFed(added: readonly AuditRow[]): void {
    const fed = this.#fedSince.all(this.#fed) as { seq: number }[]
    holds(
      fed.length === added.length && fed.every(({ seq }, at) => seq === added[at]?.seq),
      () => `I6 the feed tells of ${fed.map(({ seq }) => seq)}, the audit of ${added.map(({ seq }) => seq)}`,
    )
    this.#fed = this.#seq
    const told = added.map(({ accountId, entry }) => `${accountId} ${entry}`)
    holds(new Set(told).size === told.length, () => `I6 the audit tells the same twice: ${told}`)
  }
}

export const handOutKey = (accountId: string, generation: number, actorId: string) =>
  `${accountId} ${generation} ${actorId}`
const iso = (ms: number) => new Date(ms).toISOString()
