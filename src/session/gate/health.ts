import type { Store } from '../../contracts/store.ts'
import type { Clock } from '../../core/clock.ts'
import { type BhorError, type ErrorCode, isBhorError } from '../../core/errors.ts'
import { clockFault } from '../ground/clock-faults.ts'
import type { SessionContext } from '../ground/context.ts'
import type { HealthCause } from './gate.ts'

/** The faults after which nobody knows whether bhor can write; what is wrong with one row or one request is none. */
const unfit: Readonly<Partial<Record<ErrorCode, HealthCause['reason']>>> = {
  store_full: 'store_unavailable',
  store_readonly: 'store_unavailable',
  store_unavailable: 'store_unavailable',
  store_locked: 'store_unavailable',
  audit_broken: 'audit_unavailable',
}

/** Whether bhor itself is fit, by what it has last seen of its store. A write that failed counts until one succeeds. */
export class Health {
  readonly #clock: Pick<Clock, 'nowMs'>
  #fault: HealthCause | undefined
  #stoppingSinceMs: number | undefined

  constructor(clock: Pick<Clock, 'nowMs'>) {
    this.#clock = clock
  }

  /** The same store, of which this one sees how its writes end. */
  over(store: Store): Store {
    const seen = async <T>(work: Promise<T>, isProof: boolean): Promise<T> => {
      try {
        const result = await work
        if (isProof) this.#fault = undefined
        return result
      } catch (error) {
        this.#failed(error)
        throw error
      }
    }
    return {
      ...store,
      // One that only reads succeeds on a full disk, too.
      transaction: (work) => seen(store.transaction(work), false),
      appendAudit: (...record) => seen(store.appendAudit(...record), true),
      check: () => seen(store.check(), true),
    }
  }

  /** From now on nobody should begin anything here. */
  stopping(): void {
    this.#stoppingSinceMs ??= this.#clock.nowMs()
  }

  get isFit(): boolean {
    return this.#fault === undefined
  }

  causes(): readonly HealthCause[] {
    const stopping = { reason: 'stopping', sinceMs: this.#stoppingSinceMs ?? null } as const
    return [...(this.#fault ? [this.#fault] : []), ...(this.#stoppingSinceMs === undefined ? [] : [stopping])]
  }

  #failed(error: unknown): void {
    const reason = isBhorError(error) ? unfit[error.code] : undefined
    if (reason === undefined || this.#fault) return
    this.#fault = { reason, sinceMs: this.#clock.nowMs(), said: ` ${(error as BhorError).message}` }
  }
}

/**
 * Everything that is wrong with bhor itself, as far as it can be said: store, clock, and whether it went back.
 *
 * @param isOfSandbox see `clockFault`
 */
export function healthOf(
  { clock, store, health }: Pick<SessionContext, 'clock' | 'store' | 'health'>,
  isOfSandbox?: boolean,
): readonly HealthCause[] {
  const rollback = store.rollback()
  const fault = clockFault(clock, isOfSandbox)
  return [
    ...(rollback ? [causeOf('store_rolled_back', rollback)] : []),
    ...health.causes(),
    ...(fault ? [causeOf(fault.code === 'clock_wrong' ? 'clock_wrong' : 'clock_doubtful', fault)] : []),
  ]
}

function causeOf(reason: HealthCause['reason'], { message }: BhorError): HealthCause {
  return { reason, sinceMs: null, said: ` ${message}` }
}
