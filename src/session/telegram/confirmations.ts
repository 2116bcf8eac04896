import type { ChatPlace } from '../../contracts/chat.ts'
import type { Pause } from '../../contracts/store.ts'
import { newToken } from '../../core/ids.ts'
import type { SessionContext } from '../ground/context.ts'

/** So long a button opens something. */
export const confirmableMs = 2 * 60_000
const mostWaiting = 100

/** A stop as it was shown: it alone is lifted by a yes, and no other one that came after it. */
export interface ShownStop {
  /** The account's name; `all` for the kill switch. */
  readonly name: string
  readonly pause: Pause
}
interface Waiting {
  readonly place: ChatPlace
  readonly stops: readonly ShownStop[]
  readonly untilMs: number
}

/**
 * What was asked once more before something is opened. Kept in this process alone: a restart forgets it, and somebody asks
 * again, which is the safe way round.
 */
export class ChatConfirmations {
  readonly #context: Pick<SessionContext, 'clock' | 'random'>
  readonly #waiting = new Map<string, Waiting>()

  constructor(context: Pick<SessionContext, 'clock' | 'random'>) {
    this.#context = context
  }

  /** @returns what the button sends */
  ask(place: ChatPlace, stops: readonly ShownStop[]): string {
    const { clock, random } = this.#context
    const id = newToken(random).slice(0, 24)
    const [oldest] = this.#waiting.keys()
    if (this.#waiting.size >= mostWaiting && oldest !== undefined) this.#waiting.delete(oldest)
    this.#waiting.set(id, { place, stops, untilMs: clock.monotonicMs() + confirmableMs })
    return id
  }

  /** What was asked, once, in time and in the same place; undefined for anything else. */
  take(id: string, place: ChatPlace): readonly ShownStop[] | undefined {
    const found = this.#waiting.get(id)
    if (!found || found.place.chat !== place.chat || found.place.topic !== place.topic) return undefined
    this.#waiting.delete(id)
    return this.#context.clock.monotonicMs() < found.untilMs ? found.stops : undefined
  }
}
