import type { BrokerView, LoginKind } from '../../../src/contracts/api.ts'

/** Each way in, as a button says it where a broker has several. */
export const wayWords = {
  redirect: 'Log in on the broker’s page',
  direct: 'Log in with PIN and code',
  approval: 'Approve on the phone',
  pasted: 'Paste a token',
} as const satisfies Record<LoginKind, string>

/** The way that is taken when nobody chooses. */
export function firstWay(broker: Pick<BrokerView, 'logins'> | undefined): LoginKind {
  return broker?.logins[0]?.kind ?? 'redirect'
}

export function otherWays(broker: Pick<BrokerView, 'logins'> | undefined): readonly LoginKind[] {
  return broker?.logins.slice(1).map(({ kind }) => kind) ?? []
}

/** Does the broker send the browser back to bhor? */
export function hasRedirect(broker: Pick<BrokerView, 'logins'>): boolean {
  return broker.logins.some(({ kind }) => kind === 'redirect')
}
