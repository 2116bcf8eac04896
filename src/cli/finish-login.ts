import { type AccountView, isLive, type LoginStarted, type LoginView } from '../contracts/api.ts'
import { foregroundClock } from '../core/clock.ts'
import { BhorError, type ErrorCode, isBhorError } from '../core/errors.ts'
import type { Answers } from './answers.ts'
import { call } from './call.ts'
import { isPassing } from './events.ts'
import type { StdinLines } from './stdin-lines.ts'
import { terminal } from './terminal.ts'
import { istText, statusWord } from './texts.ts'
import type { ApiClient } from './wire.ts'

/** A login that was started, and what is needed to bring it to its end. */
export interface StartedLogin {
  readonly desk: ApiClient
  readonly account: string
  readonly started: LoginStarted
  /** The generation of the account before. */
  readonly before: number
  readonly answers: Answers
  readonly lines: StdinLines
  readonly signal: AbortSignal
}

/** Whether the address where the browser ended is read from stdin: it must come there, or may come another way. */
export type Pasting = 'no' | 'may' | 'must'

type State = Pick<LoginView, 'status' | 'asks' | 'outcome' | 'outcomeText' | 'outcomeHint'>

const pollMs = 500
/** Each look at an approval asks the broker. */
const approvalPollMs = 3_000
/** So long a desk that has gone may take to be there again. */
const restartMs = 15_000
/** Whoever slips more often has something else in hand. */
const mostSlips = 5

/**
 * Waits for the session and asks what has to be asked; a login that comes to nothing is taken back. It has succeeded when
 * the account is live with a session that began meanwhile, whoever finished it.
 *
 * @throws BhorError
 */
export async function finishLogin(login: StartedLogin, pasting: Pasting): Promise<AccountView> {
  try {
    if (pasting !== 'no' && login.started.method === 'redirect') await paste(login, pasting)
    return await goOn(login)
  } catch (error) {
    return giveUp(login, error)
  }
}

/** Takes the address that somebody pastes, and asks again after a slip; until the login goes on, by it or by itself. */
async function paste(login: StartedLogin, pasting: Pasting): Promise<void> {
  const { desk, account, started, lines } = login
  terminal.say(
    `Then paste the address of the page where the browser ended (it starts with ${started.redirectUrl}):`,
  )
  using waiting = untilMoved(login)
  try {
    let slip: BhorError | undefined
    for (let slips = 1; ; slips++) {
      const address = await lines.nextText(waiting.signal, isAnotherAddress)
      if (address === undefined && pasting === 'may') return
      if (address === undefined) throw nothingPasted(account, slip)
      slip = await slipOf(() =>
        call(desk, 'POST /v1/accounts/{account}/login/complete', { params: { account }, body: { address } }),
      )
      if (!slip || !isWaiting(await stateOf(login))) return
      if (slips === mostSlips) throw slip
      terminal.error(slip)
      terminal.say('Paste it again, or press Ctrl-C:')
    }
  } catch (error) {
    if (!waiting.hasMoved()) throw error
  }
}

/** What was wrong with a text that was pasted, when it left the login as it was. @throws anything else */
async function slipOf(send: () => Promise<unknown>): Promise<BhorError | undefined> {
  try {
    await send()
    return undefined
  } catch (error) {
    if (isBhorError(error) && slipCodes.includes(error.code)) return error
    throw error
  }
}

const slipCodes: readonly ErrorCode[] = [
  'wrong_page',
  'callback_incomplete',
  'login_state_invalid',
  'login_used',
  'login_expired',
  'login_in_progress',
  'bad_field',
]

/** Of a text that holds an address already. */
function isAnotherAddress(line: string, text: string): boolean {
  return /:\/\//.test(text) && /^[\s>]*https?:\/\//i.test(line)
}

/** Aborts when the login does not wait for the broker's page any more: the browser may reach the desk by itself. */
function untilMoved(login: StartedLogin): Disposable & { signal: AbortSignal; hasMoved(): boolean } {
  const moved = new AbortController()
  const stopped = new AbortController()
  const look = async () => {
    for (;;) {
      await foregroundClock.sleep(pollMs, stopped.signal)
      // A desk that does not answer for a moment says nothing of the login.
      const state = await stateOf(login).catch(() => undefined)
      if (state && !isWaiting(state)) return moved.abort()
    }
  }
  void look().catch(() => undefined)
  return {
    signal: AbortSignal.any([login.signal, moved.signal]),
    hasMoved: () => moved.signal.aborted && !login.signal.aborted,
    [Symbol.dispose]: () => stopped.abort(),
  }
}

function isWaiting({ status, asks }: State): boolean {
  return status === 'open' && asks.length === 0
}

function stateOf({ desk, account, started }: StartedLogin): Promise<LoginView> {
  const params = { account, login: started.login }
  return call(desk, 'GET /v1/accounts/{account}/login/{login}', { params })
}

