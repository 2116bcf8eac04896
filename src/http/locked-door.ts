import { systemClock } from '../core/clock.ts'
import { BhorError, toBhorError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { systemRandom } from '../core/random.ts'
import { Secret } from '../core/secret.ts'
import { fullRights } from '../session/ground/rights.ts'
import { doors } from './doors.ts'
import { type GuardedServer, guardedServer } from './guarded-server.ts'
import { listenOnSocket } from './listen.ts'
import { problemReply } from './problem.ts'
import { readBody } from './read-body.ts'
import { linesOf, type Reply, securityHeaders } from './reply.ts'
import type { HttpRequest } from './request.ts'

export const unlockPath = '/v1/unlock'

/** Somebody who gave a passphrase, and waits to hear whether it fits. */
interface Attempt {
  readonly passphrase: Secret
  readonly settle: PromiseWithResolvers<void>
}

/**
 * What stands at the socket while a server waits for the vault's passphrase: it takes one, and tells everybody else what to
 * do. Nothing is served by it, and only the user who runs bhor can reach it.
 */
export class LockedDoor implements AsyncDisposable {
  readonly #path: string
  #server: GuardedServer | undefined
  #next = Promise.withResolvers<Attempt>()
  #attempt: Attempt | undefined

  constructor(path: string) {
    this.#path = path
  }

  /** The next passphrase that somebody gives; {@link LockedDoor.settle} tells him how it went. */
  async passphrase(): Promise<string> {
    await this.#open()
    const attempt = await this.#next.promise
    this.#next = Promise.withResolvers()
    this.#attempt = attempt
    return attempt.passphrase.reveal()
  }

  /** @param error why the passphrase did not open the vault; it did when left out */
  settle(error?: BhorError): void {
    if (error) this.#attempt?.settle.reject(error)
    else this.#attempt?.settle.resolve()
    this.#attempt = undefined
  }

  /** Whether somebody's passphrase is being tried. */
  get isTrying(): boolean {
    return this.#attempt !== undefined
  }

  async #open(): Promise<void> {
    if (this.#server) return
    const server = guardedServer({
      door: doors.socket,
      random: systemRandom,
      clock: systemClock,
      own: { originOf: () => undefined, plain: '' },
      known: () => undefined,
      everybody: fullRights('operator').actor,
      mostStrangers: 16,
      answer: (request) => this.#answer(request),
    })
    await listenOnSocket(server.server, this.#path)
    this.#server = server
  }

  async #answer(request: HttpRequest): Promise<Reply> {
    try {
      if (request.method !== 'POST' || request.path !== unlockPath) throw new BhorError('vault_locked')
      const { passphrase, ...rest } = await readBody(request)
      if (typeof passphrase !== 'string' || Object.keys(rest).length > 0)
        throw new BhorError('bad_field', 'Send a passphrase, and nothing else.')
      if (this.isTrying) throw new BhorError('rate_limited', 'A passphrase is being tried already.')
      const settle = Promise.withResolvers<void>()
      this.#next.resolve({ passphrase: new Secret(passphrase), settle })
      await settle.promise
      return { status: 204, headers: linesOf(securityHeaders), body: null }
    } catch (error) {
      return problemReply(toBhorError(error), newId('req', systemRandom))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.close()
  }
}
