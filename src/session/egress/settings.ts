import type { EgressChange, EgressSettings } from '../../contracts/api.ts'
import type { Vault } from '../../contracts/secrets.ts'
import type { StoredEgress } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { ipAddress } from '../../core/ip-address.ts'
import { places } from '../ground/records.ts'

/** Brokers take one or two; a household may keep one of each family for each. */
const mostRegistered = 8
const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'socks5:': '1080' }

/**
 * The way out of an account after a change: what is not named stays, empty text takes away. Another proxy does not get
 * the login of the one before.
 *
 * @returns undefined for a direct way and nothing registered
 * @throws BhorError `bad_field`, `bad_secret`
 */
export function egressAfter(
  vault: Vault,
  accountId: string,
  before: StoredEgress | undefined,
  { from, proxy, proxyLogin, registered }: EgressChange,
): StoredEgress | undefined {
  if (from && proxy) throw bad('proxy', 'An account leaves by a source address or by a proxy, not by both.')
  const address = from === undefined ? (proxy ? undefined : before?.from) : checkedAddress(from)
  const url = proxy === undefined ? (from ? undefined : before?.proxy) : checkedProxy(proxy)
  const kept = url === before?.proxy ? before?.sealedLogin : undefined
  const sealed = proxyLogin === undefined ? kept : sealedLogin(vault, accountId, proxyLogin, url)
  const addresses = registered === undefined ? before?.registered : checkedRegistered(registered)
  const after: StoredEgress = {
    ...(address ? { from: address } : {}),
    ...(url ? { proxy: url } : {}),
    ...(url && sealed ? { sealedLogin: sealed } : {}),
    ...(addresses?.length ? { registered: addresses } : {}),
  }
  return Object.keys(after).length > 0 ? after : undefined
}

/** Leaves both the same way: what was measured of the one is true of the other. */
export function isSameWay(one: StoredEgress = {}, other: StoredEgress = {}): boolean {
  return one.from === other.from && one.proxy === other.proxy && one.sealedLogin === other.sealedLogin
}

/** What may be shown of it. */
export function egressSettings({ from, proxy, sealedLogin, registered }: StoredEgress): EgressSettings {
  return {
    ...(from === undefined ? {} : { from }),
    ...(proxy === undefined ? {} : { proxy, hasLogin: sealedLogin !== undefined }),
    ...(registered === undefined ? {} : { registered: [...registered] }),
  }
}

function checkedAddress(text: string): string {
  const address = text === '' ? '' : ipAddress(text)
  if (address !== undefined) return address
  throw bad(
    'from',
    'The source address is not an IP address.',
    'Give an address that this computer has, such as 192.0.2.7, or empty text for any.',
  )
}

function checkedProxy(text: string): string {
  if (text === '') return ''
  const hint = 'Write http://host:port (HTTP CONNECT) or socks5://host:port.'
  const url = text.length <= 300 && !/[\s\\]/.test(text) ? URL.parse(text) : null
  if (!url || !Object.hasOwn(defaultPorts, url.protocol) || !url.hostname)
    throw bad('proxy', 'This is not the address of an HTTP or SOCKS5 proxy.', hint)
  if (url.username || url.password)
    throw bad(
      'proxy',
      'A login stands in the address of the proxy.',
      'Give it apart: --proxy-login-file FILE.',
    )
  if (!/^\/?$/.test(url.pathname) || url.search || url.hash)
    throw bad('proxy', 'The address of a proxy has no path and no query.', hint)
  return `${url.protocol}//${url.hostname}:${url.port || defaultPorts[url.protocol]}`
}

/** RFC 1929 has a byte for the length of each half. */
function sealedLogin(
  vault: Vault,
  accountId: string,
  text: string,
  proxy: string | undefined,
): string | undefined {
  if (text === '') return undefined
  if (!proxy)
    throw bad('proxyLogin', 'There is no proxy that this login could be for.', 'Give --proxy as well.')
  const at = text.indexOf(':')
  const halves = [text.slice(0, at), text.slice(at + 1)].map((half) => Buffer.byteLength(half))
  const isLogin = at > 0 && halves.every((length) => length >= 1 && length <= 255) && !/[\p{Cc}]/u.test(text)
  if (isLogin) return vault.seal(text, places.egressLogin(accountId))
  throw new BhorError('bad_secret', `This is not a login of a proxy (${text.length} characters).`, {
    hint: 'Write user:password, each of 1 to 255 bytes, on one line.',
    facts: { field: 'settings.egress.proxyLogin' },
  })
}

function checkedRegistered(texts: readonly string[]): readonly string[] {
  if (texts.length > mostRegistered)
    throw bad('registered', `At most ${mostRegistered} addresses can be registered.`)
  const addresses = texts.map((text) => {
    const address = ipAddress(text)
    if (address !== undefined) return address
    const hint = 'Give the addresses as the broker’s console shows them, such as 192.0.2.7 or 2001:db8::7.'
    throw bad('registered', 'A registered address is not an IP address.', hint)
  })
  return [...new Set(addresses)]
}

function bad(field: string, message: string, hint?: string): BhorError {
  return new BhorError('bad_field', message, {
    ...(hint === undefined ? {} : { hint }),
    facts: { field: `settings.egress.${field}` },
  })
}
