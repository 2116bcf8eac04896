import { useId } from 'preact/hooks'
import type { PortfolioView } from '../../../src/contracts/portfolio.ts'
import { goTo } from '../place.ts'
import { words } from '../words/portfolio.ts'
import { type Kind, membersOf, pathOf, type Scope, type Shown } from './scope.ts'

interface ScopeChoiceProps {
  readonly view: PortfolioView
  readonly shown: Shown
}

/** Which money, and whose. Both stand in the address. */
export function ScopeChoice({ view, shown: { total, scope } }: ScopeChoiceProps) {
  const id = useId()
  const { kinds, kindsLegend, together, members, accounts, noGroup } = words.portfolio
  const own = view.accounts.filter(({ kind }) => kind === total.kind)
  const named = membersOf(total)
  const go = (kind: Kind, to: Scope) => goTo('portfolio', ...pathOf(kind, to))
  const option = (to: Scope, name: string) => {
    const value = JSON.stringify(to)
    return (
      <option key={value} value={value} selected={value === JSON.stringify(scope)}>
        {name}
      </option>
    )
  }
  return (
    <div class="scope">
      {view.totals.length > 1 && (
        <fieldset class="filters">
          <legend class="aside">{kindsLegend}</legend>
          {view.totals.map(({ kind }) => (
            <button
              key={kind}
              type="button"
              class="chip"
              aria-pressed={kind === total.kind}
              onClick={() => go(kind, { of: 'together' })}
            >
              {kinds[kind]}
            </button>
          ))}
        </fieldset>
      )}
      {own.length > 1 && (
        <div class="scope-whose">
          <label for={id}>{words.portfolio.scope}</label>
          <select
            id={id}
            class="select"
            onChange={(event) => go(total.kind, JSON.parse(event.currentTarget.value) as Scope)}
          >
            {option({ of: 'together' }, together)}
            {named.length > 0 && (
              <optgroup label={members}>
                {named.map(({ group }) => option({ of: 'member', group }, group ?? noGroup))}
              </optgroup>
            )}
            <optgroup label={accounts}>
              {own.map(({ account }) => option({ of: 'account', account }, account))}
            </optgroup>
          </select>
        </div>
      )}
      {total.kind !== 'live' && (
        <p class="scope-note">
          <span class="tag" data-kind={total.kind}>
            {kinds[total.kind]}
          </span>{' '}
          {words.portfolio.kindNotes[total.kind]}
        </p>
      )}
    </div>
  )
}
