import { isIpv6 } from '../core/ip-address.ts'
import { type IpNetwork, ipNetwork, isWithin } from '../core/ip-network.ts'

const networks = (...texts: string[]): readonly IpNetwork[] => texts.map((text) => ipNetwork(text)!)

/** What IANA keeps from the public Internet (special-purpose registry, RFC 6890 and later). */
const specialV4 = networks(
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...[
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.31.196.0/24',
    '192.52.193.0/24',
    '192.88.99.0/24',
    '192.168.0.0/16',
  ],
  ...['192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
)

/** What is public is handed out of this block alone; an address of NAT64, a mapped one or a local one is in none of it. */
const globalV6 = networks('2000::/3')
/** Within it: Teredo and its neighbours, documentation, 6to4, and what carries an IPv4 address that nobody sees. */
const specialV6 = networks('2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20', '2620:4f:8000::/48')

/** Whether a canonical address (see `core/ip-address.ts`) can be reached by everybody. */
export function isPublicAddress(address: string): boolean {
  if (!isIpv6(address)) return !isWithin(address, specialV4)
  return isWithin(address, globalV6) && !isWithin(address, specialV6)
}
