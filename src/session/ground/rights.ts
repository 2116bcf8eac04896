import type { Scope } from '../../contracts/api.ts'
import type { Actor } from '../../contracts/audit.ts'
import { BhorError } from '../../core/errors.ts'

/** Who asks, for the record and for the rights. */
export interface Principal {
  readonly actor: Actor
  readonly rights: ReadonlySet<Scope>
  /** Account ids; null for all. */
  readonly accountIds: ReadonlySet<string> | null
}

/** The principal of a trusted caller. */
export function fullRights(kind: Actor['kind'], id = ''): Principal {
  return { actor: { kind, id }, rights: new Set(['admin']), accountIds: null }
}

/** bhor itself. */
export const keeper = fullRights('keeper')

/**
 * The one place that decides who may do what. `house`: what concerns all accounts; a caller who is limited to some could
 * widen itself by it. `own`: a list of what the caller may see anyway.
 *
 * @throws BhorError `scope_missing`; `account_not_found` for an account that the caller may not see
 */
export function requireRight(
  principal: Principal,
  right: Scope,
  where: { readonly id: string } | 'house' | 'own',
): void {
  const { rights, accountIds } = principal
  const isHouse = where === 'house'
  if ((!rights.has('admin') && !rights.has(right)) || (isHouse && accountIds !== null)) {
    throw missing(right, `the right "${right}"${isHouse ? ' over all accounts' : ''}`)
  }
  if (typeof where === 'object' && accountIds?.has(where.id) === false) throw noAccount()
}

/** What only people do: at the command line of this user, in this process, or signed in to the page. Never a key. */
export function requirePerson({ actor }: Principal): void {
  if (actor.kind === 'key') throw missing('person', 'a person at the dashboard, not a key')
}

/** What only the user who runs bhor does. */
export function requireOperator({ actor }: Principal): void {
  if (actor.kind === 'operator' || actor.kind === 'library') return
  throw missing('operator', 'the command line of the user who runs bhor')
}

function missing(scope: string, needed: string): BhorError {
  return new BhorError('scope_missing', `This needs ${needed}.`, { facts: { scope } })
}

export function noAccount(): BhorError {
  return new BhorError('account_not_found', 'There is no account of this name.')
}
