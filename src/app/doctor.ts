import { statSync } from 'node:fs'
import type { DoctorFinding } from '../contracts/api.ts'
import { toBhorError } from '../core/errors.ts'
import type { App } from './open.ts'

/** Looks over this installation: each finding says what is so and, where something is wrong, what to do. */
export async function doctor(app: App): Promise<DoctorFinding[]> {
  const findings = await Promise.all([
    look('store', async () => {
      await app.store.check()
      return `The ${app.store.engine === 'sqlite' ? 'SQLite' : 'PostgreSQL'} store can be read and written.`
    }),
    look('audit', async () => {
      const check = await app.desk.verifyAudit()
      if (!check.intact) throw new Error(check.text)
      return `The audit chain is intact (${check.records} records).`
    }),
    look(
      'runtime',
      async () => `Node ${process.versions.node}, SQLite ${process.versions.sqlite ?? 'unknown'}.`,
    ),
    look('clock', async () => {
      const now = app.clock.now()
      if (now.epochMilliseconds < firstPlausibleMs)
        throw new Error('The clock is before 2026. Set it before you log in.')
      return `The clock says ${now.toZonedDateTimeISO('Asia/Kolkata').toPlainDateTime().toString({ smallestUnit: 'minute' })} in India.`
    }),
    look('accounts', async () => accountsText(app)),
    ...(process.platform === 'win32' ? [] : [look('data folder', async () => folderText(app.config.home))]),
  ])
  return findings
}

const firstPlausibleMs = Temporal.Instant.from('2026-01-01T00:00:00Z').epochMilliseconds

async function accountsText(app: App): Promise<string> {
  const accounts = await app.desk.accounts(app.operator)
  const live = accounts.filter(
    (account) => account.status === 'active' || account.status === 'expiring',
  ).length
  return `${accounts.length} account${accounts.length === 1 ? '' : 's'}, ${live} with a live session.`
}

function folderText(home: string): string {
  const mode = statSync(home).mode & 0o777
  if (mode & 0o077) throw new Error(`Others can look into the data folder. chmod 700 ${home}`)
  return 'Only you can look into the data folder.'
}

async function look(check: string, work: () => Promise<string>): Promise<DoctorFinding> {
  try {
    return { check, ok: true, text: await work(), hint: null }
  } catch (cause) {
    const error = toBhorError(cause)
    const isOurs = error.code !== 'internal'
    return {
      check,
      ok: false,
      text: isOurs ? error.message : (cause as Error).message,
      hint: isOurs ? error.hint : null,
    }
  }
}
