import { Button } from '../parts/button.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { words } from '../words/words.ts'
import { houseGate, setHouseGate } from './house-gate.ts'

const switched = ['killed', 'switch_damaged']

/** What stands above everything while trading is stopped for all. */
export function KillLine() {
  const { isBusy, problem, run } = useAction()
  const gate = houseGate.value
  const stop = gate?.causes.find(({ reason }) => switched.includes(reason))
  if (stop === undefined) return null
  return (
    <div class="note stop" data-tone="red" data-gate={stop.reason} role="alert">
      <p class="note-text">{stop.text}</p>
      <p>{words.today.stop.is}</p>
      <ProblemNote problem={problem.value} />
      <Button onPress={() => void run(() => setHouseGate('open', ''))} isBusy={isBusy.value}>
        {words.today.stop.lift}
      </Button>
    </div>
  )
}
