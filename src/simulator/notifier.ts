import type { Clock } from '../core/clock.ts'

const { request } = process.getBuiltinModule('node:http')

const loopback = ['127.0.0.1', '[::1]']

/** Plain http to this computer: the simulator never sends anything further. */
export function isLoopback(address: string): boolean {
  const url = URL.parse(address)
  return url?.protocol === 'http:' && loopback.includes(url.hostname)
}

/** Posts what persons have approved, as a broker does: unsigned, once, whatever is answered. */
export class Notifier {
  readonly #clock: Clock
  readonly #closing = new AbortController()
  readonly #underWay = new Set<Promise<void>>()
  /** What was answered, in the order of the answers; 0 for no answer. */
  readonly #statuses: number[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  post(url: string, body: string, delayMs: number): void {
    const posting = this.#post(url, body, delayMs).finally(() => this.#underWay.delete(posting))
    this.#underWay.add(posting)
  }
  async settled(): Promise<readonly number[]> {
    await Promise.all(this.#underWay)
    return this.#statuses
  }
  close(): void {
    this.#closing.abort()
  }

  async #post(url: string, body: string, delayMs: number): Promise<void> {
    const { signal } = this.#closing
    try {
      const untilMs = this.#clock.monotonicMs() + delayMs
      // In pieces, where the wait is longer than the clock's longest timer.
      for (let leftMs = delayMs; leftMs > 0; leftMs = untilMs - this.#clock.monotonicMs())
        await this.#clock.sleep(leftMs, signal)
      this.#statuses.push(await send(url, body, signal))
    } catch {
      this.#statuses.push(0)
    }
  }
}

function send(url: string, body: string, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const posting = request(url, { method: 'POST', headers, agent: false, signal }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
      response.on('error', reject)
    })
    posting.on('error', reject).end(body)
  })
}
