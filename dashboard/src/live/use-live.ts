import { type Signal, useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { Problem } from '../../../src/contracts/api.ts'
import type { FeedEvent } from '../../../src/contracts/events.ts'
import { toProblem } from '../problem.ts'
import { now } from '../time/clock.ts'
import { attend, type Since } from './readings.ts'

/**
 * Reads what a component shows: when it is shown first, after each event of the feed that it is about, and after an outage.
 *
 * @param key reads anew where it changes, e.g. the account that is shown
 * @returns why the last read failed; null after one that did not
 */
export function useLive(
  read: (since: Since) => Promise<void>,
  isAbout: (event: FeedEvent) => boolean,
  key: unknown = null,
): Signal<Problem | null> {
  const problem = useSignal<Problem | null>(null)
  const latest = useRef({ read, isAbout })
  latest.current = { read, isAbout }
  useEffect(
    () =>
      attend({
        read: (since) => latest.current.read(since),
        isAbout: (event) => latest.current.isAbout(event),
        onEnd: (error) => {
          problem.value = error === undefined ? null : toProblem(error)
        },
      }),
    [key],
  )
  return problem
}

/** A browser's timer that is set for more than 24 days is due at once. */
const longestTimerMs = 24 * 60 * 60_000

/** How long a timer waits for a moment: it may come earlier, a day at the most, and is then set again. */
export function timerMs(atMs: number, nowMs: number): number {
  return Math.min(Math.max(0, atMs - nowMs) + marginMs, longestTimerMs)
}

/** Later than the clocks of this device and of bhor may differ. */
export const marginMs = 2_500

/**
 * For what time alone changes: a number that is another one as soon as this moment has passed, and again until another
 * one is given. As the key of {@link useLive} it has it read anew.
 */
export function useMoment(atMs: number | null): number {
  const passed = useSignal(0)
  useEffect(() => {
    if (atMs === null) return
    const timer = setTimeout(() => passed.value++, timerMs(atMs, now.peek()))
    return () => clearTimeout(timer)
  }, [atMs, passed.value])
  return passed.value
}

/** What is about any account, and what is about all of them. */
export function isAboutAccounts({ event }: FeedEvent): boolean {
  return event !== 'key.used' && event !== 'login.dropped' && event !== 'house.changed'
}
