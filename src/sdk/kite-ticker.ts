import type { Bhor } from '../contracts/client.ts'
import { type Clock, foregroundClock } from '../core/clock.ts'
import { BhorError } from '../core/errors.ts'
import { official } from './official.ts'

const firstPauseMs = 1_000
const longestPauseMs = 60_000

const events = ['connect', 'ticks', 'disconnect', 'error', 'close', 'message', 'order_update'] as const
export type KiteStreamEvent = (typeof events)[number]
export type KiteStreamMode = 'ltp' | 'quote' | 'full'
// biome-ignore lint/suspicious/noExplicitAny: what comes with an event is the official client's own
type Listener = (...said: any[]) => void

export interface KiteStreamOptions {
  /** Another address of the stream than Kite's, e.g. `ws://127.0.0.1:9000/`. */
  readonly root?: string
  /** For tests. */
  readonly clock?: Clock
}

/** What of the official `KiteTicker` is used. */
interface Ticker {
  connect(): void
  disconnect(): void
  connected(): boolean
  on(event: string, listener: Listener): void
  subscribe(tokens: readonly number[]): void
  unsubscribe(tokens: readonly number[]): void
  setMode(mode: string, tokens: readonly number[]): void
}
type TickerClass = new (params: Readonly<Record<string, unknown>>) => Ticker

/** The official ticker keeps its connection and its listeners in its module: there is one for the whole process. */
let current: KiteStream | undefined
let isHeard = false

/**
 * The official ticker of Kite Connect for an account, from the package `kiteconnect` that the user has installed, with
 * the same calls. It connects again for as long as it is wanted, with the token that counts then; subscriptions and modes
 * are kept. At a new session it is built anew, since a ticker cannot take another token. It never ends the process, as the
 * official one does when its own attempts are used up.
 *
 * @throws BhorError `sdk_missing`; `already_exists` while there is another one in this process; `usage` for a sandbox
 *   account without `root`, whose token must not go to the real broker
 *
 * @example
 * ```ts
 * const ticker = await kiteTicker(bhor, 'personal')
 * ticker.on('ticks', (ticks) => console.log(ticks))
 * ticker.subscribe([738561])
 * ticker.setMode('full', [738561])
 * ticker.connect()
 * ```
 */
export async function kiteTicker(
  bhor: Bhor,
  account: string,
  { root, clock = foregroundClock }: KiteStreamOptions = {},
): Promise<KiteStream> {
  const sdk = await official<{ KiteTicker: TickerClass }>('kiteconnect', () => import('kiteconnect'))
  const { kind } = await bhor.session(account)
  if (kind !== 'live' && root === undefined) {
    const hint = 'Name the stream of the sandbox: kiteTicker(bhor, account, { root }).'
    throw new BhorError('usage', `${account} is no live account; its token must not go to the real broker.`, {
      hint,
    })
  }
  if (current) {
    const hint = 'Disconnect the other one first, or use a process for each account.'
    throw new BhorError('already_exists', 'The official ticker can be used once in a process.', { hint })
  }
  const stream: KiteStream = new KiteStream({ bhor, account, root, clock, ticker: sdk.KiteTicker })
  current = stream
  return stream
}

interface StreamParts {
  readonly bhor: Bhor
  readonly account: string
  readonly root: string | undefined
  readonly clock: Clock
  readonly ticker: TickerClass
}

/** See {@link kiteTicker}. */
export class KiteStream implements Disposable {
  readonly modeLTP = 'ltp'
  readonly modeQuote = 'quote'
  readonly modeFull = 'full'
  readonly #parts: StreamParts
  readonly #listeners = new Map<KiteStreamEvent, Listener[]>()
  /** By token; undefined for Kite's own default. */
  readonly #modes = new Map<number, KiteStreamMode | undefined>()
  readonly #following: Disposable
  #ticker: Ticker | undefined
  #generation = 0
  #isWanted = false
  #isOpening = false
  #pauseMs = firstPauseMs
  #pause: Disposable | undefined

