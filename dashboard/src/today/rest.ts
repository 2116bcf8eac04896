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
  const passed = round.value.atId === null ? [] : [round.value.atId]
  round.value = { ...round.value, atId: next.id, passedIds: [...round.value.passedIds, ...passed] }
  void startLogin(next)
}

export function endRound(): void {
  round.value = null
}

/** When a login of the round is over the next one begins. A browser that opens no window without a click is asked for one. */
export function followRound(): () => void {
  return effect(() => {
    const atId = round.value?.atId
    if (atId == null) return
    const account = accounts.value?.find(({ id }) => id === atId)
    const isOver = running.value[atId] === undefined && outcomes.value[atId] !== undefined
    const isDone = account === undefined || (isLive(account) && running.value[atId] === undefined)
    if (!isOver && !isDone) return
    if (nextInRound.value === undefined) queueMicrotask(endRound)
    else queueMicrotask(goOn)
  })
}
