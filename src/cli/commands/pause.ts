import { Command } from 'commander'
import type { SetGate } from '../../contracts/api.ts'
import { call } from '../call.ts'
import { openDesk } from '../here.ts'
import { momentOf } from '../moment.ts'
import { terminal } from '../terminal.ts'
import { gateLine } from '../texts.ts'

interface PauseOptions {
  withhold?: boolean
  reason?: string
  until?: string
  json?: boolean
}

export function pauseCommand(): Command {
  return new Command('pause')
    .description(
      'Close the gate of an account: programs that ask are told not to trade. It stays so over a restart.',
    )
    .argument('<account>', 'the account')
    .option('--withhold', 'refuse tokens that can place orders as well')
    .option('--reason <text>', 'why; whoever asks is told')
    .option('--until <time>', 'open again by itself: 15:30 today or "2026-11-24 15:30", in India')
    .option('--json', 'print JSON')
    .action(async (account: string, { withhold, reason, until, json }: PauseOptions) => {
      const body: SetGate = {
        state: 'closed',
        ...(withhold ? { withhold } : {}),
        ...(reason === undefined ? {} : { reason }),
        ...(until === undefined ? {} : { until: momentOf(until) }),
      }
      await using desk = await openDesk()
      const gate = await call(desk, 'PUT /v1/accounts/{account}/gate', { params: { account }, body })
      if (json) terminal.json(gate)
      else terminal.say(`${account}: ${gateLine(gate)}`)
    })
}
