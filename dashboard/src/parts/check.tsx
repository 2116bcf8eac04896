import type { Signal } from '@preact/signals'

interface CheckProps {
  readonly label: string
  readonly help?: string | undefined
  /** `yes` or empty: see `Draft.choice`. */
  readonly chosen: Signal<string>
}

/** One thing that is so, or not. */
export function Check({ label, help, chosen }: CheckProps) {
  return (
    <label class="choice-option">
      <input
        type="checkbox"
        checked={chosen.value === 'yes'}
        onChange={(event) => {
          chosen.value = event.currentTarget.checked ? 'yes' : ''
        }}
      />
      <span>
        <span class="choice-label">{label}</span>
        {help && <span class="fine">{help}</span>}
      </span>
    </label>
  )
}
