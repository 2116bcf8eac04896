import { Button } from '../parts/button.tsx'
import { Icon } from '../parts/icon.tsx'
import { minuteEnd } from '../time/clock.ts'
import { whenText } from '../time/ist.ts'
import { words } from '../words/portfolio.ts'
import { HideAmounts } from './hide-amounts.tsx'

interface ReadBarProps {
  /** null: nothing was read; undefined: nobody has answered yet. */
  readonly asOf: string | null | undefined
  readonly isStale: boolean
  readonly isBusy: boolean
  readonly onRead: () => void
}

/** As of when, and the two things to do about what is shown. */
export function ReadBar({ asOf, isStale, isBusy, onRead }: ReadBarProps) {
  const said = words.portfolio
  const text = () => {
    if (asOf === undefined) return said.reading
    if (asOf === null) return said.nothingRead
    const time = whenText(asOf, minuteEnd.value)
    return isStale ? said.stale(time) : said.asOf(time)
  }
  return (
    <div class="read-bar">
      <p class="read-time" role="status">
        {text()}
      </p>
      <div class="actions">
        <HideAmounts />
        <Button onPress={onRead} isBusy={isBusy}>
          <Icon name="again" />
          {said.readAgain}
        </Button>
      </div>
    </div>
  )
}
