import type { Format } from './formats.ts'

/** `KEY=value` a line, as shells and dotenv read it. Other lines, their order and comments stay. */
export const env: Format = {
  tokens(text, { variables }) {
    // Where it stands several times the last one counts.
    const last = variables.accessToken
      .flatMap((name) => assignments(text, name))
      .sort((a, b) => a.start - b.start)
      .at(-1)
    return last && last.value !== '' ? { access: last.value } : undefined
  },
  text(before = '', { variables, accessToken, apiKey, userId }) {
    const wanted = [
      [variables.apiKey, apiKey],
      [variables.userId, userId],
      [variables.accessToken, accessToken],
    ] as const
    return wanted.reduce((text, [names, value]) => {
      if (value === '') return text
      // Under whichever name the program knows it; under the most common one where it is new.
      const there = names.filter((name) => assignments(text, name).length > 0)
      return (there.length > 0 ? there : names.slice(0, 1)).reduce(
        (one, name) => withVariable(one, name, value),
        text,
      )
    }, before)
  },
}

interface Assignment {
  readonly value: string
  /** Of the value with its quotes. */
  readonly start: number
  readonly end: number
  readonly quote: string
}

function assignments(text: string, name: string): Assignment[] {
  const line = new RegExp(
    `^(\\ufeff?[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=[ \\t]*)(?:"([^"\\r\\n]*)"|'([^'\\r\\n]*)'|([^\\r\\n#]*))`,
    'gm',
  )
  return [...text.matchAll(line)].map((match) => {
    const [whole, before = '', double, single, plain = ''] = match
    const start = match.index + before.length
    const quote = double !== undefined ? '"' : single !== undefined ? "'" : ''
    const value = double ?? single ?? plain.trimEnd()
    const end = quote === '' ? start + value.length : match.index + whole.length
    return { value, start, end, quote }
  })
}

function withVariable(text: string, name: string, value: string): string {
  const found = assignments(text, name)
  if (found.length === 0) {
    const newLine = text.includes('\r\n') ? '\r\n' : '\n'
    const open = text !== '' && !text.endsWith('\n') ? newLine : ''
    return `${text}${open}${name}=${value}${newLine}`
  }
  // From behind, so that the places in front stay right.
  return found.reduceRight(
    (before, { start, end, quote }) =>
      `${before.slice(0, start)}${quote}${value}${quote}${before.slice(end)}`,
    text,
  )
}
