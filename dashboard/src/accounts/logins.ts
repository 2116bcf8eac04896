import { signal } from '@preact/signals'
import type {
  AccountView,
  LoginKind,
  LoginStarted,
  LoginView,
  PromptView,
} from '../../../src/contracts/api.ts'
import type { FeedEvent } from '../../../src/contracts/events.ts'
import { announce } from '../announce.ts'
import { call } from '../api.ts'
import type { Since } from '../live/readings.ts'
import { toProblem } from '../problem.ts'
import { onLeaving } from '../session-state.ts'
import { pause } from '../time/clock.ts'
import { words } from '../words/words.ts'
import { accounts, brokerOf, putAccount } from './accounts.ts'
import { firstWay } from './login-kinds.ts'
import { nextStep } from './next-step.ts'
import { closeDialogOf, openDialog } from './open-dialog.ts'
import { type OwnLogin, ownLogins } from './own-logins.ts'
import { isWebAddress, openPopup } from './popup.ts'
import { isLive } from './status.ts'

/** A login that runs now. `url` is only known to the page that started it. */
export interface Running {
  readonly id: string | null
  readonly method: LoginKind
  readonly url: string | null
  readonly popup: Window | null
  readonly isBlocked: boolean
  readonly isChecking: boolean
  /** Begun by this page: then it is this page that asks whether an approval has come. */
  readonly isOurs: boolean
  /** What it wants to know now. */
  readonly asks: readonly PromptView[]
  readonly expiresAt: string | null
}

/** How the last login ended. */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly text: string; readonly next: string; readonly requestId: string }

/** By account id. */
export const running = signal<Readonly<Record<string, Running>>>({})
export const outcomes = signal<Readonly<Record<string, Outcome>>>({})
onLeaving(() => {
  running.value = {}
  outcomes.value = {}
})

/** Each look at an approval asks the broker. */
const approvalPollMs = 3_000
const celebrationMs = 8_000

const fresh = {
  id: null,
  url: null,
  popup: null,
  isBlocked: false,
  isChecking: false,
  asks: [],
  expiresAt: null,
}

/** Starts a login. Call it directly from the click: a window has to open before anything is awaited. */
export async function startLogin(account: AccountView, way?: LoginKind): Promise<void> {
  const method = way ?? firstWay(brokerOf(account))
  const popup = method === 'redirect' ? openPopup() : null
  const isBlocked = method === 'redirect' && popup === null
  dismissOutcome(account.id)
  keep(account.id, { ...fresh, method, popup, isBlocked, isOurs: true })
  try {
    const started = await call('POST /v1/accounts/{account}/login', {
      params: { account: account.account },
      body: { via: 'desk', ...(way === undefined ? {} : { method: way }) },
    })
    showPage(started, popup)
    const { login: id, url, expiresAt } = started
    ownLogins.keep({ id, method: started.method, url })
    keep(account.id, { ...fresh, id, method: started.method, url, popup, isBlocked, isOurs: true, expiresAt })
    await take(account, started)
    if (started.method === 'approval') void lookForApproval(account, id)
  } catch (error) {
    popup?.close()
    forget(account.id)
    fail(account.id, error)
  }
}

/** Answers what the login asks. A refusal ends it, unless an answer was only missing. */
export async function answerLogin(account: AccountView, answers: Record<string, string>): Promise<void> {
  const login = running.value[account.id]
  if (login?.id == null) return
  const params = { account: account.account, login: login.id }
  try {
    await take(
      account,
      await call('POST /v1/accounts/{account}/login/{login}/answers', { params, body: { answers } }),
    )
  } catch (error) {
    const seen = await call('GET /v1/accounts/{account}/login/{login}', { params }).catch(() => undefined)
    if (seen?.status === 'open') throw error
    forget(account.id)
    fail(account.id, error)
  }
}

