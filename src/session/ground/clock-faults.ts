import { BhorError } from '../../core/errors.ts'
import { istDayText } from '../../core/ist.ts'
import type { JudgedClock, Skew } from '../../core/judged-clock.ts'
import { expiresAt } from '../life/expiry.ts'
import type { SessionContext } from './context.ts'
import type { Line } from './line.ts'

/** bhor did not exist before: a clock that says so has lost its battery. */
const firstPlausibleMs = Temporal.Instant.from('2026-01-01T00:00:00Z').epochMilliseconds
/** A difference that moves the end of a session by less decides nothing. */
const leastShiftMs = 60_000

/**
 * What is wrong with this computer's clock, as far as anybody has said; undefined when nothing is.
 *
 * @param isOfSandbox whether the simulator's word that the clock is right will do, as it does for its own sessions
 */
export function clockFault(clock: JudgedClock, isOfSandbox = true): BhorError | undefined {
  const { skew } = clock
  if (skew) return new BhorError('clock_doubtful', skewText(skew), { facts: { skewMs: skew.ms } })
  if (clock.hostNowMs() < firstPlausibleMs) {
    const { year } = clock.now().toZonedDateTimeISO('Asia/Kolkata')
    return new BhorError('clock_wrong', `The clock says ${year}; logins are paused.`)
  }
  if (!clock.isTurnedBack(isOfSandbox)) return undefined
  const text = 'The clock is behind what bhor has already written. No broker has named the time since.'
  return new BhorError('clock_doubtful', text)
}

/**
 * Before a login or a renewal is spent: its end must not depend on whose clock is right. Where it would, the broker is
 * asked for its time once more first: what was heard last may be wrong or out of date, and while no session lives nothing
 * else would ask.
 *
 * @throws BhorError `clock_wrong`, `clock_doubtful`
 */
export async function refuseUncertainClock(
  { clock }: Pick<SessionContext, 'clock'>,
  line: Line,
): Promise<void> {
  if (!doubtOf(clock, line)) return
  await askTime(line)
  const doubt = doubtOf(clock, line)
  if (!doubt) return
  throw new BhorError(doubt.code, `${doubt.message} Nothing was spent.`, { facts: doubt.facts })
}

/** Why the end of a session of now would be uncertain; undefined when it is not. */
function doubtOf(clock: JudgedClock, { broker, account }: Line): BhorError | undefined {
  const fault = clockFault(clock, account.kind === 'sandbox')
  if (!fault || !clock.skew) return fault
  const endAt = (grantedAtMs: number) =>
    expiresAt(broker.expiry, { grantedAt: Temporal.Instant.fromEpochMilliseconds(grantedAtMs), tokens: {} })
  const byHost = endAt(clock.hostNowMs())
  const byTheirs = endAt(clock.nowMs())
  if (Math.abs(byHost.epochMilliseconds - byTheirs.epochMilliseconds) < leastShiftMs) return undefined
  const text = `${fault.message} A session of now would end ${istDayText(byTheirs)} IST, and not ${istDayText(byHost)} IST as programs on this computer would reckon.`
  return new BhorError(fault.code, text, { facts: fault.facts })
}

/** Only the `Date` of the answer counts, which the line itself reads: whatever else it says, or that none comes, is no fault. */
async function askTime({ call, hosts }: Line): Promise<void> {
  const host = Object.hasOwn(hosts, 'api') ? 'api' : Object.keys(hosts)[0]
  if (host !== undefined) await call({ method: 'GET', host, path: '/' }, 'api').catch(() => undefined)
}

function skewText({ ms, source, name }: Skew): string {
  const whose = { broker: name, store: 'the database', sandbox: `the simulated ${name}` }[source]
  return `This computer’s clock is ${durationText(Math.abs(ms))} ${ms > 0 ? 'ahead of' : 'behind'} ${whose}.`
}

function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours >= 48) return `${Math.round(hours / 24)} days`
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
}
