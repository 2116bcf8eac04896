import { signal } from '@preact/signals'

let aheadMs = 0

/** The server's time in milliseconds, one step a second. */
export const now = signal(Date.now())

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
