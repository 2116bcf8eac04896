import { replyOf, type VerdictFixture } from '../../src/brokers/suite/suite.ts'
import type { VerdictKind } from '../../src/contracts/broker.ts'

/** What the four examples share: a moment, a redirect, a JWT, a secret. */
export const now = Temporal.Instant.from('2026-11-23T03:02:00Z')
export const redirectUrl = 'http://127.0.0.1:7878/callback/example'
export const token = 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl'
export const apiSecret = 'demosecret67890'

export const verdict = (
  name: string,
  status: number,
  body: unknown,
  at: VerdictFixture['at'],
  kind: VerdictKind,
): VerdictFixture => ({
  name: `${name} at ${at.join(', ')}`,
  reply: replyOf(status, body),
  at,
  kind,
})