  constructor(parts: StreamParts) {
    this.#parts = parts
    this.#following = parts.bhor.on('session.started', ({ account }) => {
      if (account === parts.account && this.#isWanted) this.#renew()
    })
  }

  on(event: KiteStreamEvent, listener: Listener): void {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener])
  }
  connect(): void {
    this.#isWanted = true
    this.#openAfter(0)
  }
  connected(): boolean {
    return this.#ticker?.connected() ?? false
  }
  subscribe(tokens: readonly number[]): void {
    for (const token of tokens) if (!this.#modes.has(token)) this.#modes.set(token, undefined)
    this.#ticker?.subscribe(tokens)
  }
  unsubscribe(tokens: readonly number[]): void {
    for (const token of tokens) this.#modes.delete(token)
    this.#ticker?.unsubscribe(tokens)
  }
  setMode(mode: KiteStreamMode, tokens: readonly number[]): void {
    for (const token of tokens) this.#modes.set(token, mode)
    this.#ticker?.setMode(mode, tokens)
  }
  /** Ends it for good; then there may be another one in this process. */
  disconnect(): void {
    this.#isWanted = false
    this.#pause?.[Symbol.dispose]()
    this.#following[Symbol.dispose]()
    this.#ticker?.disconnect()
    if (current === this) current = undefined
  }
  [Symbol.dispose](): void {
    this.disconnect()
  }

  /** The connection is asked for its end, and the next one comes behind it: two at once get into each other's way. */
  #renew(): void {
    this.#pauseMs = firstPauseMs
    if (this.connected()) this.#ticker?.disconnect()
    else this.#openAfter(0)
  }

  #openAfter(ms: number): void {
    this.#pause?.[Symbol.dispose]()
    this.#pause = this.#parts.clock.after(ms, () => void this.#open())
  }

  async #open(): Promise<void> {
    if (this.#isOpening) return
    this.#isOpening = true
    const { bhor, account, root, ticker: TickerOfKite } = this.#parts
    try {
      const { apiKey, accessToken, generation } = await bhor.session(account)
      if (!this.#isWanted) return
      if (!this.#ticker || generation !== this.#generation) {
        // Its own attempts end in `process.exit`.
        const params = { api_key: apiKey, access_token: accessToken, root, reconnect: false }
        this.#ticker = new TickerOfKite(params)
        this.#generation = generation
        this.#hear(this.#ticker)
      }
      this.#ticker.connect()
    } catch (error) {
      // Nobody is logged in, or bhor is away.
      this.#tell('error', [error])
      this.#again()
    } finally {
      this.#isOpening = false
    }
  }

  #again(): void {
    if (!this.#isWanted) return
    this.#openAfter(this.#pauseMs)
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs)
  }

  /** Once in a process: whatever is listened to on one ticker is heard of all. */
  #hear(ticker: Ticker): void {
    if (isHeard) return
    isHeard = true
    for (const event of events) ticker.on(event, (...said) => current?.hear(event, said))
  }

  /** @internal */
  hear(event: KiteStreamEvent, said: readonly unknown[]): void {
    if (event === 'connect') this.#resume()
    this.#tell(event, said)
    if (event === 'error' && /Unexpected server response: 40[13]/.test(messageOf(said[0]))) this.#ask()
    // Not at `disconnect`: it also comes while the old connection is still to end, and takes the next one with it.
    if (event === 'close') this.#again()
  }

  #resume(): void {
    this.#pauseMs = firstPauseMs
    this.#ticker?.subscribe([...this.#modes.keys()])
    for (const mode of ['ltp', 'quote', 'full'] as const) {
      const tokens = [...this.#modes].filter(([, each]) => each === mode).map(([token]) => token)
      this.#ticker?.setMode(mode, tokens)
    }
  }

  /** A refused stream does not say why: a call does. */
  #ask(): void {
    const { bhor, account } = this.#parts
    const profile = ({ baseUrl, headers }: { baseUrl: string; headers: Record<string, string> }) =>
      fetch(`${baseUrl}/user/profile`, { headers })
    bhor
      .withSession(account, profile, { kind: 'read' })
      .catch((error: unknown) => this.#tell('error', [error]))
  }

  #tell(event: KiteStreamEvent, said: readonly unknown[]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(...said)
  }
}

function messageOf(said: unknown): string {
  const { message } = (said ?? {}) as { message?: unknown }
  return typeof message === 'string' ? message : ''
}
