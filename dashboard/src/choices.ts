import { computed, signal } from '@preact/signals'
import type { PageChoices } from '../../src/contracts/api.ts'
import { call } from './api.ts'
import { onLeaving } from './session-state.ts'

/** How this page is wanted. bhor keeps it: what a browser stores at one sign-in's address, the next one does not see. */
const chosen = signal<PageChoices>({})
onLeaving(() => {
  chosen.value = {}
})

/**
 * A program has got a session once, or whoever is here gives it to them in another way: it is not offered again. What
 * stands on the screen when that happens stays there.
 */
export const isOfferOver = signal(false)

export function learnChoices(choices: PageChoices): void {
  chosen.value = choices
  isOfferOver.value = choices.firstProgram === 'over'
}

export const areAmountsHidden = computed(() => chosen.value.amounts === 'hidden')
export const areKeysOn = computed(() => chosen.value.keys !== 'off')
/** Null as long as the number of accounts decides. */
export const accountsShape = computed(() => chosen.value.accounts ?? null)

/** @param value undefined for nothing chosen */
export function choose<Name extends keyof PageChoices>(
  name: Name,
  value: PageChoices[Name] | undefined,
): void {
  const { [name]: _, ...others } = chosen.value
  if (chosen.value[name] === value) return
  chosen.value = value === undefined ? others : { ...others, [name]: value }
  // Where bhor does not hear it, the choice lives as long as the page.
  void call('PATCH /v1/desk/choices', { body: { [name]: value ?? null } }).catch(() => {})
}
