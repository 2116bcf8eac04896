import type { Scope } from '../../contracts/api.ts'
import type { Actor } from '../../contracts/audit.ts'
import type { Clock } from '../../core/clock.ts'
import { BhorError } from '../../core/errors.ts'
import { type FreshAct, freshActs } from './fresh-acts.ts'

/** What a caller may do. `resume`: lifts what somebody stopped; `seal`: closes everything. No key has one of these alone. */
export type Right = Scope | 'resume' | 'seal'

/** Who asks, for the record and for the rights. */
export interface Principal {
  readonly actor: Actor
  readonly rights: ReadonlySet<Right>
  /** Account ids; null for all. */
  readonly accountIds: ReadonlySet<string> | null
  /**
   * Of a key that was read earlier and that another server may have revoked since: who presents it now. Whoever does
   * not watch the key in the commit that lets something leave asks this first. @throws BhorError `key_invalid`
   */
  readonly confirm?: () => Promise<Principal>
  /** Of somebody at the page: until when what he confirmed last counts. */
  readonly freshUntilMs?: number
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
 * @param hint what somebody does who has not this right; to make another key when left out
 * @throws BhorError `scope_missing`; `account_not_found` for an account that the caller may not see
 */
export function requireRight(
  principal: Principal,
  right: Right,
  where: { readonly id: string } | 'house' | 'own',
  hint?: string,
): void {
  const { actor, rights, accountIds } = principal
  const isHouse = where === 'house'
  if ((!rights.has('admin') && !rights.has(right)) || (isHouse && accountIds !== null)) {
    const scope = right === 'resume' || right === 'seal' ? 'admin' : right
    throw missing(
      scope,
      `the right "${scope}"${isHouse ? ' over all accounts' : ''}`,
      actor.kind === 'telegram' ? chatHint : hint,
    )
  }
  if (typeof where === 'object' && accountIds?.has(where.id) === false) throw noAccount()
}

/** Whether a caller may see some accounts only: then no number may tell him of the others. */
export function isLimited({ accountIds }: Principal): boolean {
  return accountIds !== null
}

/** The same as a question. */
export function hasRight(...asked: Parameters<typeof requireRight>): boolean {
  try {
    requireRight(...asked)
    return true
  } catch {
    return false
  }
}

/**
 * Whoever writes in the chat of a channel: sees, logs in and stops what the channel is for.
 *
 * @param isConfirmed somebody was asked once more there; only then is anything lifted that was stopped
 */
export function chatRights(
  { id, accountIds }: { readonly id: string; readonly accountIds: readonly string[] | null },
  isConfirmed = false,
): Principal {
  return {
    actor: { kind: 'telegram', id },
    rights: new Set<Right>([
      'status',
      'login',
      'pause',
      'seal',
      ...(isConfirmed ? (['resume'] as const) : []),
    ]),
    accountIds: accountIds && new Set(accountIds),
  }
}

/** What only people do: at the command line of this user, in this process, or signed in to the page. Never a key or a chat. */
export function requirePerson({ actor }: Principal): void {
  if (actor.kind === 'key') throw missing('person', 'a person at the dashboard, not a key')
  if (actor.kind === 'telegram') throw missing('person', 'a person at the dashboard, not a chat')
}

/** Whether somebody is at the desk himself: by none of the ways from outside, and no program with a key. */
export function isAtDesk({ actor }: Principal): boolean {
  return actor.kind === 'operator' || actor.kind === 'library' || actor.kind === 'desk'
}

/** What is decided at the desk: by somebody who may have come by none of the ways from outside. */
export function requireAtDesk(principal: Principal): void {
  if (isAtDesk(principal)) return
  throw missing('person', 'a person at the desk or its command line')
}

/** What only the user who runs bhor does. */
export function requireOperator({ actor }: Principal): void {
  if (actor.kind === 'operator' || actor.kind === 'library') return
  throw missing('operator', 'the command line of the user who runs bhor')
}

/**
 * For what is dangerous at the page: somebody confirmed just now that it is still he. The user at his own command line
 * has shown that by being there; a client key never can.
 *
 * @throws BhorError `confirmation_needed` with the act
 */
export function requireFresh(
  { clock }: { readonly clock: Pick<Clock, 'nowMs'> },
  { actor, freshUntilMs }: Principal,
  act: FreshAct,
): void {
  const { text, keys } = freshActs[act]
  const isFree = actor.kind !== 'desk' && (actor.kind !== 'key' || keys === 'by right')
  if (isFree || (freshUntilMs !== undefined && clock.nowMs() < freshUntilMs)) return
  throw new BhorError('confirmation_needed', `To ${text} takes a fresh confirmation.`, { facts: { act } })
}

/**
 * What the user who runs bhor does, and somebody at the page who confirmed it just now. Never a key.
 *
 * @throws BhorError `scope_missing`, `confirmation_needed`
 */
export function requireConfirmed(
  context: Parameters<typeof requireFresh>[0],
  principal: Principal,
  act: FreshAct,
): void {
  requireAtDesk(principal)
  requireFresh(context, principal, act)
}

const chatHint = 'Do it in a chat for all accounts, or at the desk.'

function missing(scope: string, needed: string, hint?: string): BhorError {
  const text = `This needs ${needed}.`
  return new BhorError('scope_missing', text, { facts: { scope }, ...(hint === undefined ? {} : { hint }) })
}

export function noAccount(): BhorError {
  return new BhorError('account_not_found', 'There is no account of this name.')
}
