import type { AccountView } from '../../../src/contracts/api.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { TradingTab } from '../portfolio/trading-tab.tsx'
import { words } from '../words/words.ts'
import { CredentialsTab } from './credentials-tab.tsx'
import { EditTab } from './edit-tab.tsx'
import { OverviewTab } from './overview-tab.tsx'
import { TestTab } from './test-tab.tsx'

export function AccountDetails({
  account,
  onClose,
}: {
  readonly account: AccountView
  readonly onClose: () => void
}) {
  return (
    <Dialog title={account.account} onClose={onClose}>
      <Tabs
        label={`Details of ${account.account}`}
        tabs={[
          { name: 'Overview', content: () => <OverviewTab account={account} /> },
          { name: 'Credentials', content: () => <CredentialsTab account={account} /> },
          { name: 'Test connection', content: () => <TestTab account={account} /> },
          { name: words.portfolio.trading.tab, content: () => <TradingTab account={account} /> },
          { name: 'Edit', content: () => <EditTab account={account} onClose={onClose} /> },
        ]}
      />
    </Dialog>
  )
}
