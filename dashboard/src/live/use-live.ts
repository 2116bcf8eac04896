import { type Signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Problem } from '../../../src/contracts/api.ts'
import type { FeedEvent } from '../../../src/contracts/events.ts'
import { accounts } from '../accounts/accounts.ts'
import { toProblem } from '../problem.ts'

/** Calls `read` when the component is shown first, and after every change. */
export function useLive(
  read: () => Promise<void>,
  _isAbout: (event: FeedEvent) => boolean,
  key: unknown = null,
): Signal<Problem | null> {
  const problem = useSignal<Problem | null>(null)
  useEffect(
    () =>
      void read().then(
        () => {
          problem.value = null
        },
        (error: unknown) => {
          problem.value = toProblem(error)
        },
      ),
    [accounts.value, key],
  )
  return problem
}
