import { type Scope, scopes } from '../../../src/contracts/api.ts'
import { words } from '../words/programs.ts'
import { locale } from '../words/words.ts'

/** Those that open something today: the proxy comes later. */
export const offeredRights: readonly Scope[] = scopes.filter((scope) => scope !== 'use')

const list = new Intl.ListFormat(locale, { type: 'conjunction' })

/** `see how accounts stand and get sessions` */
export function rightsText(held: readonly Scope[]): string {
  return list.format(held.map((scope) => words.programs.rights[scope].short))
}

/** Can a key with these rights fetch a session? */
export function canReadToken(held: readonly Scope[]): boolean {
  return held.includes('read-token') || held.includes('admin')
}
