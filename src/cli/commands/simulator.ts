import { Command } from 'commander'
import { loadConfig } from '../../config/load.ts'
import { BhorError } from '../../core/errors.ts'
import { terminal } from '../terminal.ts'
import { untilTold } from '../until-told.ts'

export function simulatorCommand(): Command {
  return new Command('simulator')
    .description(
      'Run the misbehaving brokers on this computer, for tests and for looking around. Memory only.',
    )
    .option('--port <n>', 'where it listens')
    .option('--seed <text>', 'makes its faults repeatable')
    .action(async (options: { port?: string; seed?: string }) => {
      const port = options.port === undefined ? loadConfig().simulatorPort : Number(options.port)
      if (!/^\d{1,5}$/.test(options.port ?? '0') || port > 65_535)
        throw new BhorError('usage', '--port must be a whole number from 0 to 65535.')
      const { runSimulator } = await import('../../simulator/command.ts')
      const stopping = new AbortController()
      void untilTold().then(() => stopping.abort())
      await runSimulator({ port, seed: options.seed, print: terminal.sayLink, signal: stopping.signal })
    })
}
