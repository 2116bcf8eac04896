import { Command } from 'commander'
import type { AccountView } from '../../contracts/api.ts'
import { call } from '../call.ts'
import { openDesk } from '../here.ts'
import { table, terminal } from '../terminal.ts'
import { accountLines, istText, lifeText, statusMark } from '../texts.ts'
import type { ApiClient } from '../wire.ts'

/** What product.md calls "login needed". */
const loginNeeded = 4

export function statusCommand(): Command {
  return new Command('status')
    .description('How the sessions stand. With an account: exit code 4 when it needs a login.')
    .argument('[account]', 'one account')
    .option('--json', 'print JSON')
    .option('--watch', 'stay and print again at every change')
    .action(async (account: string | undefined, options: { json?: boolean; watch?: boolean }) => {
      await using desk = await openDesk()
      let version = options.watch ? await versionAfter(desk, 0) : 0
      await show(desk, account, options.json)
      while (options.watch) {
        const next = await versionAfter(desk, version)
        if (next !== version) await show(desk, account, options.json)
        version = next
      }
    })
}

/** The number of the latest change; waits for one after `seen`, at most 25 s. */
async function versionAfter(desk: ApiClient, seen: number): Promise<number> {
  return (await call(desk, 'GET /v1/changes', { query: { after: String(seen) } })).version
}

async function show(
  desk: ApiClient,
  account: string | undefined,
  asJson: boolean | undefined,
): Promise<void> {
  if (account !== undefined) {
    const view = await call(desk, 'GET /v1/accounts/{account}', { params: { account } })
    if (asJson) terminal.json(view)
    else terminal.data(accountLines(view))
    process.exitCode = view.status === 'active' || view.status === 'expiring' ? 0 : loginNeeded
    return
  }
  const all = await call(desk, 'GET /v1/accounts')
  if (asJson) return terminal.json(all)
  if (all.length === 0) return terminal.say('No accounts yet. Add one: bhor accounts add')
  terminal.data(table([['ACCOUNT', 'BROKER', 'LEFT', 'UNTIL (IST)', 'STATUS'], ...all.map(row)]))
}

function row(view: AccountView): string[] {
  const isLive = view.session !== null && view.session.expiresInMs > 0
  return [
    view.account,
    view.kind === 'sandbox' ? `${view.broker} sandbox` : view.broker,
    isLive ? lifeText(view.session!.expiresInMs) : '-',
    isLive ? istText(view.session!.expiresAt) : '-',
    statusMark(view.status),
  ]
}
