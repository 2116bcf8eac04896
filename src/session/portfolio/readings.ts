import type { PortfolioCalls } from '../../contracts/broker.ts'
import { BhorError, type ErrorCode } from '../../core/errors.ts'
import { SingleFlight } from '../../core/single-flight.ts'
import { errorOfNet, errorOfVerdict } from '../ground/broker-call.ts'
import type { SessionContext } from '../ground/context.ts'
import { type Line, limited } from '../ground/line.ts'
import { Breakers } from '../keeper/breakers.ts'
import { Pace } from './pace.ts'

export type Part = keyof PortfolioCalls
export type RowsOf<P extends Part> = ReturnType<PortfolioCalls[P]['read']>
export type Rows = { readonly [P in Part]?: RowsOf<P> }

/** What one account's broker said, and what of it is missing. */
export interface Reading {
  /** When it was asked for what it has answered; the oldest of them. Undefined for nothing. */
  readonly askedAtMs: number | undefined
  readonly rows: Rows
  readonly missing: readonly Part[]
  /** The first that went wrong. */
  readonly error: BhorError | undefined
}

interface Kept {
  readonly atMs: number
  readonly monotonicMs: number
  readonly rows: readonly object[] | undefined
  readonly error: BhorError | undefined
}

/** Whoever asks again sooner gets the same: pages and programs may ask as often as they like. */
export const keptMs = 5_000
/** Somebody waits in front of the page; an account that takes longer is told as missing. */
const withinMs = 10_000

/** After these the account's other calls would end alike. */
const ofAllCalls: ReadonlySet<ErrorCode> = new Set([
  'session_revoked',
  'app_invalid',
  'account_locked',
  'needs_login',
  'broker_rate_limited',
  'broker_unavailable',
  'broker_timeout',
  'broker_redirect',
  'egress_unavailable',
  'egress_proxy_login',
  'egress_proxy_refused',
  'egress_proxy_invalid',
])

/**
 * What brokers say of the accounts' holdings and orders: asked one call after the other, never twice for the same
 * moment, slower than the broker lets the app call, and kept for some seconds in memory alone.
 */
export class Readings {
  readonly #context: SessionContext
  readonly #flights = new SingleFlight<Kept>()
  readonly #kept = new Map<string, Kept>()
  readonly #pace: Pace
  readonly #breakers: Breakers

  constructor(context: SessionContext) {
    this.#context = context
    this.#pace = new Pace(context.clock)
    this.#breakers = new Breakers(context.clock)
  }

  /** @throws BhorError `portfolio_unavailable` for a broker that does not say how */
  async read(line: Line, generation: number, parts: readonly Part[]): Promise<Reading> {
    const { account, broker } = line
    if (!broker.portfolio)
      throw new BhorError(
        'portfolio_unavailable',
        `bhor does not know how ${broker.name} tells what an account has.`,
      )
    this.#forget()
    const soon = limited(this.#context, line, withinMs)
    const rows: { [P in Part]?: readonly object[] } = {}
    const missing: Part[] = []
    const askedMs: number[] = []
    let error: BhorError | undefined
    let isOver = false
    for (const part of parts) {
      const known: Kept | undefined = isOver
        ? undefined
        : await this.#part(soon, `${account.id} ${generation} ${part}`, part)
      if (known?.rows) {
        rows[part] = known.rows
        askedMs.push(known.atMs)
        continue
      }
      missing.push(part)
      error ??= known?.error
      isOver ||= known?.error !== undefined && ofAllCalls.has(known.error.code)
    }
    return {
      askedAtMs: askedMs.length > 0 ? Math.min(...askedMs) : undefined,
      rows: rows as Rows,
      missing,
      error,
    }
  }

  async #part(line: Line, name: string, part: Part): Promise<Kept> {
    const kept = this.#kept.get(name)
    if (kept && this.#isFresh(kept)) return kept
    return this.#flights.run(name, async () => {
      const { clock } = this.#context
      const atMs = clock.nowMs()
      const outcome = await this.#ask(line, part)
      const answered = {
        rows: undefined,
        error: undefined,
        ...outcome,
        atMs,
        monotonicMs: clock.monotonicMs(),
      }
      this.#kept.set(name, answered)
      return answered
    })
  }

  async #ask(line: Line, part: Part): Promise<{ rows: readonly object[] } | { error: BhorError }> {
    const { broker, account } = line
    const breaker = `${broker.id} ${account.kind}`
    if (this.#breakers.restMs(breaker) > 0) {
      const text = `${broker.name} has just failed several times; it is left alone for half a minute.`
      return { error: new BhorError('broker_unavailable', text) }
    }
    try {
      await this.#pace.turn(account.appId, broker.limits.callsPerSecond)
      const rows = await call(line, part)
      this.#breakers.record(breaker, undefined)
      return { rows }
    } catch (cause) {
      const error = errorOfNet(broker, cause)
      this.#breakers.record(breaker, error.code)
      return { error }
    }
  }

  #isFresh({ monotonicMs }: Kept): boolean {
    return this.#context.clock.monotonicMs() - monotonicMs < keptMs
  }

  /** What nobody may be told any more does not stay in memory. */
  #forget(): void {
    for (const [name, kept] of this.#kept) if (!this.#isFresh(kept)) this.#kept.delete(name)
  }
}

async function call({ broker, values, call: send }: Line, part: Part): Promise<readonly object[]> {
  const { request, read } = broker.portfolio![part]
  const signed = broker.sign(request(values), values)
  const { reply, verdict } = await send(signed, 'api')
  if (verdict.kind !== 'ok') throw errorOfVerdict(broker, verdict, reply.status)
  return read(reply)
}
