import type { KeyAdded } from '../../../src/contracts/api.ts'
import { Button } from '../parts/button.tsx'
import { CopyBox } from '../parts/copy-box.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { words } from '../words/programs.ts'
import { Connect } from './connect.tsx'

/** The only sight of a new key, and what to do with it. */
export function KeyShown({ added, onClose }: { readonly added: KeyAdded; readonly onClose: () => void }) {
  const said = words.programs.shown
  return (
    <Dialog title={said.title(added.name)} onClose={onClose}>
      <CopyBox label={said.key} text={added.key} />
      <p class="note" data-tone="amber">
        {said.once}
      </p>
      <Connect view={added} isKeyShown />
      <div class="actions actions-end">
        <Button look="primary" onPress={onClose}>
          {said.done}
        </Button>
      </div>
    </Dialog>
  )
}
