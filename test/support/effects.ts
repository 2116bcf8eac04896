import { type Net, NetError } from '../../src/contracts/net.ts'
import type { Store, StoreReads, StoreTransaction } from '../../src/contracts/store.ts'
import { BhorError } from '../../src/core/errors.ts'

/** The process is gone: nothing that the code does from here on reaches disk or network. */
export class Crash extends Error {
  override readonly name = 'Crash'
}

/** `crash`: gone for good. `error`: this one effect fails and the code goes on; what was done stays done. */
export type Blow = 'crash' | 'error'

const writes = /^(insert|update|delete|append|set|prune)/

/**
 * Counts the effects of what runs between {@link Effects.arm} and {@link Effects.disarm}, before and after each, and
 * strikes at one of these points.
 */
export class Effects {
  readonly points: string[] = []
  #at = Number.POSITIVE_INFINITY
  #blow: Blow = 'crash'
  #isArmed = false
  #isDead = false

  arm(at = Number.POSITIVE_INFINITY, blow: Blow = 'crash'): void {
    this.#at = at
    this.#blow = blow
    this.#isArmed = true
  }
  disarm(): void {
    this.#isArmed = false
  }
  get hasStruck(): boolean {
    return this.points.length >= this.#at
  }

  #point(name: string, failure: () => Error): void {
    if (this.#isDead) throw new Crash(name)
    if (!this.#isArmed) return
    this.points.push(name)
    if (this.points.length !== this.#at) return
    if (this.#blow === 'error') throw failure()
    this.#isDead = true
    throw new Crash(name)
  }
  #storePoint(name: string, facts: Record<string, string> = {}): void {
    this.#point(name, () => new BhorError('store_busy', 'The store failed on purpose.', { facts }))
  }

  net(net: Net): Net {
    return {
      send: async (request) => {
        this.#point('before send', () => new NetError('not_sent', 'refused'))
        const reply = await net.send(request)
        this.#point('after answer', () => new NetError('unknown', 'reset'))
        return reply
      },
    }
  }

  store(store: Store): Store {
    const seen: Partial<Store> = {
      transaction: async (work) => {
        this.#storePoint('before transaction')
        const done = await store.transaction(async (tx) => {
          const result = await work(this.#transaction(tx))
          this.#storePoint('before commit')
          return result
        })
        this.#storePoint('after commit', { outcome: 'unknown' })
        return done
      },
      appendAudit: async (watch, append) => {
        this.#storePoint('before audit record')
        await store.appendAudit(watch, append)
        this.#storePoint('after audit record', { outcome: 'unknown' })
      },
    }
    const asked = (name: string) => {
      if (this.#isDead) throw new Crash(name)
    }
    return { ...store, ...byNoun(store, asked), ...seen }
  }

  #transaction(tx: StoreTransaction): StoreTransaction {
    return byNoun(tx, (name, method) => {
      if (writes.test(method)) this.#storePoint(`before ${name}`)
    })
  }
}

/** The nouns of `reads`, telling of each call (`accounts.update`, and its second half) before it is made. */
function byNoun<Reads extends StoreReads>(
  reads: Reads,
  before: (name: string, method: string) => void,
): Reads {
  const nouns = Object.entries(reads).filter(([, noun]) => typeof noun === 'object')
  return Object.fromEntries(
    nouns.map(([noun, queries]) => [
      noun,
      Object.fromEntries(
        Object.entries(queries as Record<string, (...args: unknown[]) => unknown>).map(([method, query]) => [
          method,
          (...args: unknown[]) => {
            before(`${noun}.${method}`, method)
            return query(...args)
          },
        ]),
      ),
    ]),
  ) as unknown as Reads
}
