import { dismissToast, toasts } from '../announce.ts'
import { words } from '../words/words.ts'
import { Icon } from './icon.tsx'

/** The live region has said them already. */
export function Toasts() {
  return (
    <ul class="toasts">
      {toasts.value.map(({ id, text }) => (
        <li key={id} class="toast">
          <span>{text}</span>
          <button
            type="button"
            class="toast-close"
            aria-label={words.shell.dismiss}
            onClick={() => dismissToast(id)}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  )
}
