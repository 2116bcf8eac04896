import { areAmountsHidden, choose } from '../choices.ts'
import { Icon } from '../parts/icon.tsx'
import { words } from '../words/portfolio.ts'

/** For whoever looks at it where others can see the screen. */
export function HideAmounts() {
  const hidden = areAmountsHidden.value
  return (
    <button
      type="button"
      class="button button-plain"
      aria-pressed={hidden}
      onClick={() => choose('amounts', hidden ? undefined : 'hidden')}
    >
      <Icon name={hidden ? 'eyeClosed' : 'eye'} />
      {words.portfolio.hide}
    </button>
  )
}
