import { Command } from 'commander'
import type { AccountView } from '../../contracts/api.ts'
import { controlsEscaped } from '../../core/control-characters.ts'
import { BhorError, errorTable } from '../../core/errors.ts'
import { call } from '../call.ts'
import { neededServer } from '../connect.ts'
import { openDesk } from '../here.ts'
import { table, terminal } from '../terminal.ts'
import { accountLines, gateMark, istText, lifeText, statusMark } from '../texts.ts'
import { watch } from '../watch.ts'
import type { ApiClient } from '../wire.ts'
import { backupLines } from './backup.ts'

/** What product.md calls "login needed". */
const loginNeeded = 4

const noAccounts = 'No accounts yet. Add one: bhor accounts add'

interface StatusOptions {
  readonly json?: boolean
  readonly watch?: boolean
}

export function statusCommand(): Command {
  return new Command('status')
    .description('How the sessions stand. With an account: exit code 4 when it needs a login.')
    .argument('[account]', 'one account')
    .option('--json', 'print JSON')
    .option('--watch', 'stay, and show every change until Ctrl-C; needs the server')
    .action(async (account: string | undefined, options: StatusOptions) => {
      await using desk = await (options.watch ? neededServer() : openDesk())
      const look = () => lookAt(desk, account, options.json)
      if (options.watch) return watch(desk, look)
      const { text, exitCode } = await look()
      if (account === undefined && !options.json && text !== noAccounts) {
        await sayUnused(desk)
        await sayBackups(desk)
      }
      if (text === noAccounts) terminal.say(text)
      else terminal.data(text)
      if (exitCode !== undefined) process.exitCode = exitCode
      const { trouble } = await call(desk, 'GET /v1/changes', { query: { after: '0' } })
      if (!trouble) return
      terminal.error(new BhorError(trouble.code, trouble.text, { hint: trouble.hint }))
      process.exitCode = errorTable[trouble.code].exit
    })
}

/** How things stand: as a text, and as what of it does not change by itself with every minute. */
async function lookAt(
  desk: ApiClient,
  account: string | undefined,
  asJson = false,
): Promise<{ text: string; state: string; exitCode?: number }> {
  if (account !== undefined) {
    const view = await call(desk, 'GET /v1/accounts/{account}', { params: { account } })
    const exitCode = view.status === 'active' || view.status === 'expiring' ? 0 : loginNeeded
    const text = asJson ? jsonOf(view) : accountLines(view)
    return { text, state: stateOf([view]), exitCode }
  }
  const all = await call(desk, 'GET /v1/accounts')
  if (asJson) return { text: jsonOf(all), state: stateOf(all) }
  if (all.length === 0) return { text: noAccounts, state: noAccounts }
  const rows = all.map(row)
  const text = table([['ACCOUNT', 'BROKER', 'LEFT', 'UNTIL (IST)', 'STATUS', 'GATE'], ...rows])
  return { text, state: JSON.stringify(rows.map((cells) => cells.toSpliced(2, 1))) }
}

function jsonOf(value: unknown): string {
  return controlsEscaped(JSON.stringify(value, null, 2))
}

function stateOf(views: readonly AccountView[]): string {
  return JSON.stringify(views.map((view) => ({ ...view, session: { ...view.session, expiresInMs: 0 } })))
}

/** What nobody uses, to whoever may know of every key. */
async function sayUnused(desk: ApiClient): Promise<void> {
  const unused = await call(desk, 'GET /v1/unused').catch(() => undefined)
  for (const { account, since } of unused?.sessions ?? [])
    terminal.say(`Nobody took the session of ${account} since ${istText(since)} IST: bhor logout ${account}.`)
  for (const { id, name, since } of unused?.keys ?? [])
    terminal.say(`Nobody used the key “${name}” since ${istText(since)} IST: bhor keys revoke ${id}.`)
}

/** Only what somebody has to do something about, or wants to rely on. */
async function sayBackups(desk: ApiClient): Promise<void> {
  const view = await call(desk, 'GET /v1/backup').catch(() => undefined)
  if (view && (view.folder !== null || view.failed)) for (const line of backupLines(view)) terminal.say(line)
}

function row(view: AccountView): string[] {
  const isLive = view.session !== null && view.session.expiresInMs > 0
  return [
    view.account,
    view.kind === 'live' ? view.broker : `${view.broker} ${view.kind}`,
    isLive ? lifeText(view.session!.expiresInMs) : '-',
    isLive ? istText(view.session!.expiresAt) : '-',
    statusMark(view),
    gateMark(view.gate),
  ]
}
