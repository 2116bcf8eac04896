import { isHelpOpen } from './keyboard/keys.ts'
import { Icon } from './parts/icon.tsx'
import { Wordmark } from './parts/wordmark.tsx'
import { addressOf, page, pageNames } from './place.ts'
import { signOut } from './session.ts'
import { standing } from './session-state.ts'
import { words } from './words/words.ts'

/** The doctor is for those days when something is wrong: it is linked where that is told, and from the settings. */
const inNavigation = pageNames.filter((name) => name !== 'doctor')

export function TopBar() {
  const isIn = standing.value === 'in'
  return (
    <header class="top">
      <Wordmark />
      {isIn && (
        <nav class="nav" aria-label={words.shell.sections}>
          {inNavigation.map((name) => (
            <a key={name} href={addressOf(name)} aria-current={page.value === name ? 'page' : undefined}>
              <Icon name={name} />
              <span>{words.shell.pages[name]}</span>
            </a>
          ))}
        </nav>
      )}
      {isIn && (
        <button
          type="button"
          class="button button-quiet top-keys"
          onClick={() => {
            isHelpOpen.value = true
          }}
        >
          {words.keyboard.open}
        </button>
      )}
      {isIn && (
        <button type="button" class="button button-quiet" onClick={() => void signOut().catch(() => {})}>
          {words.shell.signOut}
        </button>
      )}
    </header>
  )
}
