import { createHmac, hash } from 'node:crypto'
import { BhorError } from '../../core/errors.ts'
import { SingleFlight } from '../../core/single-flight.ts'
import type { SessionContext } from '../ground/context.ts'
import { isGenuine } from '../ground/records.ts'

/** How long another server's new key may be unknown here; no flood of questions reads the store more often. */
const sharedHoldsMs = 100
const keyShape = /^[0-9a-f]{8}$/
const nonceShape = /^[A-Za-z0-9_-]{16,64}$/

/** What is stored of a key, `sha256(key)`, by the first 8 hex digits of its own hash. */
type Index = ReadonlyMap<string, string>

/**
 * Shows the holder of a key that this server knows it, before the key is sent: an impostor at the desk's port does not.
 * What is not to be learned here is which keys exist: an unknown one gets an answer that looks the same, always the same
 * one, and that took the same work.
 */
export class KeyProofs {
  readonly #context: SessionContext
  readonly #reading = new SingleFlight<Index>()
  #index: Index | undefined
  #readAtMs = Number.NEGATIVE_INFINITY

  constructor(context: SessionContext) {
    this.#context = context
    context.feed.subscribe(() => {
      this.#index = undefined
    })
  }

  /**
   * HMAC-SHA-256 in hex, under `sha256(key)`, of nonce, line end and origin. A revoked key is proven too: that it
   * opens nothing any more is told to whoever shows it.
   *
   * @param key the first 8 hex digits of `sha256(sha256(key))`
   * @param origin the address that was asked; an impostor who passes the question on cannot pass the answer back
   * @throws BhorError `bad_field`
   */
  async prove(key: string, nonce: string, origin: string): Promise<string> {
    if (!keyShape.test(key)) throw badField('key', 'The fingerprint of a key is 8 hex digits.')
    if (!nonceShape.test(nonce)) throw badField('nonce', 'A nonce is 16 to 64 characters of base64url.')
    const index = await this.#current()
    const decoy = this.#context.vault.fingerprint('key-proof', key)
    const secret = Buffer.from(index.get(key) ?? decoy, 'hex')
    return createHmac('sha256', secret).update(`${nonce}\n${origin}`).digest('hex')
  }

  /** Other servers change a shared store without this one's knowing. */
  async #current(): Promise<Index> {
    const { store, clock } = this.#context
    const isOld = store.isShared && clock.monotonicMs() - this.#readAtMs >= sharedHoldsMs
    if (this.#index && !isOld) return this.#index
    const { version } = this.#context.feed
    return this.#reading.run(String(version), async () => {
      const readAtMs = clock.monotonicMs()
      const index = await this.#read()
      if (version === this.#context.feed.version) {
        this.#index = index
        this.#readAtMs = readAtMs
      }
      return index
    })
  }

  async #read(): Promise<Index> {
    const { store, vault } = this.#context
    const { records } = await store.keys.list()
    const genuine = records.filter((record) => isGenuine(vault, 'client_keys', record))
    return new Map(genuine.map((record) => [fingerprintOf(record.hash), record.hash]))
  }
}

function fingerprintOf(keyHash: string): string {
  return hash('sha256', Buffer.from(keyHash, 'hex'), 'hex').slice(0, 8)
}

function badField(field: string, text: string): BhorError {
  return new BhorError('bad_field', text, { facts: { field } })
}
