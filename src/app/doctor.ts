import { statSync } from 'node:fs'
import { type DoctorFinding, type EgressFacts, type Gravity, isLive } from '../contracts/api.ts'
import { type BhorError, type ErrorCode, toBhorError, wordsOf } from '../core/errors.ts'
import { istMoment } from '../core/ist.ts'
import { printable } from '../core/redact.ts'
import { clockFault } from '../session/ground/clock-faults.ts'
import { isOwnIntent } from '../session/ground/intent.ts'
import { type Principal, requireRight } from '../session/ground/rights.ts'
import { unknownHint, unknownText } from '../session/morning/roll-call.ts'
import { refuseOtherHandsOnAdapter } from './adapter-modules.ts'
import type { Adapter } from './adapters.ts'
import { limitsOfProcess } from './limits.ts'
import type { App } from './open.ts'
import { porchFinding } from './porch-finding.ts'

export type Finding = Omit<DoctorFinding, 'check'>

/** Looks over this installation: each finding says what is so and, where something is wrong, what to do. */
export async function doctor(app: App, principal: Principal): Promise<DoctorFinding[]> {
  requireRight(principal, 'admin', 'house')
  return Promise.all([
    look('store', () => storeFinding(app)),
    look('audit', () => auditFinding(app, principal)),
    look('backup', () => backupFinding(app, principal)),
    look('runtime', async () =>
      fine(`Node ${process.versions.node}, SQLite ${process.versions.sqlite ?? 'unknown'}.`),
    ),
    look('clock', async () => clockFinding(app)),
    look('accounts', () => accountsFinding(app, principal)),
    look('egress', () => egressFinding(app, principal)),
    look('calendar', () => calendarFinding(app, principal)),
    look('hygiene', () => hygieneFinding(app, principal)),
    look('roll-call', () => rollCallFinding(app)),
    ...(app.config.porch ? [look('porch', () => porchFinding(app, principal))] : []),
    ...app.adapters.map((adapter) => look(`adapter ${adapter.id}`, async () => adapterFinding(adapter))),
    ...(process.platform === 'win32'
      ? []
      : [
          look('data folder', async () => folderFinding(app.config.home)),
          look('private files', async () => filesFinding(app)),
          look('core dumps', async () => coreFinding()),
        ]),
  ])
}

export function fine(text: string): Finding {
  return { ok: true, gravity: 'fine', text, hint: null, command: null }
}

/** @param command what can be typed as it is to mend it */
export function finding(
  gravity: Exclude<Gravity, 'fine'>,
  text: string,
  hint: string | null,
  command: string | null = null,
): Finding {
  return { ok: gravity === 'note', gravity, text, hint, command }
}

async function storeFinding({ store, desk }: App): Promise<Finding> {
  await store.inspect()
  await store.check()
  // Of accounts, sessions and keys their own views tell; of an intent nobody else does.
  const { records, damaged } = await store.intents.open()
  const [forged] = [...records.filter((intent) => !isOwnIntent(desk.context, intent)), ...damaged]
  if (forged) {
    const text = `The row ${forged.id} of intents was changed outside bhor or is damaged; it is left alone.`
    return finding('grave', text, 'Find out who writes to the store, or restore a backup.')
  }
  const name = store.engine === 'sqlite' ? 'SQLite' : 'PostgreSQL'
  return fine(`The ${name} store can be read and written, and is the latest that was seen here.`)
}

async function auditFinding({ desk }: App, principal: Principal): Promise<Finding> {
  const check = await desk.audit.verify(principal)
  if (check.intact) return fine(`The audit chain is intact (${check.records} records).`)
  const hint = 'bhor audit verify says the same; compare with a backup.'
  return finding('grave', check.text, hint, 'bhor audit verify')
}

