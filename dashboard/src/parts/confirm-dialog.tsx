import { words } from '../words/words.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { ProblemNote } from './problem-note.tsx'
import { useAction } from './use-action.ts'

interface ConfirmProps {
  readonly title: string
  readonly text: string
  readonly action: string
  /** What is said instead of it. */
  readonly keep?: string
  readonly act: () => Promise<void>
  readonly onClose: () => void
}

/** Asks before what cannot be taken back, stays open with the reason when it fails. */
export function ConfirmDialog({ title, text, action, keep = words.forms.keep, act, onClose }: ConfirmProps) {
  const { isBusy, problem, run } = useAction()
  const confirm = async () => {
    if (await run(act)) onClose()
  }
  return (
    <Dialog title={title} onClose={onClose} isNarrow>
      <p>{text}</p>
      <ProblemNote problem={problem.value} />
      <div class="actions actions-end">
        <Button onPress={onClose}>{keep}</Button>
        <Button look="danger" onPress={() => void confirm()} isBusy={isBusy.value}>
          {action}
        </Button>
      </div>
    </Dialog>
  )
}
