import type { BrokerView, LoginKind } from '../../../src/contracts/api.ts'

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
