import { Icon } from '../parts/icon.tsx'
import { words } from '../words/portfolio.ts'
import { areHidden, hideAmounts } from './hidden.ts'

/** For whoever looks at it where others can see the screen. */
export function HideAmounts() {
  const hidden = areHidden.value
  return (
    <button
      type="button"
      class="button button-plain"
      aria-pressed={hidden}
      onClick={() => hideAmounts(!hidden)}
    >
      <Icon name={hidden ? 'eyeClosed' : 'eye'} />
      {words.portfolio.hide}
    </button>
  )
}
