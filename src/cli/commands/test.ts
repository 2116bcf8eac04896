import { Command } from 'commander'
import { BhorError } from '../../core/errors.ts'
import { call } from '../call.ts'
import { openDesk } from '../here.ts'
import { terminal } from '../terminal.ts'

export function testCommand(): Command {
  return new Command('test')
    .description('Ask the broker whether the session lives, by reading the profile.')
    .argument('<account>', 'the account')
    .option('--json', 'print JSON')
    .action(async (account: string, options: { json?: boolean }) => {
      await using desk = await openDesk()
      const result = await call(desk, 'POST /v1/accounts/{account}/test', { params: { account } })
      if (options.json) terminal.json(result)
      else if (result.verdict === 'valid')
        terminal.data(`valid: ${result.profile?.userName} (${result.profile?.userId}), ${result.tookMs} ms`)
      if (result.verdict !== 'valid' && result.code !== 'ok') {
        throw new BhorError(result.code, result.text, result.hint === null ? {} : { hint: result.hint })
      }
    })
}
