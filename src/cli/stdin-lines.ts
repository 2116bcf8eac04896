import { createInterface, type Interface } from 'node:readline'
import { foregroundClock } from '../core/clock.ts'

/** What was pasted arrives at once; nobody types the next line that fast. */
const pastedWithinMs = 150

/** The lines of stdin, one at a time as somebody needs them; what nobody asked for stays unread. */
export class StdinLines implements Disposable {
  #reader: Interface | undefined
  #lines: AsyncIterator<string> | undefined
  /** A line that was asked for and not taken: whoever asks next gets it. */
  #next: Promise<IteratorResult<string>> | undefined

  /** The next line that is not empty; undefined at the end. @throws the reason of the signal */
  async next(signal: AbortSignal): Promise<string | undefined> {
    for (;;) {
      const { value, done } = await interrupted(this.#peek(), signal)
      if (done) return undefined
      this.#next = undefined
      if (value.trim() !== '') return value
    }
  }

  /**
   * The next line that is not empty, with those that came with it: a text that was pasted may have several. It ends before
   * a line that `isNext` calls the beginning of another one.
   */
  async nextText(
    signal: AbortSignal,
    isNext: (line: string, text: string) => boolean,
  ): Promise<string | undefined> {
    let text = await this.next(signal)
    while (text !== undefined) {
      const soon = foregroundClock.sleep(pastedWithinMs, signal).then(() => undefined)
      const found = await Promise.race([interrupted(this.#peek(), signal), soon])
      if (!found || found.done || isNext(found.value, text)) break
      this.#next = undefined
      text += `\n${found.value}`
    }
    return text
  }

  [Symbol.dispose](): void {
    this.#reader?.close()
  }

  #peek(): Promise<IteratorResult<string>> {
    this.#reader ??= createInterface({ input: process.stdin })
    this.#lines ??= this.#reader[Symbol.asyncIterator]()
    this.#next ??= this.#lines.next()
    return this.#next
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
