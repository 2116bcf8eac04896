import { expiringWithinMs, type SessionStatus } from '../../contracts/api.ts'
import type { AccountRecord, LoginRecord, SessionRecord } from '../../contracts/store.ts'
import { istMoment } from '../../core/ist.ts'
import { endWords, type LoginNow, loginWords } from './dawn.ts'

/** What may follow what. A status is derived; this table is what the derivation is tested against. */
export const transitions = {
  none: ['login_pending', 'unconfirmed', 'active', 'expiring'],
  login_pending: ['none', 'unconfirmed', 'active', 'expiring', 'expired', 'revoked'],
  unconfirmed: ['unconfirmed', 'active', 'expiring', 'expired', 'revoked', 'login_pending'],
  active: ['active', 'expiring', 'expired', 'revoked', 'login_pending'],
  expiring: ['active', 'expiring', 'expired', 'revoked', 'login_pending'],
  expired: ['login_pending', 'unconfirmed', 'active', 'expiring'],
  revoked: ['login_pending', 'unconfirmed', 'active', 'expiring'],
} as const satisfies Record<SessionStatus, readonly SessionStatus[]>

/** The status of an account at `nowMs`, from what is stored. A live session outranks a login that is running. */
export function statusAt(
  nowMs: number,
  session: SessionRecord | undefined,
  login: LoginRecord | undefined,
): SessionStatus {
  const isLive = session?.status === 'active' && nowMs < session.expiresAtMs
  if (isLive && session.unconfirmed !== '') return 'unconfirmed'
  if (isLive) return session.expiresAtMs - nowMs <= expiringWithinMs ? 'expiring' : 'active'
  if (login && login.status === 'open' && nowMs < login.expiresAtMs) return 'login_pending'
  if (!session) return 'none'
  if (session.status === 'active' || session.endReason === 'expired') return 'expired'
  return session.endReason === 'replaced' ? 'none' : 'revoked'
}

/** A plain sentence or two for people: what is so, since or until when, and what helps at this hour. */
export function statusText(
  status: SessionStatus,
  account: AccountRecord,
  session: SessionRecord | undefined,
  login: LoginNow,
): string {
  const endsAtMs = session?.expiresAtMs ?? 0
  const endedAt = istMoment(session?.endedAtMs ?? endsAtMs)
  switch (status) {
    case 'active':
      return `The session is live until ${istMoment(endsAtMs)}.`
    case 'unconfirmed':
      return unconfirmedText(account, session!)
    case 'expiring':
      return endWords(endsAtMs, login)
    case 'login_pending':
      return 'Waiting for you on the broker’s login page.'
    case 'expired':
      return `The session ended ${istMoment(endsAtMs)}, as it does every day. Log in to start the next one.${loginWords(login)}`
    case 'revoked':
      return session?.endReason === 'logged_out'
        ? `Logged out ${endedAt}. Log in to start a new session.${loginWords(login)}`
        : `The broker ended the session early (another login, a logout elsewhere), as bhor learnt ${endedAt}. Log in again.${loginWords(login)}`
    case 'none':
      return account.lastFault?.code === 'answer_lost'
        ? `The last login was cut off ${istMoment(account.lastFault.atMs)}, before the broker’s answer was stored. Log in again.${loginWords(login)}`
        : `No session yet. Log in to start one.${loginWords(login)}`
  }
}

/** Who it is, whence, and what to say to it. */
export function unconfirmedText(
  { alias }: Pick<AccountRecord, 'alias'>,
  { userId, userName, unconfirmed, createdAtMs }: SessionRecord,
): string {
  const who = userName ? `${userName} (${userId})` : userId
  const way = unconfirmed === 'telegram' ? 'through Telegram' : 'from outside, over the porch'
  return `${who} logged in ${way} ${istMoment(createdAtMs)}, the first time for this account. Is this the right person? bhor accounts confirm ${alias}; if not, log out.`
}
