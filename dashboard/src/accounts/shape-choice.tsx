import { accountsShape, choose } from '../choices.ts'
import { words } from '../words/words.ts'
import { manyFrom } from './listing.ts'

type Shape = 'cards' | 'table'

/** Whoever has not chosen gets what suits so many accounts. */
export function shapeFor(count: number): Shape {
  return accountsShape.value ?? (count >= manyFrom ? 'table' : 'cards')
}

export function ShapeChoice({ count }: { readonly count: number }) {
  const chip = (shape: Shape, name: string) => (
    <button
      type="button"
      class="chip"
      aria-pressed={shapeFor(count) === shape}
      onClick={() => choose('accounts', shape)}
    >
      {name}
    </button>
  )
  return (
    <fieldset class="filters">
      <legend class="aside">{words.accounts.list.shape}</legend>
      {chip('cards', words.accounts.list.cards)}
      {chip('table', words.accounts.list.table)}
    </fieldset>
  )
}
