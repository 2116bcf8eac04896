import type { App } from '../app/open.ts'
import type { BrowserRecord } from '../contracts/store.ts'
import type { Clock } from '../core/clock.ts'
import { BhorError } from '../core/errors.ts'
import { newId, newToken } from '../core/ids.ts'
import type { Random } from '../core/random.ts'
import type { Secret } from '../core/secret.ts'
import type { Browsers } from '../session/browsers/browsers.ts'
import { deskProof } from '../session/browsers/return-proof.ts'
import { Allowance } from '../session/ground/allowance.ts'
import type { Principal } from '../session/ground/rights.ts'
import type { Addresses } from './addresses.ts'
import { Drafts } from './drafts.ts'
import { keyFramePath } from './key-frame.ts'
import { type Cookie, digest, type PageSignIn, SignIns } from './sign-ins.ts'

const ticketTtlMs = 2 * 60_000
const mostTickets = 50
const mostFrames = 200

/** Leads one page of a browser back in, at a new origin. */
interface Ticket {
  readonly id: string
  readonly cookie: Secret
  readonly origin: string
  readonly endsMs: number
  /** What was told last; a further request is told anew. */
  told?: { readonly browser: BrowserRecord; readonly challenge: string; readonly nextHost: string }
}

export interface ReturnParts {
  readonly clock: Clock
  readonly random: Random
  readonly addresses: Addresses
  readonly browsers: Browsers
  readonly signIns: SignIns
}

/**
 * How a browser that was signed in comes back: after its tab was closed, in another one, or when bhor was started again.
 *
 * While bhor does not run, whoever listens at its port can hear what open pages send, and serve a page of his own at
 * every address that a browser asks then, with a service worker that stays. So no address that a page ever had is trusted
 * again: it leads to a new one, and what counts there is a key that the browser keeps at a third address, which it has
 * asked while bhor ran, and never else. Nobody is told that address but the page that comes back, which gets another
 * key at another address at once. One that was told and not replaced is good for nothing after the next start.
 */
export class Returns {
  readonly #parts: ReturnParts
  /** Names this run of the server. */
  readonly #run: string
  readonly #tickets = new Map<string, Ticket>()
  /** Until when a frame may be shown, by its address and by the page that may show it. */
  readonly #frames = new Map<string, number>()
  /** Where the key will be of a browser that has none yet. */
  readonly #firstHosts = new Map<string, string>()
  readonly #pace: Allowance

  constructor(parts: ReturnParts) {
    this.#parts = parts
    this.#run = newId('run', parts.random)
    this.#pace = new Allowance(parts.clock, { atOnce: 30, everyMs: 10_000 })
  }

  /** Whether this address shows the frame with the key to this page. */
  isFrame(host: string, parent: string): boolean {
    return this.#nowMs() < (this.#frames.get(frameName(host.toLowerCase(), parent)) ?? 0)
  }

