import { Command } from 'commander'
import type { AccountView } from '../../contracts/api.ts'
import { pathOf } from '../account-path.ts'
import { openDesk } from '../here.ts'
import { terminal } from '../terminal.ts'
import { accountLines } from '../texts.ts'

export function renewCommand(): Command {
  return new Command('renew')
    .description('Renew without a human, where the broker gave a refresh token.')
    .argument('<account>', 'the account')
    .option('--json', 'print JSON')
    .action(async (account: string, options: { json?: boolean }) => {
      await using desk = await openDesk()
      const view = (await desk.request('POST', `${pathOf(account)}/renew`, {})) as AccountView
      if (options.json) terminal.json(view)
      else terminal.data(accountLines(view))
    })
}
