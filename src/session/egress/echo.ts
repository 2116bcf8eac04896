import { type Egress, type Net, NetError, type NetReply } from '../../contracts/net.ts'
import { BhorError, type ErrorCode, toBhorError } from '../../core/errors.ts'
import { ipAddress, isIpv6 } from '../../core/ip-address.ts'
import { tryParseJson } from '../../core/json.ts'
import { codeOfEgress } from '../ground/broker-call.ts'

const timeoutMs = 10_000
/** The names under which services say the address of who asks. */
const fields = ['ip', 'address', 'ipAddress', 'query', 'origin']

/** What a measurement has found: every address that was seen, or why there is none. */
export interface Seen {
  readonly addresses: readonly string[]
  readonly code: ErrorCode | ''
  /** Why not every echo said one, over each family. */
  readonly missed?: ErrorCode
}

/** Asks each echo over that very way, over both families where the way leaves the choice. */
export async function askEchoes(
  net: Net,
  egress: Egress | undefined,
  echoes: readonly string[],
): Promise<Seen> {
  const asked = echoes.flatMap((url) =>
    familiesOf(url, egress).map((family) => ask(net, url, egress, family)),
  )
  const answers = await Promise.allSettled(asked)
  const seen = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
  const addresses = [...new Set(seen)].sort(
    (a, b) => Number(isIpv6(a)) - Number(isIpv6(b)) || (a < b ? -1 : 1),
  )
  const [failed] = answers.flatMap((answer) => (answer.status === 'rejected' ? [codeOf(answer.reason)] : []))
  if (addresses.length > 0) return { addresses, code: '', ...(failed ? { missed: failed } : {}) }
  return { addresses, code: failed ?? 'egress_echo_unavailable' }
}

function familiesOf(url: string, egress: Egress | undefined): readonly (4 | 6 | undefined)[] {
  // The proxy chooses the family. It is asked twice: an exit that changes with each connection shows.
  if (egress && 'proxy' in egress) return [undefined, undefined]
  if (egress) return [isIpv6(egress.from) ? 6 : 4]
  const host = URL.parse(url)?.hostname.replace(/^\[|\]$/g, '') ?? ''
  return ipAddress(host) === undefined ? [4, 6] : [undefined]
}

async function ask(
  net: Net,
  url: string,
  egress: Egress | undefined,
  family: 4 | 6 | undefined,
): Promise<string> {
  const address = addressIn(
    await net.send({
      method: 'GET',
      url,
      headers: { accept: 'text/plain, application/json', 'user-agent': 'bhor' },
      timeoutMs,
      ...(egress ? { egress } : {}),
      ...(family ? { family } : {}),
    }),
  )
  if (address !== undefined) return address
  throw new BhorError('egress_echo_invalid')
}

/** The address that an echo says, as plain text or as JSON; undefined for a page or anything else. */
export function addressIn({ status, text }: NetReply): string | undefined {
  if (status !== 200) return undefined
  const plain = text.trim()
  const json = tryParseJson(plain)
  const said =
    typeof json === 'object' && json !== null
      ? fields.map((name) => (json as Record<string, unknown>)[name])
      : [json]
  const found = [plain, ...said].find((value) => typeof value === 'string' && ipAddress(value) !== undefined)
  return found === undefined ? undefined : ipAddress(found as string)
}

function codeOf(error: unknown): ErrorCode {
  if (error instanceof NetError) return codeOfEgress(error) ?? 'egress_echo_unavailable'
  return toBhorError(error).code
}
