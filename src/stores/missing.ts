import { BhorError } from '../core/errors.ts'

/** A key without its store: a new store would say that nothing was lost. */
export function missing(what: string): BhorError {
  return new BhorError(
    'store_unavailable',
    `The store that belongs to the master key is gone: ${what}, but the key is here.`,
    { hint: 'Put the store back where it was. To begin anew, move the master key’s file away first.' },
  )
}
