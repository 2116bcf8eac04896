import { Command } from 'commander'
import { call } from '../call.ts'
import { openDesk } from '../here.ts'
import { terminal } from '../terminal.ts'
import { gateLine } from '../texts.ts'

export function resumeCommand(): Command {
  return new Command('resume')
    .description('Lift the pause of an account, whoever set it, and no other cause that closes its gate.')
    .argument('<account>', 'the account')
    .option('--reason <text>', 'why, for the audit')
    .option('--json', 'print JSON')
    .action(async (account: string, options: { reason?: string; json?: boolean }) => {
      const body = {
        state: 'open',
        ...(options.reason === undefined ? {} : { reason: options.reason }),
      } as const
      await using desk = await openDesk()
      const gate = await call(desk, 'PUT /v1/accounts/{account}/gate', { params: { account }, body })
      if (options.json) terminal.json(gate)
      else terminal.say(`${account}: ${gateLine(gate)}`)
    })
}
