import { BhorError } from '../core/errors.ts'
import { ipAddress } from '../core/ip-address.ts'
import { isBare, isUnprotected, webAddress } from '../core/web-address.ts'
import type { OptionName } from './options.ts'

/** The one door that may be reachable from outside, as it is configured. */
export interface PorchConfig {
  /** Where it listens: an address of this computer. */
  readonly host: string
  readonly port: number
  /** How it is reached, without a slash at the end; as it listens when left out. */
  readonly url: string | undefined
  /** Files; without them a proxy in front of it speaks TLS. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined
}

type Get = (name: OptionName) => unknown

/**
 * The porch; undefined where nothing in the configuration asks for one.
 *
 * @throws BhorError `config_invalid` for what would send a login’s code over a network unprotected
 */
export function porchConfig(get: Get, isSet: (name: OptionName) => boolean): PorchConfig | undefined {
  const names = ['porch.host', 'porch.port', 'porch.url', 'porch.cert', 'porch.key'] as const
  if (!names.some(isSet)) return undefined
  const [host, cert, key] = [String(get('porch.host')), get('porch.cert'), get('porch.key')]
  if ((cert === undefined) !== (key === undefined))
    throw wrong(
      'porch.cert and porch.key go together.',
      'Give both files, or neither where a proxy speaks TLS.',
    )
  const tls = cert === undefined ? undefined : { cert: String(cert), key: String(key) }
  const url = get('porch.url') as string | undefined
  if (!tls && !isOwnNetwork(host)) {
    throw wrong(
      'porch.host is reachable from outside, and the porch does not speak TLS there.',
      'Give porch.cert and porch.key, or listen at 127.0.0.1 or an address of your own network, with a proxy in front that speaks TLS.',
    )
  }
  if (url === undefined && !isLoopback(host))
    throw wrong('porch.url is missing.', 'Say how phones and brokers reach the porch: url = "https://…".')
  if (tls && url !== undefined && new URL(url).protocol !== 'https:')
    throw wrong('porch.url says http, and the porch speaks TLS.', 'Write https://… in porch.url.')
  return { host, port: Number(get('porch.port')), url: url && new URL(url).origin, tls }
}

/** The rule of `porch.url`; plain http only to this computer. */
export function porchUrlRule(value: string | number | boolean): string | undefined {
  const url = webAddress(String(value))
  if (!url || !isBare(url)) return 'an address without a path, e.g. https://bhor.example'
  return isUnprotected(url)
    ? 'https: the code of a login comes over it, which nobody else may read; plain http only to 127.0.0.1'
    : undefined
}

export function porchHostRule(value: string | number | boolean): string | undefined {
  return ipAddress(String(value)) !== undefined ? undefined : 'an IP address of this computer, e.g. 127.0.0.1'
}

export function isLoopback(host: string): boolean {
  return host === '127.0.0.1' || host === '::1'
}

/** Of nobody outside: loopback, RFC 1918, RFC 4193, RFC 6598 and link-local addresses. */
const ownNetworks =
  /^(?:127\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|::1$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/

function isOwnNetwork(host: string): boolean {
  return ownNetworks.test(ipAddress(host) ?? '')
}

function wrong(text: string, hint: string): BhorError {
  return new BhorError('config_invalid', text, { hint })
}
