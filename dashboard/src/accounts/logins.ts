import { batch, signal } from '@preact/signals'
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
import { oneAtATime } from '../live/one-at-a-time.ts'
import type { Since } from '../live/readings.ts'
import { isPassing, toProblem } from '../problem.ts'
import { onLeaving } from '../session-state.ts'
import { pause } from '../time/clock.ts'
import { words } from '../words/words.ts'
import { accounts, brokerOf, putAccount } from './accounts.ts'
import { firstWay } from './login-kinds.ts'
import { nextStep } from './next-step.ts'
import { closeDialogOf, openDialog } from './open-dialog.ts'
import { isWebAddress, openPopup } from './popup.ts'
import { isLive } from './status.ts'

/** A login that runs now. */
export interface Running {
  /** Null until bhor has answered that it began. */
  readonly id: string | null
  readonly method: LoginKind
  /** The broker's page. */
  readonly url: string | null
  readonly popup: Window | null
  readonly isBlocked: boolean
  readonly isChecking: boolean
  /** Begun by this very page: what the broker asks is asked here at once. */
  readonly isOurs: boolean
  /** Begun by no page: by a command, a program, a reminder, a chat. */
  readonly isElsewhere: boolean
  /** What it wants to know now. */
  readonly asks: readonly PromptView[]
  readonly expiresAt: string | null
  /** The account's when it was first seen here: a later one is of another login. */
  readonly generation: number
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
  isOurs: false,
  isElsewhere: false,
  asks: [],
  expiresAt: null,
}

/** Whether nobody is to begin another one: where it is ours, or where nothing works until one is done. */
export function keepsFromLogin(account: AccountView): boolean {
  const login = running.value[account.id]
  return login !== undefined && (login.isOurs || !isLive(account))
}

/** Starts a login. Call it directly from the click: a window has to open before anything is awaited. */
export async function startLogin(account: AccountView, way?: LoginKind): Promise<void> {
  const method = way ?? firstWay(brokerOf(account))
  const popup = method === 'redirect' ? openPopup() : null
  const isBlocked = method === 'redirect' && popup === null
  const { generation } = account
  const begun = { ...fresh, method, popup, isBlocked, isOurs: true, generation }
  dismissOutcome(account.id)
  keep(account.id, begun)
  try {
    const started = await call('POST /v1/accounts/{account}/login', {
      params: { account: account.account },
      body: { via: 'desk', ...(way === undefined ? {} : { method: way }) },
    })
    showPage(started, popup)
    keep(account.id, { ...begun, id: started.login, method: started.method, expiresAt: started.expiresAt })
    await take(account, started)
    if (started.method === 'approval') lookForApproval(account, started.login)
  } catch (error) {
    popup?.close()
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
    const seen = await seenOf(account, login.id).catch(() => undefined)
    // Open still; or nobody can say, and then it is not over either.
    if (seen === undefined || seen?.status === 'open') throw error
    if (running.value[account.id]?.id !== login.id) return
    const isTold = seen === null || (seen.status === 'failed' && !isPassing(error))
    if (isTold) fail(account.id, error)
    else await take(account, seen)
  }
}

/** Takes up logins that began elsewhere or before a reload, and ends those that are over. */
export async function followLogins(changed: readonly AccountView[], since: Since): Promise<void> {
  for (const account of changed) {
    await settle(account, since)
    if (account.login !== null && running.value[account.id] === undefined)
      await takeUp(account, account.login.id)
  }
}

/** Ends what is over: ours first, whatever else of this account is waited for. */
async function settle(account: AccountView, since: Since): Promise<void> {
  const login = running.value[account.id]
  // Our own start is still on its way; its answer brings the id and keeps the window.
  if (login === undefined || login.id === null) return
  const { id } = login
  const told = (since ?? []).filter(
    ({ event, data }) =>
      (event === 'login.finished' || (event === 'account.changed' && data.change === 'login_asks')) &&
      data.account === account.account,
  )
  const result = told.flatMap(({ event, data }) =>
    event === 'login.finished' && data.login === id ? [data.result] : [],
  )[0]
  if (result === 'done') return finish(account.id)
  if (result === 'cancelled') return forget(account.id)
  // How it ended, what it asks, or that it waits still when another one has ended, only the login itself says.
  if (told.length > 0 || since === null || account.login?.id !== id) await check(account)
  // Somebody was in by another one, and nothing waits for ours any more.
  const isIn = isLive(account) || account.unconfirmed !== null
  const isLeft = isIn && account.login === null && account.generation > login.generation
  if (isLeft && running.value[account.id]?.id === id) finish(account.id)
}

