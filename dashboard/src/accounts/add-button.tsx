import { words } from '../words/words.ts'
import { openDialog } from './open-dialog.ts'

/** As wide as a card, where another one would stand. */
export function AddAccount() {
  const add = () => {
    openDialog.value = { kind: 'add' }
  }
  return (
    <button type="button" class="card-add" onClick={add}>
      <svg class="glyph" viewBox="0 0 20 20" aria-hidden="true">
        <path d="M10 4v12M4 10h12" />
      </svg>
      {words.today.add}
    </button>
  )
}
