import { type Clock, longestTimerMs } from '../../src/core/clock.ts'
import type { Life } from './life.ts'

/** The clock of one life: it may be wrong, and its timers stand still as long as the process does. */
export function clockOf(life: Pick<Life, 'timeline' | 'after' | 'name'>, offsetMs: () => number): Clock {
  const { timeline } = life
  const nowMs = () => timeline.nowMs + offsetMs()
  const after: Clock['after'] = (delayMs, work) =>
    life.after(Math.min(Math.max(delayMs, 0), longestTimerMs), `${life.name} timer`, work)
  return {
    now: () => Temporal.Instant.fromEpochMilliseconds(nowMs()),
    nowMs,
    monotonicMs: () => timeline.elapsedMs,
    after,
    sleep: (delayMs, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error)
        const stop = () => {
          timer[Symbol.dispose]()
          reject(signal?.reason as Error)
        }
        const timer = after(delayMs, () => {
          signal?.removeEventListener('abort', stop)
          resolve()
        })
        signal?.addEventListener('abort', stop, { once: true })
      }),
  }
}
