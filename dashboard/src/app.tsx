import type { ComponentChildren } from 'preact'
import { AccountsPage } from './accounts/accounts-page.tsx'
import { announcement } from './announce.ts'
import { AuditPage } from './audit/audit-page.tsx'
import { isConnected } from './connection.ts'
import { ProgramsPage } from './programs/programs-page.tsx'
import { standing } from './session-state.ts'
import { SignedOut } from './signed-out.tsx'
import { TopBar } from './top-bar.tsx'
import { type View, view } from './view.ts'

const pages: Record<View, () => ComponentChildren> = {
  accounts: () => <AccountsPage />,
  programs: () => <ProgramsPage />,
  audit: () => <AuditPage />,
}

export function App() {
  return (
    <>
      <TopBar />
      {!isConnected.value && (
        <p class="banner" role="alert">
          bhor does not answer. Start it with <code>bhor serve</code>; this page comes back by itself.
        </p>
      )}
      <main class="main">
        {standing.value === 'in' && pages[view.value]()}
        {standing.value === 'out' && <SignedOut />}
        {standing.value === 'unknown' && <p class="loading">Opening…</p>}
      </main>
      <p class="aside" role="log" aria-live="polite">
        {announcement.value}
      </p>
    </>
  )
}
