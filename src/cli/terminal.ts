import { controlsEscaped, linesWithoutControls } from '../core/control-characters.ts'
import type { BhorError } from '../core/errors.ts'
import { redact } from '../core/redact.ts'

/**
 * The one file that writes to the terminal. stdout is data only; talk goes to stderr, so that a pipe never sees it.
 * Colour only on a terminal and without NO_COLOR, each of the two for itself; no prompt without a terminal; every talk line is scrubbed.
 * Whatever a broker or a user has put into a text, no terminal obeys it.
 */
export const terminal = {
  /** Data, for people or pipes. The only way by which a secret that was asked for leaves. */
  data(text: string): void {
    write(process.stdout, text.endsWith('\n') ? text : `${text}\n`)
  },
  json(value: unknown): void {
    process.stdout.write(`${controlsEscaped(JSON.stringify(value, null, 2))}\n`)
  },
  /** Talk. */
  say(text: string): void {
    write(process.stderr, `${redact(text)}\n`)
  },
  /** Talk that shows a one-time link, which redaction would take out. */
  sayLink(text: string): void {
    write(process.stderr, `${text}\n`)
  },
  error(error: BhorError): void {
    write(
      process.stderr,
      `${paint('bhor:', 31)} ${redact(error.message)}\n      ${paint('Try:', 2)} ${redact(error.hint)}\n`,
    )
  },
  /** For the bytes of another program, as they are. `gone`: nobody reads them any more, which is no end of this one. */
  pipe(to: 'stdout' | 'stderr', gone: () => void): NodeJS.WriteStream {
    return process[to].removeAllListeners('error').on('error', gone)
  },
  /** Is there a person in front of the data? */
  get isShown(): boolean {
    return process.stdout.isTTY === true
  },
  /** Is there a person in front of the talk? */
  get isSeen(): boolean {
    return process.stderr.isTTY === true
  },
  /** Any at all: what ends when a window is closed. */
  get isAround(): boolean {
    return [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY)
  },
  get canAsk(): boolean {
    return process.stdin.isTTY === true && process.stderr.isTTY === true
  },
  bold: (text: string) => paint(text, 1),
  dim: (text: string) => paint(text, 2),
  green: (text: string) => paint(text, 32),
  yellow: (text: string) => paint(text, 33),
  red: (text: string) => paint(text, 31),
}

/** Stand for the beginning and the end of a colour until the text is written. */
const [paintOn, paintOff] = ['\ufdd0', '\ufdd1']
const paints = /\ufdd0(?:(\d+)m)?|\ufdd1/g
let isColourful = false
/** Told once by the entry, which knows the environment. */
export function useColour(isWanted: boolean): void {
  isColourful = isWanted
}

function paint(text: string, code: number): string {
  return isColourful ? `${paintOn}${code}m${text}${paintOff}` : text
}

function write(stream: NodeJS.WriteStream, text: string): void {
  stream.write(shownOn(stream, text))
}

/** A text is painted before it is known where it goes: no colour is left of it in a file or a pipe. */
export function shownOn({ isTTY }: Pick<NodeJS.WriteStream, 'isTTY'>, text: string): string {
  return linesWithoutControls(text).replace(paints, (_, code?: string) =>
    isTTY ? `\u001b[${code ?? '0'}m` : '',
  )
}

const esc = '\u001b'

/** A text that stays in its place on a terminal: of what is drawn anew, only the lines that changed are written. */
export class LiveText implements Disposable {
  #lines: readonly string[] = []
  #text = ''
  readonly #onResize = () => {
    this.#clear()
    this.draw(this.#text)
  }

  constructor() {
    // No cursor that jumps about, and a long line is cut at the edge instead of taking two.
    process.stdout.write(`${esc}[?25l${esc}[?7l`)
    process.stdout.on('resize', this.#onResize)
  }
  draw(text: string): void {
    const lines = fitting(shownOn(process.stdout, text).split('\n'), process.stdout.rows)
    const before = this.#lines
    this.#text = text
    const up = before.length > 0 ? `${esc}[${before.length}F` : ''
    const drawn = lines.map((line, at) => (line === before[at] ? '\n' : `${line}${esc}[K\n`))
    this.#lines = lines
    process.stdout.write(`${up}${drawn.join('')}${esc}[J`)
  }
  #clear(): void {
    if (this.#lines.length > 0) process.stdout.write(`${esc}[${this.#lines.length}F${esc}[J`)
    this.#lines = []
  }
  [Symbol.dispose](): void {
    process.stdout.off('resize', this.#onResize)
    process.stdout.write(`${esc}[?7h${esc}[?25h`)
  }
}

/** As many lines as the terminal has, but for the one on which the cursor waits. */
function fitting(lines: readonly string[], rows: number): readonly string[] {
  const room = Math.max(rows - 1, 1)
  if (lines.length <= room) return lines
  return [...lines.slice(0, room - 1), `… and ${lines.length - room + 1} more`]
}

/** A table with aligned columns, for `data`; @param numbers columns that end at the same place, counted from 0 */
export function table(rows: readonly (readonly string[])[], numbers: readonly number[] = []): string {
  const widthOf = (cell = '') => cell.replace(paints, '').length
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => widthOf(row[column])))) ?? []
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const room = ' '.repeat((widths[column] ?? 0) - widthOf(cell))
          if (numbers.includes(column)) return room + cell
          return column === row.length - 1 ? cell : cell + room
        })
        .join('  '),
    )
    .join('\n')
}
