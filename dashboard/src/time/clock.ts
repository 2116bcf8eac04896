import { computed, signal } from '@preact/signals'

let aheadMs = 0

/** The server's time in milliseconds, one step a second. */
export const now = signal(Date.now())

const minuteMs = 60_000
/** The end of the running minute. What is counted from it never says more time than there is, and is drawn once a minute. */
export const minuteEnd = computed(() => (Math.floor(now.value / minuteMs) + 1) * minuteMs - 1)

/** The time for a text about what ends then: by seconds only in the last minutes, where seconds are told. */
export function timeFor(endMs: number): number {
  return endMs - minuteEnd.value > 11 * minuteMs ? minuteEnd.value : now.value
}

/** Follows the server's clock where this device's is off by more than the header's one-second grain. */
export function learnServerTime(dateHeader: string | null): void {
  const server = Date.parse(dateHeader ?? '')
  if (Number.isNaN(server)) return
  const difference = server - Date.now()
  aheadMs = Math.abs(difference) > 2_000 ? difference : 0
}

export function startClock(): void {
  setInterval(() => {
    now.value = Date.now() + aheadMs
  }, 1_000)
}

export function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms))
}
