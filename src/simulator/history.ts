import type { FaultKind } from './faults.ts'
import { matchesPath } from './faults.ts'

/** One call that a simulated broker got, in full: every credential in it is fake. */
export interface RecordedCall {
  readonly number: number
  /** By the brokers' clock. */
  readonly at: Temporal.Instant
  readonly broker: string
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Of a form or a JSON object. */
  readonly fields: Readonly<Record<string, unknown>>
  readonly body: string
  /** What was answered; missing while it is underway and when nothing was. */
  status?: number
  fault?: FaultKind
  faultId?: string
}

export interface CallFilter {
  readonly broker?: string | undefined
  readonly method?: string | undefined
  /** `*` stands for any characters. */
  readonly path?: string | undefined
}

const most = 10_000

/** The last 10,000 calls, oldest first. */
export class History {
  #calls: RecordedCall[] = []
  #count = 0

  record(call: Omit<RecordedCall, 'number'>): RecordedCall {
    const recorded = { ...call, number: ++this.#count }
    this.#calls.push(recorded)
    if (this.#calls.length > most) this.#calls.shift()
    return recorded
  }
  calls(filter: CallFilter = {}): RecordedCall[] {
    return this.#calls.filter(
      (call) =>
        (filter.broker === undefined || filter.broker === call.broker) &&
        (filter.method === undefined || filter.method.toUpperCase() === call.method) &&
        (filter.path === undefined || matchesPath(filter.path, call.path)),
    )
  }
  clear(): void {
    this.#calls = []
  }
}
