import { type Signal, useSignal } from '@preact/signals'
import type { Problem } from '../../../src/contracts/api.ts'
import type { FeedEvent } from '../../../src/contracts/events.ts'
import { useLive } from '../live/use-live.ts'
import { toProblem } from '../problem.ts'

interface Reading<T> {
  /** Null until the first answer; what was read before stays where a later one fails. */
  readonly value: Signal<T | null>
  /** Why the last try failed. */
  readonly problem: Signal<Problem | null>
  /** Now, for whoever has just changed something. */
  readonly again: () => Promise<void>
}

/** What a section shows, read when it is shown and whenever that may have changed. Forgotten with the section. */
export function useReading<T>(read: () => Promise<T>, isAbout: (event: FeedEvent) => boolean): Reading<T> {
  const value = useSignal<T | null>(null)
  const load = async () => {
    value.value = await read()
  }
  const problem = useLive(load, isAbout)
  const again = () =>
    load().catch((error: unknown) => {
      problem.value = toProblem(error)
    })
  return { value, problem, again }
}
