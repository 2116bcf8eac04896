import { accounts } from '../accounts/accounts.ts'
import { Button } from '../parts/button.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { words } from '../words/words.ts'
import { houseGate, setHouseGate } from './house-gate.ts'

const switched = ['killed', 'switch_damaged']
const said = words.today.stop

/** What stands above every page while trading is stopped for all, or bhor is sealed: what that did, and how it ends. */
export function KillLine() {
  const { isBusy, problem, run } = useAction()
  const causes = houseGate.value?.causes ?? []
  const stop = causes.find(({ reason }) => switched.includes(reason))
  const seal = causes.find(({ reason }) => reason === 'sealed')
  if (stop === undefined && seal === undefined) return null
  return (
    <div class="banner stop" data-gate={(stop ?? seal)?.reason} role="alert">
      {stop !== undefined && (
        <>
          <p class="note-text">{stop.text}</p>
          <p>
            {said.is((accounts.value ?? []).length)} {stop.next}
          </p>
          <ProblemNote problem={problem.value} />
          <Button onPress={() => void run(() => setHouseGate('open', ''))} isBusy={isBusy.value}>
            {said.lift}
          </Button>
        </>
      )}
      {seal !== undefined && (
        <>
          <p class="note-text">{seal.text}</p>
          <p>{seal.next}</p>
        </>
      )}
    </div>
  )
}
