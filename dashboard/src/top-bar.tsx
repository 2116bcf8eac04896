import { Wordmark } from './parts/wordmark.tsx'
import { signOut } from './session.ts'
import { standing } from './session-state.ts'
import { type View, view, views } from './view.ts'

const names: Record<View, string> = {
  today: 'Today',
  accounts: 'Accounts',
  programs: 'Programs',
  audit: 'Audit',
}

export function TopBar() {
  const isIn = standing.value === 'in'
  return (
    <header class="top">
      <Wordmark />
      {isIn && (
        <nav class="nav" aria-label="Sections">
          {views.map((each) => (
            <a key={each} href={`#${each}`} aria-current={view.value === each ? 'page' : undefined}>
              {names[each]}
            </a>
          ))}
        </nav>
      )}
      {isIn && (
        <button type="button" class="button button-quiet" onClick={() => void signOut().catch(() => {})}>
          Sign out
        </button>
      )}
    </header>
  )
}
