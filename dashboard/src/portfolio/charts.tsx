import { useSignal } from '@preact/signals'
import { words } from '../words/portfolio.ts'
import { BarChart } from './bar-chart.tsx'
import { type Dimension, dimensionsOf, type Shown, slicesOf } from './scope.ts'

/** Where the money is and what the day has made of it, by share, account or member. */
export function Charts({ shown }: { readonly shown: Shown }) {
  const chosen = useSignal<Dimension>('share')
  const all = dimensionsOf(shown)
  const by = all.includes(chosen.value) ? chosen.value : 'share'
  const slices = slicesOf(shown, by, words.portfolio.noGroup)
  const { charts } = words.portfolio
  return (
    <section class="section" aria-label={`${charts.allocation}, ${charts.day}`}>
      {all.length > 1 && (
        <fieldset class="filters">
          <legend class="aside">{charts.by}</legend>
          {all.map((each) => (
            <button
              key={each}
              type="button"
              class="chip"
              aria-pressed={each === by}
              onClick={() => {
                chosen.value = each
              }}
            >
              {charts.dimensions[each]}
            </button>
          ))}
        </fieldset>
      )}
      <div class="charts">
        <BarChart
          title={charts.allocation}
          slices={slices}
          of="value"
          nameLabel={charts.dimensions[by]}
          whole={shown.sums.value}
        />
        <BarChart title={charts.day} slices={slices} of="dayPnl" nameLabel={charts.dimensions[by]} />
      </div>
    </section>
  )
}
