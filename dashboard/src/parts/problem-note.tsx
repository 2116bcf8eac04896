import type { Problem } from '../../../src/contracts/api.ts'
import { words } from '../words/words.ts'

/** bhor's own words: what went wrong, what to do, and small below it the id for a report. */
export function ProblemNote({
  problem,
}: {
  readonly problem: Pick<Problem, 'detail' | 'hint' | 'requestId'> | null
}) {
  if (problem === null) return null
  return (
    <div class="note" data-tone="red" role="alert">
      <p class="note-text">{problem.detail}</p>
      {problem.hint !== '' && <p>{problem.hint}</p>}
      {problem.requestId !== '' && <p class="fine">{words.forms.request(problem.requestId)}</p>}
    </div>
  )
}
