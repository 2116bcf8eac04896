import type { RollCallView } from '../../../src/contracts/api.ts'
import { now } from '../time/clock.ts'
import { whenText } from '../time/ist.ts'
import { words } from '../words/words.ts'
import { manyFrom } from './listing.ts'
import { rollCall } from './roll-call.ts'

const said = words.today.rollCall

/** Who is missing before the market, as `bhor roll-call` says it. Nothing where nobody is called in the morning. */
export function RollCallLine() {
  const roll = rollCall.value
  if (roll === null || roll.accounts.length === 0) return null
  return (
    <p class="roll-call" data-missing={roll.missing}>
      {roll.missing === 0 ? `${said.ready} ` : ''}
      {roll.accounts.length < manyFrom ? roll.text : inShort(roll, now.value)}
    </p>
  )
}

/** Who it is say the lines below. */
function inShort({ ready, missing, deadline }: RollCallView, nowMs: number): string {
  const by = said.by(whenText(deadline, nowMs))
  return missing === 0 ? said.allAre(ready, by) : said.missing(missing, ready + missing, by)
}
