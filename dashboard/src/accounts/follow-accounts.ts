import { effect } from '@preact/signals'
import type { AccountView } from '../../../src/contracts/api.ts'
import { expiringWithinMs } from '../../../src/contracts/api.ts'
import type { FeedEvent } from '../../../src/contracts/events.ts'
import { attend, type Since } from '../live/readings.ts'
import { isAboutAccounts, marginMs, timerMs } from '../live/use-live.ts'
import { now } from '../time/clock.ts'
import { accounts, loadAccount, loadAccounts } from './accounts.ts'
import { followLogins, hearReturn } from './logins.ts'

/** From here on it costs less to read all of them at once. */
const manyFrom = 5

/** Keeps the accounts, and the logins that run, as they are at bhor: until the page is left. */
export function followAccounts(): () => void {
  const leave = attend({
    read: readAccounts,
    isAbout(event) {
      hearReturn(event)
      return isAboutAccounts(event) && !isReturn(event)
    },
  })
  const unwatch = followTime()
  return () => {
    unwatch()
    leave()
  }
}

async function readAccounts(since: Since): Promise<void> {
  await followLogins(await changedSince(since), since)
}

async function changedSince(since: Since): Promise<readonly AccountView[]> {
  const names = new Set(since?.map(({ data }) => ('account' in data ? data.account : null)))
  if (since === null || accounts.peek() === null || names.has(null) || names.size >= manyFrom)
    return loadAccounts()
  return readNamed([...names].filter((name) => name !== null))
}

async function readNamed(names: readonly string[]): Promise<readonly AccountView[]> {
  const read = []
  for (const name of names) read.push(await loadAccount(name))
  return read.filter((account) => account !== undefined)
}

/** What time alone changes no event tells: at those moments it is read again. */
function followTime(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = effect(() => {
    const all = accounts.value ?? []
    clearTimeout(timer)
    const nowMs = now.peek()
    const dueMs = Math.min(...all.map((account) => nextMomentMs(account, nowMs)))
    if (dueMs === Number.POSITIVE_INFINITY) return
    timer = setTimeout(
      () => {
        const due = all.filter((account) => nextMomentMs(account, nowMs) <= dueMs + marginMs)
        const reading = due.length >= manyFrom ? loadAccounts() : readNamed(due.map(({ account }) => account))
        void reading.then((read) => followLogins(read, null)).catch(() => {})
      },
      timerMs(dueMs, nowMs),
    )
  })
  return () => {
    clearTimeout(timer)
    stop()
  }
}

/** When the clock next changes what is said of an account. */
function nextMomentMs({ session, login, gate }: AccountView, nowMs: number): number {
  const endMs = Date.parse(session?.expiresAt ?? '')
  const moments = [
    endMs - expiringWithinMs,
    endMs,
    Date.parse(login?.expiresAt ?? ''),
    Date.parse(gate.until ?? ''),
  ]
  return Math.min(...moments.filter((atMs) => atMs + marginMs > nowMs))
}

function isReturn({ event, data }: FeedEvent): boolean {
  return event === 'account.changed' && data.change === 'login_returned'
}
