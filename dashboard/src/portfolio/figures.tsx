import type { ComponentChildren } from 'preact'
import { words } from '../words/portfolio.ts'
import { ShortRupees } from './amount.tsx'
import type { Shown } from './scope.ts'

/** What it is all worth, in short; the exact amounts stand in the tables below. */
export function Figures({ shown: { sums, total, scope } }: { readonly shown: Shown }) {
  const { figures, without, unknown } = words.portfolio
  const missing =
    scope.of === 'together'
      ? total.missing
      : scope.of === 'member'
        ? (total.groups.find(({ group }) => group === scope.group)?.missing ?? [])
        : []
  return (
    <section aria-label={figures.title}>
      <dl class="figures">
        <Figure name={figures.value} isLarge>
          <ShortRupees of={sums.value} />
        </Figure>
        <Figure name={figures.dayPnl} isLarge>
          <ShortRupees of={sums.dayPnl} isGain />
        </Figure>
        <Figure name={figures.invested}>
          <ShortRupees of={sums.invested} />
        </Figure>
        <Figure name={figures.holdingsPnl}>
          <ShortRupees of={sums.holdingsPnl} isGain />
        </Figure>
        <Figure name={figures.positionsPnl}>
          <ShortRupees of={sums.positionsPnl} isGain />
        </Figure>
        <Figure name={figures.available}>
          <ShortRupees of={sums.available} />
        </Figure>
        <Figure name={figures.used}>
          <ShortRupees of={sums.used} />
        </Figure>
      </dl>
      {missing.length > 0 && <p class="fine">{without(missing.join(', '))}</p>}
      {(['invested', 'value', 'dayPnl'] as const).map(
        (sum) =>
          sums.unknown[sum] > 0 && (
            <p key={sum} class="fine">
              {unknown[sum](sums.unknown[sum])}
            </p>
          ),
      )}
    </section>
  )
}

function Figure({
  name,
  isLarge,
  children,
}: {
  readonly name: string
  readonly isLarge?: boolean
  readonly children: ComponentChildren
}) {
  return (
    <div class="figure" data-large={isLarge}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
