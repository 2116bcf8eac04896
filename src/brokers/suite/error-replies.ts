import assert from 'node:assert/strict'
import type { Broker, VerdictKind } from '../../contracts/broker.ts'
import { type ErrorCode, errorTable } from '../../core/errors.ts'
import { type Check, replyOf } from './suite.ts'

/** What a program that only knows the broker must understand from bhor's refusals; of all others, that it is refused. */
const understood: Partial<Record<ErrorCode, VerdictKind>> = {
  session_none: 'expired',
  session_expired: 'expired',
  session_revoked: 'expired',
  needs_login: 'expired',
  ip_not_allowed: 'ip_not_allowed',
  rate_limited: 'rate_limited',
  broker_rate_limited: 'rate_limited',
  broker_unavailable: 'transient',
  broker_timeout: 'transient',
}

/** How an adapter says bhor’s own refusals. */
export function errorReplyChecks(broker: Broker): readonly Check[] {
  if (!broker.errorReply) return []
  return [
    {
      name: 'says bhor’s refusals in its own words',
      run() {
        for (const code of Object.keys(errorTable) as ErrorCode[]) {
          const { status, json } = broker.errorReply!(code, 'What is so.')
          const { kind } = broker.classify(replyOf(status, json), 'api')
          assert.notEqual(kind, 'ok', code)
          // A program that believes its session dead would start a login for nothing.
          if (understood[code] !== 'expired') assert.notEqual(kind, 'expired', code)
          assert.equal(kind, understood[code] ?? kind, code)
          assert.ok(JSON.stringify(json).includes('What is so.'), code)
        }
      },
    },
  ]
}
