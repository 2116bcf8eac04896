import type { RollCallView } from '../../../src/contracts/api.ts'
import { now } from '../time/clock.ts'
import { whenText } from '../time/ist.ts'
import { manyFrom } from './listing.ts'
import { rollCall } from './roll-call.ts'

/** Who is missing before the market, as `bhor roll-call` says it. Nothing where nobody is called in the morning. */
export function RollCallLine() {
  const roll = rollCall.value
  if (roll === null || roll.accounts.length === 0) return null
  return (
    <p class="roll-call" data-missing={roll.missing}>
      {roll.missing === 0 ? 'Ready for the market. ' : ''}
      {roll.accounts.length < manyFrom ? roll.text : inShort(roll, now.value)}
    </p>
  )
}

/** Who it is say the lines below. */
function inShort({ ready, missing, deadline }: RollCallView, nowMs: number): string {
  const by = `by ${whenText(deadline, nowMs)}`
  return missing === 0
    ? `All ${ready} are, ${by}.`
    : `${missing} of ${ready + missing} are not ready yet ${by}.`
}
