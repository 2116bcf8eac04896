import { Command, Option } from 'commander'
import { clientEnvironment } from '../../config/home.ts'
import { type AccountView, type LoginKind, loginKinds } from '../../contracts/api.ts'
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
    .option('--qr', 'print the link as a QR code as well')
    .option('--json', 'print the accounts as JSON afterwards')
    .action(async (names: string[], options: LoginOptions) => {
      await using desk = await openDesk({ isListening: !options.paste })
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

async function loginOne(
  desk: ApiClient,
  account: string,
  { browser, paste = false, qr, method }: LoginOptions,
  input: { readonly answers: Answers; readonly lines: StdinLines },
): Promise<AccountView> {
  // Before anybody sees the link: Ctrl-C takes the login back from the first moment.
  using interrupt = onInterrupt()
  const started = await call(desk, 'POST /v1/accounts/{account}/login', {
    params: { account },
    body: { via: 'cli', ...(method === undefined ? {} : { method }) },
  })
  const { url } = started
  if (url !== null) terminal.sayLink(`Log in to ${terminal.bold(account)}:\n  ${url}`)
  if (qr && url !== null) {
    const { renderUnicodeCompact } = await import('uqr')
    terminal.sayLink(renderUnicodeCompact(url))
  }
  const isBrowserWanted = browser && !paste && terminal.canAsk
  using _page =
    isBrowserWanted && url !== null ? openBrowser(url, clientEnvironment().home, started.login) : undefined
  const view = await finishLogin({ desk, account, started, ...input, signal: interrupt.signal }, paste)
  const left = view.session
    ? `until ${istText(view.session.expiresAt)} IST (${lifeText(view.session.expiresInMs)})`
    : ''
  terminal.say(`${terminal.green('●')} ${account} is live ${left}, generation ${view.generation}.`)
  return view
}
