import { Fragment } from 'preact'
import { areKeysOn, choose } from '../choices.ts'
import { Dialog } from '../parts/dialog.tsx'
import { words } from '../words/words.ts'
import { isHelpOpen, keys } from './keys.ts'

/** Every key, and the switch for those to whom they are in the way. */
export function HelpSheet() {
  if (!isHelpOpen.value) return null
  const { title, closes, escapeKey, enabled, enabledHelp } = words.keyboard
  return (
    <Dialog title={title} isNarrow onClose={() => (isHelpOpen.value = false)}>
      <dl class="keys">
        {keys.map(({ key, does }) => (
          <Fragment key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </Fragment>
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
          onChange={(event) => choose('keys', event.currentTarget.checked ? undefined : 'off')}
        />
        <span>
          <span class="choice-label">{enabled}</span>
          <span class="fine">{enabledHelp}</span>
        </span>
      </label>
    </Dialog>
  )
}
