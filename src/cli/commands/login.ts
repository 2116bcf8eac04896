import { Command, Option } from 'commander'
import { type AccountView, type LoginKind, type LoginStarted, loginKinds } from '../../contracts/api.ts'
import { BhorError, toBhorError } from '../../core/errors.ts'
import { Answers } from '../answers.ts'
import { call } from '../call.ts'
import { finishLogin } from '../finish-login.ts'
import { openDesk } from '../here.ts'
import { onInterrupt } from '../interrupt.ts'
import { openBrowser } from '../open-browser.ts'
import { StdinLines } from '../stdin-lines.ts'
import { terminal } from '../terminal.ts'
import { istText, lifeText } from '../texts.ts'
import type { ApiClient } from '../wire.ts'

interface LoginOptions {
  all?: boolean
  browser: boolean
  paste?: boolean
  qr?: boolean
  approve?: boolean
  method?: LoginKind
  json?: boolean
}

export function loginCommand(): Command {
  return new Command('login')
    .description(
      'Log in at the broker: opens its page or asks what it asks, and waits until the session is here. Without a terminal, answers come on stdin as lines name=value.',
    )
    .argument('[account...]', 'names of accounts')
    .option('--all', 'every account without a live session')
    .addOption(
      new Option('--method <kind>', 'one of the broker’s ways in; left out: its first').choices(loginKinds),
    )
    .option('--no-browser', 'only print the link')
    .option('--paste', 'read the address where the browser ended from stdin')
    .option('--qr', 'show the link as a QR code for a phone')
    .option('--approve', 'the same as --method approval: the broker asks on your phone')
    .option('--json', 'print the accounts as JSON afterwards')
    .action(async (names: string[], options: LoginOptions) => {
      const { approve, method, paste, qr } = options
      if (approve && method !== undefined && method !== 'approval')
        throw new BhorError('usage', '--approve and --method say different things.')
      if (approve && (paste || qr))
        throw new BhorError('usage', '--approve needs no page: leave --paste and --qr out.')
      await using desk = await openDesk({ isListening: !paste })
      const accounts = options.all ? await needingLogin(desk) : names
      if (accounts.length === 0 && !options.all)
        throw new BhorError('usage', 'Name an account, or use --all.')
      using lines = new StdinLines()
      const answers = new Answers(lines)
      const views: AccountView[] = []
      for (const account of accounts) {
        try {
          views.push(await loginOne(desk, account, options, { answers, lines }))
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

/** Before dawn a login may end with the session that there is: whoever is about to log in is told. */
async function sayWhatItBrings(desk: ApiClient, account: string): Promise<void> {
  // Who may log in and not look is told nothing.
  const view = await call(desk, 'GET /v1/accounts/{account}', { params: { account } }).catch(() => undefined)
  if (view && !view.loginHelps) terminal.say(`${account}: ${view.statusText}`)
}

/**
 * Shows the link for a phone, and says how the login comes back from there.
 *
 * @returns whether it does so by itself
 */
async function showQr(started: LoginStarted, url: string): Promise<boolean> {
  const { renderUnicodeCompact } = await import('uqr')
  terminal.sayLink(renderUnicodeCompact(url))
  const { hostname } = new URL(started.redirectUrl)
  const returns = !['127.0.0.1', '[::1]', 'localhost'].includes(hostname)
  terminal.say(
    returns
      ? 'Scan it with your phone and log in there. This command goes on by itself.'
      : `Scan it with your phone and log in there. The phone ends at an address that does not open (${started.redirectUrl}): copy that whole address, send it to this computer, and paste it here or at the desk’s page. With a porch the phone finishes by itself: docs/porch.md.`,
  )
  return returns
}

async function loginOne(
  desk: ApiClient,
  account: string,
  { browser, paste = false, qr, approve, method = approve ? 'approval' : undefined }: LoginOptions,
  input: { readonly answers: Answers; readonly lines: StdinLines },
): Promise<AccountView> {
  // Before anybody sees the link: Ctrl-C takes the login back from the first moment.
  using interrupt = onInterrupt()
  const params = { account }
  const { generation: before } = await call(desk, 'GET /v1/accounts/{account}', { params })
  const started = await call(desk, 'POST /v1/accounts/{account}/login', {
    params,
    body: { via: 'cli', ...(method === undefined ? {} : { method }) },
  })
  await sayWhatItBrings(desk, account)
  const { url } = started
  if (url !== null) terminal.sayLink(`Log in to ${terminal.bold(account)}:\n  ${url}`)
  // Where the phone cannot come back by itself, what it ends at is pasted.
  const isQr = qr === true && url !== null
  const returns = isQr && (await showQr(started, url))
  const isBrowserWanted = browser && !paste && !isQr && terminal.canAsk
  using _page = isBrowserWanted && url !== null ? openBrowser(url, { name: started.login }) : undefined
  const login = { desk, account, started, before, ...input, signal: interrupt.signal }
  const view = await finishLogin(login, paste ? 'must' : isQr && !returns ? 'may' : 'no')
  if (view.unconfirmed) {
    const { userId, userName } = view.unconfirmed
    const who = userName === '' ? userId : `${userName} (${userId})`
    terminal.say(
      `${terminal.yellow('?')} ${who} has logged in to ${account}, the first time and from outside. Is this the right person? Then: bhor accounts confirm ${account}`,
    )
    return view
  }
  const left = view.session
    ? `until ${istText(view.session.expiresAt)} IST (${lifeText(view.session.expiresInMs)})`
    : ''
  terminal.say(`${terminal.green('●')} ${account} is live ${left}, generation ${view.generation}.`)
  return view
}
