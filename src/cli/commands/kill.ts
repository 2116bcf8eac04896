import { Command } from 'commander'
import type { SetHouseGate } from '../../contracts/api.ts'
import { BhorError } from '../../core/errors.ts'
import { call } from '../call.ts'
import { openDesk } from '../here.ts'
import { momentOf } from '../moment.ts'
import { terminal } from '../terminal.ts'
import { gateLine } from '../texts.ts'

interface KillOptions {
  undo?: boolean
  reason?: string
  until?: string
  json?: boolean
}

export function killCommand(): Command {
  return new Command('kill')
    .description(
      'Stop trading for all accounts: every gate closes, and tokens that can place orders are refused. Nobody is asked.',
    )
    .option('--undo', 'lift it')
    .option('--reason <text>', 'why; whoever asks is told')
    .option('--until <time>', 'end by itself: 15:30 today or "2026-11-24 15:30", in India')
    .option('--json', 'print JSON')
    .action(async ({ undo, reason, until, json }: KillOptions) => {
      if (undo && until !== undefined)
        throw new BhorError('usage', '--until belongs to a stop, not to its end.', { hint: 'Leave it out.' })
      const body: SetHouseGate = {
        state: undo ? 'open' : 'closed',
        ...(reason === undefined ? {} : { reason }),
        ...(until === undefined ? {} : { until: momentOf(until) }),
      }
      await using desk = await openDesk()
      const gate = await call(desk, 'PUT /v1/gate', { body })
      if (json) terminal.json(gate)
      else terminal.say(gateLine(gate))
      if (!undo && !json) terminal.say('Tokens that programs hold already are alive: bhor logout ends them.')
    })
}
