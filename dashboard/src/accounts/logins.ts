import { signal } from '@preact/signals'
import type { AccountView } from '../../../src/contracts/api.ts'
import { announce } from '../announce.ts'
import { call } from '../api.ts'
import { toProblem } from '../problem.ts'
import { pause } from '../time/clock.ts'
import { loadAccounts, putAccount } from './accounts.ts'
import { nextStep } from './next-step.ts'
import { isWebAddress, openPopup } from './popup.ts'

/** A login that runs now. `url` is only known to the page that started it. */
export interface Running {
  readonly id: string | null
  readonly url: string | null
  readonly popup: Window | null
  readonly isBlocked: boolean
  readonly isChecking: boolean
  readonly expiresAt: string | null
}

/** How the last login ended. */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly text: string; readonly next: string; readonly requestId: string }

/** By account id. */
export const running = signal<Readonly<Record<string, Running>>>({})
export const outcomes = signal<Readonly<Record<string, Outcome>>>({})

const pollMs = 2_000
const celebrationMs = 8_000
let timer: ReturnType<typeof setInterval> | undefined

/** Starts a login. Call it directly from the click: the window has to open before anything is awaited. */
export async function startLogin(account: AccountView): Promise<void> {
  const popup = openPopup()
  dismissOutcome(account.id)
  keep(account.id, {
    id: null,
    url: null,
    popup,
    isBlocked: popup === null,
    isChecking: false,
    expiresAt: null,
  })
  try {
    const started = await call('POST /v1/accounts/{account}/login', {
      params: { account: account.account },
      body: { via: 'desk' },
    })
    if (started.url === null) popup?.close()
    else {
      if (!isWebAddress(started.url)) throw new TypeError('not a web address')
      popup?.location.replace(started.url)
    }
    const { login: id, url, expiresAt } = started
    keep(account.id, { id, url, popup, isBlocked: popup === null, isChecking: false, expiresAt })
  } catch (error) {
    popup?.close()
    forget(account.id)
    fail(account.id, error)
  }
  await refreshAccounts().catch(() => {})
}

/** Reads all accounts and follows the logins that they show. */
export async function refreshAccounts(): Promise<void> {
  await followLogins(await loadAccounts())
}

export async function cancelLogin(account: AccountView): Promise<void> {
  const login = running.value[account.id]
  if (login?.id == null) return
  login.popup?.close()
  forget(account.id)
  try {
    await call('DELETE /v1/accounts/{account}/login/{login}', {
      params: { account: account.account, login: login.id },
    })
    await refreshAccounts()
  } catch (error) {
    fail(account.id, error)
  }
}

/** Ends a login with the address where the browser stopped, for when the broker's page could not reach bhor. */
export async function completeLogin(account: AccountView, address: string): Promise<void> {
  const changed = await call('POST /v1/accounts/{account}/login/complete', {
    params: { account: account.account },
    body: { address },
  })
  finish(changed)
}

/** Takes up logins that began elsewhere, and asks how those ended that the accounts no longer show. */
async function followLogins(accounts: readonly AccountView[]): Promise<void> {
  for (const account of accounts) {
    const known = running.value[account.id]
    // Our own start is still on its way; its answer brings the id and keeps the window.
    if (known !== undefined && known.id === null) continue
    if (account.login !== null && account.login.id !== known?.id) {
      const { id, expiresAt } = account.login
      keep(account.id, { id, url: null, popup: null, isBlocked: false, isChecking: false, expiresAt })
    } else if (account.login === null && known?.id != null) {
      await check(account)
    }
  }
  watch(accounts)
}

export function dismissOutcome(accountId: string): void {
  const { [accountId]: _, ...others } = outcomes.value
  outcomes.value = others
}

function watch(accounts: readonly AccountView[]): void {
  clearInterval(timer)
  if (!accounts.some((account) => running.value[account.id]?.id != null)) return
  timer = setInterval(() => {
    for (const account of accounts) if (running.value[account.id]?.id != null) void check(account)
  }, pollMs)
}

async function check(account: AccountView): Promise<void> {
  const login = running.value[account.id]
  if (login?.id == null) return
  try {
    const seen = await call('GET /v1/accounts/{account}/login/{login}', {
      params: { account: account.account, login: login.id },
    })
    if (running.value[account.id]?.id !== login.id) return
    if (seen.status === 'open') return
    if (seen.status === 'used') return keep(account.id, { ...login, isChecking: true })
    if (seen.status === 'done') {
      const changed = await call('GET /v1/accounts/{account}', { params: { account: account.account } })
      if (running.value[account.id]?.id === login.id) finish(changed)
      return
    }
    forget(account.id)
    const text = seen.outcomeText ?? 'The login ended without a session.'
    setOutcome(account.id, { kind: 'failed', text, next: nextStep(seen.outcome), requestId: '' })
    announce(`${account.account}: ${text}`)
    await loadAccounts()
  } catch (error) {
    const { code } = toProblem(error)
    if (code === 'login_not_found' || code === 'account_not_found') forget(account.id)
  }
}

function finish(account: AccountView): void {
  running.value[account.id]?.popup?.close()
  forget(account.id)
  setOutcome(account.id, { kind: 'done' })
  putAccount(account)
  void pause(celebrationMs).then(() => {
    if (outcomes.value[account.id]?.kind === 'done') dismissOutcome(account.id)
  })
}

function fail(accountId: string, error: unknown): void {
  const { detail, hint, requestId } = toProblem(error)
  setOutcome(accountId, { kind: 'failed', text: detail, next: hint, requestId })
}

function keep(accountId: string, login: Running): void {
  running.value = { ...running.value, [accountId]: login }
}

function forget(accountId: string): void {
  const { [accountId]: _, ...others } = running.value
  running.value = others
}

function setOutcome(accountId: string, outcome: Outcome): void {
  outcomes.value = { ...outcomes.value, [accountId]: outcome }
}
