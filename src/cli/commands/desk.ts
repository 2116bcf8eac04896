import { Command } from 'commander'
import { clientEnvironment, socketPath } from '../../config/home.ts'
import { BhorError } from '../../core/errors.ts'
import { call } from '../call.ts'
import { runningServer } from '../connect.ts'
import { terminal } from '../terminal.ts'

export function deskCommand(): Command {
  return new Command('desk')
    .description('Print a new sign-in link to the dashboard of the running server.')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      const server = await runningServer()
      if (!server) {
        const { home } = clientEnvironment()
        throw new BhorError('server_unreachable', `No bhor server at unix:${socketPath(home)}.`)
      }
      const link = await call(server, 'POST /v1/desk/link')
      if (options.json) return terminal.json(link)
      terminal.data(link.url)
      terminal.say('The link works once and for 10 minutes.')
    })
}