  /**
   * Leads back whoever has the cookie of a sign-in: to a new address, where the cookie opens nothing either.
   *
   * @returns where to go on, and the proof that it is this desk that says so
   * @throws BhorError `no_way_back`, `rate_limited`
   */
  async offer(cookies: readonly Cookie[], nonce: string): Promise<{ url: string; proof: string }> {
    const { browsers, random, addresses, signIns } = this.#parts
    const named = await signIns.named(cookies)
    if (!named || named.browser.publicKey === '' || !browsers.isKept) throw noWayBack()
    const { id } = named.browser
    const waitMs = this.#pace.spend(id)
    if (waitMs > 0)
      throw new BhorError('rate_limited', 'This browser comes back too often.', { retryAfterMs: waitMs })
    const origin = `http://${addresses.newPage(random)}`
    const ticket = newToken(random)
    if (this.#tickets.size >= mostTickets) this.#tickets.delete(this.#tickets.keys().next().value as string)
    const endsMs = this.#nowMs() + ticketTtlMs
    this.#tickets.set(digest(ticket), { id, cookie: named.cookie, origin, endsMs })
    const url = `${origin}/#return=${ticket}`
    return { url, proof: deskProof(browsers.proofKeyOf(id), nonce, url) }
  }

  /** Tells the new page where the browser has its key, and where it shall have the next one. @throws BhorError `no_way_back` */
  async start(
    ticket: string,
    origin: string,
  ): Promise<{ frame: string; nextFrame: string; challenge: string }> {
    const { browsers, addresses, random } = this.#parts
    const found = this.#ticketOf(ticket, origin)
    const browser = await browsers.tellHost(found.id, this.#run)
    if (!addresses.isOwn(browser.host)) throw noWayBack()
    const nextHost = addresses.newPage(random)
    const challenge = newToken(random)
    found.told = { browser, challenge, nextHost }
    const [frame, nextFrame] = [this.#frameAt(browser.host, origin), this.#frameAt(nextHost, origin)]
    return { frame, nextFrame, challenge }
  }

  /**
   * @returns also the frames in which the browser forgets keys that count no more
   * @throws BhorError `no_way_back`
   */
  async finish(
    ticket: string,
    origin: string,
    { publicKey, signature }: { readonly publicKey: string; readonly signature: string },
  ): Promise<PageSignIn & { readonly forget: string[] }> {
    const { browsers, signIns } = this.#parts
    const found = this.#ticketOf(ticket, origin)
    const { told } = found
    if (!told) throw noWayBack()
    delete found.told
    const { challenge, nextHost } = told
    const wish = { challenge, origin, nextKey: publicKey, nextHost }
    const browser = await browsers.comeBack(told.browser, wish, signature)
    this.#tickets.delete(digest(ticket))
    const forget = [told.browser.host, nextHost]
      .filter((host) => host !== browser.host && !this.#isTold(host))
      .map((host) => this.#frameAt(host, origin))
    return { ...signIns.open(browser, origin, found.cookie), forget }
  }

  /** The frame in which a browser makes its first key. undefined where none is kept, or a page has no address of its own. */
  firstFrame({ actor }: Principal, origin: string): string | undefined {
    const { browsers, addresses, random } = this.#parts
    if (!browsers.isKept || !addresses.isOwn(origin.replace('http://', ''))) return undefined
    const host = addresses.newPage(random)
    if (this.#firstHosts.size >= mostTickets)
      this.#firstHosts.delete(this.#firstHosts.keys().next().value as string)
    this.#firstHosts.set(actor.id, host)
    return this.#frameAt(host, origin)
  }
  /** @throws BhorError `no_way_back`, `bad_field` */
  async keep(principal: Principal, publicKey: string): Promise<void> {
    const host = this.#firstHosts.get(principal.actor.id)
    this.#firstHosts.delete(principal.actor.id)
    if (host === undefined) throw noWayBack()
    await this.#parts.browsers.keep(principal, { host, publicKey })
  }

  /** The frame in which a browser that signs out forgets its key. */
  lastFrame({ host, publicKey }: BrowserRecord, origin: string): string | undefined {
    return publicKey === '' || !this.#parts.addresses.isOwn(host) ? undefined : this.#frameAt(host, origin)
  }

  /** Whether a page that comes back is still to sign with the key there. */
  #isTold(host: string): boolean {
    const nowMs = this.#nowMs()
    return [...this.#tickets.values()].some(
      ({ told, endsMs }) => told?.browser.host === host && nowMs < endsMs,
    )
  }
  #ticketOf(ticket: string, origin: string): Ticket {
    const found = this.#tickets.get(digest(ticket))
    if (!found || this.#nowMs() >= found.endsMs || found.origin !== origin) throw noWayBack()
    return found
  }
  #frameAt(host: string, parent: string): string {
    if (this.#frames.size >= mostFrames) this.#frames.delete(this.#frames.keys().next().value as string)
    this.#frames.set(frameName(host, parent), this.#nowMs() + ticketTtlMs)
    return `http://${host}${keyFramePath}?for=${new URL(parent).host}`
  }
  #nowMs(): number {
    return this.#parts.clock.nowMs()
  }
}

/** What a desk's doors know of the page: who is in, and how he comes back. */
export function signInsOf(
  { clock, random, desk }: Pick<App, 'clock' | 'random' | 'desk'>,
  addresses: Addresses,
): { readonly signIns: SignIns; readonly returns: Returns; readonly drafts: Drafts } {
  const parts = { clock, random, addresses, browsers: desk.browsers }
  const signIns = new SignIns(parts)
  return { signIns, returns: new Returns({ ...parts, signIns }), drafts: new Drafts(clock) }
}

function frameName(host: string, parent: string): string {
  return `${host} ${parent}`
}

function noWayBack(): BhorError {
  return new BhorError('no_way_back')
}
