import type { App } from '../app/open.ts'
import { newLabel } from '../core/ids.ts'
import type { Random } from '../core/random.ts'
import { pageLabel } from './page-label.ts'

/**
 * The names by which this desk is asked; a request with any other in its Host header is not served.
 *
 * Programs and brokers use the plain one, `127.0.0.1:7878`. Everybody can guess that: who listened there once, while the desk
 * was down, may have left files and a service worker for it in a browser. So each sign-in gets an origin that no
 * browser has seen before, `http://<once>.<label>.localhost:7878`. The label is known to this data folder alone; the
 * part before it is new with each link, because a page that is still open tells its own address to whoever listens.
 * Browsers lead every name below `localhost` to this computer (RFC 6761, section 6.3), Safari where the system does.
 */
export class Addresses {
  readonly #makeLabel: () => string
  #label: string | undefined
  readonly #publicUrl: URL | undefined
  #plain: string | undefined

  /** @param makeLabel asked once, when the first page is wanted: most commands want none */
  constructor(makeLabel: () => string, publicUrl?: string) {
    this.#makeLabel = makeLabel
    this.#publicUrl = publicUrl === undefined ? undefined : new URL(publicUrl)
  }

  /** `127.0.0.1:7878`; undefined as long as nobody listens. */
  get plain(): string | undefined {
    return this.#plain
  }
  listenAt(host: string): void {
    this.#plain = host
  }

  /** What every name of a page ends with: this data folder's alone. */
  get own(): string {
    return `${this.#ownLabel}.localhost:${this.#port}`
  }
  /** Whether a page of this desk can be there, or a browser's key. */
  isOwn(host: string): boolean {
    return this.#isPage(host) || host === this.own
  }

  /** A name for the page of one sign-in. */
  newPage(random: Random): string {
    return `${newLabel(random)}.${this.own}`
  }

  /**
   * The origin that a request with this Host header came to; undefined where that is not ours. The case of a host does
   * not count (RFC 9110, section 4.2.3).
   */
  originOf(written: string): string | undefined {
    const host = written.toLowerCase()
    if (this.#plain === undefined) return undefined
    if (host === this.#plain || this.#isPage(host)) return `http://${host}`
    return host === this.#publicUrl?.host ? this.#publicUrl.origin : undefined
  }

  #isPage(host: string): boolean {
    const [, label, port] = pagePattern.exec(host) ?? []
    return label !== undefined && port === this.#port && label === this.#ownLabel
  }
  get #ownLabel(): string {
    this.#label ??= this.#makeLabel()
    return this.#label
  }
  get #port(): string {
    return this.#plain?.split(':').at(-1) ?? ''
  }
}

export function addressesOf({ config, random }: Pick<App, 'config' | 'random'>): Addresses {
  return new Addresses(() => pageLabel(config.home, random), config.publicUrl)
}

const pagePattern = /^[0-9a-hjkmnp-tv-z]{16}\.([0-9a-hjkmnp-tv-z]{16})\.localhost:(\d+)$/
