import { BhorError } from '../core/errors.ts'
import { fraction, type Random } from '../core/random.ts'

/** What can go wrong, and whether the broker has acted by then. */
export const faultKinds = {
  /** Waits `delayMs` (5 s), then answers as usual. */
  slow: 'acts',
  /** Refuses with `status` (502) in the broker's own error shape. */
  status: 'does not act',
  /** Refuses with 429 in the broker's own shape, without `Retry-After`. */
  rate_limited: 'does not act',
  /** Tears the connection down before doing anything. */
  reset_before: 'does not act',
  /** Does everything, then tears the connection down without a byte. */
  reset_after: 'acts',
  /** Does everything, then tears the connection down in the middle of the answer. */
  answer_lost: 'acts',
  /** A gateway's HTML error page with `status` (503). */
  html: 'does not act',
  /** 302 to `location` (`/moved`). */
  redirect: 'does not act',
  /** The exchange grants a session of another person. */
  wrong_user: 'acts',
  /** 403, this IP address may not place orders. Orders only, unless `match` says otherwise. */
  ip_refused: 'does not act',
  /** 403, no IP address is registered for this app. Orders only, unless `match` says otherwise. */
  ip_unset: 'does not act',
  /** The broker's closing hours, by its own clock: of the calls that close then, unless `match` says otherwise. */
  closed_at_night: 'does not act',
  /** Does everything, then answers with the right status and a body that is no JSON. */
  garbage: 'acts',
  /** Does everything, then answers with 64 MiB. */
  huge: 'acts',
  /** Does everything, then answers one byte each `delayMs` (1 s). */
  drip: 'acts',
  /** Of an approval: what is posted comes `delayMs` (5 s) later. */
  notifier_late: 'acts',
  /** It is posted twice at once. */
  notifier_twice: 'acts',
  /** It names another app. */
  notifier_wrong_client: 'acts',
  /** It brings the session of another person. */
  notifier_wrong_user: 'acts',
  /** What is posted is no JSON. */
  notifier_garbage: 'acts',
  /** Nothing is posted. */
  notifier_never: 'acts',
} as const satisfies Record<string, 'acts' | 'does not act'>

export type FaultKind = keyof typeof faultKinds
export type NotifierFault = Extract<FaultKind, `notifier_${string}`>

export interface Fault {
  /** A name to tell it by in the recorded calls and in `/control/state`. */
  readonly id?: string | undefined
  /** Every broker when left out. */
  readonly broker?: string | undefined
  /** `*` in a path stands for any characters. Every call when left out. */
  readonly match?: { readonly method?: string | undefined; readonly path?: string | undefined } | undefined
  readonly kind: FaultKind
  /** How often it strikes, 1 when left out; `Infinity` for always. */
  readonly times?: number | undefined
  /** In each matching call, 1 when left out; drawn from the seed, so the same calls meet the same faults. */
  readonly probability?: number | undefined
  readonly status?: number | undefined
  readonly delayMs?: number | undefined
  readonly location?: string | undefined
}

/** What a fault is matched against. */
export interface Target {
  readonly broker: string
  readonly method: string
  readonly path: string
  readonly isOrder: boolean
  readonly isExchange: boolean
  readonly isApproval: boolean
  /** What the broker's closing hours mean to this call now. */
  readonly night: 'open' | 'closed' | 'closed for this'
}

export class Faults {
  #armed: { readonly fault: Fault; left: number }[] = []
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }
  /** Arms a fault behind those already armed; the first that strikes wins. Throws `bad_field`. */
  add(fault: Fault): void {
    if (!Object.hasOwn(faultKinds, fault.kind)) {
      throw new BhorError('bad_field', `A fault is one of: ${Object.keys(faultKinds).join(', ')}.`)
    }
    const { times = 1, probability = 1, delayMs = 0, status = 500 } = fault
    if (!(times >= 1)) throw new BhorError('bad_field', 'A fault strikes once or more (times).')
    if (!(probability > 0 && probability <= 1))
      throw new BhorError('bad_field', 'A probability is above 0 and at most 1.')
    if (!(delayMs >= 0)) throw new BhorError('bad_field', 'A delay is not negative (delayMs).')
    if (!(Number.isInteger(status) && status >= 200 && status <= 599)) {
      throw new BhorError('bad_field', 'A status is 200 to 599.')
    }
    this.#armed.push({ fault, left: times })
  }
  clear(): void {
    this.#armed = []
  }
  armed(): { readonly fault: Fault; readonly left: number }[] {
    return this.#armed.map((entry) => ({ ...entry }))
  }
  /** The fault that strikes this call, if any. */
  strike(target: Target): Fault | undefined {
    for (const entry of this.#armed) {
      if (!fits(entry.fault, target)) continue
      const { probability = 1 } = entry.fault
      if (probability < 1 && fraction(this.#random) >= probability) continue
      entry.left--
      this.#armed = this.#armed.filter(({ left }) => left > 0)
      return entry.fault
    }
    return undefined
  }
}

function fits(fault: Fault, target: Target): boolean {
  if (fault.broker !== undefined && fault.broker !== target.broker) return false
  if (fault.kind === 'wrong_user' && !target.isExchange) return false
  if (isNotifierFault(fault.kind) && !target.isApproval) return false
  if (fault.kind.startsWith('ip_') && !fault.match && !target.isOrder) return false
  if (
    fault.kind === 'closed_at_night' &&
    (target.night === 'open' || (!fault.match && target.night === 'closed'))
  )
    return false
  const { method, path } = fault.match ?? {}
  if (method !== undefined && method.toUpperCase() !== target.method) return false
  return path === undefined || matchesPath(path, target.path)
}

export function isNotifierFault(kind: FaultKind): kind is NotifierFault {
  return kind.startsWith('notifier_')
}

export function matchesPath(pattern: string, path: string): boolean {
  const source = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}/]/g, '\\$&'))
  return new RegExp(`^${source.join('.*')}$`).test(path)
}
