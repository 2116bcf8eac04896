import { isAboutAccounts, useLive, useMoment } from '../live/use-live.ts'
import { now } from '../time/clock.ts'
import { nextMidnightMs, whenText } from '../time/ist.ts'
import { words } from '../words/words.ts'
import { accounts } from './accounts.ts'
import { manyFrom } from './listing.ts'
import { loadRollCall, missingByReason, rollCall } from './roll-call.ts'

const said = words.today.rollCall

/** Keeps the roll-call true. @returns whether what there is to say of it is known, or cannot be read now */
export function useRollCall(): boolean {
  const roll = rollCall.value
  const deadlineMs = Date.parse(roll?.deadline ?? '')
  // The day that it is for ends with the deadline, or at midnight.
  const isAhead = deadlineMs > now.peek()
  const passed = useMoment(roll === null ? null : isAhead ? deadlineMs : nextMidnightMs(now.peek()))
  const problem = useLive(loadRollCall, isAboutAccounts, passed)
  return roll !== null || problem.value !== null
}

/** Who is missing before the market, as `bhor roll-call` says it. Nothing where nobody is called in the morning. */
export function RollCallLine() {
  const roll = rollCall.value
  if (roll === null || roll.ready + roll.missing === 0) return null
  const isMany = roll.accounts.length >= manyFrom
  const by = said.by(whenText(roll.deadline, now.value))
  return (
    <p class="roll-call" data-missing={roll.missing}>
      {roll.missing === 0 ? `${said.ready} ` : ''}
      {!isMany && roll.text}
      {isMany && roll.missing === 0 && said.allAre(roll.ready, by)}
      {isMany && roll.missing > 0 && (
        <>
          {said.missing(roll.missing, roll.ready + roll.missing, by)}{' '}
          {missingByReason(roll, accounts.value ?? [])
            .map(({ reason, names }) => said.reasons[reason](names.length, names))
            .join(' ')}
        </>
      )}
    </p>
  )
}
