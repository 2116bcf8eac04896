import type { FormDraft } from '../contracts/api.ts'
import type { Clock } from '../core/clock.ts'
import { BhorError } from '../core/errors.ts'

const keptMs = 24 * 60 * 60_000
const mostForms = 50
const mostFields = 60

/**
 * What somebody has typed into a form of the page and not sent yet. Every sign-in has an origin of its own, so nothing that a
 * browser keeps outlives one: this does, until it is sent, a day has passed, or bhor stops. In memory alone; the page sends
 * no secret.
 */
export class Drafts {
  readonly #clock: Pick<Clock, 'nowMs'>
  readonly #kept = new Map<string, { readonly fields: FormDraft; readonly endsMs: number }>()

  constructor(clock: Pick<Clock, 'nowMs'>) {
    this.#clock = clock
  }

  /** By the names of their forms. */
  all(): Record<string, FormDraft> {
    const nowMs = this.#clock.nowMs()
    for (const [form, { endsMs }] of this.#kept) if (nowMs >= endsMs) this.#kept.delete(form)
    return Object.fromEntries([...this.#kept].map(([form, { fields }]) => [form, fields]))
  }

  /** In place of what was kept; without a field nothing is. @throws BhorError `bad_field` */
  keep(form: string, fields: FormDraft): void {
    if (form.length > 100 || Object.keys(fields).length > mostFields)
      throw new BhorError('bad_field', 'No form of the page is like that.', { facts: { field: 'fields' } })
    // The latest last: the oldest goes first.
    this.#kept.delete(form)
    if (Object.keys(fields).length === 0) return
    if (this.#kept.size >= mostForms) this.#kept.delete(this.#kept.keys().next().value as string)
    this.#kept.set(form, { fields, endsMs: this.#clock.nowMs() + keptMs })
  }

  forget(): void {
    this.#kept.clear()
  }
}
