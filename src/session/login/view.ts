import type { LoginView } from '../../contracts/api.ts'
import type { AccountRecord, LoginRecord } from '../../contracts/store.ts'
import type { ErrorCode } from '../../core/errors.ts'
import { iso } from '../../core/instant.ts'
export function loginView(
  nowMs: number,
  account: AccountRecord,
  login: LoginRecord,
  asks: LoginView['asks'],
): LoginView {
  const isOver = login.status === 'open' && nowMs >= login.expiresAtMs
  const outcome = (login.outcome || null) as ErrorCode | null
  return {
    login: login.id,
    account: account.alias,
    broker: account.broker,
    kind: account.kind,
    expiresAt: iso(login.expiresAtMs),
    asks,
    status: isOver ? 'expired' : login.status,
    outcome: isOver ? 'login_expired' : outcome,
    outcomeText: isOver ? outcomeTexts.login_expired : outcome && outcomeText(account, outcome),
    generation: login.generation,
  }
}

const outcomeTexts = {
  login_expired: 'The login link is older than 10 minutes.',
  login_refused: 'The broker did not grant the login: it was refused or cancelled there.',
  cancelled: 'The login was cancelled.',
} as const satisfies Partial<Record<ErrorCode, string>>

/** What happened, as a sentence; what to do about it is the code's hint. */
function outcomeText({ lastFault }: AccountRecord, outcome: ErrorCode): string {
  if (lastFault?.code === outcome) return lastFault.detail
  return outcome in outcomeTexts
    ? outcomeTexts[outcome as keyof typeof outcomeTexts]
    : 'The login did not succeed.'
}
