import type { AccountView, LoginStarted, LoginView } from '../contracts/api.ts'
import { foregroundClock } from '../core/clock.ts'
import { BhorError, isBhorError } from '../core/errors.ts'
import type { Answers } from './answers.ts'
import { call } from './call.ts'
import type { StdinLines } from './stdin-lines.ts'
import { terminal } from './terminal.ts'
import type { ApiClient } from './wire.ts'

/** A login that was started, and what is needed to bring it to its end. */
export interface StartedLogin {
  readonly desk: ApiClient
  readonly account: string
  readonly started: LoginStarted
  readonly answers: Answers
  readonly lines: StdinLines
  readonly signal: AbortSignal
}

const pollMs = 500
/** Each look at an approval asks the broker. */
const approvalPollMs = 3_000

/** Waits for the session and asks what has to be asked; a login that comes to nothing is taken back. @throws BhorError */
export async function finishLogin(login: StartedLogin, isPasted: boolean): Promise<AccountView> {
  try {
    return isPasted && login.started.method === 'redirect' ? await paste(login) : await goOn(login)
  } catch (error) {
    return giveUp(login, error)
  }
}

async function paste({ desk, account, started, lines, signal }: StartedLogin): Promise<AccountView> {
  terminal.say(
    `Then paste the address of the page where the browser ended (it starts with ${started.redirectUrl}):`,
  )
  const address = await lines.next(signal)
  if (address === undefined) {
    throw new BhorError('needs_terminal', 'No address came on stdin.', {
      hint: 'Paste the address, or pipe it: echo … | bhor login <account> --paste.',
    })
  }
  return call(desk, 'POST /v1/accounts/{account}/login/complete', { params: { account }, body: { address } })
}

async function goOn({ desk, account, started, answers, signal }: StartedLogin): Promise<AccountView> {
  const params = { account, login: started.login }
  const answer = (given: Record<string, string>) =>
    call(desk, 'POST /v1/accounts/{account}/login/{login}/answers', { params, body: { answers: given } })
  const isApproval = started.method === 'approval'
  if (isApproval && started.status === 'open')
    terminal.say(
      `Waiting for your approval: open the broker’s app on your phone and allow the login of ${account}.`,
    )
  for (
    let state: Pick<LoginView, 'status' | 'asks' | 'outcome' | 'outcomeText'> = { ...started, ...nothingYet };
    ;
  ) {
    if (state.status === 'done') return call(desk, 'GET /v1/accounts/{account}', { params: { account } })
    if (state.status !== 'open' && state.status !== 'used') throw failed(account, state)
    const isOpen = state.status === 'open'
    if (isOpen && state.asks.length > 0) {
      state = await answer(await answers.to(state.asks, signal))
      continue
    }
    await foregroundClock.sleep(isApproval ? approvalPollMs : pollMs, signal)
    state =
      isOpen && isApproval
        ? await answer({})
        : await call(desk, 'GET /v1/accounts/{account}/login/{login}', { params })
  }
}
const nothingYet = { outcome: null, outcomeText: null }

/** Takes the login back, so that no link stays open; after Ctrl-C says where the account stands. */
async function giveUp({ desk, account, started, signal }: StartedLogin, error: unknown): Promise<never> {
  const cancelling = call(desk, 'DELETE /v1/accounts/{account}/login/{login}', {
    params: { account, login: started.login },
  })
  if (!signal.aborted && !isBhorError(error, 'cancelled')) {
    await cancelling.catch(() => undefined)
    throw error
  }
  await cancelling
  const { status } = await call(desk, 'GET /v1/accounts/{account}', { params: { account } })
  throw new BhorError(
    'cancelled',
    `Cancelled. The broker login was not finished; ${account} is: ${status.replace('_', ' ')}.`,
  )
}

function failed(account: string, login: Pick<LoginView, 'status' | 'outcome' | 'outcomeText'>): BhorError {
  if (login.status === 'cancelled')
    return new BhorError('cancelled', `The login of ${account} was cancelled.`)
  return new BhorError(
    login.outcome ?? 'login_expired',
    login.outcomeText ?? `The login of ${account} did not succeed.`,
  )
}
