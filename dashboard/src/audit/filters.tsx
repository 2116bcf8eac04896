import { useId } from 'preact/hooks'
import { activityKinds } from '../../../src/contracts/activity.ts'
import { accounts } from '../accounts/accounts.ts'
import { byName } from '../parts/by-name.ts'
import { SelectOne } from '../parts/select-one.tsx'
import { addressOf, goTo } from '../place.ts'
import { keys } from '../programs/keys.ts'
import { minuteEnd } from '../time/clock.ts'
import { istDate } from '../time/ist.ts'
import { words } from '../words/audit.ts'
import { goneAccounts } from './gone.ts'
import { pathOf, type Wish, type WishName, withFilter } from './wish.ts'

const firstDay = '2020-01-01'

/** What is shown. It stands in the address, so that a reload and a link keep it. */
export function Filters({ wish }: { readonly wish: Wish }) {
  const said = words.audit.filters
  const dayId = useId()
  const choose = (name: WishName) => (value: string) =>
    goTo('audit', ...pathOf(withFilter(wish, name, value)))
  const named = (names: readonly string[], label = (name: string) => name) =>
    [...new Set(names)].toSorted(byName).map((value) => ({ value, label: label(value) }))
  const present = (accounts.value ?? []).map(({ account }) => account)
  const gone = goneAccounts.value.filter((account) => !present.includes(account))
  return (
    <search class="audit-filters" aria-label={said.title}>
      <SelectOne
        label={said.account}
        all={said.allAccounts}
        options={[...named(present), ...named(gone, said.gone)]}
        value={wish.account ?? ''}
        onChoose={choose('account')}
      />
      <SelectOne
        label={said.program}
        all={said.allPrograms}
        options={named((keys.value ?? []).map(({ name }) => name))}
        value={wish.program ?? ''}
        onChoose={choose('program')}
      />
      <SelectOne
        label={said.kind}
        all={said.allKinds}
        options={activityKinds.map((value) => ({ value, label: said.kinds[value] }))}
        value={wish.kind ?? ''}
        onChoose={choose('kind')}
      />
      <div class="select-one" data-set={wish.day === undefined ? undefined : true}>
        <label for={dayId}>{said.day}</label>
        <input
          id={dayId}
          type="date"
          min={firstDay}
          max={istDate(minuteEnd.value)}
          value={wish.day ?? ''}
          onChange={({ currentTarget: { validity, value } }) => {
            // While a year is being typed it is one of long ago.
            if (validity.valid) choose('day')(value)
          }}
        />
      </div>
      {pathOf(wish).length > 0 && (
        <a class="button button-quiet" href={addressOf('audit')}>
          {said.clear}
        </a>
      )}
    </search>
  )
}
