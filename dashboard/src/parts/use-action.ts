import { type Signal, useSignal } from '@preact/signals'
import type { Problem } from '../../../src/contracts/api.ts'
import { toProblem } from '../problem.ts'

interface Action {
  readonly isBusy: Signal<boolean>
  readonly problem: Signal<Problem | null>
  /** Runs one thing at a time; false when it failed, and `problem` says why. */
  readonly run: (act: () => Promise<void>) => Promise<boolean>
}

/** What every button that asks the server needs: whether it works, and what went wrong. */
export function useAction(): Action {
  const isBusy = useSignal(false)
  const problem = useSignal<Problem | null>(null)
  const run = async (act: () => Promise<void>) => {
    if (isBusy.value) return false
    isBusy.value = true
    problem.value = null
    try {
      await act()
      return true
    } catch (error) {
      problem.value = toProblem(error)
      return false
    } finally {
      isBusy.value = false
    }
  }
  return { isBusy, problem, run }
}
