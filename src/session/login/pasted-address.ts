import { type Callback, callbackOf } from './callback.ts'

const longestText = 8_192

/** What was found in a text that somebody copied. */
export interface PastedAddresses {
  /** What came to an own address, then what came to another one of this computer; each with the likeliest reading first. */
  readonly own: readonly (Callback & { readonly isExact: boolean })[]
  /** All other addresses in it. */
  readonly others: readonly URL[]
}

/**
 * Finds the address where the browser ended in what chat, mail and other programs make of it: without its beginning, broken
 * into lines and quoted, in brackets, quotes and Markdown, with HTML's entities, inside a link that is counted or checked,
 * as an Android intent. Several readings may be possible; whoever knows the state of the login tells which one is right.
 *
 * @param homes the addresses to which the broker may have sent the browser
 */
export function pastedAddresses(text: string, homes: readonly URL[]): PastedAddresses {
  const readings = text.length > longestText ? [] : readingsOf(text)
  const found = readings
    .flatMap((reading) => addressesIn(reading, homes))
    .flatMap((one) => URL.parse(one) ?? [])
  const all = [...new Map(found.map((url) => [url.href, url])).values()]
  const isExact = (url: URL) =>
    homes.some((home) => home.host === url.host && nearPath(home) === nearPath(url))
  const isHere = ({ hostname }: URL) => /^(127\.0\.0\.1|\[::1\]|localhost)$/.test(hostname)
  const came = all.filter((url) => url.search !== '' && (isExact(url) || isHere(url)))
  return {
    own: [...came.filter(isExact), ...came.filter((url) => !isExact(url))].map((url) => ({
      ...callbackOf(url.search.slice(1)),
      isExact: isExact(url),
    })),
    others: all.filter((url) => url.search === '' || !isExact(url)),
  }
}

/** A path without what people and servers take for the same: letter case, doubled and trailing slashes. */
export function nearPath({ pathname }: Pick<URL, 'pathname'>): string {
  return pathname.toLowerCase().replace(/\/+/g, '/').replace(/\/$/, '')
}

/** The text as it may have been before it was sent around, the likeliest first. */
function readingsOf(text: string): string[] {
  // A mark that cannot be seen may stand in the middle of what belongs together.
  const seen = text
    .replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g, '')
    .replaceAll('\u00a0', ' ')
  const lines = seen.split(/\r\n?|[\n\u2028\u2029]/).map((line) => line.replace(/^[\s>|]+/, '').trimEnd())
  const joined = [
    unfolded(lines, { goesOn, isSoft: true }),
    unfolded(lines, { goesOn, isSoft: false }),
    unfolded(lines, { goesOn: isOneWord, isSoft: true }),
    unfolded(lines, { goesOn: isOneWord, isSoft: false }),
  ]
  return [...new Set(joined)].map((reading) => withoutEntities(inBrackets(decodedMail(reading))))
}

interface Folding {
  /** Whether a line belongs to the address that stands in the lines before. */
  goesOn(line: string, before: readonly string[]): boolean
  /** A `=` at the end of a line only says that it goes on (RFC 2045). */
  readonly isSoft: boolean
}

function unfolded(lines: readonly string[], { goesOn, isSoft }: Folding): string {
  let out = ''
  let pieces: string[] = []
  let isInAddress = false
  for (const line of lines) {
    const isMarked = pieces.at(-1)?.endsWith('=') === true
    const isJoined: boolean =
      isInAddress && line !== '' && (isMarked || (isOneWord(line) && goesOn(line, pieces)))
    if (isJoined && isSoft && isMarked) out = out.slice(0, -1)
    out += isJoined ? line : `\n${line}`
    if (isJoined) pieces.push(line)
    else pieces = [line]
    isInAddress = isJoined || endsInAddress(line)
  }
  return out
}

function endsInAddress(line: string): boolean {
  return /:\/\/|%2f%2f|[?&][\w.-]+=/i.test(line.slice(line.search(/\S+$/)))
}

function isOneWord(line: string): boolean {
  return /^[\w.~%&=+/:?#@!$,;*()'[\]-]+[>"”»`]?$/.test(line)
}

/** It is no word that a person has written under the address; one may stand there where lines are cut at a width. */
function goesOn(line: string, pieces: readonly string[]): boolean {
  const [last = '', first = ''] = [pieces.at(-1), pieces[0]]
  const isCut = /[=&?%/._-]$/.test(last) || /^[=&?%/]/.test(line)
  const isWord = /^[A-Z]?[a-z]+[.,!?]?$/.test(line)
  const isFull = pieces.length > 1 ? last.length === first.length : last.length >= 60 && last.length <= 78
  return !/[>)\]"'`”’»]$/.test(last) && (isCut || !isWord || isFull)
}

