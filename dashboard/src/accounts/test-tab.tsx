import type { AccountView } from '../../../src/contracts/api.ts'
import { Button } from '../parts/button.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { TestVerdict } from './test-verdict.tsx'
import { tests } from './tests.ts'

export function TestTab({ account }: { readonly account: AccountView }) {
  const { isBusy, problem, run } = useAction()
  const result = tests.of(account.id)
  return (
    <>
      <p>
        bhor asks {account.brokerName} for your profile with the live session. Nothing is ordered or changed.
      </p>
      <div class="actions">
        <Button look="primary" onPress={() => void run(() => tests.run(account))} isBusy={isBusy.value}>
          Test connection
        </Button>
      </div>
      <ProblemNote problem={problem.value} />
      {result !== undefined && <TestVerdict result={result} />}
    </>
  )
}
