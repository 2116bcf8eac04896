import type { ComponentChildren } from 'preact'
import { AccountsPage } from './accounts/accounts-page.tsx'
import { announcement } from './announce.ts'
import { feedProblem, isConnected, isFollowing, shownOfMs } from './connection.ts'
import { Foreign } from './foreign.tsx'
import { FreshDialog } from './fresh/fresh-dialog.tsx'
import { trouble } from './gate/house-gate.ts'
import { KillLine } from './gate/kill-line.tsx'
import { HelpSheet } from './keyboard/help-sheet.tsx'
import { later } from './parts/later.tsx'
import { ProblemNote } from './parts/problem-note.tsx'
import { Toasts } from './parts/toasts.tsx'
import { addressOf, type PageName, page } from './place.ts'
import { signInProblem, standing } from './session-state.ts'
import { SignedOut } from './signed-out.tsx'
import { now } from './time/clock.ts'
import { whenText } from './time/ist.ts'
import { TodayPage } from './today/today-page.tsx'
import { TopBar } from './top-bar.tsx'
import { words } from './words/words.ts'

const PortfolioPage = later(
  'portfolio-page',
  async () => (await import('./portfolio/portfolio-page.tsx')).PortfolioPage,
)
const ProgramsPage = later(
  'programs-page',
  async () => (await import('./programs/programs-page.tsx')).ProgramsPage,
)
const AuditPage = later('audit-page', async () => (await import('./audit/audit-page.tsx')).AuditPage)
const SettingsPage = later(
  'settings-page',
  async () => (await import('./settings/settings-page.tsx')).SettingsPage,
)
const DoctorPage = later('doctor-page', async () => (await import('./doctor/doctor-page.tsx')).DoctorPage)

const pages: Record<PageName, () => ComponentChildren> = {
  today: () => <TodayPage />,
  accounts: () => <AccountsPage />,
  portfolio: () => <PortfolioPage />,
  programs: () => <ProgramsPage />,
  audit: () => <AuditPage />,
  settings: () => <SettingsPage />,
  doctor: () => <DoctorPage />,
}

/** Of when is what stands here. */
function Age() {
  const atMs = shownOfMs.value
  return atMs === null ? null : <> {words.shell.shownAsOf(whenText(atMs, now.value))}</>
}

export function App() {
  return (
    <>
      <TopBar />
      {!isConnected.value && (
        <p class="banner" role="alert">
          {words.shell.noAnswer} <code>bhor serve</code>; {words.shell.comesBack}
          <Age />
        </p>
      )}
      {standing.value === 'in' && trouble.value !== null && (
        <p class="banner" role="alert">
          {trouble.value.text} {words.shell.nothingLeaves} {trouble.value.next}{' '}
          <a href={addressOf('doctor')}>{words.shell.askDoctor}</a>
        </p>
      )}
      {standing.value === 'in' && feedProblem.value !== null && trouble.value === null && (
        <p class="banner" role="alert">
          {words.shell.notLive} {feedProblem.value.detail} {feedProblem.value.hint}
          <Age />
        </p>
      )}
      {standing.value === 'in' && <KillLine />}
      <main class="main" data-old={isFollowing.value ? undefined : 'yes'}>
        {standing.value === 'in' && pages[page.value]()}
        {standing.value === 'out' && <SignedOut />}
        {standing.value === 'foreign' && <Foreign />}
        {standing.value === 'unknown' && <p class="loading">{words.shell.opening}</p>}
        {standing.value === 'unknown' && isConnected.value && <ProblemNote problem={signInProblem.value} />}
      </main>
      {standing.value === 'in' && <FreshDialog />}
      {standing.value === 'in' && <HelpSheet />}
      <Toasts />
      <p class="aside" role="log" aria-live="polite">
        {announcement.value}
      </p>
    </>
  )
}
