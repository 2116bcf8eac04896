import { BhorError } from '../core/errors.ts'
import { isBare, isUnprotected, webAddress } from '../core/web-address.ts'

/**
 * The desk that `BHOR_URL` names.
 *
 * @throws BhorError `config_invalid`; never holds the value
 */
export function deskAddress(text: string): URL {
  const url = webAddress(text)
  if (!url) throw new BhorError('config_invalid', 'BHOR_URL is not an http address.')
  if (isUnprotected(url)) {
    const isName = /(^|\.)localhost\.?$/.test(url.hostname)
    throw new BhorError(
      'config_invalid',
      'BHOR_URL would send the client key over the network unprotected.',
      {
        hint: isName
          ? 'Write http://127.0.0.1 with the same port: localhost can lead to another program.'
          : 'Use https, or http to 127.0.0.1.',
      },
    )
  }
  if (!isBare(url)) {
    throw new BhorError('config_invalid', 'BHOR_URL must be an address without a user, a path or a query.', {
      hint: 'Write only https://host:port.',
    })
  }
  return url
}