async function backupFinding({ backups }: App, principal: Principal): Promise<Finding> {
  const { last, failed, folder, tooOld, drilled } = await backups.state(principal)
  const when = last ? `The last backup is of ${momentText(last.at)}` : 'There has been no backup yet'
  if (failed && folder !== null) {
    const { hint } = wordsOf(failed.code as ErrorCode)
    return finding('warning', `The last try of a backup failed: ${failed.text} ${when}.`, hint)
  }
  if (tooOld) {
    const text = `${when}, and one should be made each day.`
    return finding('warning', text, 'bhor serve makes them while it runs.')
  }
  if (drilled?.path === last?.path && drilled?.failure) {
    const text = `${when}, and it could not be restored when it was tried out: ${drilled.failure.text}`
    return finding('warning', text, wordsOf(drilled.failure.code as ErrorCode).hint)
  }
  if (folder !== null) return fine(`${when}; one is made each day.`)
  const text = `${when}; none is made by itself.`
  return finding(
    'note',
    text,
    'backup_dir and backup_passphrase_file in config.toml say where one is made each day.',
  )
}

function clockFinding({ clock }: App): Finding {
  const fault = clockFault(clock)
  if (fault) return found(fault)
  const said = clock.isConfirmed ? '' : '; no broker has named the time yet to compare it with'
  return fine(`The clock says ${istMoment(clock.nowMs())}${said}.`)
}

async function accountsFinding({ desk }: App, principal: Principal): Promise<Finding> {
  const accounts = await desk.accounts.list(principal)
  const live = accounts.filter(isLive).length
  const text = `${accounts.length} account${accounts.length === 1 ? '' : 's'}, ${live} with a live session.`
  const noted = accounts.filter(({ redirectNote }) => redirectNote !== null)
  if (noted.length === 0) return fine(text)
  const notes = noted.map(({ account, redirectNote }) => `${account}: ${redirectNote}`).join(' ')
  const hint = 'bhor accounts edit with --redirect-url "" sets the desk’s own.'
  const command = `bhor accounts edit ${noted[0]!.account} --redirect-url ""`
  return finding('warning', `${text} ${notes}`, hint, command)
}

async function egressFinding({ desk, config }: App, principal: Principal): Promise<Finding> {
  const accounts = await desk.accounts.list(principal)
  const registered = accounts.filter(({ egress }) => egress.standing !== 'nothing registered')
  const setEcho =
    'Name a service that says the address of who asks: egress_echo = "https://…" in config.toml.'
  const of = (standing: EgressFacts['standing']) =>
    registered.filter(({ egress }) => egress.standing === standing).map(({ account }) => account)
  const [different] = of('different')
  if (different !== undefined) {
    const text = `${of('different').join(', ')} leave by another address than is registered at the broker.`
    return finding('grave', text, `bhor egress ${different} shows it.`, `bhor egress ${different}`)
  }
  const [unmeasured] = of('unmeasured')
  if (unmeasured !== undefined) {
    const text = `Nobody knows by which address ${of('unmeasured').join(', ')} leave; one is registered.`
    const isUnset = config.egressEcho.length === 0 && registered.some(({ kind }) => kind !== 'sandbox')
    return isUnset
      ? finding('warning', text, setEcho)
      : finding('warning', text, `Measure it: bhor egress ${unmeasured}.`, `bhor egress ${unmeasured}`)
  }
  if (registered.length > 0)
    return fine(`Every account leaves by its registered address: ${registered.length}.`)
  if (config.egressEcho.length > 0) return fine('No address is registered with an account.')
  return fine(`No address is registered with an account, and none can be measured. ${setEcho}`)
}

async function calendarFinding({ desk }: App, principal: Principal): Promise<Finding> {
  const { year, covered, missing, damaged } = await desk.calendar.state(principal)
  if (damaged[0] !== undefined) {
    const day = printable(damaged[0].split(' ')[1] ?? '', 20)
    const text = `What was said of ${day || 'a day'} in the calendar is damaged and does not count.`
    const command = `bhor calendar forget ${day}`
    return finding('warning', text, `Forget it and say it again: ${command}`, command)
  }
  const [gap] = missing
  if (!gap) return fine(`Trading days of ${year} are known for ${covered.join(', ')}.`)
  const text = `There is no list of trading days of ${gap.year} for ${gap.segments.join(', ')}: its weekdays are unconfirmed.`
  return finding('warning', text, 'Write the exchange’s list into a file: bhor calendar import FILE.')
}