/** Asks again while the desk is being started anew: the login is in its store. */
async function patiently<Answer>(
  login: StartedLogin,
  ask: (login: StartedLogin) => Promise<Answer>,
): Promise<Answer> {
  const untilMs = foregroundClock.monotonicMs() + restartMs
  for (;;) {
    try {
      return await ask(login)
    } catch (error) {
      if (!isPassing(error) || foregroundClock.monotonicMs() >= untilMs) throw error
      await foregroundClock.sleep(pollMs, login.signal)
    }
  }
}

/** What was wrong with the one before has been said. */
function nothingPasted(account: string, slip: BhorError | undefined): BhorError {
  if (slip) return new BhorError(slip.code, 'No other address came on stdin.', { hint: slip.hint })
  return new BhorError('needs_terminal', 'No address came on stdin.', {
    hint: `Paste the address, or pipe it: echo … | bhor login ${account} --paste.`,
  })
}

async function goOn(login: StartedLogin): Promise<AccountView> {
  const { desk, account, started, answers, signal } = login
  const params = { account, login: started.login }
  const answer = (given: Record<string, string>) =>
    call(desk, 'POST /v1/accounts/{account}/login/{login}/answers', { params, body: { answers: given } })
  const isApproval = started.method === 'approval'
  if (isApproval && started.status === 'open')
    terminal.say(
      `Waiting until ${istText(started.expiresAt)} IST for your approval: open the broker’s app on your phone and allow the login of ${account}. A refusal is not always told; Ctrl-C stops the waiting.`,
    )
  let slips = 0
  for (let state: State = { ...started, ...nothingYet }; ; ) {
    if (state.status === 'done') return call(desk, 'GET /v1/accounts/{account}', { params: { account } })
    if (state.status !== 'open' && state.status !== 'used') throw failed(account, state)
    const isOpen = state.status === 'open'
    if (isOpen && state.asks.length > 0) {
      const { asks } = state
      state = await answers
        .to(asks, signal)
        .then(answer)
        .catch((error: unknown) => {
          const isSlip = isBhorError(error, 'not_answered') || isBhorError(error, 'bad_field')
          if (!isSlip || !terminal.canAsk || ++slips >= mostSlips) throw error
          terminal.error(error)
          return { ...nothingYet, status: 'open' as const, asks }
        })
      continue
    }
    await foregroundClock.sleep(isApproval ? approvalPollMs : pollMs, signal)
    state = isOpen && isApproval ? await answer({}) : await patiently(login, stateOf)
    if (state.status === 'open' && state.asks.length === 0) {
      const view = await patiently(login, liveSince)
      if (view) return withdrawn(login, view)
    }
  }
}
const nothingYet = { outcome: null, outcomeText: null, outcomeHint: null }

/** The account, when it has got a live session since this login was started. */
async function liveSince({ desk, account, before }: StartedLogin): Promise<AccountView | undefined> {
  const view = await call(desk, 'GET /v1/accounts/{account}', { params: { account } })
  return (isLive(view) || view.unconfirmed !== null) && view.generation > before ? view : undefined
}

/** Somebody else has logged the account in: this login is not needed any more. */
async function withdrawn(login: StartedLogin, view: AccountView): Promise<AccountView> {
  await cancel(login).catch(() => undefined)
  terminal.say(`Another login of ${login.account} was finished meanwhile.`)
  return view
}

function cancel({ desk, account, started }: StartedLogin): Promise<undefined> {
  const params = { account, login: started.login }
  return call(desk, 'DELETE /v1/accounts/{account}/login/{login}', { params })
}

/** Takes the login back, so that no link stays open; after Ctrl-C says where the account stands. */
async function giveUp(login: StartedLogin, error: unknown): Promise<AccountView> {
  const { desk, account, signal } = login
  if (!signal.aborted) {
    const view = await liveSince(login).catch(() => undefined)
    if (view) return withdrawn(login, view)
  }
  if (!signal.aborted && !isBhorError(error, 'cancelled')) {
    await cancel(login).catch(() => undefined)
    throw error
  }
  await cancel(login)
  const view = await call(desk, 'GET /v1/accounts/{account}', { params: { account } })
  // It may have ended well at the very moment when somebody lost patience.
  if ((await stateOf(login)).status === 'done') return view
  throw new BhorError(
    'cancelled',
    `Cancelled. The broker login was not finished; ${account} is: ${statusWord(view)}.`,
  )
}

function failed(account: string, login: State): BhorError {
  if (login.status === 'cancelled')
    return new BhorError('cancelled', `The login of ${account} was cancelled.`)
  return new BhorError(
    login.outcome ?? 'login_expired',
    login.outcomeText ?? `The login of ${account} did not succeed.`,
    login.outcomeHint === null ? {} : { hint: login.outcomeHint },
  )
}
