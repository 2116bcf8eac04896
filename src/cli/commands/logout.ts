import { Command } from 'commander'
import { call } from '../call.ts'
import { openDesk } from '../here.ts'
import { terminal } from '../terminal.ts'

export function logoutCommand(): Command {
  return new Command('logout')
    .description('End the session, here and at the broker.')
    .argument('<account>', 'the account')
    .option('--json', 'print JSON')
    .action(async (account: string, options: { json?: boolean }) => {
      await using desk = await openDesk()
      const view = await call(desk, 'DELETE /v1/accounts/{account}/session', { params: { account } })
      if (options.json) terminal.json(view)
      else terminal.say(`${account} is logged out.`)
    })
}
