import { effect } from '@preact/signals'
import { render } from 'preact'
import { accounts, loadBrokers } from './accounts/accounts.ts'
import { followAccounts } from './accounts/follow-accounts.ts'
import { isLive } from './accounts/status.ts'
import { App } from './app.tsx'
import { takeTicket } from './coming-back.ts'
import { retryMs } from './connection.ts'
import { removeForeignWorkers, watchForForeignWorkers } from './foreign-worker.ts'
import { isAboutHouseGate, loadHouseGate } from './gate/house-gate.ts'
import { keepFocus } from './keep-focus.ts'
import { listenForKeys } from './keyboard/keys.ts'
import { followFeed } from './live/feed.ts'
import { attend } from './live/readings.ts'
import { followAddress } from './place.ts'
import { enter, takeToken } from './session.ts'
import { leave, standing } from './session-state.ts'
import { pause, startClock } from './time/clock.ts'
import { language, words } from './words/words.ts'

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
  if (standing.value !== 'in') return
  const left = [
    attend({ read: loadBrokers, isAbout: () => false }),
    attend({ read: loadHouseGate, isAbout: isAboutHouseGate }),
    followAccounts(),
  ]
  await followFeed()
  for (const leaveOne of left) leaveOne()
}

function giveUp(): void {
  takeToken()
  takeTicket()
  leave(null, 'foreign')
}

startClock()
followAddress()
listenForKeys()
// A second sign-in link opened in this very tab only changes the part of the address behind the #.
addEventListener('hashchange', () => {
  if (location.hash.startsWith('#sign-in=')) location.reload()
})
effect(() => {
  const all = accounts.value ?? []
  const live = all.filter(isLive).length
  document.title = standing.value === 'in' && all.length > 0 ? words.shell.tabTitle(live, all.length) : 'bhor'
})
document.documentElement.lang = language
const page = document.getElementById('page')
if (page !== null) {
  render(<App />, page)
  keepFocus(page)
}
void run()
