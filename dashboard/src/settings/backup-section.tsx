import type { BackupsView, ConfigOption } from '../../../src/contracts/api.ts'
import { call } from '../api.ts'
import { CopyBox } from '../parts/copy-box.tsx'
import { Facts } from '../parts/facts.tsx'
import { now } from '../time/clock.ts'
import { whenText } from '../time/ist.ts'
import { words } from '../words/settings.ts'
import { locale } from '../words/words.ts'
import { DrillPart } from './drill-part.tsx'
import { tellsOf } from './house-change.ts'
import { MakeBackupPart } from './make-backup-part.tsx'
import { OptionLines } from './option-line.tsx'
import { Part, Section } from './section.tsx'
import { useReading } from './use-reading.ts'

const said = words.settings.backup

/** Everything in one file: the last one, the next one, one now, and whether it can be restored. */
export function BackupSection() {
  const { value, problem, again } = useReading(
    async () => ({ backups: await call('GET /v1/backup'), options: await call('GET /v1/config') }),
    tellsOf('backups', 'settings'),
  )
  return (
    <Section name="backup" problem={problem.value} isRead={value.value !== null}>
      {value.value && <Parts {...value.value} onChange={again} />}
    </Section>
  )
}

function Parts({
  backups,
  options,
  onChange,
}: {
  readonly backups: BackupsView
  readonly options: readonly ConfigOption[]
  readonly onChange: () => Promise<void>
}) {
  const { last, failed, running, folder, next, tooOld } = backups
  const when = (at: string) => whenText(at, now.peek())
  const home = options.find(({ name }) => name === 'home')?.value ?? ''
  return (
    <>
      {tooOld && (
        <p class="note" data-tone="red">
          {said.tooOld}
        </p>
      )}
      {failed && (
        <p class="note" data-tone="red">
          {said.failed(when(failed.at), failed.text)}
        </p>
      )}
      {running && (
        <p class="note" data-tone="amber" role="status">
          {said.running(running.rows.toLocaleString(locale))}
        </p>
      )}
      <Facts
        rows={[
          [said.last, last ? when(last.at) : said.never],
          [said.file, last && <code>{last.path}</code>],
          [said.size, last && said.rows(last.rows.toLocaleString(locale), sizeText(last.bytes))],
          [said.folder, folder && <code>{folder}</code>],
          [said.next, next && when(next)],
        ]}
      />
      <MakeBackupPart folder={folder ?? home} onChange={onChange} />
      <DrillPart backups={backups} onChange={onChange} />
      <Part title={said.daily} text={folder === null ? said.none : undefined}>
        <OptionLines options={options} names={['backup_dir', 'backup_passphrase_file', 'backup_keep']} />
      </Part>
      <Part title={said.restore} text={said.restoreText}>
        <CopyBox label={said.command} text={`bhor restore ${last?.path ?? 'FILE'}`} />
      </Part>
    </>
  )
}

function sizeText(bytes: number): string {
  const [amount, unit] = bytes < 1e6 ? [bytes / 1e3, 'kilobyte'] : [bytes / 1e6, 'megabyte']
  return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: 1 }).format(amount)
}
