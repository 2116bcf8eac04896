import { Dialog } from '../parts/dialog.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { words } from '../words/words.ts'
import { brokers } from './accounts.ts'
import { offerLogin, trySandbox } from './sandbox.ts'

/** Which broker to play. One tap makes the account. */
export function SandboxDialog({ onClose }: { readonly onClose: () => void }) {
  const { isBusy, problem, run } = useAction()
  const choose = async (broker: string) => {
    await run(async () => {
      const account = await trySandbox(broker)
      // The card can take the focus only when the dialog is gone.
      onClose()
      offerLogin(account)
    })
  }
  return (
    <Dialog title={words.accounts.sandbox.title} onClose={onClose} isNarrow>
      <p>{words.accounts.sandbox.text}</p>
      <ProblemNote problem={problem.value} />
      <div class="picks">
        {brokers.value.map((broker) => (
          <button
            type="button"
            class="pick"
            key={broker.id}
            data-broker={broker.id}
            disabled={isBusy.value}
            onClick={() => void choose(broker.id)}
          >
            {broker.name}
          </button>
        ))}
      </div>
    </Dialog>
  )
}
