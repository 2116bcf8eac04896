import { signOf } from '../../../src/core/decimal.ts'
import { areAmountsHidden } from '../choices.ts'
import { words } from '../words/portfolio.ts'
import { exactRupees, gainText, priceText, quantityText, shortRupees } from './money.ts'

/** What nobody knows is neither nothing nor hidden. */
type Told = string | null

/** Every digit of an amount. */
export function Rupees({ of }: { readonly of: Told }) {
  return <Shown of={of} text={exactRupees} />
}

/** An amount for a glance; the exact one is its title, and stands in a table. */
export function ShortRupees({ of, isGain }: { readonly of: Told; readonly isGain?: boolean | undefined }) {
  const text = (amount: string) => (isGain ? gainText(amount, shortRupees) : shortRupees(amount))
  return <Shown of={of} text={text} title={exactRupees} isGain={isGain} />
}

/** A profit or a loss, with its sign and every digit. */
export function Gain({ of }: { readonly of: Told }) {
  return <Shown of={of} text={(amount) => gainText(amount, exactRupees)} isGain />
}

export function Price({ of }: { readonly of: Told }) {
  return <Shown of={of} text={priceText} title={exactRupees} />
}

/** With a price it would say the amount: it is hidden as well. */
export function Quantity({ of }: { readonly of: Told }) {
  return <Shown of={of} text={quantityText} />
}

interface ShownProps {
  readonly of: Told
  readonly text: (amount: string) => string
  readonly title?: (amount: string) => string
  readonly isGain?: boolean | undefined
}

function Shown({ of, text, title, isGain }: ShownProps) {
  if (of === null) return <Instead sign="–" says={words.portfolio.notKnown} />
  if (areAmountsHidden.value) return <Instead sign="•••" says={words.portfolio.hidden} />
  const way = isGain ? ({ '-1': 'loss', '0': undefined, '1': 'gain' } as const)[signOf(of)] : undefined
  const [shown, exact] = [text(of), title?.(of)]
  return (
    <span class="amount" data-way={way} title={exact === shown ? undefined : exact}>
      {shown}
    </span>
  )
}

function Instead({ sign, says }: { readonly sign: string; readonly says: string }) {
  return (
    <span class="amount amount-instead">
      <span aria-hidden="true">{sign}</span>
      <span class="aside">{says}</span>
    </span>
  )
}
