import { signal } from '@preact/signals'
import { manyFrom } from './listing.ts'

/** What was chosen on this page; null as long as the number of accounts decides. */
const chosen = signal<'table' | 'cards' | null>(null)

export function isTable(count: number): boolean {
  return chosen.value === null ? count >= manyFrom : chosen.value === 'table'
}

export function ShapeChoice() {
  const choose = (shape: 'table' | 'cards', words: string) => (
    <button
      type="button"
      class="chip"
      aria-pressed={chosen.value === shape}
      onClick={() => {
        chosen.value = shape
      }}
    >
      {words}
    </button>
  )
  return (
    <fieldset class="filters">
      <legend class="aside">Show accounts as</legend>
      {choose('cards', 'Cards')}
      {choose('table', 'Table')}
    </fieldset>
  )
}
