import type { SessionStatus } from '../../contracts/api.ts'
import type { AccountRecord, LoginRecord, SessionRecord } from '../../contracts/store.ts'

/** From here on a session is called *expiring*: time to log in again before a program notices. */
export const expiringWithinMs = 2 * 60 * 60 * 1000

/** What may follow what. A status is derived; this table is what the derivation is tested against. */
export const transitions = {
  none: ['login_pending', 'active', 'expiring'],
  login_pending: ['none', 'active', 'expiring', 'expired', 'revoked'],
  active: ['active', 'expiring', 'expired', 'revoked', 'login_pending'],
  expiring: ['active', 'expiring', 'expired', 'revoked', 'login_pending'],
  expired: ['login_pending', 'active', 'expiring'],
  revoked: ['login_pending', 'active', 'expiring'],
} as const satisfies Record<SessionStatus, readonly SessionStatus[]>

/** The status of an account at `nowMs`, from what is stored. A live session outranks a login that is running. */
export function statusAt(
  nowMs: number,
  session: SessionRecord | undefined,
  login: LoginRecord | undefined,
): SessionStatus {
  const isLive = session?.status === 'active' && nowMs < session.expiresAtMs
  if (isLive) return session.expiresAtMs - nowMs <= expiringWithinMs ? 'expiring' : 'active'
  if (login && login.status === 'open' && nowMs < login.expiresAtMs) return 'login_pending'
  if (!session) return 'none'
  if (session.status === 'active' || session.endReason === 'expired') return 'expired'
  return session.endReason === 'replaced' ? 'none' : 'revoked'
}

/** One plain sentence for people: what is so, and what to do. */
export function statusText(
  status: SessionStatus,
  account: AccountRecord,
  session: SessionRecord | undefined,
): string {
  switch (status) {
    case 'active':
      return 'The session is live.'
    case 'expiring':
      return 'The session ends soon. Log in again when it has ended, or before.'
    case 'login_pending':
      return 'Waiting for you on the broker’s login page.'
    case 'expired':
      return 'The session has ended, as it does every day. Log in to start the next one.'
    case 'revoked':
      return session?.endReason === 'logged_out'
        ? 'Logged out. Log in to start a new session.'
        : 'The broker ended the session early (another login, a logout elsewhere). Log in again.'
    case 'none':
      return account.lastFault?.code === 'answer_lost'
        ? 'The last login was cut off before the broker’s answer was stored. Log in again.'
        : 'No session yet. Log in to start one.'
  }
}
