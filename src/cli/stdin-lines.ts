import { createInterface, type Interface } from 'node:readline'

/** The lines of stdin, one at a time as somebody needs them; what nobody asked for stays unread. */
export class StdinLines implements Disposable {
  #reader: Interface | undefined
  #lines: AsyncIterator<string> | undefined

  /** The next line that is not empty; undefined at the end. @throws the reason of the signal */
  async next(signal: AbortSignal): Promise<string | undefined> {
    this.#reader ??= createInterface({ input: process.stdin })
    this.#lines ??= this.#reader[Symbol.asyncIterator]()
    for (;;) {
      const { value, done } = await interrupted(this.#lines.next(), signal)
      if (done) return undefined
      if (value.trim() !== '') return value
    }
  }

  [Symbol.dispose](): void {
    this.#reader?.close()
  }
}

async function interrupted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const { promise, reject } = Promise.withResolvers<never>()
  const stop = () => reject(signal.reason as Error)
  signal.addEventListener('abort', stop)
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
