import type { PastedLogin } from '../../contracts/broker.ts'
import type { LoginKind } from './methods.ts'

/** The user copies a token from the broker's site. */
export const pasted: LoginKind<PastedLogin> = {
  begin: async () => ({ page: null, next: '', vars: {} }),
  resume: async (_run, method, _next, vars) => ({ grant: method.read(vars) }),
  asks: ({ asks }) => asks,
}
