import { ipAddress, isIpv6 } from './ip-address.ts'

/** A range of addresses: all that begin with the same bits. */
export interface IpNetwork {
  readonly isV6: boolean
  readonly bits: bigint
  readonly prefix: number
}

/** `192.168.1.0/24`, `fd00::/8`, or one address; undefined for anything else. */
export function ipNetwork(text: string): IpNetwork | undefined {
  const [host = '', length, ...more] = text.trim().split('/')
  const address = ipAddress(host)
  if (address === undefined || more.length > 0) return undefined
  const isV6 = isIpv6(address)
  const width = isV6 ? 128 : 32
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined
  const prefix = length === undefined ? width : Number(length)
  return prefix <= width ? { isV6, bits: bitsOf(address), prefix } : undefined
}

/** Whether a canonical address is in one of these. */
export function isWithin(address: string, networks: readonly IpNetwork[]): boolean {
  const bits = bitsOf(address)
  const isV6 = isIpv6(address)
  return networks.some((network) => {
    const rest = BigInt((isV6 ? 128 : 32) - network.prefix)
    return network.isV6 === isV6 && bits >> rest === network.bits >> rest
  })
}

function bitsOf(address: string): bigint {
  if (!isIpv6(address)) return address.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n)
  const [head = '', tail] = address.split('::')
  const words = (part: string) => (part === '' ? [] : part.split(':'))
  const [before, after] = [words(head), words(tail ?? '')]
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length
  return [...before, ...Array<string>(zeros).fill('0'), ...after].reduce(
    (sum, word) => (sum << 16n) | BigInt(`0x${word}`),
    0n,
  )
}
