import { Button } from '../parts/button.tsx'
import { Icon } from '../parts/icon.tsx'
import { minuteEnd } from '../time/clock.ts'
import { whenText } from '../time/ist.ts'
import { words } from '../words/portfolio.ts'
import { HideAmounts } from './hide-amounts.tsx'

interface ReadBarProps {
  readonly asOf: string | null
  readonly isStale: boolean
  readonly isBusy: boolean
  readonly onRead: () => void
}

/** As of when, and the two things to do about what is shown. */
export function ReadBar({ asOf, isStale, isBusy, onRead }: ReadBarProps) {
  const time = asOf === null ? '' : whenText(asOf, minuteEnd.value)
  return (
    <div class="read-bar">
      <p class="read-time" role="status">
        {asOf === null
          ? words.portfolio.reading
          : isStale
            ? words.portfolio.stale(time)
            : words.portfolio.asOf(time)}
      </p>
      <div class="actions">
        <HideAmounts />
        <Button onPress={onRead} isBusy={isBusy}>
          <Icon name="again" />
          {words.portfolio.readAgain}
        </Button>
      </div>
    </div>
  )
}
