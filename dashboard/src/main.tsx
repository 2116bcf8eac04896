import { effect } from '@preact/signals'
import { render } from 'preact'
import { accounts, loadBrokers } from './accounts/accounts.ts'
import { refreshAccounts } from './accounts/logins.ts'
import { isLive } from './accounts/status.ts'
import { App } from './app.tsx'
import { followChanges } from './changes.ts'
import { takeTicket } from './coming-back.ts'
import { retryMs } from './connection.ts'
import { removeForeignWorkers, watchForForeignWorkers } from './foreign-worker.ts'
import { enter, takeToken } from './session.ts'
import { leave, standing } from './session-state.ts'
import { pause, startClock } from './time/clock.ts'
import { followAddress } from './view.ts'

/** Gets in, however long bhor takes to answer, and keeps the accounts true until signed out. */
async function run(): Promise<void> {
  watchForForeignWorkers(giveUp)
  // Before anything is asked: all of it would pass through a stranger's hands.
  if (await removeForeignWorkers()) return giveUp()
  await enter()
  while (standing.value === 'unknown') {
    await pause(retryMs)
    await enter()
  }
  await followChanges(async () => {
    await loadBrokers()
    await refreshAccounts()
  })
}

function giveUp(): void {
  takeToken()
  takeTicket()
  leave(null, 'foreign')
}

startClock()
followAddress()
// A second sign-in link opened in this very tab only changes the part of the address behind the #.
addEventListener('hashchange', () => {
  if (location.hash.startsWith('#sign-in=')) location.reload()
})
effect(() => {
  const all = accounts.value ?? []
  const live = all.filter(isLive).length
  document.title = standing.value === 'in' && all.length > 0 ? `${live}/${all.length} live · bhor` : 'bhor'
})
const page = document.getElementById('page')
if (page !== null) render(<App />, page)
void run()
