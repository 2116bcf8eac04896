import { BhorError } from '../../core/errors.ts'
import type { Rate } from '../ground/pace.ts'

const most = 1000

/** The rate of an account after a change; null takes it away. @throws BhorError `bad_field` */
export function rateLimitAfter(before: Rate | undefined, change: Rate | null | undefined): Rate | undefined {
  if (change === undefined) return before
  if (change === null) return undefined
  const { requestsPerSecond, burstSize } = change
  const isRight = [requestsPerSecond, burstSize].every(
    (one) => Number.isInteger(one) && one >= 1 && one <= most,
  )
  if (isRight) return { requestsPerSecond, burstSize }
  throw new BhorError('bad_field', 'The rate limit is not right.', {
    hint: `Both requests per second and burst are whole numbers from 1 to ${most}.`,
    facts: { field: 'settings.rateLimit' },
  })
}
