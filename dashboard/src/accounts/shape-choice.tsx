import { signal } from '@preact/signals'
import { words } from '../words/words.ts'
import { manyFrom } from './listing.ts'

/** What was chosen on this page; null as long as the number of accounts decides. */
const chosen = signal<'table' | 'cards' | null>(null)

export function isTable(count: number): boolean {
  return chosen.value === null ? count >= manyFrom : chosen.value === 'table'
}

export function ShapeChoice() {
  const choose = (shape: 'table' | 'cards', name: string) => (
    <button
      type="button"
      class="chip"
      aria-pressed={chosen.value === shape}
      onClick={() => {
        chosen.value = shape
      }}
    >
      {name}
    </button>
  )
  return (
    <fieldset class="filters">
      <legend class="aside">{words.accounts.list.shape}</legend>
      {choose('cards', words.accounts.list.cards)}
      {choose('table', words.accounts.list.table)}
    </fieldset>
  )
}
