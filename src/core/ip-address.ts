/** An IPv4 or IPv6 address in its one canonical spelling; undefined for anything else. */
export function ipAddress(text: string): string | undefined {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)) {
    const parts = text.split('.')
    const isRight = parts.every((part) => Number(part) <= 255 && String(Number(part)) === part)
    return isRight ? text : undefined
  }
  if (!/^[0-9a-fA-F:.]{2,45}$/.test(text) || !text.includes(':')) return undefined
  const canonical = URL.parse(`http://[${text}]/`)?.hostname.slice(1, -1)
  if (canonical === undefined) return undefined
  // How a socket that listens for both families names an IPv4 address: ::ffff:192.0.2.7
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical)
  if (!mapped) return canonical
  const bits = (Number.parseInt(mapped[1]!, 16) << 16) | Number.parseInt(mapped[2]!, 16)
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.')
}

/** Of a canonical address. */
export function isIpv6(address: string): boolean {
  return address.includes(':')
}
