import type { Scope } from '../../../src/contracts/api.ts'

/** What each right lets a program do, weakest first. */
export const scopeWords = {
  status: 'See how accounts stand. No tokens.',
  use: 'Call the broker through bhor’s proxy, without ever seeing a token.',
  'read-token': 'Get the live session and call the broker itself.',
  login: 'Start and complete logins.',
  pause: 'Stop an account from trading, and let it trade again.',
  portfolio: 'See holdings, positions and funds.',
  admin: 'Everything, also adding accounts and keys.',
} as const satisfies Record<Scope, string>

const comesLater: readonly Scope[] = ['use', 'pause', 'portfolio']
/** Those that open something today. */
export const scopeNames = (Object.keys(scopeWords) as Scope[]).filter((scope) => !comesLater.includes(scope))

/** Can a key with these rights fetch a session? */
export function canReadToken(scopes: readonly Scope[]): boolean {
  return scopes.includes('read-token') || scopes.includes('admin')
}
