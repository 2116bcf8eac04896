import { computed, effect, signal } from '@preact/signals'
import { accounts } from '../accounts/accounts.ts'
import { outcomes, running, startLogin } from '../accounts/logins.ts'
import { loginsLeft } from '../accounts/needs.ts'
import { isLive } from '../accounts/status.ts'
import { onLeaving } from '../session-state.ts'

/** A round through all who need a login: who is at the broker now, and who was passed over. */
interface Round {
  readonly atId: string | null
  readonly passedIds: readonly string[]
  readonly total: number
}

export const round = signal<Round | null>(null)
onLeaving(() => {
  round.value = null
})

/** Who comes next in the round. */
export const nextInRound = computed(() =>
  loginsLeft(accounts.value ?? []).find(
    ({ id }) => id !== round.value?.atId && !round.value?.passedIds.includes(id),
  ),
)

/** Starts with the first of all who need a login. Call it directly from the click. */
export function logInTheRest(): void {
  round.value = { atId: null, passedIds: [], total: loginsLeft(accounts.value ?? []).length }
  goOn()
}

/** Opens the next broker page, from a click or when the one before has closed. */
export function goOn(): void {
  const next = nextInRound.value
  if (round.value === null || next === undefined) return
  const { atId, passedIds } = round.value
  // It begins first: how an earlier login of this account ended is then out of the way.
  void startLogin(next)
  round.value = { ...round.value, atId: next.id, passedIds: atId === null ? passedIds : [...passedIds, atId] }
}

export function endRound(): void {
  round.value = null
}

/** When a login of the round is over the next one begins. A browser that opens no window without a click is asked for one. */
export function followRound(): () => void {
  return effect(() => {
    const atId = round.value?.atId
    if (atId == null || running.value[atId] !== undefined) return
    const account = accounts.value?.find(({ id }) => id === atId)
    if (outcomes.value[atId] === undefined && account !== undefined && !isLive(account)) return
    // What is read here must not be written here.
    queueMicrotask(() => goOnFrom(atId))
  })
}

/** Once for each: its turn may be over for several reasons at once. */
function goOnFrom(atId: string): void {
  if (round.value?.atId !== atId) return
  if (nextInRound.value === undefined) endRound()
  else goOn()
}
