import { Command } from 'commander'
import type { AccountView } from '../../contracts/api.ts'
import { pathOf } from '../account-path.ts'
import { openDesk } from '../here.ts'
import { terminal } from '../terminal.ts'

export function logoutCommand(): Command {
  return new Command('logout')
    .description('End the session, here and at the broker.')
    .argument('<account>', 'the account')
    .option('--json', 'print JSON')
    .action(async (account: string, options: { json?: boolean }) => {
      await using desk = await openDesk()
      const view = (await desk.request('DELETE', `${pathOf(account)}/session`)) as AccountView
      if (options.json) terminal.json(view)
      else terminal.say(`${account} is logged out.`)
    })
}
