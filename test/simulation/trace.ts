import { createHash } from 'node:crypto'

const kept = 400

/** What has happened, line by line: its hash tells two runs apart, its end is shown when something is wrong. */
export class Trace {
  readonly #hash = createHash('sha256')
  readonly #last: string[] = []
  readonly #print: ((line: string) => void) | undefined
  #lines = 0

  constructor(print?: (line: string) => void) {
    this.#print = print
  }
  get lines(): number {
    return this.#lines
  }
  add(line: string): void {
    this.#lines++
    this.#hash.update(line)
    this.#last[this.#lines % kept] = line
    this.#print?.(line)
  }
  /** The latest lines, oldest first. */
  end(count = kept): string[] {
    const from = Math.max(1, this.#lines - Math.min(count, kept) + 1)
    return Array.from({ length: this.#lines - from + 1 }, (_, at) => this.#last[(from + at) % kept]!)
  }
  /** Asked once, when the run is over. */
  digest(): string {
    return this.#hash.digest('hex')
  }
}
