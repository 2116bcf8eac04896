import type { Alert, AlertMessage, Delivery, Severity } from '../contracts/alerts.ts'
import { withoutControls } from '../core/control-characters.ts'
import { istMoment } from '../core/ist.ts'

/** With more alerts than this each is one line. */
const mostInFull = 3

/** One alert as lines of text, the first of them its heading. */
export interface Told {
  readonly alert: Alert
  readonly heading: string
  readonly lines: readonly string[]
}

/** The whole message in a line: the heading of its one alert, or how many there are. */
export function subjectOf({ alerts }: AlertMessage): string {
  const [first] = alerts
  if (alerts.length === 1 && first) return `bhor: ${headingOf(first)}`
  const critical = alerts.filter(({ severity }) => severity === 'critical').length
  return `bhor: ${alerts.length} alerts${critical > 0 ? `, ${critical} of them critical` : ''}`
}

/** Every alert in lines; in one line each where there are many. */
export function toldOf({ alerts }: AlertMessage): readonly Told[] {
  const isShort = alerts.length > mostInFull
  return alerts.map((alert) => ({
    alert,
    heading: isShort ? `${headingOf(alert)} (${istMoment(alert.atMs)})` : headingOf(alert),
    lines: isShort
      ? []
      : [...alert.text.split('\n'), alert.next, istMoment(alert.atMs)]
          .filter((line) => line !== '')
          .map(withoutControls),
  }))
}

/** What was left out, as a line; empty for nothing. */
export function leftOutText({ leftOut }: AlertMessage): string {
  if (leftOut === 0) return ''
  return `${leftOut} older alert${leftOut === 1 ? ' was' : 's were'} left out: nobody could be reached for a day.`
}

/** `papa (Sandbox): The session ended`. Of a live account the name alone. */
export function headingOf({ account, title }: Alert): string {
  const kind = account && account.kind !== 'live' ? ` (${account.kind})` : ''
  return withoutControls(account ? `${account.alias}${kind}: ${title}` : title)
}

/**
 * A message in as few pieces as the receiver takes, each with its share of alerts, of lines and of links: nothing that carries a link is
 * cut off. A single line that is too long stays as it is.
 */
export function inPieces(
  message: AlertMessage,
  fits: (message: AlertMessage) => boolean,
): readonly AlertMessage[] {
  if (fits(message)) return [message]
  const [first, other] = message.alerts
  if (!first) return [message]
  const [some, more] = other ? halvesOf(message.alerts) : halvesOfOne(first)
  if (more.length === 0) return [message]
  return [
    ...inPieces({ ...message, alerts: some, leftOut: 0 }, fits),
    ...inPieces({ ...message, alerts: more }, fits),
  ]
}

function halvesOf<T>(all: readonly T[]): readonly [readonly T[], readonly T[]] {
  const half = Math.ceil(all.length / 2)
  return [all.slice(0, half), all.slice(half)]
}

/** One alert as two, the first half of its lines with the first half of its links. */
function halvesOfOne(alert: Alert): readonly [readonly Alert[], readonly Alert[]] {
  const [lines, moreLines] = halvesOf(alert.text.split('\n'))
  const [links, moreLinks] = halvesOf(alert.links ?? [])
  if (moreLines.length === 0 && moreLinks.length === 0) return [[alert], []]
  return [
    [{ ...alert, text: lines.join('\n'), links, next: '' }],
    [{ ...alert, text: moreLines.join('\n'), links: moreLinks }],
  ]
}

/** One piece after the other; what fails ends it, and all of it is sent again. */
export async function sendEach(
  pieces: readonly AlertMessage[],
  send: (piece: AlertMessage) => Promise<Delivery>,
): Promise<Delivery> {
  let delivery: Delivery = { outcome: 'delivered' }
  for (const piece of pieces) {
    const sent = await send(piece)
    if (sent.outcome !== 'delivered') return sent
    if (sent.moved) delivery = sent
  }
  return delivery
}

export function gravestOf({ alerts }: AlertMessage): Severity {
  if (alerts.some(({ severity }) => severity === 'critical')) return 'critical'
  return alerts.some(({ severity }) => severity === 'warning') ? 'warning' : 'info'
}

/** The whole message as plain text, links written out. */
export function plainText(message: AlertMessage): string {
  const parts = toldOf(message).map(({ alert, heading, lines }) => {
    const links = (alert.links ?? []).flatMap(({ label, url }) =>
      url ? [`${withoutControls(label)}: ${url}`] : [],
    )
    return [heading, ...lines, ...links].join('\n')
  })
  const leftOut = leftOutText(message)
  return [...parts, ...(leftOut ? [leftOut] : [])].join(message.alerts.length > mostInFull ? '\n' : '\n\n')
}
