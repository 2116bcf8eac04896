import { Command } from 'commander'
import { call } from '../call.ts'
import { openDesk } from '../here.ts'
import { table, terminal } from '../terminal.ts'
import { istText } from '../texts.ts'
import type { ApiClient } from '../wire.ts'

export function logoutCommand(): Command {
  return new Command('logout')
    .description('End the session, here and at the broker.')
    .argument('<account>', 'the account')
    .option('--compromised', 'somebody else may have it: say who had been given it as well')
    .option('--json', 'print JSON')
    .action(async (account: string, options: { compromised?: boolean; json?: boolean }) => {
      await using desk = await openDesk()
      if (options.compromised) return giveUp(desk, account, options.json)
      const view = await call(desk, 'DELETE /v1/accounts/{account}/session', { params: { account } })
      if (options.json) terminal.json(view)
      else terminal.say(`${account} is logged out.`)
    })
}

async function giveUp(desk: ApiClient, account: string, asJson: boolean | undefined): Promise<void> {
  const view = await call(desk, 'POST /v1/accounts/{account}/compromised', { params: { account } })
  if (asJson) return terminal.json(view)
  terminal.say(`${account} is logged out, here and at the broker. Programs that follow the feed are told.`)
  const { handedTo, livesOn } = view
  if (handedTo.length === 0) terminal.say('Nobody had been given this session.')
  else
    terminal.data(
      table([
        ['GIVEN TO', 'KEY', 'TIMES', 'FIRST (IST)', 'LAST (IST)'],
        ...handedTo.map(({ kind, key, name, times, firstAt, lastAt }) => [
          name ?? kind,
          key ?? '-',
          String(times),
          istText(firstAt),
          istText(lastAt),
        ]),
      ]),
    )
  if (handedTo.some(({ key }) => key !== null))
    terminal.say('If a key may be known to others, revoke it: bhor keys revoke.')
  for (const { tokenKind, until } of livesOn)
    terminal.say(
      `Its ${tokenKind} token can only read, and no logout ends it: it lives until ${istText(until)} IST, or until the app is deleted at the broker.`,
    )
}
