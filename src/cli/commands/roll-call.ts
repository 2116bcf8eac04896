import { Command } from 'commander'
import type { RollCallEntry } from '../../contracts/api.ts'
import { errorTable } from '../../core/errors.ts'
import { istMoment } from '../../core/ist.ts'
import { call } from '../call.ts'
import { openDesk } from '../here.ts'
import { table, terminal } from '../terminal.ts'

const marks = {
  ready: '● ready',
  login: '○ login needed',
  renewing: '… renewing',
  unproven: '? not verified',
  blocked: '! blocked',
} as const satisfies Record<RollCallEntry['state'], string>

export function rollCallCommand(): Command {
  return new Command('roll-call')
    .description(
      'Who is ready for the market, and who still needs a login. Exit 4 while somebody is missing, or a name is no account’s.',
    )
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      await using desk = await openDesk()
      const roll = await call(desk, 'GET /v1/roll-call')
      if (json) terminal.json(roll)
      else {
        const rows = roll.accounts.map(({ account, broker, kind, state, text, next }) => [
          account,
          kind === 'live' ? broker : `${broker} ${kind}`,
          marks[state],
          next ?? text,
        ])
        if (rows.length > 0) terminal.data(table([['ACCOUNT', 'BROKER', 'STATE', 'NEXT'], ...rows]))
        terminal.say(roll.text)
        if (roll.next !== null && roll.missing > 0)
          terminal.say(`Who is missing is called again ${istMoment(Date.parse(roll.next))}.`)
      }
      if (roll.missing > 0) process.exitCode = errorTable.needs_login.exit
    })
}