async function takeUp(account: AccountView, id: string): Promise<void> {
  const seen = await seenOf(account, id)
  if (seen === null || (seen.status !== 'open' && seen.status !== 'used')) return
  // A click was faster.
  if (running.value[account.id] !== undefined) return
  const { method, via, expiresAt } = seen
  const { generation } = account
  keep(account.id, { ...fresh, id, method, isElsewhere: via !== 'desk', expiresAt, generation })
  await take(account, seen)
  if (method === 'approval') lookForApproval(account, id)
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
  // A session may be the one from before, while the broker asks for more. What cannot be read now the feed will tell.
  await check(changed).catch(() => {})
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

/** How a login stands; null where there is none. */
async function seenOf(account: AccountView, login: string): Promise<LoginView | null> {
  try {
    return await call('GET /v1/accounts/{account}/login/{login}', {
      params: { account: account.account, login },
    })
  } catch (error) {
    const { code } = toProblem(error)
    if (code === 'login_not_found' || code === 'account_not_found') return null
    throw error
  }
}

async function check(account: AccountView): Promise<void> {
  const login = running.value[account.id]
  if (login?.id == null) return
  const seen = await seenOf(account, login.id)
  if (seen !== null) await take(account, seen)
  else if (running.value[account.id]?.id === login.id) forget(account.id)
}

/** Looks again and again whether the person has allowed the login: in one tab, of those that show it. */
function lookForApproval(account: AccountView, id: string): void {
  void oneAtATime(`approval ${id}`, async () => {
    for (;;) {
      await pause(approvalPollMs)
      if (running.value[account.id]?.id !== id) return
      await answerLogin(account, {}).catch(() => {})
    }
  })
}

/** What the server says of a login: it goes on, it asks, or it is over. */
async function take(
  account: AccountView,
  seen: Pick<LoginView, 'login' | 'status' | 'url' | 'asks'> &
    Partial<Pick<LoginView, 'outcome' | 'outcomeText' | 'outcomeHint'>>,
): Promise<void> {
  const login = running.value[account.id]
  if (login === undefined || login.id !== seen.login) return
  if (seen.status === 'open' || seen.status === 'used') {
    const isNew = seen.asks.length > 0 && login.asks.length === 0 && login.isOurs
    const url = seen.url !== null && isWebAddress(seen.url) ? seen.url : login.url
    keep(account.id, {
      ...login,
      url,
      isChecking: seen.status === 'used',
      asks: sameAsks(login.asks, seen.asks),
    })
    if (isNew) openDialog.value = { kind: 'questions', accountId: account.id }
    return
  }
  if (seen.status === 'done') return finish(account.id)
  const text = seen.outcomeText ?? words.accounts.outcome.ended
  end(account.id, {
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
  const outcome: Outcome = { kind: 'done' }
  end(accountId, outcome)
  closeDialogOf('questions', accountId)
  const account = accounts.peek()?.find(({ id }) => id === accountId)
  // Said here, because where a session lived before no status changes.
  if (account !== undefined) announce(words.accounts.outcome.said(account.account, account.statusText))
  void pause(celebrationMs).then(() => {
    if (outcomes.value[accountId] === outcome) dismissOutcome(accountId)
  })
}

function fail(accountId: string, error: unknown): void {
  const { detail, hint, requestId } = toProblem(error)
  end(accountId, { kind: 'failed', text: detail, next: hint, requestId })
}

function keep(accountId: string, login: Running): void {
  running.value = { ...running.value, [accountId]: login }
}

function forget(accountId: string): void {
  const { [accountId]: _, ...others } = running.value
  running.value = others
}

/** At one go: whoever follows sees it over and how, and never the one without the other. */
function end(accountId: string, outcome: Outcome): void {
  batch(() => {
    forget(accountId)
    outcomes.value = { ...outcomes.value, [accountId]: outcome }
  })
}
