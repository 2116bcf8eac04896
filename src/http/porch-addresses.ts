import type { App } from '../app/open.ts'
import type { OwnAddresses } from './guard.ts'

/**
 * The names by which the porch is asked: its url, and as it listens, for a proxy that does not pass the Host on. What a
 * proxy says beside that of whom it asks for (`Forwarded`, `X-Forwarded-…`) is not read: anybody can say it.
 */
export class PorchAddresses implements OwnAddresses {
  readonly #url: URL | undefined
  readonly #scheme: 'http' | 'https'
  #listening: readonly string[] = []

  constructor({ config }: Pick<App, 'config'>) {
    this.#url = config.porch?.url === undefined ? undefined : new URL(config.porch.url)
    this.#scheme = config.porch?.tls ? 'https' : 'http'
  }

  /** Where it listens is never told: everybody may ask. */
  readonly plain = undefined

  /** @returns where this computer reaches it */
  listenAt(host: string, port: number): string {
    const any = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host
    const named = (name: string) => `${name.includes(':') ? `[${name}]` : name}:${port}`
    this.#listening = [...new Set([named(host), named(any)])]
    return `${this.#scheme}://${named(any)}`
  }
  originOf(written: string): string | undefined {
    const host = written.toLowerCase()
    if (host === this.#url?.host) return this.#url.origin
    return this.#listening.includes(host) ? `${this.#scheme}://${host}` : undefined
  }
}
