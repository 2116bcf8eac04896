import { BhorError } from '../core/errors.ts'

/** Aborts when the person or the system wants the command to end; until then the default, a sudden death, is off. */
export function onInterrupt(): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController()
  const stop = () => controller.abort(new BhorError('cancelled', 'Cancelled.'))
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const name of signals) process.once(name, stop)
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const name of signals) process.removeListener(name, stop)
    },
  }
}
