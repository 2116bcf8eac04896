import { hash, timingSafeEqual } from 'node:crypto'
import type { BrowserRecord } from '../contracts/store.ts'
import type { Clock } from '../core/clock.ts'
import { BhorError } from '../core/errors.ts'
import { newId, newToken } from '../core/ids.ts'
import type { Random } from '../core/random.ts'
import { Secret } from '../core/secret.ts'
import type { Browsers } from '../session/browsers/browsers.ts'
import type { Addresses } from './addresses.ts'

/** Begins the name of every cookie of ours; the sign-in's own follows. */
export const cookiePrefix = 'bhor_desk_'
export const linkTtlMs = 10 * 60 * 1000
const mostLinks = 20
/** Open pages of one browser: each tab has a half of its own. */
const mostPages = 64

/** A one-time link, in its parts. */
export interface SignInLink {
  /** Where the page is, up to the `#` behind which the token stands. */
  readonly page: string
  readonly token: Secret
  readonly expiresAtMs: number
}

/** A half that a page holds: at one origin, of one sign-in. */
interface OpenPage {
  readonly id: string
  readonly origin: string
}

export interface Cookie {
  readonly name: string
  readonly value: string
}

/** What a page gets by which it is signed in. */
export interface PageSignIn {
  readonly browser: BrowserRecord
  readonly cookie: Secret
  readonly page: Secret
  readonly expiresAtMs: number
}

export interface SignInParts {
  readonly clock: Clock
  readonly random: Random
  readonly addresses: Addresses
  readonly browsers: Browsers
}

/**
 * Who is at the page. A sign-in link works once, at the origin that it names; what it gives has two halves, a cookie
 * and a value that only the page holds, because another program's page on another port of this computer may get the
 * cookie too. The value is kept in memory, counts at its own origin alone and ends with this run of the server: whoever
 * listens at the port meanwhile may hear it from a page that is still open. How a browser comes back: `returns.ts`.
 *
 * Each sign-in has a cookie of its own name, so that two of them, or two desks, live side by side in one browser. Anybody
 * on this computer can add cookies under our names: what does not fit is passed over. (A name with `__Host-` would keep them
 * out, but needs a browser that takes a `Secure` cookie over http, which not every one does.)
 */
export class SignIns {
  readonly #parts: SignInParts
  readonly #links = new Map<string, { readonly endsMs: number; readonly origin: string }>()
  /** By the hash of the half that the page holds; the latest used last. */
  readonly #pages = new Map<string, OpenPage>()

  constructor(parts: SignInParts) {
    this.#parts = parts
  }

  /** @param isPlain for a browser that knows no names below `localhost` */
  newLink(isPlain = false): SignInLink {
    const token = new Secret(newToken(this.#parts.random))
    const expiresAtMs = this.#nowMs() + linkTtlMs
    const { page, origin } = isPlain ? this.#plainPage() : this.#ownPage()
    if (this.#links.size >= mostLinks) this.#links.delete(this.#links.keys().next().value as string)
    this.#links.set(digest(token.reveal()), { endsMs: expiresAtMs, origin })
    return { page, token, expiresAtMs }
  }

  /**
   * @param origin where the page is that asks
   * @throws BhorError `sign_in_link_invalid`, `store_…`
   */
  async signIn(linkToken: string, origin: string, name = 'A browser'): Promise<PageSignIn> {
    const { random, browsers, addresses } = this.#parts
    const key = digest(linkToken)
    const link = this.#links.get(key)
    this.#links.delete(key)
    if (!link || this.#nowMs() >= link.endsMs || origin !== link.origin) {
      throw new BhorError('sign_in_link_invalid', 'This sign-in link was used, is too old, or is not ours.')
    }
    const cookie = new Secret(newToken(random))
    const id = newId('desk', random)
    const cookieHash = digest(cookie.reveal())
    const browser = await browsers.signIn({ id, name, cookieHash, host: addresses.own })
    return this.open(browser, origin, cookie)
  }

  /** A half for one more page of this browser. */
  open(browser: BrowserRecord, origin: string, cookie: Secret): PageSignIn {
    const page = new Secret(newToken(this.#parts.random))
    const ofBrowser = [...this.#pages].filter(([, { id }]) => id === browser.id)
    if (ofBrowser.length >= mostPages) this.#pages.delete(ofBrowser[0]![0])
    this.#pages.set(digest(page.reveal()), { id: browser.id, origin })
    return { browser, cookie, page, expiresAtMs: this.#parts.browsers.endOf(browser) }
  }

  /**
   * The sign-in that both halves name, for a page at `origin`. `isActivity` is false for a page that only waits for news.
   *
   * @throws BhorError `sign_in_needed`, `store_…`
   */
  async check(
    cookies: readonly Cookie[],
    page: string,
    origin: string,
    isActivity: boolean,
  ): Promise<BrowserRecord> {
    const key = digest(page)
    const found = this.#pages.get(key)
    if (!found || found.origin !== origin) throw signedOut()
    const browser = await this.#parts.browsers.check(found.id, isActivity)
    if (!cookies.some((cookie) => isOf(browser, cookie))) throw signedOut()
    if (isActivity && this.#pages.delete(key)) this.#pages.set(key, found)
    return browser
  }

  /** The browser that one of these cookies names, which alone opens nothing. */
  async named(cookies: readonly Cookie[]): Promise<{ browser: BrowserRecord; cookie: Secret } | undefined> {
    for (const cookie of cookies) {
      const id = cookie.name.slice(cookieName('').length)
      const browser = await this.#parts.browsers.check(id).catch((error: unknown) => {
        if (error instanceof BhorError && error.code === 'sign_in_needed') return undefined
        throw error
      })
      if (browser && isOf(browser, cookie)) return { browser, cookie: new Secret(cookie.value) }
    }
    return undefined
  }

  /** Forgets the pages of a browser that has signed out; of every one when none is named. */
  signOut(id?: string): void {
    for (const [key, page] of this.#pages) if (id === undefined || page.id === id) this.#pages.delete(key)
  }

  #ownPage(): { page: string; origin: string } {
    const origin = `http://${this.#parts.addresses.newPage(this.#parts.random)}`
    return { page: `${origin}/`, origin }
  }
  /** Also at the plain address the page is taken from where no browser has looked before. */
  #plainPage(): { page: string; origin: string } {
    const origin = `http://${this.#parts.addresses.plain}`
    return { page: `${origin}/enter/${newToken(this.#parts.random)}`, origin }
  }
  #nowMs(): number {
    return this.#parts.clock.nowMs()
  }
}

export function cookieName(id: string): string {
  return `bhor_${id}`
}

function signedOut(): BhorError {
  return new BhorError('sign_in_needed', 'You are not signed in, or not any more.')
}

function isOf({ id, cookieHash }: BrowserRecord, { name, value }: Cookie): boolean {
  return name === cookieName(id) && timingSafeEqual(Buffer.from(cookieHash), Buffer.from(digest(value)))
}

export function digest(value: string): string {
  return hash('sha256', value, 'hex')
}