/** Mail in its transfer encoding has no `=` that is not one of it. */
function decodedMail(text: string): string {
  const isEncoded =
    /=3D/i.test(text) && !/=(?!3D|26|3F|2E|5F|2D|25)/i.test(text) && text.split('=').length > 2
  return isEncoded
    ? text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    : text
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  equals: '=',
  quest: '?',
  quot: '"',
  lt: '<',
  gt: '>',
}

function withoutEntities(text: string): string {
  const once = text
    .replace(/&(amp|equals|quest|quot|lt|gt);/gi, (_, name: string) => entities[name.toLowerCase()]!)
    .replace(/&#(?:x([0-9a-f]{2})|(\d{2,3}));/gi, (_, hex?: string, decimal?: string) =>
      String.fromCharCode(hex ? parseInt(hex, 16) : Number(decimal)),
    )
  return once === text ? text : withoutEntities(once)
}

/** Within angle brackets blanks and line ends are no part of an address (RFC 3986, appendix C). */
function inBrackets(text: string): string {
  return text.replace(
    /<(?:URL:)?\s*([a-z][a-z0-9+.-]*:\/\/[^<>"]*)>/gi,
    (_, inside: string) => `<${inside.replace(/\s+/g, '')}>`,
  )
}

const beginning = /[a-z][a-z0-9+.-]{0,19}(?::|%(?:25)*3a)(?:\/\/|(?:%(?:25)*2f){2})/gi

/** Every address in a text, those inside of others too. */
function addressesIn(text: string, homes: readonly URL[]): string[] {
  const full = [...text.matchAll(beginning)].flatMap(({ index }) => addressAt(text.slice(index)))
  const bare = homes.flatMap(({ host, pathname, origin }) => [
    ...restsFrom(text, 'anywhere', host).flatMap((rest) => addressAt(`http://${rest}`)),
    ...restsFrom(text, 'anywhere', encodeURIComponent(host)).flatMap((rest) =>
      addressAt(`http%3A%2F%2F${rest}`),
    ),
    ...restsFrom(text, 'in front', `//${host}`).flatMap((rest) => addressAt(`http:${rest}`)),
    ...restsFrom(text, 'in front', `${pathname}?`).flatMap((rest) => addressAt(origin + rest)),
    ...restsFrom(text, 'in front', `${pathname.slice(1)}?`).flatMap((rest) => addressAt(`${origin}/${rest}`)),
    ...(/^\s*\??[\w.-]+=\S*&\S+=\S*\s*$/.test(text)
      ? addressAt(`${origin}${pathname}?${text.trim().replace(/^\?/, '')}`)
      : []),
  ])
  return [...full, ...bare]
}

const inFrontOf = { anywhere: '(?<![\\w.%@:/-])', 'in front': '(?<![^\\s"“„‘«(<[{`\'*_~])' } as const

/** The text from each place on where these letters begin something: an address that has lost its own beginning. */
function restsFrom(text: string, where: keyof typeof inFrontOf, start: string): string[] {
  const literal = start.replace(/[.?[\]$+*()|{}\\^]/g, '\\$&')
  return [...text.matchAll(new RegExp(inFrontOf[where] + literal, 'gi'))].map(({ index }) =>
    text.slice(index),
  )
}

/** The address with which a text begins, decoded; several where it is not certain where it ends. */
function addressAt(text: string): string[] {
  const word = /^(?:(?![<>"`{}|\\^])[!-~])*/.exec(text)![0]
  const [, layers] = /^[a-z][a-z0-9+.-]*%((?:25)*)3a/i.exec(word) ?? []
  if (layers === undefined) return withoutTail(word)
  let decoded = /^[^&#;]*/.exec(word)![0]
  try {
    for (let layer = 0; layer <= layers.length / 2; layer++) decoded = decodeURIComponent(decoded)
  } catch {
    return []
  }
  return withoutTail(decoded)
}

/** Without what stands behind it in a sentence or in Markdown, and with one `?`. A state may end with `_` or `-`. */
function withoutTail(word: string): string[] {
  const [scheme = ''] = /^[a-z][a-z0-9+.-]*:/i.exec(word) ?? []
  const plain = /^https?:$/i.test(scheme)
    ? word
    : `http:${word.slice(scheme.length).replace(/#Intent;.*$/, '')}`
  const queryAt = plain.indexOf('?')
  if (queryAt < 0) return [plain.replace(/[)\]'*,.;:!_~]+$/, '')]
  const query = plain
    .slice(queryAt)
    .replace(/\)(?<!\([^)]*\)).*$|[\]'].*$|__;.*$/, '')
    .replace(/[*,.;:!?]+$/, '')
    .replace(/(?<=.)\?(?=[\w.-]+=)/g, '&')
  return [...new Set([query, query.replace(/[_~-]+$/, '')])].map((end) => plain.slice(0, queryAt) + end)
}
