import type { HandOut } from '../contracts/api.ts'
import type { AuditEntry } from '../contracts/audit.ts'
import type { AccountRecord, SessionRecord, Watched } from '../contracts/store.ts'
import { BhorError, isBhorError } from '../core/errors.ts'
import { Secret } from '../core/secret.ts'
import { accountNamed, noAccount } from './accounts.ts'
import { entryOf, type Principal, type SessionContext } from './context.ts'
import { latestSessionOf, liveOrThrow, noSession, openSession } from './signing.ts'

export interface HandOutWish {
  /** A token kind of the broker; `access` when left out. */
  readonly kind?: string
  /** The session must last at least this long from now. */
  readonly minLifeMs?: number
}

/** A hand-out, ready as JSON text: made once per session and kind, sent many times. */
interface Ready {
  readonly body: Secret
  readonly expiresAtMs: number
  /** Records one more, by who asks. */
  readonly recorders: WeakMap<Principal, () => Promise<void>>
}
/** A session that is replaced at this very moment is worth looking again; the third time something else is wrong. */
const mostAttempts = 3

interface Entry {
  readonly account: AccountRecord
  readonly session: SessionRecord
  readonly ready: Map<string, Ready>
}

/**
 * The one way a token leaves. The record is durable before the token is given, and in the commit that makes it so
 * the store confirms that the session is still the account's current one and the key still valid; only then the
 * text, kept from the last time, is let go.
 */
export class HandOuts {
  readonly #context: SessionContext
  readonly #entries = new Map<string, Entry>()

