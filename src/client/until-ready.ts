import type { AccountView } from '../contracts/api.ts'
import type { WaitWish } from '../contracts/client.ts'
import type { Clock } from '../core/clock.ts'
import { durationMs } from '../core/duration.ts'
import { isBhorError } from './errors.ts'
import type { Follower } from './follower.ts'
import type { Line } from './line.ts'

/** Nobody relies on being told alone. */
const lookAgainMs = 5_000

interface WaitParts {
  readonly line: Line
  readonly clock: Clock
  readonly follower: Follower
}

/** See `Bhor.wait`. A desk that is away is waited for, once it has answered. */
export async function untilReady(
  { line, clock, follower }: WaitParts,
  account: string,
  { gate = false, timeout, signal }: WaitWish,
): Promise<AccountView> {
  const endsAtMs = clock.monotonicMs() + timeoutMs(line, timeout)
  let news = Promise.withResolvers<void>()
  using _listening = follower.listen(({ data }) => {
    if (!('account' in data) || data.account === null || data.account === account) news.resolve()
  })
  let hasAnswered = false
  for (let why = ''; ; ) {
    news = Promise.withResolvers<void>()
    try {
      const view = await line.ask('GET /v1/accounts/{account}', { params: { account } })
      hasAnswered = true
      const isLive = view.status === 'active' || view.status === 'expiring'
      if (isLive && (!gate || view.gate.state === 'open')) return view
      why = isLive ? view.gate.text : view.statusText
    } catch (error) {
      if (!hasAnswered || !isBhorError(error) || !error.retryable) throw error
    }
    signal?.throwIfAborted()
    const leftMs = endsAtMs - clock.monotonicMs()
    if (leftMs <= 0) throw line.fault('timeout', `${account} is not ready after ${timeout}. ${why}`)
    using pause = stoppable(signal)
    await Promise.race([news.promise, clock.sleep(Math.min(leftMs, lookAgainMs), pause.signal)])
  }
}

/** A signal that also aborts when it is disposed of, so that no timer outlives what waits for it. */
function stoppable(signal: AbortSignal | undefined): Disposable & { readonly signal: AbortSignal } {
  const own = new AbortController()
  return {
    signal: signal ? AbortSignal.any([own.signal, signal]) : own.signal,
    [Symbol.dispose]: () => own.abort(),
  }
}

function timeoutMs(line: Line, timeout: string | undefined): number {
  const ms = timeout === undefined ? Number.POSITIVE_INFINITY : durationMs(timeout)
  if (ms !== undefined) return ms
  const hint = 'Write 90s, 30m or 2h.'
  throw line.fault('bad_field', 'The timeout must be a number with a unit, at most 24h.', { hint })
}
