import type { Broker } from '../../contracts/broker.ts'
import { nextLookMs } from '../keeper/due.ts'

/** The keeper spreads its looks over minutes, and a broker that gives no word is asked again. */
const graceMs = 15 * 60_000

/**
 * When the broker's word of `provenAtMs` that a session lives stops counting: a little after the next of its hours at
 * which the keeper asks, before anybody trades. A keeper that did not come to it (bhor was off, the broker was away)
 * leaves a session of which nobody knows.
 */
export function proofEndsAtMs(broker: Broker, provenAtMs: number): number {
  return nextLookMs(broker, provenAtMs) + graceMs
}
