import { Dialler } from '../alerts/dialler.ts'
import { webTarget } from '../alerts/http.ts'
import { signatureOf, webhookType } from '../alerts/webhook/webhook.ts'
import type { AlertChannel } from '../contracts/alerts.ts'
import { BhorError, toBhorError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { iso } from '../core/instant.ts'
import { ipNetwork } from '../core/ip-network.ts'
import { systemRandom } from '../core/random.ts'
import { Secret } from '../core/secret.ts'
import type { Config } from './config.ts'
import { Logger } from './logger.ts'
import type { TokenManager } from './token-manager.ts'

/** An address that is told, in the form of https://www.standardwebhooks.com. */
export interface ExpiryWebhook {
  /** `https://host/path` */
  readonly url: string
  /** What the message is signed with: `whsec_…`, 24 to 64 bytes in base64. */
  readonly secret: string
  /** Addresses or networks that are not public and may be told all the same: `127.0.0.1`, `192.168.1.0/24`. */
  readonly privateTargets?: readonly string[] | undefined
}

const lookEveryMs = 30_000
const mostAttempts = 10

/**
 * Tells once that a session has ended, as long as the program runs that wants it told. It does not keep the program
 * running. bhor's own alerts (`bhor alerts add webhook`) do it for an account, whether or not anybody runs.
 */
export class ExpiryNotice {
  readonly #config: Config
  readonly #tokens: TokenManager
  readonly #channel: AlertChannel
  readonly #ending = new AbortController()
  #timer: Disposable | undefined
  #wasValid = false
  #isTelling = false

  /** @throws BhorError `channel_invalid`, `channel_target_refused` */
  constructor(config: Config, tokens: TokenManager, { url, secret, privateTargets = [] }: ExpiryWebhook) {
    if (config.account !== undefined)
      throw new BhorError('bad_field', 'The sessions of an account are told of by bhor itself.', {
        hint: 'bhor alerts add webhook NAME',
        facts: { field: 'expiryWebhook' },
      })
    this.#config = config
    this.#tokens = tokens
    const networks = privateTargets.map((text) => ipNetwork(text) ?? refuse(text))
    const dialler = new Dialler({ clock: config.clock, privateTargets: networks })
    webTarget(dialler, url, 'The webhook’s address')
    const secrets = { url: new Secret(url), secret: new Secret(secret) }
    signatureOf(secrets.secret, '')
    this.#channel = webhookType(dialler, config.clock, systemRandom).open({}, secrets)
    this.#wait()
  }

  /** Nothing is sent from now on, whatever waits to be sent again. */
  close(): void {
    this.#ending.abort()
    this.#timer?.[Symbol.dispose]()
    this.#timer = undefined
  }

  #wait(): void {
    this.#timer = this.#config.clock.after(lookEveryMs, () => {
      this.#wait()
      this.#look()
    })
  }

  #look(): void {
    const isValid = this.#isValid()
    if (isValid === undefined) return
    const ended = this.#wasValid && !isValid ? this.#expired() : null
    if (ended && !this.#isTelling) void this.#tell(ended.user_id)
    this.#wasValid = isValid
  }

  /** Undefined where that cannot be known now: whoever runs the program hears of it when he uses the session. */
  #isValid(): boolean | undefined {
    try {
      return this.#tokens.isTokenValid()
    } catch {
      return undefined
    }
  }

  /** Whoever has logged out has nothing that ended. */
  #expired(): ReturnType<TokenManager['getExpired']> {
    try {
      return this.#tokens.getExpired()
    } catch {
      return null
    }
  }

  async #tell(userId: string): Promise<void> {
    this.#isTelling = true
    const atMs = this.#config.clock.nowMs()
    const message = {
      id: newId('msg', systemRandom),
      atMs,
      leftOut: 0,
      alerts: [
        {
          kind: 'session_ended',
          severity: 'info',
          account: null,
          cause: '',
          title: 'The session ended',
          text: 'Token has expired.',
          next: 'Log in again: getLoginUrl().',
          atMs,
          event: {
            type: 'session.ended',
            data: { userId, reason: 'expired', at: iso(atMs) },
          },
        },
      ],
    } as const
    try {
      for (let attempt = 1; ; attempt++) {
        const delivery = await this.#channel.send(message)
        if (delivery.outcome === 'delivered')
          return Logger.get().info('The webhook was told that the session ended.')
        Logger.get().warning(`The webhook was not told: ${delivery.text}`)
        if (delivery.outcome === 'refused') return
        if (attempt === mostAttempts) return Logger.get().error('The webhook is not tried any more.')
        await this.#pause(delivery.afterMs ?? lookEveryMs)
        if (this.#ending.signal.aborted) return
      }
    } catch (error) {
      Logger.get().error(`The webhook was not told: ${toBhorError(error).message}`)
    } finally {
      this.#isTelling = false
    }
  }

  /** Or until nobody wants it told any more. */
  async #pause(ms: number): Promise<void> {
    const { signal } = this.#ending
    await this.#config.clock.sleep(ms, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
  }
}

function refuse(text: string): never {
  throw new BhorError('channel_invalid', `${text} is no address or network.`, {
    hint: 'Write 127.0.0.1 or 192.168.1.0/24.',
  })
}
