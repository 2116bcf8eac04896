import type { ChannelKind, ChannelType, Delivery } from '../../contracts/alerts.ts'
import { BhorError } from '../../core/errors.ts'
import type { WallClock } from '../../core/ist.ts'
import type { SessionContext } from '../ground/context.ts'

/** What the domain is given to send alerts with, and to find out what nobody tells. */
export interface Alerting {
  readonly types: Readonly<Record<ChannelKind, ChannelType>>
  readonly settings: AlertSettings
  /** What this server is called among those of its store; absent where it has the store to itself. */
  readonly server?: string
  /** Of the disk on which the store and its files are; undefined where nobody can say. */
  freeSpace?(): Promise<{ readonly freeBytes: number } | undefined>
  /** When the newest backup was made, null for never; undefined where none are to be made, or nobody can say yet. */
  lastBackupAtMs?(): Promise<number | null | undefined>
  /** Says that all is well to whoever waits for that. */
  heartbeat?(): Promise<Delivery>
}

export interface AlertSettings {
  /** So long before its end a session is told to end soon. */
  readonly sessionEndsMs: number
  readonly keyEndsMs: number
  readonly backupAgeMs: number
  /** Less than this is nearly full. */
  readonly diskBytes: number
  /** When channels are looked at on trading days, before the first reminder. */
  readonly checkAt: WallClock
}

/** @throws BhorError `alerts_unavailable` */
export function alertingOf({ alerting }: Pick<SessionContext, 'alerting'>): Alerting {
  if (!alerting) throw new BhorError('alerts_unavailable')
  return alerting
}
