import type { ErrorCode } from '../../../src/core/errors.ts'
import { words } from '../words/words.ts'

const said = words.accounts.next

const steps: Partial<Record<ErrorCode, string>> = {
  cancelled: said.cancelled,
  login_refused: said.refused,
  login_expired: said.expired,
  wrong_user: said.wrongUser,
  app_invalid: said.app,
  user_not_enabled: said.notEnabled,
  account_locked: said.locked,
  broker_unavailable: said.brokerTrouble,
  broker_timeout: said.brokerTrouble,
  broker_rate_limited: said.rateLimited,
}

/** What to do after a login that ended without a session: in words for this page, else in those that all are given. */
export function nextStep(outcome: ErrorCode | null, hint: string | null): string {
  return (outcome === null ? undefined : steps[outcome]) ?? hint ?? said.again
}