async function rollCallFinding({ desk, config }: App): Promise<Finding> {
  const { accounts, unknown } = await desk.rollCall.roster()
  if (unknown.length > 0) return finding('warning', unknownText(unknown), unknownHint, 'bhor config')
  const { length } = accounts
  const who = length === 0 ? 'No account is' : length === 1 ? '1 account is' : `${length} accounts are`
  return fine(`${who} called in the morning, by ${config.rollCall.deadline} IST.`)
}

/** Nothing is wrong with what nobody uses; whoever looks after his keys wants to know it. */
async function hygieneFinding({ desk }: App, principal: Principal): Promise<Finding> {
  const { sessions, keys } = await desk.unused(principal)
  const lines = [
    ...sessions.map(({ account, since }) => `the session of ${account} since ${momentText(since)}`),
    ...keys.map(({ id, name, since }) => `the key “${name}” (${id}) since ${momentText(since)}`),
  ]
  if (lines.length === 0) return fine('Every live session and every key was used lately.')
  const hint =
    'End what nobody needs: bhor logout, bhor keys revoke; docs/operations.md says how bhor does it by itself.'
  return finding('note', `Nobody used ${lines.join(', ')}.`, hint)
}

function momentText(iso: string): string {
  return istMoment(Temporal.Instant.from(iso).epochMilliseconds)
}

function adapterFinding({ broker, file, owner }: Adapter): Finding {
  refuseOtherHandsOnAdapter(file)
  return fine(`${broker.name} comes from ${file}, which belongs to ${owner}. It runs inside bhor.`)
}

function folderFinding(home: string): Finding {
  if ((statSync(home).mode & 0o077) === 0) return fine('Only you can look into the data folder.')
  const command = `chmod 700 ${home}`
  return finding('grave', 'Others can look into the data folder.', command, command)
}

/** A start would refuse them; what has become of them since shows here. */
function filesFinding({ config }: App): Finding {
  const files = [
    { what: 'master key', path: config.masterKeyFile },
    { what: 'store', path: config.storeFile },
    { what: 'passphrase of the vault', path: config.passphraseFile },
    { what: 'passphrase of backups', path: config.backupPassphraseFile },
    { what: 'private key of the porch', path: config.porch?.tls?.key },
  ].flatMap(({ what, path }) => (path === undefined ? [] : [{ what, path }]))
  const open = files.filter(({ path }) => isOpen(path))
  if (open.length === 0) return fine('Nobody else can read the store, its key and the passphrases.')
  const what = open.map(({ what: each }) => `the ${each}`).join(' and ')
  const command = `chmod 600 ${open.map(({ path }) => path).join(' ')}`
  const hint = 'If somebody else uses this computer, replace what they hold afterwards.'
  return finding('grave', `Others can read ${what}.`, hint, command)
}

function isOpen(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  // A passphrase may come by a pipe, whose mode says nothing.
  return stats?.isFile() === true && (stats.mode & 0o077) !== 0
}

/** What the kernel writes when a process dies holds all that it knew. */
export function coreFinding({ core_file_size_blocks: core = { soft: 0 } } = limitsOfProcess()): Finding {
  if (Number(core.soft) === 0) return fine('No core dump is written.')
  const text =
    'If this bhor crashes, the system may write its memory, with its keys, into a file (a core dump).'
  return finding('warning', text, 'Start it after: ulimit -c 0; in a systemd unit: LimitCORE=0.')
}

/** An error on the way is a finding as well: its own text where it is ours, never the text of a stranger. */
async function look(check: string, work: () => Promise<Finding>): Promise<DoctorFinding> {
  return { check, ...(await work().catch((cause: unknown) => found(toBhorError(cause)))) }
}

function found(error: BhorError): Finding {
  const { code, message, hint } = error
  const command =
    code === 'store_rolled_back'
      ? 'bhor doctor --accept-rollback'
      : code === 'permissions_too_wide' && /^ch(mod|own) \S+ \S+$/.test(hint)
        ? hint
        : null
  return finding('grave', message, hint, command)
}
