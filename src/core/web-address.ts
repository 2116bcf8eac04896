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

/** Only scheme, host and port. */
export function isBare({ username, password, pathname, search, hash }: URL): boolean {
  return !username && !password && pathname === '/' && !search && !hash
}
