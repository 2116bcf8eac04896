import { Command } from 'commander'
import { BhorError } from '../../core/errors.ts'
import { runningServer } from '../connect.ts'
import { terminal } from '../terminal.ts'

export function deskCommand(): Command {
  return new Command('desk')
    .description('Print a new sign-in link to the dashboard of the running server.')
    .action(async () => {
      const server = await runningServer()
      if (!server) throw new BhorError('server_unreachable', 'No bhor server runs for this data folder.')
      const { url } = (await server.request('POST', '/v1/desk/link', {})) as { url: string }
      terminal.data(url)
      terminal.say('The link works once and for 10 minutes.')
    })
}
