import type { AccountView } from '../../../../src/contracts/api.ts'
import { Trail } from '../../audit/trail.tsx'
import { Panel } from '../../parts/panel.tsx'
import { words } from '../../words/manage.ts'

/** The record, as far as it is about this account. */
export function Activity({ account }: { readonly account: AccountView }) {
  return (
    <Panel title={words.manage.activity.title}>
      <Trail isPart key={account.account} wish={{ account: account.account }} />
    </Panel>
  )
}
