import { Command } from 'commander'
import { call } from '../call.ts'
import { openDesk } from '../here.ts'
import { terminal } from '../terminal.ts'

export function sealCommand(): Command {
  return new Command('seal')
    .description(
      'The panic button: no token leaves, and nobody logs in or renews, until bhor unseal. Nobody is asked.',
    )
    .option('--reason <text>', 'why; whoever asks is told')
    .option('--json', 'print JSON')
    .action(async ({ reason, json }: { reason?: string; json?: boolean }) => {
      await using desk = await openDesk()
      const seal = await call(desk, 'PUT /v1/seal', { body: reason === undefined ? {} : { reason } })
      if (json) return terminal.json(seal)
      terminal.say(seal.text)
      terminal.say(
        'Tokens that programs hold already are alive: bhor logout ends them. Open it: bhor unseal.',
      )
    })
}

export function unsealCommand(): Command {
  return new Command('unseal')
    .description('End what bhor seal did. Only the user who runs bhor can; no key and no page does.')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      await using desk = await openDesk()
      const seal = await call(desk, 'DELETE /v1/seal')
      if (json) terminal.json(seal)
      else terminal.say(seal.text)
    })
}
