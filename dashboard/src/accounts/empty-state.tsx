import { Button } from '../parts/button.tsx'
import { Horizon } from '../parts/horizon.tsx'
import { words } from '../words/words.ts'
import { openDialog } from './open-dialog.ts'

/** The first run: what bhor is for, and the two ways to begin. */
export function EmptyState() {
  const open = (kind: 'sandbox' | 'add') => () => {
    openDialog.value = { kind }
  }
  return (
    <section class="empty">
      <p class="empty-text">{words.accounts.empty.text}</p>
      <div class="empty-actions">
        <Button look="primary" isBig onPress={open('sandbox')}>
          {words.accounts.empty.sandbox}
        </Button>
        <Button isBig onPress={open('add')}>
          {words.accounts.empty.add}
        </Button>
      </div>
      <Horizon />
    </section>
  )
}
