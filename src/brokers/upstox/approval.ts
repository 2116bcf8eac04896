import type { ApprovalLogin, NotificationReading } from '../../contracts/broker.ts'
import { BhorError } from '../../core/errors.ts'
import { grantedTokens, objectOf, required, textOf, userIdOf } from '../reading.ts'
import { tokens } from './tokens.ts'
import { approvalTtlMs } from './unverified.ts'

/**
 * The access token request of https://upstox.com/developer/api-documentation/access-token-request: the user is asked in
 * the app and on WhatsApp, and Upstox posts the token to the notifier URL of the app, which stands in its console. Nobody
 * signs it. A refusal is not told.
 */
export const approval = {
  kind: 'approval',
  approvalTtlMs,
  request: {
    name: 'request',
    request: ({ app }) => ({
      method: 'POST',
      host: 'api',
      path: `/v3/login/auth/token/request/${encodeURIComponent(required(app, 'apiKey'))}`,
      headers: { accept: 'application/json' },
      body: { json: { client_secret: required(app, 'apiSecret') } },
    }),
    read: ({ json }) => {
      const data = objectOf(objectOf(json)?.data)
      if (!data) throw new BhorError('bad_token_shape', 'Upstox called it a success and sent no data.')
      const notifier = textOf(data.notifier_url)
      return { carry: notifier === undefined ? {} : { notifier_url: notifier } }
    },
  },
  readNotification,
} as const satisfies ApprovalLogin

/** It carries no extended token. */
function readNotification(body: unknown): NotificationReading {
  const data = objectOf(body)
  if (data?.message_type !== 'access_token') return { kind: 'incomplete', missing: 'message_type' }
  const apiKey = textOf(data.client_id)
  if (apiKey === undefined) return { kind: 'incomplete', missing: 'client_id' }
  const grantedAt = instantOf(data.issued_at)
  if (!grantedAt) return { kind: 'incomplete', missing: 'issued_at' }
  const expiresAt = instantOf(data.expires_at)
  if (!expiresAt) return { kind: 'incomplete', missing: 'expires_at' }
  const sent = { access: data.access_token }
  const userId = userIdOf('Upstox', data.user_id)
  return {
    kind: 'granted',
    apiKey,
    grant: { ...grantedTokens('Upstox', tokens, sent), userId, grantedAt, expiresAt },
  }
}

/** Milliseconds since the epoch, as a text of digits; a number is taken as well. */
function instantOf(value: unknown): Temporal.Instant | undefined {
  const text = typeof value === 'number' ? String(value) : textOf(value)
  return text !== undefined && /^\d{13}$/.test(text)
    ? Temporal.Instant.fromEpochMilliseconds(Number(text))
    : undefined
}
