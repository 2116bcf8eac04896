import type { ComponentChildren } from 'preact'
import { AccountsPage } from './accounts/accounts-page.tsx'
import { announcement } from './announce.ts'
import { AuditPage } from './audit/audit-page.tsx'
import { isConnected, trouble } from './connection.ts'
import { Foreign } from './foreign.tsx'
import { FreshDialog } from './fresh/fresh-dialog.tsx'
import { ProblemNote } from './parts/problem-note.tsx'
import { ProgramsPage } from './programs/programs-page.tsx'
import { signInProblem, standing } from './session-state.ts'
import { SignedOut } from './signed-out.tsx'
import { TodayPage } from './today/today-page.tsx'
import { TopBar } from './top-bar.tsx'
import { type View, view } from './view.ts'

const pages: Record<View, () => ComponentChildren> = {
  today: () => <TodayPage />,
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
      {standing.value === 'in' && trouble.value !== null && (
        <p class="banner" role="alert">
          {trouble.value.text} Nothing is handed out and nobody is logged in. {trouble.value.hint}
        </p>
      )}
      <main class="main">
        {standing.value === 'in' && pages[view.value]()}
        {standing.value === 'out' && <SignedOut />}
        {standing.value === 'foreign' && <Foreign />}
        {standing.value === 'unknown' && <p class="loading">Opening…</p>}
        {standing.value === 'unknown' && isConnected.value && <ProblemNote problem={signInProblem.value} />}
      </main>
      {standing.value === 'in' && <FreshDialog />}
      <p class="aside" role="log" aria-live="polite">
        {announcement.value}
      </p>
    </>
  )
}
