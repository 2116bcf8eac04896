import { statSync } from 'node:fs'
import type { DoctorFinding } from '../contracts/api.ts'
import { type BhorError, toBhorError } from '../core/errors.ts'
import { type Principal, requireRight } from '../session/ground/rights.ts'
import { refuseWrongClock } from '../session/login/pending.ts'
import { refuseOtherHandsOnAdapter } from './adapter-modules.ts'
import type { Adapter } from './adapters.ts'
import type { App } from './open.ts'

type Finding = Omit<DoctorFinding, 'check'>

/** Looks over this installation: each finding says what is so and, where something is wrong, what to do. */
export async function doctor(app: App, principal: Principal): Promise<DoctorFinding[]> {
  requireRight(principal, 'admin', 'house')
  return Promise.all([
    look('store', () => storeFinding(app)),
    look('audit', () => auditFinding(app, principal)),
    look('runtime', async () =>
      fine(`Node ${process.versions.node}, SQLite ${process.versions.sqlite ?? 'unknown'}.`),
    ),
    look('clock', async () => clockFinding(app)),
    look('accounts', () => accountsFinding(app, principal)),
    ...app.adapters.map((adapter) => look(`adapter ${adapter.id}`, async () => adapterFinding(adapter))),
    ...(process.platform === 'win32'
      ? []
      : [
          look('data folder', async () => folderFinding(app.config.home)),
          look('core dumps', async () => coreFinding()),
        ]),
  ])
}

function fine(text: string): Finding {
  return { ok: true, text, hint: null }
}

async function storeFinding({ store }: App): Promise<Finding> {
  await store.check()
  return fine(`The ${store.engine === 'sqlite' ? 'SQLite' : 'PostgreSQL'} store can be read and written.`)
}

async function auditFinding({ desk }: App, principal: Principal): Promise<Finding> {
  const check = await desk.audit.verify(principal)
  if (check.intact) return fine(`The audit chain is intact (${check.records} records).`)
  return { ok: false, text: check.text, hint: 'bhor audit verify says the same; compare with a backup.' }
}

function clockFinding({ clock }: App): Finding {
  const now = clock.now()
  refuseWrongClock(now)
  const local = now.toZonedDateTimeISO('Asia/Kolkata').toPlainDateTime()
  return fine(`The clock says ${local.toString({ smallestUnit: 'minute' })} in India.`)
}

async function accountsFinding({ desk }: App, principal: Principal): Promise<Finding> {
  const accounts = await desk.accounts.list(principal)
  const live = accounts.filter(({ status }) => status === 'active' || status === 'expiring').length
  return fine(`${accounts.length} account${accounts.length === 1 ? '' : 's'}, ${live} with a live session.`)
}

function adapterFinding({ broker, file, owner }: Adapter): Finding {
  refuseOtherHandsOnAdapter(file)
  return fine(`${broker.name} comes from ${file}, which belongs to ${owner}. It runs inside bhor.`)
}

function folderFinding(home: string): Finding {
  if ((statSync(home).mode & 0o077) === 0) return fine('Only you can look into the data folder.')
  return { ok: false, text: 'Others can look into the data folder.', hint: `chmod 700 ${home}` }
}

function reportOfLimits(): unknown {
  // The report asks for the names of all addresses otherwise.
  Object.assign(process.report, { excludeNetwork: true })
  return process.report.getReport()
}

/** What the kernel writes when a process dies holds all that it knew. */
export function coreFinding(report: unknown = reportOfLimits()): Finding {
  const { userLimits } = report as { userLimits?: { core_file_size_blocks?: { soft: number | string } } }
  const { soft } = userLimits?.core_file_size_blocks ?? { soft: 0 }
  if (Number(soft) === 0) return fine('No core dump is written.')
  const text =
    'If this bhor crashes, the system may write its memory, with its keys, into a file (a core dump).'
  return { ok: false, text, hint: 'Start it after: ulimit -c 0; in a systemd unit: LimitCORE=0.' }
}

/** An error on the way is a finding as well: its own text where it is ours, never the text of a stranger. */
async function look(check: string, work: () => Promise<Finding>): Promise<DoctorFinding> {
  return { check, ...(await work().catch((cause: unknown) => found(toBhorError(cause)))) }
}

function found(error: BhorError): Finding {
  return { ok: false, text: error.message, hint: error.hint }
}
