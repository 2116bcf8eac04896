import { BhorError } from '../core/errors.ts'
import { printable } from '../core/redact.ts'

const mostNamed = 5

/**
 * What stands in a store and was not made by bhor: a trigger or a rule undoes what bhor writes, a view or a column of
 * another kind shows what nobody wrote.
 *
 * @throws BhorError `store_damaged` naming them
 */
export function refuseStrangers(found: readonly string[]): void {
  if (found.length === 0) return
  const named = found.slice(0, mostNamed).map((one) => printable(one, 120))
  const more = found.length > named.length ? ` and ${found.length - named.length} more` : ''
  throw new BhorError(
    'store_damaged',
    `The store holds what bhor did not make: ${named.join(', ')}${more}.`,
    {
      hint: 'Find out who made it and what it changed; bhor starts when it is dropped.',
      facts: { strangers: found.length },
    },
  )
}
