import { Command } from 'commander'
import type { AccountView, LoginStarted, LoginView } from '../../contracts/api.ts'
import { foregroundClock } from '../../core/clock.ts'
import { BhorError, toBhorError } from '../../core/errors.ts'
import { call } from '../call.ts'
import { openDesk } from '../here.ts'
import { onInterrupt } from '../interrupt.ts'
import { openBrowser } from '../open-browser.ts'
import { terminal } from '../terminal.ts'
import { istText, lifeText } from '../texts.ts'
import type { ApiClient } from '../wire.ts'

interface LoginOptions {
  all?: boolean
  browser: boolean
  paste?: boolean
  qr?: boolean
  json?: boolean
}
const pollMs = 500

export function loginCommand(): Command {
  return new Command('login')
    .description('Log in at the broker: opens its page and waits until the session is here.')
    .argument('[account...]', 'names of accounts')
    .option('--all', 'every account without a live session')
    .option('--no-browser', 'only print the link')
    .option('--paste', 'read the address where the browser ended from stdin')
    .option('--qr', 'print the link as a QR code as well')
    .option('--json', 'print the accounts as JSON afterwards')
    .action(async (names: string[], options: LoginOptions) => {
      await using desk = await openDesk({ isListening: !options.paste })
      const accounts = options.all ? await needingLogin(desk) : names
      if (accounts.length === 0 && !options.all)
        throw new BhorError('usage', 'Name an account, or use --all.')
      const views: AccountView[] = []
      for (const account of accounts) {
        try {
          views.push(await loginOne(desk, account, options))
        } catch (error) {
          if (accounts.length === 1) throw error
          // The others are logged in all the same; the exit code tells of the first that was not.
          terminal.error(toBhorError(error))
          process.exitCode ||= toBhorError(error).exitCode
          if (toBhorError(error).code === 'cancelled') break
        }
      }
      if (options.json) terminal.json(views)
    })
}

/** Those without a live session; the others are left alone. */
async function needingLogin(desk: ApiClient): Promise<string[]> {
  const all = await call(desk, 'GET /v1/accounts')
  const needing = all.filter(({ status }) => status !== 'active' && status !== 'expiring')
  if (all.length === 0) terminal.say('No accounts yet. Add one: bhor accounts add')
  else if (needing.length === 0) terminal.say('Every account has a live session.')
  return needing.map((view) => view.account)
}

async function loginOne(desk: ApiClient, account: string, options: LoginOptions): Promise<AccountView> {
  // Before anybody sees the link: Ctrl-C takes the login back from the first moment.
  using interrupt = onInterrupt()
  const started = await call(desk, 'POST /v1/accounts/{account}/login', {
    params: { account },
    body: { via: 'cli' },
  })
  const { url } = started
  if (url !== null) terminal.sayLink(`Log in to ${terminal.bold(account)}:\n  ${url}`)
  if (options.qr && url !== null) {
    const { renderUnicodeCompact } = await import('uqr')
    terminal.sayLink(renderUnicodeCompact(url))
  }
  const isBrowserWanted = options.browser && !options.paste && terminal.canAsk
  using _page = isBrowserWanted && url !== null ? openBrowser(url, started.login) : undefined
  const view = options.paste
    ? await finishPasted(desk, account, started, interrupt.signal)
    : await waitFor(desk, account, started, interrupt.signal)
  const left = view.session
    ? `until ${istText(view.session.expiresAt)} IST (${lifeText(view.session.expiresInMs)})`
    : ''
  terminal.say(`${terminal.green('●')} ${account} is live ${left}, generation ${view.generation}.`)
  return view
}

async function finishPasted(
  desk: ApiClient,
  account: string,
  started: LoginStarted,
  signal: AbortSignal,
): Promise<AccountView> {
  terminal.say(
    `Then paste the address of the page where the browser ended (it starts with ${started.redirectUrl}):`,
  )
  try {
    const address = await readLine(signal, account)
    return await call(desk, 'POST /v1/accounts/{account}/login/complete', {
      params: { account },
      body: { address },
    })
  } catch (error) {
    return giveUp(desk, account, started, signal, error)
  }
}

async function waitFor(
  desk: ApiClient,
  account: string,
  started: LoginStarted,
  signal: AbortSignal,
): Promise<AccountView> {
  const params = { account, login: started.login }
  try {
    for (;;) {
      const login = await call(desk, 'GET /v1/accounts/{account}/login/{login}', { params })
      if (login.status === 'done') return await call(desk, 'GET /v1/accounts/{account}', { params })
      if (login.status !== 'open' && login.status !== 'used') throw failed(account, login)
      await foregroundClock.sleep(pollMs, signal)
    }
  } catch (error) {
    return giveUp(desk, account, started, signal, error)
  }
}

/** Takes the login back, so that no link stays open; after Ctrl-C says where the account stands. */
async function giveUp(
  desk: ApiClient,
  account: string,
  started: LoginStarted,
  { aborted }: AbortSignal,
  error: unknown,
): Promise<never> {
  const cancelling = call(desk, 'DELETE /v1/accounts/{account}/login/{login}', {
    params: { account, login: started.login },
  })
  if (!aborted) {
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

function failed(account: string, login: LoginView): BhorError {
  if (login.status === 'cancelled')
    return new BhorError('cancelled', `The login of ${account} was cancelled.`)
  return new BhorError(
    login.outcome ?? 'login_expired',
    login.outcomeText ?? `The login of ${account} did not succeed.`,
  )
}

async function readLine(signal: AbortSignal, account: string): Promise<string> {
  const { createInterface } = await import('node:readline')
  using lines = createInterface({ input: process.stdin, signal })
  for await (const line of lines) {
    lines.close()
    if (line.trim() !== '') return line
  }
  signal.throwIfAborted()
  throw new BhorError('needs_terminal', 'No address came on stdin.', {
    hint: `Paste the address, or pipe it: echo … | bhor login ${account} --paste.`,
  })
}