/** Takes up logins that began elsewhere or before a reload, and ends those that are over. */
export async function followLogins(changed: readonly AccountView[], since: Since): Promise<void> {
  const events = since ?? []
  for (const account of changed) {
    const known = running.value[account.id]
    // Our own start is still on its way; its answer brings the id and keeps the window.
    if (known !== undefined && known.id === null) continue
    if (account.login !== null && account.login.id !== known?.id) {
      const { id, expiresAt } = account.login
      const own = ownLogins.find(id)
      const method = own?.method ?? firstWay(brokerOf(account))
      keep(account.id, { ...fresh, id, method, url: pageOf(own), isOurs: own !== undefined, expiresAt })
      await check(account)
      if (own?.method === 'approval') void lookForApproval(account, id)
    } else if (known?.id != null) {
      const result = events.flatMap((each) =>
        each.event === 'login.finished' && each.data.login === known.id ? [each.data.result] : [],
      )[0]
      const isAsked = events.some(
        ({ event, data }) =>
          event === 'account.changed' && data.change === 'login_asks' && data.account === account.account,
      )
      if (result === 'done') finish(account.id)
      else if (result === 'cancelled') forget(account.id)
      // How it ended, or what it asks, only the login itself says.
      else if (account.login === null || isAsked) await check(account)
    }
  }
}

/** The broker's page has led back: the window is gone, and the exchange follows. */
export function hearReturn({ event, data }: FeedEvent): void {
  if (event !== 'account.changed' || data.change !== 'login_returned') return
  const account = accounts.value?.find(({ account: name }) => name === data.account)
  const login = account && running.value[account.id]
  if (login) keep(account.id, { ...login, isChecking: true })
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
  putAccount(changed)
  if (isLive(changed) || changed.unconfirmed !== null) finish(changed.id)
  // The broker asks for more: what, the login itself says.
  else await check(changed)
}

export function dismissOutcome(accountId: string): void {
  const { [accountId]: _, ...others } = outcomes.value
  outcomes.value = others
}

function showPage({ url }: LoginStarted, popup: Window | null): void {
  if (url !== null && !isWebAddress(url)) throw new TypeError('not a web address')
  if (url === null) popup?.close()
  else popup?.location.replace(url)
}

/** What a tab kept under this address may be of another's making. */
function pageOf(own: OwnLogin | undefined): string | null {
  return own?.url && isWebAddress(own.url) ? own.url : null
}

async function check(account: AccountView): Promise<void> {
  const login = running.value[account.id]
  if (login?.id == null) return
  try {
    const params = { account: account.account, login: login.id }
    await take(account, await call('GET /v1/accounts/{account}/login/{login}', { params }))
  } catch (error) {
    const { code } = toProblem(error)
    if (code === 'login_not_found' || code === 'account_not_found') forget(account.id)
  }
}

/** Looks again and again whether the person has allowed the login. */
async function lookForApproval(account: AccountView, id: string): Promise<void> {
  for (;;) {
    await pause(approvalPollMs)
    if (running.value[account.id]?.id !== id) return
    await answerLogin(account, {}).catch(() => {})
  }
}

/** What the server says of a login: it goes on, it asks, or it is over. */
async function take(
  account: AccountView,
  seen: Pick<LoginView, 'login' | 'status' | 'asks'> &
    Partial<Pick<LoginView, 'outcome' | 'outcomeText' | 'outcomeHint'>>,
): Promise<void> {
  const login = running.value[account.id]
  if (login === undefined || login.id !== seen.login) return
  if (seen.status === 'open' || seen.status === 'used') {
    const isNew = seen.asks.length > 0 && login.asks.length === 0 && login.isOurs
    keep(account.id, { ...login, isChecking: seen.status === 'used', asks: sameAsks(login.asks, seen.asks) })
    if (isNew) openDialog.value = { kind: 'questions', accountId: account.id }
    return
  }
  if (seen.status === 'done') return finish(account.id)
  forget(account.id)
  const text = seen.outcomeText ?? words.accounts.outcome.ended
  setOutcome(account.id, {
    kind: 'failed',
    text,
    next: nextStep(seen.outcome ?? null, seen.outcomeHint ?? null),
    requestId: '',
  })
  announce(`${account.account}: ${text}`)
}

/** The same array for the same questions: what a person is typing must not be drawn anew. */
function sameAsks(known: readonly PromptView[], asked: readonly PromptView[]): readonly PromptView[] {
  const names = (asks: readonly PromptView[]) => asks.map(({ name }) => name).join(' ')
  return names(known) === names(asked) ? known : asked
}

/** The window closes by itself: it ended at another origin than this page's, which may not close it. */
function finish(accountId: string): void {
  forget(accountId)
  closeDialogOf('questions', accountId)
  setOutcome(accountId, { kind: 'done' })
  void pause(celebrationMs).then(() => {
    if (outcomes.value[accountId]?.kind === 'done') dismissOutcome(accountId)
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
