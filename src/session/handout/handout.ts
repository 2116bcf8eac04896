import type { HandOut } from '../../contracts/api.ts'
import type { AuditEntry } from '../../contracts/audit.ts'
import type { ExpiryRule } from '../../contracts/broker.ts'
import { callLimitsOf } from '../../contracts/call-limits.ts'
import type { AccountRecord, HouseRecord, SessionRecord, Watched } from '../../contracts/store.ts'
import { BhorError, isBhorError } from '../../core/errors.ts'
import { iso } from '../../core/instant.ts'
import { istDayNumber } from '../../core/ist.ts'
import { Secret } from '../../core/secret.ts'
import { accountFor } from '../accounts/account.ts'
import { theHouseOf } from '../gate/first-look.ts'
import { refuseSealed } from '../gate/seal.ts'
import { refuseWithheld } from '../gate/withhold.ts'
import { whoOf } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { lineTo } from '../ground/line.ts'
import { type Principal, requireFresh, requireRight } from '../ground/rights.ts'
import { lifeHint, loginAt } from '../life/dawn.ts'
import { isInDoubt, isUnproven } from '../life/doubts.ts'
import { latestSessionOf, liveOrThrow, noSession } from '../life/live.ts'
import type { Probes } from '../life/probe.ts'
import { unconfirmedText } from '../life/state.ts'

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
  readonly canOrder: boolean
  /** By which a new session would end. */
  readonly expiry: ExpiryRule
  /** Records one more, by the kind and id of who asks. */
  readonly recorders: Map<string, () => Promise<void>>
}
/** A session that is replaced at this very moment is worth looking again; the third time something else is wrong. */
const mostAttempts = 3

interface Entry {
  readonly account: AccountRecord
  readonly session: SessionRecord
  /** The day in India on which it was read: each day begins with a proof. */
  readonly day: number
  readonly house: HouseRecord | 'damaged'
  readonly ready: Map<string, Ready>
}

/**
 * The one way a token leaves. The record is durable before the token is given, and in the commit that makes it so
 * the store confirms that the session is still the account's current one and the key still valid; only then the
 * text, kept from the last time, is let go.
 */
export class HandOuts {
  readonly #context: SessionContext
  readonly #probes: Probes
  readonly #entries = new Map<string, Entry>()

