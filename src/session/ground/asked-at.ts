import type { Clock } from '../../core/clock.ts'

/**
 * To be called before something is asked. What it gives says, once there is an answer, when that was: by the clock as the
 * answer may have corrected it. What an answer grants was not granted before, and may have been right then: a session
 * that counts from later would outlive its day where the answer, or what follows it, comes behind dawn.
 */
export function askedAt(clock: Pick<Clock, 'now' | 'monotonicMs'>): () => Temporal.Instant {
  const startedMs = clock.monotonicMs()
  return () => clock.now().subtract({ milliseconds: Math.ceil(clock.monotonicMs() - startedMs) })
}
