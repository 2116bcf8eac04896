import { type AccountView, isLive } from '../contracts/api.ts'
import type { FeedEvent } from '../contracts/events.ts'
import { foregroundClock } from '../core/clock.ts'
import { controlsEscaped } from '../core/control-characters.ts'
import { durationMs } from '../core/duration.ts'
import { BhorError } from '../core/errors.ts'
import { call } from './call.ts'
import { eventsOf, isPassing } from './events.ts'
import type { ApiClient } from './wire.ts'

export interface WaitOptions {
  /** The gate must be open too. */
  readonly gate?: true
  /** `30m`; as long as it takes when left out. */
  readonly timeout?: string
  readonly json?: true
}

/** The account, and what keeps it from being ready where it is not. */
interface Seen {
  readonly view: AccountView
  readonly why?: string
}

/**
 * Resolves once the account is live, with nothing to say or the account as JSON. It starts no login.
 *
 * @throws BhorError `timeout` with what is so instead; `account_not_found`
 */
export async function waitFor(client: ApiClient, account: string, options: WaitOptions): Promise<string> {
  const { timeout, json } = options
  using limit = limitOf(timeout)
  const { signal } = limit
  const limited: ApiClient = {
    ...client,
    request: (method, path, body) => client.request(method, path, body, signal),
  }
  let why = 'The server does not answer.'
  const isReady = async (mayBeAway: boolean): Promise<AccountView | undefined> => {
    try {
      const seen = await look(limited, account, options)
      if (seen.why === undefined) return seen.view
      why = seen.why
    } catch (error) {
      if (!signal.aborted && !(mayBeAway && isPassing(error))) throw error
    }
    return undefined
  }
  let view = await isReady(false)
  if (!view) {
    for await (const event of eventsOf(limited, foregroundClock, signal)) {
      if (event && !isAbout(event, account)) continue
      view = await isReady(true)
      if (view) break
    }
  }
  if (view) return json ? controlsEscaped(JSON.stringify(view, null, 2)) : ''
  throw new BhorError('timeout', `${account} is not ready after ${timeout}. ${why}`, {
    hint: `Look at it: bhor status ${account}. A longer --timeout waits longer.`,
  })
}

/** Aborts when the time is over. */
function limitOf(timeout: string | undefined): Disposable & { readonly signal: AbortSignal } {
  const clock = foregroundClock
  const controller = new AbortController()
  const endsAtMs = clock.monotonicMs() + timeoutMs(timeout)
  let timer: Disposable
  // A timer lasts no longer than a minute.
  const wait = () => {
    const leftMs = endsAtMs - clock.monotonicMs()
    if (leftMs <= 0) controller.abort()
    else timer = clock.after(leftMs, wait)
  }
  wait()
  return { signal: controller.signal, [Symbol.dispose]: () => timer?.[Symbol.dispose]() }
}

function timeoutMs(timeout: string | undefined): number {
  const ms = timeout === undefined ? Number.POSITIVE_INFINITY : durationMs(timeout)
  if (ms !== undefined) return ms
  throw new BhorError('usage', 'The timeout must be a number with a unit, at most 24h.', {
    hint: 'Write 90s, 30m or 2h.',
  })
}

async function look(client: ApiClient, account: string, { gate }: WaitOptions): Promise<Seen> {
  const view = await call(client, 'GET /v1/accounts/{account}', { params: { account } })
  if (!isLive(view)) return { view, why: view.statusText }
  return gate && view.gate.state === 'closed' ? { view, why: view.gate.text } : { view }
}

/** What is said of no account alone is about every one. */
function isAbout({ data }: FeedEvent, account: string): boolean {
  return !('account' in data) || data.account === null || data.account === account
}
