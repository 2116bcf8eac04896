import { Button } from '../parts/button.tsx'
import { Horizon } from '../parts/horizon.tsx'
import { openDialog } from './open-dialog.ts'

/** The first run: what bhor is for, and the two ways to begin. */
export function EmptyState() {
  const open = (kind: 'sandbox' | 'add') => () => {
    openDialog.value = { kind }
  }
  return (
    <section class="empty">
      <p class="empty-text">
        One tap in the morning, and every program of the household has a live, guarded session. Try it without
        a broker account first: it takes a minute.
      </p>
      <div class="empty-actions">
        <Button look="primary" isBig onPress={open('sandbox')}>
          Try it with the sandbox
        </Button>
        <Button isBig onPress={open('add')}>
          Add your broker account
        </Button>
      </div>
      <Horizon />
    </section>
  )
}
