import type { MirrorContent } from '../contracts/mirrors.ts'
import type { Json } from '../core/json.ts'
import type { Format } from './formats.ts'
import { isOnlyFurtherIn, valueAt, withValue } from './json-text.ts'

/** Document 004's token file. Its times have no zone: they are this computer's. */
export const hft: Format = {
  tokens(text) {
    const access = valueAt(text, ['access_token'])
    return typeof access === 'string' && access !== '' ? { access } : undefined
  },
  text(before, content, { timeZone }) {
    const fields = fieldsOf(content, timeZone)
    if (before === undefined) return `${JSON.stringify(fields, null, 2)}\n`
    if (isOnlyFurtherIn(before, 'access_token')) return before
    return Object.entries(fields).reduce((text, [name, value]) => withValue(text, [name], value), before)
  },
}

function fieldsOf(content: MirrorContent, timeZone: string): { [name: string]: Json } {
  const { accessToken, extendedToken, userId, userName, email, broker } = content
  const local = (ms: number) =>
    Temporal.Instant.fromEpochMilliseconds(ms)
      .toZonedDateTimeISO(timeZone)
      .toPlainDateTime()
      .toString({ smallestUnit: 'second' })
  return {
    access_token: accessToken,
    user_id: userId,
    user_name: userName,
    email,
    broker: broker.toUpperCase(),
    issued_at: local(content.issuedAtMs),
    expires_at: local(content.expiresAtMs),
    exchanges: [...content.exchanges],
    products: [...content.products],
    order_types: [...content.orderTypes],
    ...(extendedToken === '' ? {} : { extended_token: extendedToken }),
  }
}
