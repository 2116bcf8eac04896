import type { HandOut } from '../../src/contracts/api.ts'
import { isBhorError } from '../../src/core/errors.ts'
import type { Brokers } from './brokers.ts'
import type { BhorProcess } from './process.ts'
import { handOutKey, type StoredSession, type StoreWatch } from './store-watch.ts'
import { clockErrorMs, holds, Violation } from './violation.ts'

/** What bhor may say for itself, whatever it is asked: no bug of its own, no damage that nobody has done. */
const neverSaid = [
  'internal',
  'store_damaged',
  'seal_broken',
  'audit_broken',
  'system_refused',
  'scope_missing',
]
/** A refusal that says something about the session. */
const aboutSession = [
  'session_none',
  'session_expired',
  'session_revoked',
  'session_short',
  'needs_login',
  'generation_conflict',
  'clock_doubtful',
  'clock_wrong',
]

/** What a hand-out meets when it begins. */
export interface Asked {
  readonly process: BhorProcess
  readonly alias: string
  readonly keyId: string
  readonly atMs: number
  /** The newest session of the account then. */
  readonly session: StoredSession | undefined
}

/** Holds what bhor answers against what is stored and what the brokers know. */
export class AnswerWatch {
  handOuts = 0
  refusals = 0
  readonly #store: StoreWatch
  readonly #brokers: Brokers
  readonly #nowMs: () => number
  readonly #released = new Map<string, number>()

  constructor(store: StoreWatch, brokers: Brokers, nowMs: () => number) {
    this.#store = store
    this.#brokers = brokers
    this.#nowMs = nowMs
  }
  /** Any error that leaves bhor. */
  fault(what: string, error: unknown): void {
    if (error instanceof Violation) throw error
    holds(isBhorError(error), () => `I10 ${what}: ${(error as Error)?.stack ?? String(error)}`)
    const { cause } = error
    holds(
      !neverSaid.includes(error.code),
      () => `I10 ${what}: ${error.code}, ${error.message} ${cause instanceof Error ? cause.stack : ''}`,
    )
  }
  sessionOf(alias: string): StoredSession | undefined {
    for (const { id, alias: name } of this.#store.accounts.values())
      if (name === alias) return this.#store.latest.get(id)
    return undefined
  }
  /** Somebody was told that a session has begun. */
  started(alias: string, generation: number): void {
    const latest = this.sessionOf(alias)
    const accountId = latest?.accountId
    const isKept = [...this.#store.sessions.values()].some(
      (session) => session.accountId === accountId && session.generation === generation,
    )
    holds(
      isKept && latest && latest.generation >= generation,
      () =>
        `I1 ${alias} was told of generation ${generation}, which is not stored (${latest?.generation} is)`,
    )
  }
  /** A token leaves the process. */
  released({ alias, keyId }: Asked, body: string): HandOut {
    const handOut = JSON.parse(body) as HandOut
    const token = this.#brokers.issued(handOut.accessToken)
    const accountId = this.#store.accountOfToken.get(handOut.accessToken)
    const name = `${alias} generation ${handOut.generation}`
    holds(token && accountId, () => `I1 ${name} was handed out with a token that no broker has given`)
    const alone = this.#store.accounts.get(accountId)
    holds(!alone || alone.alias === alias, () => `T10 ${alias} was asked for, and ${alone?.alias} was given`)
    holds(
      this.#nowMs() < token.expiresAtMs + clockErrorMs,
      () => `I8 ${name} was handed out at ${iso(this.#nowMs())}, and ended at ${iso(token.expiresAtMs)}`,
    )
    const which = handOutKey(accountId, handOut.generation, keyId)
    const released = (this.#released.get(which) ?? 0) + 1
    this.#released.set(which, released)
    const recorded = this.#store.handOuts.get(which) ?? 0
    holds(
      released <= recorded,
      () => `I5 ${name} was handed out ${released} times, and recorded ${recorded} times`,
    )
    this.handOuts++
    return handOut
  }
  /** No token comes: that must be for a reason. */
  refused({ process, alias, atMs, session }: Asked, error: unknown): void {
    this.fault(`hand-out of ${alias}`, error)
    this.refusals++
    const accountId = session?.accountId
    holds(
      !isBhorError(error, 'gate_closed') ||
        accountId === undefined ||
        this.#store.gates.mayRefuse(accountId, atMs) ||
        this.#isExcused(process, atMs),
      () => `GATE ${alias} was withheld, and trading is not stopped for it`,
    )
    if (!isBhorError(error) || !session || !aboutSession.includes(error.code)) return
    const now = this.sessionOf(alias)
    const isSame = now?.id === session.id && now.status === 'active' && session.status === 'active'
    const { token, expiresAtMs } = session.issued
    const endsAtMs = Math.min(session.expiresAtMs, expiresAtMs) - clockErrorMs
    const isValid = isSame && this.#brokers.isAlive(token) && this.#nowMs() < endsAtMs
    holds(
      !isValid || this.#isExcused(process, atMs),
      () => `I8 ${alias} is valid, and was withheld: ${error.code}`,
    )
  }
  /** A token has come, and how long it took. */
  took({ process, alias, atMs }: Asked): void {
    const tookMs = this.#nowMs() - atMs
    holds(
      tookMs <= 5_000 || this.#isExcused(process, atMs),
      () => `I8 ${alias} was withheld for ${tookMs} ms`,
    )
  }
  #isExcused(process: BhorProcess, atMs: number): boolean {
    return process.wasTroubledSince(atMs - 1_000)
  }
}

const iso = (ms: number) => new Date(ms).toISOString()
