import type { AlertKind } from '../../contracts/alerts.ts'
import type { AccountRecord } from '../../contracts/store.ts'
import { istMoment, nextIst } from '../../core/ist.ts'
import { knownDays } from '../calendar/known.ts'
import { areSharesTraded, isAnyTraded, istDate } from '../calendar/market.ts'
import { clockFault } from '../ground/clock-faults.ts'
import type { SessionContext } from '../ground/context.ts'
import { soundOf } from '../ground/records.ts'
import { isCalled, usualMorning } from '../morning/times.ts'
import type { Alerting } from './alerting.ts'
import { isMeant } from './rules.ts'

/** One trouble as it is now. */
export interface Found {
  readonly account?: AccountRecord
  /** What tells it apart from another one of its kind. */
  readonly about?: string
  readonly said: string
  /** It goes on where it was told, and is not told by itself. */
  readonly isQuiet?: boolean
}

/**
 * What a look at the whole log has shown, and whether anybody hears the heartbeat: remembered by whoever looks. Null where
 * all was well, undefined where nobody has looked since the start.
 */
export interface Remembered {
  readonly auditFault: string | null | undefined
  readonly heartbeatFault: string | null | undefined
}

/** What no event tells: time, the disk, the store itself. Undefined where nobody can say just now. */
export interface Fact {
  readonly kind: AlertKind
  /** It is so at this server, and may be otherwise at others of the same store: each tells its own. */
  readonly ofServer?: true
  /** While it lasts it is told again where it was not told since then; a day after it was told when left out. */
  toldSinceMs?(nowMs: number): number
  find(
    context: SessionContext,
    alerting: Alerting,
    remembered: Remembered,
  ): Promise<readonly Found[] | undefined>
}

const dayMs = 24 * 60 * 60_000
const one = (said: string | null | undefined | false): readonly Found[] => (said ? [{ said }] : [])

/** The table; looked at each minute. */
export const facts: readonly Fact[] = [
  {
    kind: 'session_ending',
    async find(context, { settings }) {
      const nowMs = context.clock.nowMs()
      const sessions = soundOf(context.vault, 'sessions', await context.store.sessions.latestOfAll())
      const ending = sessions.filter(
        ({ status, expiresAtMs }) =>
          status === 'active' && expiresAtMs > nowMs && expiresAtMs - nowMs <= settings.sessionEndsMs,
      )
      if (ending.length === 0) return []
      const accounts = new Map((await soundAccounts(context)).map((account) => [account.id, account]))
      return ending.flatMap(({ accountId, expiresAtMs }) => {
        const account = accounts.get(accountId)
        return account ? [{ account, said: `It ends ${istMoment(expiresAtMs)}.` }] : []
      })
    },
  },
  {
    // Whoever is closed when the market opens has no change that would tell of it.
    kind: 'gate_closed',
    // At each opening.
    toldSinceMs: (nowMs) =>
      nextIst('00:00', Temporal.Instant.fromEpochMilliseconds(nowMs)).epochMilliseconds - dayMs,
    async find(context) {
      const lists = await knownDays(context)
      const now = context.clock.now()
      if (!isAnyTraded(lists, now)) return undefined
      const found: Found[] = []
      for (const account of await soundAccounts(context)) {
        const gate = await context.store.gates.of(account.id)
        if (!gate || gate.isOpen) continue
        const said = `The reason: ${gate.reason.replaceAll('_', ' ')}.`
        const closedAt = Temporal.Instant.fromEpochMilliseconds(gate.sinceMs)
        // Told when it happened, or wanted: the account has a rule for it.
        const isLoggedOutToday =
          gate.reason === 'logged_out' &&
          istDate(closedAt) === istDate(now) &&
          areSharesTraded(lists, closedAt)
        const isEvening = isMeant(gate.reason) && !areSharesTraded(lists, now)
        // What ends each day is told by this look alone: to whoever was ready until now.
        const hasEndedNow =
          gate.reason === 'session_expired' &&
          istDate(closedAt) === istDate(now) &&
          isAnyTraded(lists, closedAt)
        // Nobody has to be ready who is not called in the morning, as a sandbox is not, or never logged in.
        const isAwaited = hasEndedNow || isCalled(context.morning ?? usualMorning, account)
        const isNobodys = gate.reason === 'session_none' || !isAwaited
        const isQuiet = isLoggedOutToday || isEvening || isNobodys
        found.push({ account, said, isQuiet })
      }
      return found
    },
  },
  {
    kind: 'key_ending',
    async find({ store, vault, clock }, { settings }) {
      const nowMs = clock.nowMs()
      return soundOf(vault, 'client_keys', await store.keys.list()).flatMap(
        ({ id, name, expiresAtMs, revokedAtMs }) =>
          revokedAtMs === null &&
          expiresAtMs !== null &&
          expiresAtMs > nowMs &&
          expiresAtMs - nowMs <= settings.keyEndsMs
            ? [{ about: id, said: `${name} ends ${istMoment(expiresAtMs)}.` }]
            : [],
      )
    },
  },
  {
    kind: 'backup_old',
    async find({ clock }, { settings, lastBackupAtMs }) {
      const lastMs = await lastBackupAtMs?.()
      if (lastMs === undefined) return undefined
      if (lastMs === null) return one('There is none yet.')
      const isOld = clock.nowMs() - lastMs > settings.backupAgeMs
      return one(
        isOld &&
          `It was made ${istMoment(lastMs)}, more than ${Math.floor(settings.backupAgeMs / dayMs)} days ago.`,
      )
    },
  },
  {
    kind: 'audit_broken',
    ofServer: true,
    async find({ health }, _alerting, { auditFault }) {
      const cause = health.causes().find(({ reason }) => reason === 'audit_unavailable')
      const said = auditFault ?? cause?.said?.trim()
      return said === undefined && auditFault === undefined ? undefined : one(said)
    },
  },
  {
    kind: 'store_rolled_back',
    ofServer: true,
    find: async ({ store }) => one(store.rollback()?.message),
  },
  {
    kind: 'disk_full',
    ofServer: true,
    async find(_context, { settings, freeSpace }) {
      const free = await freeSpace?.()
      if (!free) return undefined
      return one(
        free.freeBytes < settings.diskBytes && `${Math.floor(free.freeBytes / 2 ** 20)} MiB are left.`,
      )
    },
  },
  {
    kind: 'clock_wrong',
    ofServer: true,
    async find({ clock }) {
      const fault = clockFault(clock)
      return fault || clock.isCompared ? one(fault?.message) : undefined
    },
  },
  {
    kind: 'heartbeat_failing',
    ofServer: true,
    async find(_context, { heartbeat }, { heartbeatFault }) {
      if (!heartbeat) return []
      return heartbeatFault === undefined ? undefined : one(heartbeatFault)
    },
  },
]

async function soundAccounts({ store, vault }: SessionContext): Promise<AccountRecord[]> {
  return soundOf(vault, 'accounts', await store.accounts.list())
}
