import { Command } from 'commander'
import { checkBackup, type Restored, restoreBackup } from '../../app/backup/restore.ts'
import { clientEnvironment } from '../../config/home.ts'
import { systemClock } from '../../core/clock.ts'
import { BhorError } from '../../core/errors.ts'
import { systemRandom } from '../../core/random.ts'
import { Secret } from '../../core/secret.ts'
import { askPassphrase } from '../ask.ts'
import { runningServer } from '../connect.ts'
import { sayKeyFile } from '../new-key.ts'
import { terminal } from '../terminal.ts'
import { istText } from '../texts.ts'
import { passphraseOf } from './backup.ts'

export function restoreCommand(): Command {
  return new Command('restore')
    .description(
      'Put a backup into an empty data folder (BHOR_HOME) or database (BHOR_DATABASE_URL), SQLite or PostgreSQL, whichever it came from.',
    )
    .argument('<file>', 'what bhor backup wrote')
    .option('--check', 'only try it out: restore into a folder that is thrown away, and read all of it')
    .option('--passphrase-file <file>', 'where the passphrase of the backup is; - for stdin')
    .option('--json', 'print JSON')
    .action(async (file: string, options: { check?: boolean; passphraseFile?: string; json?: boolean }) => {
      const { home, url } = clientEnvironment()
      if (url !== undefined)
        throw new BhorError(
          'usage',
          'A restore works at the computer of the data folder, not over BHOR_URL.',
          { hint: 'Unset BHOR_URL.' },
        )
      if (!options.check && (await runningServer()))
        throw new BhorError('store_locked', 'A bhor server runs in this data folder.', {
          hint: 'Name an empty one with BHOR_HOME, or stop the server.',
        })
      const passphrase = new Secret(await passphraseOf(options.passphraseFile, false))
      const means = {
        clock: systemClock,
        random: systemRandom,
        ...(terminal.canAsk ? { askPassphrase } : {}),
      }
      const restored = options.check
        ? await checkBackup(file, passphrase, means)
        : await restoreBackup(file, passphrase, means, { home })
      if (options.json) terminal.json(restored)
      else say(restored, options.check)
      if (!restored.isIntact) process.exitCode = 1
    })
}

function say({ at, bhor, rows, records, isIntact, config, newKeyFile }: Restored, isCheck = false): void {
  const what = `The backup of ${istText(at)} IST (bhor ${bhor})`
  terminal.say(
    isCheck
      ? `${what} can be restored: ${rows} rows, ${records} audit records. Nothing was changed here.`
      : `${what} is restored: ${rows} rows, ${records} audit records.`,
  )
  if (!isIntact)
    terminal.say('Not everything in it is as bhor wrote it: bhor audit verify names what is at fault.')
  if (isCheck) return
  if (config === 'kept') terminal.say('config.toml of here was kept; the one in the backup differs.')
  if (newKeyFile !== undefined) sayKeyFile(newKeyFile)
  terminal.say(
    'Sessions are asked about before they are handed out. What was revoked since the backup is back: look over bhor keys list.',
  )
}
