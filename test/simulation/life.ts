import type { Clock } from '../../src/core/clock.ts'
import type { Chance } from './chance.ts'
import type { FaultPlan } from './fault-plan.ts'
import type { Timeline } from './timeline.ts'

/**
 * One process from its start to its end. What it waits for comes no more when it has ended, and later when it is
 * stopped for a while.
 */
export interface Life {
  /** `B3`: the third life of B. */
  readonly name: string
  readonly process: string
  readonly isOver: boolean
  readonly clock: Clock
  readonly timeline: Timeline
  readonly chance: Chance
  readonly faults: FaultPlan
  /** What it cannot reach now. */
  readonly cutFrom: ReadonlySet<'store' | 'brokers'>
  after(delayMs: number, name: string, work: () => void): Disposable
  /** Something has gone wrong for it: who waits for it now is excused. */
  troubled(): void
  crash(): void
  pause(ms: number): void
}

/** What somebody waits for who is gone. */
export function never<T>(): Promise<T> {
  return new Promise<T>(() => {})
}
