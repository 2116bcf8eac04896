import { BhorError } from '../core/errors.ts'

/** A key or another part of a store without the store: a new one would say that nothing was lost. */
export function missing(what: string): BhorError {
  return new BhorError(
    'store_unavailable',
    `The store that belongs here is gone: ${what}, but its master key or another part of it is.`,
    { hint: 'Put the store back where it was. To begin anew, move the master key’s file away first.' },
  )
}
