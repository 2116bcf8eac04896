import type { KeyView } from '../../../src/contracts/api.ts'
import { call } from '../api.ts'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { words } from '../words/programs.ts'
import { keys, loadKeys, madeBy } from './keys.ts'

/** Asks before a key is refused for ever. */
export function RevokeDialog({ view, onClose }: { readonly view: KeyView; readonly onClose: () => void }) {
  const made = madeBy(view.id, keys.value ?? []).map(({ name }) => name)
  const { revoking, runs } = words.programs
  const also = made.length > 0 ? revoking.also(made) : ''
  return (
    <ConfirmDialog
      title={view.isRun ? runs.endTitle(view.name) : revoking.title(view.name)}
      text={`${view.isRun ? runs.endText : revoking.text}${also}`}
      action={view.isRun ? runs.end : revoking.action}
      act={async () => {
        await call('DELETE /v1/keys/{key}', { params: { key: view.id } })
        await loadKeys()
      }}
      onClose={onClose}
    />
  )
}
