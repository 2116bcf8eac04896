import { createHash } from 'node:crypto'

const made = /^.*Made by bhor service install; sha256 ([0-9a-f]{64}).*\n/m

/** A text with a line at its end by which bhor knows its own again. */
export function stamped(text: string, comment: (line: string) => string): string {
  return `${text}${comment(`Made by bhor service install; sha256 ${hashOf(text)}`)}\n`
}

/** Whether a file is as bhor wrote it. */
export function isUntouched(text: string): boolean {
  return made.exec(text)?.[1] === hashOf(text.replace(made, ''))
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
