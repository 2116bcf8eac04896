import type { ServerResponse } from 'node:http'
import type { FeedEvent } from '../contracts/events.ts'
import type { Clock } from '../core/clock.ts'
import { BhorError, toBhorError } from '../core/errors.ts'
import { printable } from '../core/redact.ts'
import type { Following } from '../session/events/events.ts'
import type { Principal } from '../session/ground/rights.ts'

/** A sign of life where nothing happens, so that both sides notice a connection that is gone. */
const commentEveryMs = 15_000
/** Whoever takes nothing for this long does not read any more. */
const stalledMs = 30_000
/** So long a reader has to take the last word. */
const goodbyeMs = 5_000
const mostPerCaller = 16
const mostInAll = 256

/** Follows the feed until the signal aborts. */
type Follow = (signal: AbortSignal) => Promise<Following>

/** The open streams of events (server-sent events), with an end to how many there are. */
export class EventStreams implements Disposable {
  readonly #clock: Clock
  readonly #open = new Map<EventStream, string>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * A stream for this caller. `stillMay` throws once a caller without a key may not go on.
   *
   * @throws BhorError `rate_limited`; what `follow` throws
   */
  async open({ actor }: Principal, follow: Follow, stillMay: () => Promise<void>): Promise<EventStream> {
    const caller = `${actor.kind} ${actor.id}`
    const ofCaller = [...this.#open.values()].filter((each) => each === caller).length
    if (ofCaller >= mostPerCaller || this.#open.size >= mostInAll) {
      const text = `There are ${ofCaller} open event streams of this caller and ${this.#open.size} in all.`
      throw new BhorError('rate_limited', text, { hint: 'Close one first.', retryAfterMs: commentEveryMs })
    }
    const ending = new AbortController()
    const stream = new EventStream(this.#clock, ending, stillMay, () => this.#open.delete(stream))
    this.#open.set(stream, caller)
    try {
      stream.following = await follow(ending.signal)
    } catch (error) {
      stream.close()
      throw error
    }
    return stream
  }

  /** Somebody signed out: whoever may not go on is told at once. */
  recheck(): void {
    for (const stream of this.#open.keys()) void stream.mayGoOn()
  }

  /** Every reader is told that the server stops. */
  [Symbol.dispose](): void {
    for (const stream of this.#open.keys()) stream.end({ code: 'stopping', message: 'bhor is stopping.' })
  }
}

/** One answer that goes on for as long as its reader stays. What is not taken is not read either: nothing piles up. */
export class EventStream {
  following: Following | undefined
  readonly #clock: Clock
  readonly #ending: AbortController
  readonly #stillMay: () => Promise<void>
  readonly #onClose: () => void
  #response: ServerResponse | undefined
  /** Since when the reader takes nothing, while there is something for it. */
  #stalledSinceMs: number | undefined

  constructor(clock: Clock, ending: AbortController, stillMay: () => Promise<void>, onClose: () => void) {
    this.#clock = clock
    this.#ending = ending
    this.#stillMay = stillMay
    this.#onClose = onClose
  }

  /** Writes to a response whose head was sent. */
  pour(response: ServerResponse): void {
    this.#response = response
    response.once('close', () => this.close())
    if (response.destroyed) this.close()
    if (this.#ending.signal.aborted) return void response.end()
    this.#comment()
    const stop = (reason: unknown) => reason !== undefined && this.end(toBhorError(reason))
    void this.following!.over.then(stop)
    this.#write().catch(stop)
  }

  /** Ends it where its reader may not go on. */
  async mayGoOn(): Promise<boolean> {
    try {
      await this.#stillMay()
      return true
    } catch (error) {
      this.end(toBhorError(error))
      return false
    }
  }

  /** The last word: why it ends. A reader that does not take it is left. */
  end({ code, message }: { readonly code: string; readonly message: string }): void {
    const response = this.#response
    if (this.#ending.signal.aborted) return
    this.close()
    if (!response) return
    response.end(`: closed, ${code}: ${printable(message)} Go on with Last-Event-ID.\n\n`)
    const left = this.#clock.after(goodbyeMs, () => response.destroy())
    response.once('close', () => left[Symbol.dispose]())
  }

  /** Without a word: the reader has gone, or never came. */
  close(): void {
    this.#ending.abort()
    this.#onClose()
  }

  async #write(): Promise<void> {
    const { signal } = this.#ending
    for await (const { seq, events } of this.following!.pages) {
      if (!(await this.mayGoOn())) return
      const text = events.length === 0 ? `retry: 1000\nid: ${seq}\n\n` : events.map(textOf).join('')
      if (signal.aborted) return
      if (this.#response!.write(text)) continue
      this.#stalledSinceMs = this.#clock.monotonicMs()
      await this.#drained(signal)
      this.#stalledSinceMs = undefined
    }
  }

  #drained(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#response!.once('drain', resolve)
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  #comment(): void {
    this.#clock.after(commentEveryMs, () => {
      this.#signOfLife().catch((error: unknown) => this.end(toBhorError(error)))
    })
  }

  async #signOfLife(): Promise<void> {
    const { signal } = this.#ending
    if (signal.aborted || !(await this.mayGoOn()) || signal.aborted) return
    const sinceMs = this.#stalledSinceMs
    if (sinceMs === undefined) this.#response!.write(': still here\n\n')
    else if (this.#clock.monotonicMs() - sinceMs >= stalledMs)
      return this.end({ code: 'too_slow', message: 'This reader has taken nothing for 30 seconds.' })
    this.#comment()
  }
}

function textOf({ event, data }: FeedEvent): string {
  return `id: ${data.seq}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
