import { Command } from 'commander'
import { BhorError, isBhorError } from '../../core/errors.ts'
import { unlockPath } from '../../http/locked-door.ts'
import { askPassphrase } from '../ask.ts'
import { serverClient } from '../connect.ts'
import { secretFrom } from '../secret-input.ts'
import { terminal } from '../terminal.ts'
import { type ApiClient, isNobodyThere } from '../wire.ts'

export function unlockCommand(): Command {
  return new Command('unlock')
    .description('Give a server that started without anybody at its terminal the passphrase of the vault.')
    .option('--passphrase-file <path>', 'a file with the passphrase, - for stdin; left out: it is asked for')
    .action(async ({ passphraseFile }: { passphraseFile?: string }) => {
      await using server = serverClient()
      if (server.where !== 'socket')
        throw new BhorError('usage', 'Only the user who runs bhor unlocks it.', {
          hint: 'Run this on its computer, without BHOR_URL.',
        })
      if (!(await isLocked(server))) return terminal.say('bhor is unlocked already.')
      const passphrase =
        passphraseFile === undefined
          ? await askPassphrase(false)
          : await secretFrom(passphraseFile, 'passphrase')
      await server.request('POST', unlockPath, { passphrase })
      terminal.say('Unlocked.')
    })
}

async function isLocked(server: ApiClient): Promise<boolean> {
  try {
    await server.request('GET', '/healthz')
    return false
  } catch (error) {
    if (isBhorError(error, 'vault_locked')) return true
    if (!isNobodyThere(error)) throw error
    throw new BhorError('server_unreachable', 'No bhor server waits for a passphrase.', {
      hint: 'Start it: bhor serve.',
      cause: error,
    })
  }
}
