import type { Confirmation, Confirmed, Fresh } from '../../contracts/api.ts'
import { BhorError } from '../../core/errors.ts'
import { newLabel } from '../../core/ids.ts'
import { iso } from '../../core/instant.ts'
import { Allowance } from '../ground/allowance.ts'
import { change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { type FreshAct, freshActs, freshForMs } from '../ground/fresh-acts.ts'
import { type Principal, requireConfirmed, requireOperator, requirePerson } from '../ground/rights.ts'
import { hasPassphrase, isPassphrase, keepPassphrase } from './passphrase.ts'

const codeTtlMs = 10 * 60_000
const mostCodes = 100

interface Asked {
  readonly id: string
  readonly act: FreshAct
  readonly endsMs: number
}

/**
 * Fresh confirmations of people at the page: by the passphrase, where one is set, or by a command that only the user who
 * runs bhor can type. Kept in memory: a start of the server forgets them.
 */
export class Confirmations {
  readonly #context: SessionContext
  readonly #freshUntilMs = new Map<string, number>()
  readonly #asked = new Map<string, Asked>()
  readonly #tries: Allowance
  #hashing: Promise<unknown> = Promise.resolve()

  constructor(context: SessionContext) {
    this.#context = context
    this.#tries = new Allowance(context.clock, { atOnce: 5, everyMs: 60_000 })
  }

  /** Until when the last confirmation of this sign-in counts; undefined where none does. */
  freshUntil(id: string): number | undefined {
    const untilMs = this.#freshUntilMs.get(id)
    return untilMs !== undefined && this.#nowMs() < untilMs ? untilMs : undefined
  }

  /** Somebody followed a new link: that is fresh, unless a passphrase is what shows who it is. */
  async signedIn(id: string): Promise<void> {
    // A passphrase that cannot be read is one.
    if (!(await hasPassphrase(this.#context).catch(() => true))) this.#confirm(id)
  }
  forget(id: string): void {
    this.#freshUntilMs.delete(id)
    for (const [code, asked] of this.#asked) if (asked.id === id) this.#asked.delete(code)
  }

  /** What somebody at the page has to do. Asking again for the same gives the same code. @throws BhorError `bad_field` */
  async ask(principal: Principal, named: string): Promise<Confirmation> {
    const id = requirePageOf(principal)
    if (!Object.hasOwn(freshActs, named))
      throw new BhorError('bad_field', 'Nothing of this name is confirmed.', { facts: { field: 'act' } })
    const act = named as FreshAct
    const nowMs = this.#nowMs()
    for (const [code, { endsMs }] of this.#asked) if (endsMs <= nowMs) this.#asked.delete(code)
    const known = [...this.#asked].find(([, asked]) => asked.id === id && asked.act === act)
    const [code, asked] = known ?? [this.#newCode(), { id, act, endsMs: nowMs + codeTtlMs }]
    if (this.#asked.size >= mostCodes) this.#asked.delete(this.#asked.keys().next().value as string)
    this.#asked.set(code, asked)
    return {
      code,
      text: freshActs[act].text,
      byPassphrase: await hasPassphrase(this.#context),
      expiresAt: iso(asked.endsMs),
      expiresInMs: asked.endsMs - nowMs,
    }
  }

  /** @throws BhorError `passphrase_wrong`, `rate_limited`, both recorded */
  async byPassphrase(principal: Principal, passphrase: string): Promise<void> {
    const id = requirePageOf(principal)
    const { actor } = principal
    const waitMs = this.#tries.spend(id)
    if (waitMs > 0) {
      await this.#refuse(principal, 'rate_limited')
      const text = 'Too many wrong passphrases from this browser.'
      throw new BhorError('rate_limited', text, { retryAfterMs: waitMs })
    }
    // One at a time: each takes 64 MiB.
    const checking = this.#hashing.then(() => isPassphrase(this.#context, passphrase))
    this.#hashing = checking.catch(() => {})
    if (!(await checking)) {
      await this.#refuse(principal, 'passphrase_wrong')
      throw new BhorError('passphrase_wrong')
    }
    this.#tries.forget(id)
    const event = { actor, action: 'desk.confirm', result: 'ok', detail: { by: 'passphrase' } } as const
    await change(this.#context, async (c) => void c.tell(event))
    this.#confirm(id)
  }

  /** The user who runs bhor typed the code. @throws BhorError `confirmation_not_found`, `scope_missing` */
  async byOperator(principal: Principal, typed: string): Promise<Confirmed> {
    requireOperator(principal)
    const code = typed.trim().toLowerCase()
    const asked = this.#asked.get(code)
    if (!asked || this.#nowMs() >= asked.endsMs) throw new BhorError('confirmation_not_found')
    const { id, act } = asked
    const detail = { by: 'command', browser: id, act }
    const event = { actor: principal.actor, action: 'desk.confirm', result: 'ok', detail } as const
    await change(this.#context, async (c) => void c.tell(event))
    this.#asked.delete(code)
    this.#confirm(id)
    return { browser: id, text: freshActs[act].text, until: iso(this.#nowMs() + freshForMs) }
  }

  /** Sets the passphrase of the page, or takes it away. @throws BhorError `bad_secret`, `scope_missing`, `confirmation_needed` */
  async setPassphrase(principal: Principal, passphrase: string | null): Promise<void> {
    requireConfirmed(this.#context, principal, 'desk.passphrase')
    await keepPassphrase(this.#context, principal.actor, passphrase)
  }

  /** How things stand for whoever is at the page. */
  async state(principal: Principal): Promise<Fresh> {
    requirePerson(principal)
    const { freshUntilMs } = principal
    return {
      until: freshUntilMs === undefined ? null : iso(freshUntilMs),
      // One that cannot be read is one.
      byPassphrase: await hasPassphrase(this.#context).catch(() => true),
    }
  }

  #confirm(id: string): void {
    this.#freshUntilMs.set(id, this.#nowMs() + freshForMs)
  }
  #refuse({ actor }: Principal, code: 'passphrase_wrong' | 'rate_limited'): Promise<void> {
    const detail = { by: 'passphrase' }
    return this.#context.refusals.record({ actor, action: 'desk.confirm', result: 'refused', code, detail })
  }
  #newCode(): string {
    const label = newLabel(this.#context.random)
    return `${label.slice(0, 4)}-${label.slice(4, 8)}`
  }
  #nowMs(): number {
    return this.#context.clock.nowMs()
  }
}

/** The sign-in of whoever is at the page. Nobody else has anything to confirm. @throws BhorError `scope_missing` */
function requirePageOf(principal: Principal): string {
  requirePerson(principal)
  const { actor } = principal
  if (actor.kind === 'desk') return actor.id
  throw new BhorError('bad_field', 'Only a browser that is signed in has something to confirm.', {
    hint: 'At the command line nothing has to be confirmed.',
    facts: { field: 'act' },
  })
}
