import { signal } from '@preact/signals'
import { accounts } from '../accounts/accounts.ts'
import { startLogin } from '../accounts/logins.ts'
import { loginsLeft } from '../accounts/needs.ts'
import { toast } from '../announce.ts'
import { areKeysOn } from '../choices.ts'
import { readAllAgain } from '../live/readings.ts'
import { goTo, type PageName, page } from '../place.ts'
import { onLeaving, standing } from '../session-state.ts'
import { words } from '../words/words.ts'

export const isHelpOpen = signal(false)
onLeaving(() => {
  isHelpOpen.value = false
})

interface Key {
  readonly key: string
  readonly does: string
  readonly act: () => void
}

const pagesByKey: readonly PageName[] = ['today', 'accounts', 'portfolio', 'programs', 'audit', 'settings']
const { acts } = words.keyboard

/** What single keys do, in the order of the help sheet. */
export const keys: readonly Key[] = [
  { key: '?', does: acts.help, act: () => (isHelpOpen.value = true) },
  { key: '/', does: acts.search, act: search },
  { key: 'l', does: acts.login, act: logIn },
  { key: 'r', does: acts.refresh, act: refresh },
  ...pagesByKey.map((name, at) => ({
    key: String(at + 1),
    does: acts.page(words.shell.pages[name]),
    act: () => goTo(name),
  })),
]

export function listenForKeys(): void {
  addEventListener('keydown', (event) => {
    if (!areKeysOn.value || standing.value !== 'in' || !isMeantForUs(event)) return
    const found = keys.find(({ key }) => key === event.key)
    if (found === undefined) return
    event.preventDefault()
    found.act()
  })
}

/** Not what somebody types, nor what browser or system take, nor anything behind a dialog. */
function isMeantForUs({ ctrlKey, metaKey, altKey, isComposing, repeat, target }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || isComposing || repeat) return false
  if (document.querySelector('dialog[open]') !== null) return false
  return !(target instanceof Element && target.closest('input, textarea, select, [contenteditable]'))
}

function search(): void {
  const find = () => document.querySelector<HTMLInputElement>('input[type="search"]')
  if (find() === null && page.value !== 'accounts') goTo('accounts')
  // Drawn with the next frame.
  requestAnimationFrame(() => requestAnimationFrame(() => find()?.focus()))
}

function logIn(): void {
  const first = loginsLeft(accounts.value ?? [])[0]
  if (first === undefined) toast(words.keyboard.nobodyWaits)
  else void startLogin(first)
}

function refresh(): void {
  readAllAgain()
  toast(words.keyboard.readAgain)
}
