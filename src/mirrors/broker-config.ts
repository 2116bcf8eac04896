import type { MirrorContent } from '../contracts/mirrors.ts'
import type { Json } from '../core/json.ts'
import type { Format } from './formats.ts'
import { isOnlyFurtherIn, valueAt, withValue } from './json-text.ts'

/**
 * Document 002's `broker-config.json`. Its `api_secret` holds the access token, because its programs read it so. Type,
 * address and rate limit belong to whoever wrote them; so do fields that the document does not know.
 */
export const brokerConfig: Format = {
  tokens(text) {
    const [access, refresh] = ['api_secret', 'refresh_token'].map((name) => valueAt(text, [name]))
    if (typeof access !== 'string' || access === '') return undefined
    return typeof refresh === 'string' && refresh !== '' ? { access, refresh } : { access }
  },
  text(before, content) {
    if (before === undefined) return `${JSON.stringify(fresh(content), null, 2)}\n`
    // One account of several, in a file of another shape: its program would never see what is added at the top.
    if (isOnlyFurtherIn(before, 'api_secret')) return before
    const { apiKey, accessToken, refreshToken } = content
    let text = withValue(before, ['api_key'], apiKey)
    text = withValue(text, ['api_secret'], accessToken)
    return refreshToken === '' ? text : withValue(text, ['refresh_token'], refreshToken)
  },
}

function fresh({ broker, apiKey, accessToken, refreshToken, baseUrl, rateLimit }: MirrorContent): Json {
  return {
    type: broker,
    api_key: apiKey,
    api_secret: accessToken,
    refresh_token: refreshToken,
    base_url: baseUrl,
    rate_limit: {
      requests_per_second: rateLimit.requestsPerSecond,
      burst_size: rateLimit.burstSize,
    },
  }
}
