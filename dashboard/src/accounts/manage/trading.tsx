import type { AccountView } from '../../../../src/contracts/api.ts'
import { Panel } from '../../parts/panel.tsx'
import { TradingTab } from '../../portfolio/trading-tab.tsx'
import { words } from '../../words/manage.ts'

/** Orders of the day, positions and margins, with the account's gate and limits. */
export function Trading({ account }: { readonly account: AccountView }) {
  return (
    <Panel title={words.manage.tabs.trading}>
      <TradingTab account={account} />
    </Panel>
  )
}
