import type { ErrorCode } from '../../../src/core/errors.ts'

const steps: Partial<Record<ErrorCode, string>> = {
  cancelled: 'Log in again when you are ready.',
  login_refused: 'Log in again and allow the access on the broker’s page.',
  login_expired: 'A login lives 10 minutes. Log in again.',
  wrong_user: 'Log in again as the person whom this account belongs to. Nothing was stored.',
  app_invalid:
    'Compare the API key, the secret and the redirect URL with the broker’s developer console: Manage, Credentials.',
  user_not_enabled: 'Add this user to the app in the broker’s developer console, then log in again.',
  account_locked: 'Unlock the user on the broker’s own page first.',
  broker_unavailable: 'The broker has trouble. Try again in a minute.',
  broker_timeout: 'The broker has trouble. Try again in a minute.',
  broker_rate_limited: 'Wait a minute, then log in again.',
}

/** What to do after a login that ended without a session: in words for this page, else in those that all are given. */
export function nextStep(outcome: ErrorCode | null, hint: string | null): string {
  return (outcome === null ? undefined : steps[outcome]) ?? hint ?? 'Log in again.'
}
