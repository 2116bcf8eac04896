import type { StoreReads } from '../../contracts/store.ts'
import type { ErrorCode } from '../../core/errors.ts'
import { istZone, nextIst } from '../../core/ist.ts'
import { tryParseJson } from '../../core/json.ts'

/** The evening's trading is over, and its sessions are still there. */
const hour = '20:00'
/** A backup a day: two that were missed are noticed. */
const tooOldMs = 50 * 60 * 60_000
/** After one that failed. */
const againAfterMs = 60 * 60_000

/** What the store remembers of its backups. */
export interface BackupState {
  readonly last: BackupMade | null
  /** The latest one, where it came after the last good one. */
  readonly failed: { readonly atMs: number; readonly code: ErrorCode; readonly text: string } | null
}
export interface BackupMade {
  readonly atMs: number
  readonly path: string
  readonly rows: number
  readonly bytes: number
}

/** Under which name the store keeps it. It decides nothing but when the next backup is made. */
export const backupStateName = 'backup.state'

export async function backupStateOf({ meta }: Pick<StoreReads, 'meta'>): Promise<BackupState> {
  const stored = tryParseJson((await meta.get(backupStateName)) ?? '') as
    | Partial<BackupState>
    | null
    | undefined
  return { last: stored?.last ?? null, failed: stored?.failed ?? null }
}

/** When the next daily backup is to be made; at once where there was none. */
export function backupDueMs({ last, failed }: BackupState): number {
  const plannedMs = last
    ? nextIst(hour, Temporal.Instant.fromEpochMilliseconds(last.atMs)).epochMilliseconds
    : 0
  return Math.max(plannedMs, failed ? failed.atMs + againAfterMs : 0)
}

/**
 * For whoever tells of it: there is a place for daily backups, and the last good one is older than two days, or there has
 * been none since `sinceMs`, when somebody could have expected the first.
 */
export function isBackupTooOld({ last }: BackupState, sinceMs: number, nowMs: number): boolean {
  return nowMs - (last?.atMs ?? sinceMs) > tooOldMs
}

/** `20261129-2000`, by clocks in India: names sort as they were made. */
export function backupStamp(epochMs: number): string {
  const at = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(istZone)
  const [day, time] = [at.toPlainDate().toString(), at.toPlainTime().toString({ smallestUnit: 'second' })]
  return `${day.replaceAll('-', '')}-${time.replaceAll(':', '')}`
}
