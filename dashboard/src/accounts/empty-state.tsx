import { Button } from '../parts/button.tsx'
import { Horizon } from '../parts/horizon.tsx'

interface EmptyStateProps {
  readonly onSandbox: () => void
  readonly onAdd: () => void
}

export function EmptyState({ onSandbox, onAdd }: EmptyStateProps) {
  return (
    <section class="empty">
      <p class="empty-text">
        One tap in the morning, and every program of the household has a live, guarded session. Try it without
        a broker account first: it takes a minute.
      </p>
      <div class="empty-actions">
        <Button look="primary" isBig onPress={onSandbox}>
          Try it with the sandbox
        </Button>
        <Button isBig onPress={onAdd}>
          Add your broker account
        </Button>
      </div>
      <Horizon />
    </section>
  )
}
