import type { Actor } from '../../contracts/audit.ts'
import type { Pause } from '../../contracts/store.ts'
import { istMoment } from '../../core/ist.ts'

/** What somebody asks for who stops trading. */
export type PauseWish = Pick<Pause, 'by' | 'atMs' | 'reason' | 'untilMs' | 'withholds'>

/** The pause, if it counts at `nowMs`. */
export function counting(pause: Pause | null, nowMs: number): Pause | undefined {
  return pause && (pause.untilMs === null || nowMs < pause.untilMs) ? pause : undefined
}

/**
 * One account has one pause, whoever asks. A later wish gives its reason and can only make it longer and stricter:
 * whoever may pause and not resume must not be able to let a pause run out. Lifting it lifts all of it.
 */
export function pauseAfter(stored: Pause | null, wish: PauseWish): Pause {
  const before = counting(stored, wish.atMs)
  if (!before) return { ...wish, sinceMs: wish.atMs, firstBy: wish.by }
  const isEndless = before.untilMs === null || wish.untilMs === null
  return {
    ...wish,
    sinceMs: before.sinceMs,
    firstBy: before.firstBy,
    reason: wish.reason || before.reason,
    untilMs: isEndless ? null : Math.max(before.untilMs ?? 0, wish.untilMs ?? 0),
    withholds: before.withholds || wish.withholds,
  }
}

/** The end of a sentence: since when, by whom, why and until when. It names everybody whom somebody has to ask. */
export function pauseWords({ sinceMs, firstBy, atMs, by, reason, untilMs, withholds }: Pause): string {
  const first = ` since ${istMoment(sinceMs)} by ${actorWords(firstBy)}`
  const later = isSame(firstBy, by) ? '' : `, and by ${actorWords(by)} at ${istMoment(atMs)}`
  const end = untilMs === null ? '' : `, until ${istMoment(untilMs)}`
  const why = reason === '' ? '.' : `: “${reason}”.`
  return `${first}${later}${end}${why}${withholds ? ' Tokens that can place orders are refused.' : ''}`
}

/** Whether nobody has said anything of a stop since it was the other one. */
export function isUnchanged(pause: Pause, before: Pause): boolean {
  const { firstBy, by, sinceMs, atMs, reason, untilMs, withholds } = pause
  return (
    isSame(firstBy, before.firstBy) &&
    isSame(by, before.by) &&
    sinceMs === before.sinceMs &&
    atMs === before.atMs &&
    reason === before.reason &&
    untilMs === before.untilMs &&
    withholds === before.withholds
  )
}

function isSame(one: Actor, other: Actor): boolean {
  return one.kind === other.kind && one.id === other.id
}

/** Who it was, in a sentence. */
export function actorWords({ kind, id }: Actor): string {
  const words = {
    operator: 'the command line',
    desk: 'somebody at the page',
    key: `the key ${id}`,
    library: 'a program in bhor’s own process',
    keeper: 'bhor',
    broker: 'the broker',
    prompt: 'whoever opened the link of a reminder',
    telegram: 'somebody in Telegram',
  } as const satisfies Record<Actor['kind'], string>
  return words[kind]
}
