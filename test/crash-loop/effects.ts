import { type Net, NetError } from '../../src/contracts/net.ts'
import type { Store, StoreReads, StoreTransaction } from '../../src/contracts/store.ts'
import { BhorError } from '../../src/core/errors.ts'

/** The process is gone: nothing that the code does from here on reaches disk or network. */
export class Crash extends Error {
  override readonly name = 'Crash'
}

/** What can befall an effect on the store: a commit, or a record on the fast way. */
export const commitBlows = [
  'crash before',
  'unknown, done',
  'crash after',
  'fails',
  'unknown, not done',
] as const
/** What can befall a call. */
export const callBlows = ['crash after', 'not sent', 'lost', 'crash before', 'torn', 'refused'] as const
/** `write 2 fails`: the third write of a commit. */
export type Blow = (typeof commitBlows)[number] | (typeof callBlows)[number] | `write ${number} fails`

/** An effect that was counted: where a call goes, or what a commit writes. */
export interface Effect {
  /** `record`: on its own, and without a transaction that could be taken back. */
  readonly kind: 'commit' | 'record' | 'call'
  readonly what: readonly string[]
}
export interface Strike {
  /** The number of an effect, from 1 on. */
  readonly at: number
  readonly blow: Blow
}

const isWrite = /^(insert|update|delete|append|set|prune|plan|hold|settle|add|gather)/

/** Counts the effects of one process from {@link Effects.arm} on, and strikes one of them. */
export class Effects {
  readonly all: Effect[] = []
  /** Commits that changed rows and recorded nothing. */
  readonly unrecorded: string[] = []
  hasStruck = false
  #strike: Strike | undefined
  #isArmed = false
  #isDead = false

  arm(strike?: Strike): void {
    this.#strike = strike
    this.#isArmed = true
  }
  disarm(): void {
    this.#isArmed = false
  }
  get isDead(): boolean {
    return this.#isDead
  }

  #count(kind: Effect['kind'], what: readonly string[]): number {
    return this.#isArmed ? this.all.push({ kind, what }) : 0
  }
  #meets(number: number, blow: Blow): boolean {
    const isIt = !this.hasStruck && number > 0 && this.#strike?.at === number && this.#strike.blow === blow
    if (isIt) this.hasStruck = true
    return isIt
  }
  #crash(number: number, blow: Blow): void {
    this.#refuseDead()
    if (!this.#meets(number, blow)) return
    this.#isDead = true
    throw new Crash(blow)
  }
  #refuseDead(): void {
    if (this.#isDead) throw new Crash('This process is gone.')
  }

  net(net: Net): Net {
    return {
      send: async (request) => {
        this.#refuseDead()
        const number = this.#count('call', [new URL(request.url).pathname])
        this.#crash(number, 'crash before')
        if (this.#meets(number, 'not sent')) throw new NetError('not_sent', 'refused')
        if (this.#meets(number, 'torn')) throw new NetError('unknown', 'reset')
        if (this.#meets(number, 'refused')) return { status: 503, headers: {}, text: '<html>' }
        // What fails by itself can be followed by the end of the process all the same.
        const reply = await net.send(request).catch((error: unknown) => ({ error }))
        this.#crash(number, 'crash after')
        if (this.#meets(number, 'lost')) throw new NetError('unknown', 'reset')
        if ('error' in reply) throw reply.error
        return reply
      },
    }
  }

  store(store: Store): Store {
    const seen: Partial<Store> = {
      transaction: (work) => this.#transaction(store, work),
      appendAudit: (watch, append) => this.#onItsOwn('audit record', () => store.appendAudit(watch, append)),
      claimWork: (claim) => this.#onItsOwn('claim', () => store.claimWork(claim)),
      freeWork: () => this.#onItsOwn('free', () => store.freeWork()),
    }
    return { ...store, ...byNoun(store, () => this.#refuseDead()), ...seen }
  }

  async #transaction<T>(store: Store, work: (tx: StoreTransaction) => Promise<T>): Promise<T> {
    this.#refuseDead()
    let number = 0
    const takenBack = new Error('Taken back.')
    const done = await store
      .transaction(async (tx) => {
        const writes: string[] = []
        number = 0
        const wrote = (name: string, method: string) => {
          this.#refuseDead()
          if (!isWrite.test(method)) return
          if (this.#meets(this.#isArmed ? this.all.length + 1 : 0, `write ${writes.length} fails`))
            throw failed()
          writes.push(name)
        }
        const result = await work(byNoun(tx, wrote))
        // What was taken back by the work itself is none.
        if (writes.length > 0) number = this.#count('commit', writes)
        this.#refuseUnrecorded(writes)
        this.#crash(number, 'crash before')
        if (this.#meets(number, 'fails')) throw failed()
        if (this.#meets(number, 'unknown, not done')) throw takenBack
        return result
      })
      .catch((error: unknown) => {
        throw error === takenBack ? unknown() : error
      })
    this.#crash(number, 'crash after')
    if (this.#meets(number, 'unknown, done')) throw unknown()
    return done
  }
  async #onItsOwn<T>(what: string, work: () => Promise<T>): Promise<T> {
    this.#refuseDead()
    const number = this.#count('record', [what])
    this.#crash(number, 'crash before')
    if (this.#meets(number, 'fails')) throw failed()
    if (this.#meets(number, 'unknown, not done')) throw unknown()
    const done = await work()
    this.#crash(number, 'crash after')
    if (this.#meets(number, 'unknown, done')) throw unknown()
    return done
  }
  /** What is due, told gates and the like follow from the rows, and are written without a word. */
  #refuseUnrecorded(writes: readonly string[]): void {
    const isCounted = (name: string) =>
      /^(apps|accounts|sessions|logins|intents|keys|calendar|house|mirrors)\./.test(name)
    if (writes.some(isCounted) && !writes.includes('audit.append')) this.unrecorded.push(writes.join(' '))
  }
}

const failed = () => new BhorError('store_busy', 'The store failed on purpose.')
const unknown = () =>
  new BhorError('store_busy', 'The store failed on purpose.', { facts: { outcome: 'unknown' } })

/** The nouns of `reads`, telling of each call (`accounts.update`, and its second half) before it is made. */
function byNoun<Reads extends StoreReads>(
  reads: Reads,
  before: (name: string, method: string) => void,
): Reads {
  const told = Object.entries(reads).map(([noun, queries]) => {
    if (typeof queries !== 'object') return [noun, queries]
    const methods = Object.entries(queries as Record<string, (...args: unknown[]) => unknown>)
    const wrapped = methods.map(([method, query]) => [
      method,
      (...args: unknown[]) => {
        before(`${noun}.${method}`, method)
        return query(...args)
      },
    ])
    return [noun, Object.fromEntries(wrapped)]
  })
  return Object.fromEntries(told) as Reads
}
