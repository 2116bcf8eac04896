import { BhorError } from '../core/errors.ts'

const onThisComputer = ['127.0.0.1', '[::1]']

/**
 * An address as it will be used: what is checked is what is asked, however it was written. Undefined for anything but
 * http and https.
 */
export function webAddress(text: string): URL | undefined {
  const url = URL.parse(text)
  return url && ['http:', 'https:'].includes(url.protocol) ? url : undefined
}

/** Whether what is sent there could be read on the way. A name such as `localhost` can lead anywhere. */
export function isUnprotected({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && !onThisComputer.includes(hostname)
}

/**
 * The desk that `BHOR_URL` names.
 *
 * @throws BhorError `config_invalid`; never holds the value
 */
export function deskAddress(text: string): URL {
  const url = webAddress(text)
  if (!url) throw new BhorError('config_invalid', 'BHOR_URL is not an http address.')
  if (isUnprotected(url)) {
    throw new BhorError(
      'config_invalid',
      'BHOR_URL would send the client key over the network unprotected.',
      { hint: 'Use https, or http to 127.0.0.1.' },
    )
  }
  if (url.username || url.password || url.pathname !== '/' || url.search || url.hash) {
    throw new BhorError('config_invalid', 'BHOR_URL must be an address without a user, a path or a query.', {
      hint: 'Write only https://host:port.',
    })
  }
  return url
}
