import { Dialog } from '../parts/dialog.tsx'
import { words } from '../words/words.ts'
import { areKeysOn, isHelpOpen, keys, turnKeys } from './keys.ts'

/** Every key, and the switch for those to whom they are in the way. */
export function HelpSheet() {
  if (!isHelpOpen.value) return null
  const { title, closes, escapeKey, enabled, enabledHelp } = words.keyboard
  return (
    <Dialog title={title} isNarrow onClose={() => (isHelpOpen.value = false)}>
      <dl class="keys">
        {keys.map(({ key, does }) => (
          <>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </>
        ))}
        <dt>
          <kbd>{escapeKey}</kbd>
        </dt>
        <dd>{closes}</dd>
      </dl>
      <label class="choice-option">
        <input
          type="checkbox"
          checked={areKeysOn.value}
          onChange={(event) => turnKeys(event.currentTarget.checked)}
        />
        <span>
          <span class="choice-label">{enabled}</span>
          <span class="fine">{enabledHelp}</span>
        </span>
      </label>
    </Dialog>
  )
}
