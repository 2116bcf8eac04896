import type { BhorError } from '../core/errors.ts'
import { redact } from '../core/redact.ts'

/**
 * The one file that writes to the terminal. stdout is data only; talk goes to stderr, so that a pipe never sees it.
 * Colour only on a terminal and without NO_COLOR, each of the two for itself; no prompt without a terminal; every talk line is scrubbed.
 */
export const terminal = {
  /** Data, for people or pipes. The only way by which a secret that was asked for leaves. */
  data(text: string): void {
    write(process.stdout, text.endsWith('\n') ? text : `${text}\n`)
  },
  json(value: unknown): void {
    process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
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

const esc = '\u001b'
let isColourful = false
/** Told once by the entry, which knows the environment. */
export function useColour(isWanted: boolean): void {
  isColourful = isWanted
}

function paint(text: string, code: number): string {
  return isColourful ? `${esc}[${code}m${text}${esc}[0m` : text
}

const paints = new RegExp(`${esc}\\[\\d+m`, 'g')

/** A text is painted before it is known where it goes: what goes into a file or a pipe is washed. */
function write(stream: NodeJS.WriteStream, text: string): void {
  stream.write(stream.isTTY ? text : text.replace(paints, ''))
}

/** A table with aligned columns, for `data`. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
        .join('  '),
    )
    .join('\n')
}