  constructor(context: SessionContext) {
    this.#context = context
    context.changes.subscribe(() => this.#entries.clear())
  }

  /**
   * The session of an account as the JSON text of a {@link HandOut}.
   *
   * @throws BhorError `session_…`, `session_short`, `token_kind_unavailable`, `account_not_found`, `key_invalid`,
   *   `audit_unavailable`
   */
  async handOut(principal: Principal, alias: string, wish: HandOutWish = {}): Promise<Secret> {
    let isRecorded = false
    try {
      for (let attempt = 1; ; attempt++) {
        const entry = this.#entries.get(alias) ?? (await this.#load(principal, alias))
        if (principal.accountIds && !principal.accountIds.has(entry.account.id)) throw noAccount()
        const kind = wish.kind ?? 'access'
        const ready = entry.ready.get(kind) ?? (await this.#prepare(entry, kind))
        checkLife(this.#nowMs(), entry, kind, ready, wish)
        try {
          await this.#recorderOf(principal, entry, ready, kind)()
        } catch (error) {
          isRecorded = true
          this.#entries.delete(alias)
          if (!isBhorError(error, 'generation_conflict')) throw error
          // Rows that never agree were not written by bhor.
          if (attempt === mostAttempts) throw notOne(entry.account)
          isRecorded = false
          continue
        }
        // The commit took time too.
        checkLife(this.#nowMs(), entry, kind, ready, wish)
        return ready.body
      }
    } catch (error) {
      if (isBhorError(error) && !isRecorded) await this.#recordRefusal(principal, alias, error)
      throw error
    }
  }

  async #load(principal: Principal, alias: string): Promise<Entry> {
    const version = this.#context.changes.version
    const account = await accountNamed(this.#context, alias, principal)
    const session = await latestSessionOf(this.#context, account)
    if (!session) throw noSession(account)
    const entry: Entry = { account, session, ready: new Map() }
    if (version === this.#context.changes.version) this.#entries.set(alias, entry)
    return entry
  }

  async #prepare(entry: Entry, kind: string): Promise<Ready> {
    const { broker, hosts, signing } = await openSession(this.#context, entry.account, entry.session)
    const isKind = Object.hasOwn(broker.tokens, kind) && !broker.tokens[kind]?.internal
    const token = isKind && Object.hasOwn(signing.tokens, kind) ? signing.tokens[kind] : undefined
    if (token === undefined) {
      throw new BhorError(
        'token_kind_unavailable',
        `This session of ${entry.account.alias} holds no token of that kind.`,
      )
    }
    const expiresAtMs = entry.session.tokenExpiriesMs[kind] ?? entry.session.expiresAtMs
    const signed = broker.sign(
      { method: 'GET', host: 'api', path: '/' },
      { ...signing, tokens: { ...signing.tokens, access: token } },
    )
    const handOut: HandOut = {
      account: entry.account.alias,
      broker: broker.id,
      kind: entry.account.kind,
      generation: entry.session.generation,
      tokenKind: kind,
      accessToken: token,
      apiKey: signing.app.apiKey ?? '',
      userId: entry.session.userId,
      baseUrl: entry.session.baseUrl || (hosts.api ?? ''),
      hosts: { ...hosts },
      headers: { ...signed.headers },
      issuedAt: isoText(entry.session.grantedAtMs),
      expiresAt: isoText(expiresAtMs),
    }
    const ready: Ready = {
      body: new Secret(JSON.stringify(handOut)),
      expiresAtMs,
      recorders: new WeakMap(),
    }
    entry.ready.set(kind, ready)
    return ready
  }

  /** It fails with `generation_conflict` when the session is not the current one any more, with `key_invalid`. */
  #recorderOf(principal: Principal, held: Entry, ready: Ready, kind: string): () => Promise<void> {
    const known = ready.recorders.get(principal)
    if (known) return known
    const { account, session } = held
    const entry: Omit<AuditEntry, 'atMs'> = {
      actor: principal.actor,
      action: 'session.handout',
      accountId: account.id,
      account: account.alias,
      result: 'ok',
      detail: { generation: session.generation, kind },
    }
    const { actor } = principal
    const keyIds = actor.kind === 'key' ? [actor.id] : []
    const watch = { accountIds: [account.id], keyIds }
    const recorder = this.#context.audit.handOuts(entry, watch, (watched) => {
      if (actor.kind === 'key' && !watched.liveKeyIds.has(actor.id)) return keyRevoked()
      return isCurrent(held, watched) ? undefined : replaced(account)
    })
    ready.recorders.set(principal, recorder)
    return recorder
  }

  async #recordRefusal(principal: Principal, alias: string, error: BhorError): Promise<void> {
    const account =
      error.code === 'account_not_found' ? undefined : await this.#context.store.accountByAlias(alias)
    const refusal = { action: 'session.handout', result: 'refused', code: error.code } as const
    await this.#context.audit.record(entryOf(this.#context, principal.actor, account, refusal))
  }

  #nowMs(): number {
    return this.#context.clock.nowMs()
  }
}

function checkLife(
  nowMs: number,
  { account, session }: Entry,
  kind: string,
  ready: Ready,
  wish: HandOutWish,
): void {
  // A read-only token lives on when the day's session has run out, but not when it was logged out or killed.
  const hasOnlyRunOut = kind !== 'access' && session.endReason === 'expired'
  const status = hasOnlyRunOut ? 'active' : session.status
  if (status !== 'active' || nowMs >= ready.expiresAtMs)
    liveOrThrow(nowMs, account, { ...session, status, expiresAtMs: ready.expiresAtMs })
  const leftMs = ready.expiresAtMs - nowMs
  if (wish.minLifeMs !== undefined && leftMs < wish.minLifeMs) {
    const minutes = Math.floor(leftMs / 60_000)
    throw new BhorError(
      'session_short',
      `The session of ${account.alias} lasts only ${minutes} more minutes.`,
      { facts: { leftMs } },
    )
  }
}

function isCurrent({ account, session }: Entry, watched: Watched): boolean {
  const now = watched.accounts.get(account.id)
  return now?.mac === account.mac && now.generation === session.generation && now.status === session.status
}

function keyRevoked(): BhorError {
  return new BhorError('key_invalid', 'This key was revoked.')
}

function replaced(account: AccountRecord): BhorError {
  return new BhorError('generation_conflict', `The session of ${account.alias} was just replaced.`)
}

function notOne(account: AccountRecord): BhorError {
  return new BhorError(
    'store_damaged',
    `The account ${account.alias} and its session do not belong together.`,
  )
}

function isoText(epochMs: number): string {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toString()
}
