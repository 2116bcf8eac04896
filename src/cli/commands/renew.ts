import { Command } from 'commander'
import { call } from '../call.ts'
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
      const view = await call(desk, 'POST /v1/accounts/{account}/renew', { params: { account } })
      if (options.json) terminal.json(view)
      else terminal.data(accountLines(view))
    })
}
