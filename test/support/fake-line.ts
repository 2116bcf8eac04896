import type { Asked, Heard, Line } from '../../src/client/line.ts'
import type { HandOut } from '../../src/contracts/api.ts'
import type { AnyInput } from '../../src/contracts/endpoints.ts'
import type { FeedEvent } from '../../src/contracts/events.ts'
import { BhorError } from '../../src/core/errors.ts'

type Answer = (input: AnyInput) => unknown

/** bhor as a test says that it answers. */
export interface FakeLine extends Line {
  /** What was asked, in order. */
  readonly asked: Asked[]
  /** How often this was. */
  count(endpoint: Asked): number
  answers: { [E in Asked]?: Answer }
  /** Tells it to whoever follows now. */
  tell(event: FeedEvent): Promise<void>
  /** A sign of life. */
  live(): Promise<void>
  /** The stream ends; the next one is told what comes then. */
  cut(): Promise<void>
  /** From where the streams were asked for, each. */
  readonly streams: (string | undefined)[]
  /** What the next streams fail with. */
  failsWith: Error | undefined
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

export function fakeLine(longestSilenceMs = 20_000): FakeLine {
  let waiting: ((heard: Heard | undefined) => void) | undefined
  const queue: (Heard | undefined)[] = []
  const push = async (heard: Heard | undefined) => {
    if (waiting) waiting(heard)
    else queue.push(heard)
    await settled()
  }
  const line: FakeLine = {
    asked: [],
    count: (endpoint) => line.asked.filter((each) => each === endpoint).length,
    answers: {},
    streams: [],
    failsWith: undefined,
    longestSilenceMs,
    fault: (code, message, parts) => new BhorError(code, message, parts),
    async ask(endpoint, ...[input]) {
      line.asked.push(endpoint)
      const answer = line.answers[endpoint]
      if (!answer) throw new BhorError('not_found', `Nobody answers ${endpoint}.`)
      return (await answer((input ?? {}) as AnyInput)) as never
    },
    async *follow(after, signal) {
      line.streams.push(after)
      if (line.failsWith) throw line.failsWith
      yield { id: '1' }
      while (!signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<Heard | undefined>()
        waiting = resolve
        if (queue.length > 0) resolve(queue.shift())
        signal.addEventListener('abort', () => resolve(undefined), { once: true })
        const heard = await promise
        waiting = undefined
        if (heard === undefined) return
        yield heard
      }
    },
    tell: (event) => push({ id: String(event.data.seq), event }),
    live: () => push({}),
    cut: () => push(undefined),
  }
  return line
}

/** A hand-out of this generation, which lasts until 06:00 in India. */
export function handOutOf(account: string, generation: number, more: Partial<HandOut> = {}): HandOut {
  return {
    account,
    broker: 'demo',
    kind: 'sandbox',
    generation,
    tokenKind: 'access',
    accessToken: `token-${account}-${generation}`,
    apiKey: 'demokey',
    userId: 'DM0001',
    baseUrl: 'http://127.0.0.1:9',
    hosts: { api: 'http://127.0.0.1:9' },
    headers: {},
    issuedAt: '2026-11-23T03:00:00Z',
    expiresAt: '2026-11-24T00:30:00Z',
    ...more,
  }
}
