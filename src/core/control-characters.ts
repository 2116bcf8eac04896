/**
 * What moves a terminal's cursor, ends a line, or hides and turns around what is read: the control characters of ASCII and
 * Latin 1, separators of lines and paragraphs, bidirectional and invisible formatting, tags. The two joiners are not among
 * them: names in Devanagari need them.
 */
const classes =
  '\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}'
const one = new RegExp(`[${classes}]`, 'u')
// Nor what Unicode keeps for a program's own use, which here the terminal's colours are made of.
const runs = new RegExp(`[${classes}\\ufdd0-\\ufdef]+`, 'gu')
const runsInLines = new RegExp(`(?:(?![\\n\\t])[${classes}])+`, 'gu')
const beyondAscii = new RegExp(`(?![\\u0000-\\u001f])[${classes}]`, 'gu')

export function hasControls(text: string): boolean {
  return one.test(text)
}

/** The text in one line, with a blank for each run of such characters. */
export function withoutControls(text: string): string {
  return text.replace(runs, ' ')
}

/** The same for a text of several lines, whose line ends and tabs stay. */
export function linesWithoutControls(text: string): string {
  return text.replace(runsInLines, ' ')
}

/** Plain data with {@link withoutControls} for each text in it: what is stored may be older than the rules for it. */
export function dataWithoutControls<T>(data: T): T {
  if (typeof data === 'string') return withoutControls(data) as T
  if (Array.isArray(data)) return data.map(dataWithoutControls) as T
  if (typeof data !== 'object' || data === null) return data
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [withoutControls(name), dataWithoutControls(value)]),
  ) as T
}

/** JSON that says the same and is safe to look at: `JSON.stringify` escapes only what ASCII has of these characters. */
export function controlsEscaped(json: string): string {
  return json.replace(beyondAscii, (found) =>
    Array.from(
      { length: found.length },
      (_, at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  )
}
