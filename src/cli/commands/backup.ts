import { resolve } from 'node:path'
import { Command } from 'commander'
import type { BackupDrilled, BackupsView } from '../../contracts/api.ts'
import { foregroundClock } from '../../core/clock.ts'
import { BhorError, type ErrorCode } from '../../core/errors.ts'
import { askSecret } from '../ask.ts'
import { call } from '../call.ts'
import { openDesk } from '../here.ts'
import { secretFrom } from '../secret-input.ts'
import { terminal } from '../terminal.ts'
import { istText } from '../texts.ts'

const lookEveryMs = 1_000

export function backupCommand(): Command {
  return new Command('backup')
    .description(
      'Write everything into one file, sealed under a passphrase of its own: store, keys and configuration. bhor goes on meanwhile. Without a file: how the backups stand.',
    )
    .argument('[file]', 'the new file')
    .option('--passphrase-file <file>', 'where the passphrase of the backup is; - for stdin')
    .option('--force', 'replace the file')
    .option(
      '--drill',
      'instead: try the file out, or the last backup, by restoring it into a folder that is thrown away; the desk remembers what was found',
    )
    .option('--json', 'print JSON')
    .action(
      async (
        file: string | undefined,
        options: { passphraseFile?: string; force?: boolean; drill?: boolean; json?: boolean },
      ) => {
        // Awaited: where no server runs, the store is closed with the desk.
        if (options.drill) return await drill(file, options)
        if (file === undefined) return await showState(options.json)
        const passphrase = await passphraseOf(options.passphraseFile, true)
        await using desk = await openDesk()
        const path = resolve(file)
        const body = { path, passphrase, ...(options.force ? { replace: true } : {}) }
        let view = await call(desk, 'POST /v1/backup', { body })
        while (view.running) {
          terminal.say(`${view.running.rows} rows so far.`)
          await foregroundClock.sleep(lookEveryMs)
          view = await call(desk, 'GET /v1/backup')
        }
        if (view.last?.path !== path)
          throw new BhorError((view.failed?.code ?? 'backup_failed') as ErrorCode, view.failed?.text)
        if (options.json) return terminal.json(view)
        terminal.say(`${view.last.rows} rows are in ${path} (${view.last.bytes} bytes).`)
        terminal.say(`Nothing but its passphrase opens it. Try it out: bhor restore --check ${file}`)
      },
    )
}

/** Without a passphrase file the server takes that of its own backups, where it has one. */
async function drill(
  file: string | undefined,
  { passphraseFile, json }: { passphraseFile?: string; json?: boolean },
): Promise<void> {
  await using desk = await openDesk()
  const isOwn = passphraseFile === undefined && (await call(desk, 'GET /v1/backup')).folder !== null
  const body = {
    ...(file === undefined ? {} : { path: resolve(file) }),
    ...(isOwn ? {} : { passphrase: await passphraseOf(passphraseFile, false) }),
  }
  let view = await call(desk, 'POST /v1/backup/drill', { body })
  while (view.drilling) {
    await foregroundClock.sleep(lookEveryMs)
    view = await call(desk, 'GET /v1/backup')
  }
  const { drilled } = view
  if (drilled?.failure) throw new BhorError(drilled.failure.code as ErrorCode, drilled.failure.text)
  if (json) terminal.json(view)
  else if (drilled) terminal.say(drillLine(drilled))
  if (!drilled?.found?.isIntact) process.exitCode = 1
}

function drillLine({ path, found, failure }: BackupDrilled): string {
  if (!found) return `${path} cannot be restored: ${failure?.text ?? ''}`
  const { at, bhor, rows, records, isIntact } = found
  const what = `${path} of ${istText(at)} IST (bhor ${bhor}) can be restored: ${rows} rows, ${records} audit records`
  return isIntact ? `${what}.` : `${what}, and not everything in it is as bhor wrote it.`
}

/** A new one is asked for twice: with a slip in it nobody could open the backup. */
export async function passphraseOf(file: string | undefined, isNew: boolean): Promise<string> {
  if (file !== undefined) return secretFrom(file, 'passphrase')
  const first = await askSecret(isNew ? 'Choose a passphrase for the backup' : 'Passphrase of the backup')
  if (!isNew || (await askSecret('The same passphrase again')) === first) return first
  throw new BhorError('cancelled', 'The two passphrases differ. Nothing was written.')
}

async function showState(json = false): Promise<void> {
  await using desk = await openDesk()
  const view = await call(desk, 'GET /v1/backup')
  if (json) return terminal.json(view)
  const { drilled } = view
  const tried = drilled ? [`Tried out ${istText(drilled.at)} IST: ${drillLine(drilled)}`] : []
  terminal.data([...backupLines(view), ...tried].join('\n'))
}

/** How the backups stand, for people. */
export function backupLines({ last, failed, folder, next, tooOld }: BackupsView): string[] {
  return [
    last ? `Last backup: ${istText(last.at)} IST, ${last.path}` : 'There has been no backup yet.',
    ...(failed ? [`Failed since: ${istText(failed.at)} IST: ${failed.text}`] : []),
    ...(tooOld ? ['The last one is older than two days.'] : []),
    folder === null
      ? 'None is made by itself: set backup_dir and backup_passphrase_file.'
      : `Each evening one is written into ${folder}${next === null ? '' : `; the next: ${istText(next)} IST`}.`,
  ]
}
