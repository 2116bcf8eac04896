import type { SetGate } from '../../contracts/api.ts'
import { BhorError } from '../../core/errors.ts'
import type { SessionContext } from '../ground/context.ts'
import { checkText } from '../ground/fields.ts'
import type { Principal } from '../ground/rights.ts'
import type { PauseWish } from './pause.ts'

const longestReason = 200
const longestMs = 366 * 24 * 60 * 60_000

/** What somebody asks for, looked over. @throws BhorError `bad_field` */
export function checkWish(
  { clock }: Pick<SessionContext, 'clock'>,
  { actor }: Principal,
  { state, reason = '', until, withhold }: SetGate,
): PauseWish {
  const atMs = clock.nowMs()
  const given = { until, withhold }
  for (const [name, value] of Object.entries(given))
    if (state === 'open' && value !== undefined)
      throw bad(name, `Only what closes a gate has the field ${name}.`, 'Leave it out.')
  return {
    by: actor,
    atMs,
    reason: checkText('reason', reason, longestReason),
    untilMs: until === undefined ? null : checkUntil(until, atMs),
    withholds: withhold ?? false,
  }
}

function checkUntil(text: string, nowMs: number): number {
  const untilMs = instantMs(text)
  const hint = 'Write an instant in UTC, such as 2026-11-24T10:00:00Z, or leave it out for no end.'
  if (untilMs === undefined) throw bad('until', `until is no instant (${text.length} characters).`, hint)
  if (untilMs <= nowMs) throw bad('until', 'until is over already.', 'Give a time that is yet to come.')
  if (untilMs - nowMs > longestMs)
    throw bad('until', 'until is more than a year away.', 'Leave it out for no end.')
  return untilMs
}

function instantMs(text: string): number | undefined {
  try {
    return text.length <= 40 ? Temporal.Instant.from(text).epochMilliseconds : undefined
  } catch {
    return undefined
  }
}

function bad(field: string, message: string, hint: string): BhorError {
  return new BhorError('bad_field', message, { hint, facts: { field } })
}
