import { effect, type Signal, signal } from '@preact/signals'
import type { FormDraft } from '../../../src/contracts/api.ts'
import { call } from '../api.ts'
import { isConnected } from '../connection.ts'
import { isPassing } from '../problem.ts'
import { onLeaving } from '../session-state.ts'

/** Forms of which bhor does not have the latest yet. */
const unsent = new Set<string>()
let isSending = false

/** What was typed into forms and not sent yet, by form. Never a secret. */
const kept = new Map<string, FormDraft>()
onLeaving(() => {
  kept.clear()
  unsent.clear()
})

/** What one form keeps. Whoever draws the form has it from `useDraft`. */
export class Draft {
  /** Something was there when the form was drawn. */
  readonly isRestored: Signal<boolean>
  /** One more with each new start: what was typed is drawn anew. */
  readonly round = signal(0)
  readonly #form: string
  readonly #choices = new Map<string, { readonly initial: string; readonly chosen: Signal<string> }>()

  constructor(form: string) {
    this.#form = form
    this.isRestored = signal(kept.has(form))
  }

  valueOf(field: string): string | undefined {
    return kept.get(this.#form)?.[field]
  }

  /** @param text undefined for a field that is as it was */
  keep(field: string, text: string | undefined): void {
    const { [field]: before, ...others } = kept.get(this.#form) ?? {}
    if (before === text) return
    put(this.#form, text === undefined ? others : { ...others, [field]: text })
  }

  /** What somebody chooses rather than types, as text. */
  choice(field: string, initial: string): Signal<string> {
    const known = this.#choices.get(field)
    if (known !== undefined) return known.chosen
    const chosen = signal(this.valueOf(field) ?? initial)
    this.#choices.set(field, { initial, chosen })
    chosen.subscribe((value) => this.keep(field, value === initial ? undefined : value))
    return chosen
  }

  /** It was sent, or nobody wants it any more. */
  forget(): void {
    put(this.#form, {})
    this.isRestored.value = false
  }

  startOver(): void {
    for (const { initial, chosen } of this.#choices.values()) chosen.value = initial
    this.forget()
    this.round.value++
  }
}

/** What bhor has kept, as it says when somebody signs in; what came along from another address of this page is newer. */
export function learnDrafts(stored: Readonly<Record<string, FormDraft>>): void {
  const brought = new Map(kept)
  for (const [form, fields] of Object.entries(stored)) if (!brought.has(form)) kept.set(form, fields)
  for (const form of brought.keys()) send(form)
}

/** For the way to another address of this page; empty for nothing. Past this length nobody types. */
export function packDrafts(): string {
  if (kept.size === 0) return ''
  const bytes = new TextEncoder().encode(JSON.stringify(Object.fromEntries(kept)))
  const text = btoa(String.fromCharCode(...bytes))
  return text.length > 16_000 ? '' : text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

export function unpackDrafts(text: string): void {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) =>
      one.charCodeAt(0),
    )
    const found = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, FormDraft>
    for (const [form, fields] of Object.entries(found)) kept.set(form, fields)
  } catch {
    // Nothing that this page has packed.
  }
}

function put(form: string, fields: FormDraft): void {
  if (Object.keys(fields).length > 0) kept.set(form, fields)
  else if (!kept.delete(form)) return
  send(form)
}

/** One after the other, and of what was typed meanwhile only the latest. */
function send(form: string): void {
  unsent.add(form)
  if (!isSending) void sendAll()
}

async function sendAll(): Promise<void> {
  isSending = true
  for (const each of unsent) {
    unsent.delete(each)
    const body = { fields: { ...kept.get(each) } }
    try {
      await call('PUT /v1/desk/drafts/{form}', { params: { form: each }, body })
    } catch (error) {
      if (!isPassing(error)) continue
      // With the next word, or when bhor answers again.
      unsent.add(each)
      break
    }
  }
  isSending = false
}
effect(() => {
  if (isConnected.value && unsent.size > 0 && !isSending) void sendAll()
})