  constructor(context: SessionContext, probes: Probes) {
    this.#context = context
    this.#probes = probes
    context.feed.subscribe(() => this.#entries.clear())
    context.clock.onJump(() => this.#entries.clear())
  }

  /**
   * The session of an account as the JSON text of a {@link HandOut}.
   *
   * @throws BhorError `sealed`, `unconfirmed`, `gate_closed`, `session_…`, `session_short`, `token_kind_unavailable`, `account_not_found`, `key_invalid`,
   *   `audit_unavailable`, `store_rolled_back`
   */
  async handOut(asking: Principal, alias: string, wish: HandOutWish = {}): Promise<Secret> {
    let principal = asking
    let isRecorded = false
    const confirm = async () => {
      if (!principal.confirm) return
      isRecorded = true
      principal = await principal.confirm()
      isRecorded = false
    }
    const kind = wish.kind ?? 'access'
    try {
      for (let attempt = 1; ; attempt++) {
        const known = this.#known(alias)
        // The commit confirms the key; whatever comes before it is for nobody whose key was revoked.
        if (!known?.ready.has(kind)) await confirm()
        const entry = known ?? (await this.#load(principal, alias))
        requireRight(principal, 'read-token', entry.account)
        requireFresh(this.#context, principal, 'token.show')
        const ready = entry.ready.get(kind) ?? (await this.#prepare(entry, kind))
        refuseSealed(entry.house)
        if (ready.canOrder) refuseWithheld(this.#nowMs(), entry.account, entry.house)
        checkLife(this.#nowMs(), entry, kind, ready, wish)
        try {
          await this.#recorderOf(principal, entry, ready, kind)()
        } catch (error) {
          isRecorded = !isBhorError(error, 'store_rolled_back')
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
      // Another server may lift it: the next request looks anew.
      if (isBhorError(error) && (error.code === 'gate_closed' || error.code === 'sealed'))
        this.#entries.delete(alias)
      if (!isBhorError(error) || isRecorded) throw error
      await confirm()
      await this.#recordRefusal(principal, alias, error)
      throw error
    }
  }

  #known(alias: string): Entry | undefined {
    const entry = this.#entries.get(alias)
    return entry?.day === istDayNumber(this.#nowMs()) ? entry : undefined
  }

  async #load(principal: Principal, alias: string): Promise<Entry> {
    const { feed } = this.#context
    const { version } = feed
    const { account, session } = await this.#certain(principal, alias)
    refuseUnconfirmed(this.#nowMs(), account, session)
    const house = await theHouseOf(this.#context)
    const day = istDayNumber(this.#nowMs())
    const entry: Entry = { account, session, house, day, ready: new Map() }
    if (version === feed.version) this.#entries.set(alias, entry)
    return entry
  }

  /** The session as it is stored; one that is in doubt is asked about first, for as long as a program can wait. */
  async #certain(principal: Principal, alias: string): Promise<Pick<Entry, 'account' | 'session'>> {
    const context = this.#context
    const read = async () => {
      const account = await accountFor(context, principal, 'read-token', alias)
      return { account, session: await latestSessionOf(context, account) }
    }
    const first = await read()
    // Also of an account that has no session: a login would only find out later.
    refuseSealed(await theHouseOf(context))
    await context.flights.retry(first.account.id)
    if (context.flights.isOpen(first.account.id)) throw unsettled(first.account)
    const { account, session } = await read()
    if (!session) throw noSession(account)
    const { clock } = context
    const isOfSandbox = account.kind === 'sandbox'
    const isUnsure = () => session.status === 'active' && clock.isUnsure(session.expiresAtMs, isOfSandbox)
    const nowMs = this.#nowMs()
    if (!isInDoubt(account, session, nowMs) && !isUnproven(account, session, nowMs) && !isUnsure())
      return { account, session }
    await this.#probes.askBriefly(account)
    if (isUnsure()) throw unsureClock(account)
    const now = await read()
    return { account: now.account, session: now.session ?? session }
  }

  async #prepare(entry: Entry, kind: string): Promise<Ready> {
    const { account, session } = entry
    const { broker, hosts, values } = await lineTo(this.#context, account, session)
    if (broker.handsOut === 'proxy only') {
      throw new BhorError(
        'proxy_only',
        `Every request to ${broker.name} is signed on its own; no token is handed out.`,
      )
    }
    const isKind = Object.hasOwn(broker.tokens, kind) && !broker.tokens[kind]?.internal
    const token = isKind && Object.hasOwn(values.tokens, kind) ? values.tokens[kind] : undefined
    if (token === undefined) {
      throw new BhorError(
        'token_kind_unavailable',
        `This session of ${account.alias} holds no token of that kind.`,
      )
    }
    const expiresAtMs = session.tokenExpiriesMs[kind] ?? session.expiresAtMs
    const tokens = { ...values.tokens, access: token }
    const { headers = {} } = broker.sign({ method: 'GET', host: 'api', path: '/' }, { ...values, tokens })
    const handOut: HandOut = {
      account: account.alias,
      broker: broker.id,
      kind: account.kind,
      generation: session.generation,
      tokenKind: kind,
      accessToken: broker.handsOut === 'token' ? token : '',
      apiKey: values.app.apiKey ?? '',
      userId: session.userId,
      baseUrl: session.baseUrl || (hosts.api ?? ''),
      hosts: { ...hosts },
      headers: { ...headers },
      issuedAt: iso(session.grantedAtMs),
      expiresAt: iso(expiresAtMs),
      limits: callLimitsOf(broker),
    }
    const ready: Ready = {
      body: new Secret(JSON.stringify(handOut)),
      expiresAtMs,
      canOrder: broker.tokens[kind]?.canOrder ?? true,
      expiry: broker.tokens[kind]?.expiry ?? broker.expiry,
      recorders: new Map(),
    }
    entry.ready.set(kind, ready)
    return ready
  }

  /** It fails with `generation_conflict` when the session is not the current one any more, with `key_invalid`. */
  #recorderOf({ actor }: Principal, held: Entry, ready: Ready, kind: string): () => Promise<void> {
    const who = `${actor.kind} ${actor.id}`
    const known = ready.recorders.get(who)
    if (known) return known
    const { account, session } = held
    const told = { action: 'session.handout', result: 'ok' } as const
    const entry: Omit<AuditEntry, 'atMs'> = {
      actor,
      ...told,
      accountId: account.id,
      account: account.alias,
      detail: { generation: session.generation, kind },
    }
    const isKey = actor.kind === 'key'
    const watch = { accountIds: [account.id], keyIds: isKey ? [actor.id] : [] }
    const event = { ...told, code: '', account: whoOf(account), detail: { key: actor.id } }
    const use = { keyId: isKey ? actor.id : actor.kind, accountId: account.id, ...(isKey ? { event } : {}) }
    const refusalOf = (watched: Watched) => {
      if (isKey && !watched.liveKeyIds.has(actor.id)) return keyRevoked()
      return isCurrent(held, watched) ? undefined : replaced(account)
    }
    const recorder = this.#context.audit.recorder(entry, watch, refusalOf, use)
    ready.recorders.set(who, recorder)
    return recorder
  }

  async #recordRefusal(principal: Principal, alias: string, error: BhorError): Promise<void> {
    const { store, refusals } = this.#context
    const isHidden = error.code === 'account_not_found' || error.code === 'scope_missing'
    const account = isHidden ? undefined : await store.accounts.byAlias(alias).catch(() => undefined)
    const refusal = { action: 'session.handout', result: 'refused', code: error.code } as const
    await refusals.record({ actor: principal.actor, account, ...refusal })
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
    const login = loginAt(nowMs, ready.expiry, ready.expiresAtMs)
    const hint = lifeHint(ready.expiresAtMs, nowMs + wish.minLifeMs, login)
    throw new BhorError(
      'session_short',
      `The session of ${account.alias} lasts only ${minutes} more minutes.`,
      { hint, facts: { leftMs } },
    )
  }
}

/** Kept, and for nobody, whatever token of it is asked for, until a person has said that it is the right one's. */
function refuseUnconfirmed(nowMs: number, account: AccountRecord, session: SessionRecord): void {
  if (session.unconfirmed === '') return
  liveOrThrow(nowMs, account, session)
  throw new BhorError('unconfirmed', unconfirmedText(account, session))
}

function isCurrent({ account, session, house }: Entry, watched: Watched): boolean {
  const now = watched.accounts.get(account.id)
  // A pause is in the account's row, the kill switch in that of the house.
  const isSameHouse = house === 'damaged' || now?.houseMac === house.mac
  const isSameAccount = now?.mac === account.mac && isSameHouse
  return isSameAccount && now?.generation === session.generation && now.status === session.status
}

function unsettled({ alias }: AccountRecord): BhorError {
  return new BhorError('store_unavailable', `It is not known yet how the last login of ${alias} ended.`)
}

function unsureClock({ alias }: AccountRecord): BhorError {
  const text = `Whether the session of ${alias} has ended is not certain: this computer’s clock has jumped or is wrong, and the broker could not be asked.`
  return new BhorError('clock_doubtful', text)
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
