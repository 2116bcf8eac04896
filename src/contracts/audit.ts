import type { BhorError, ErrorCode } from '../core/errors.ts'
import type { FeedRecord, StoreReads, StoreTransaction, Watch, Watched } from './store.ts'

/** Everything that is recorded. Closed: a new action is added here and to `docs/audit.md`. */
export const auditActions = [
  'account.add',
  'account.edit',
  'account.remove',
  'account.learn',
  'login.start',
  'login.callback',
  'login.exchange',
  'login.question',
  'login.cancel',
  'login.finish',
  'login.need',
  'prompt.create',
  'prompt.use',
  'prompt.withdraw',
  'roll_call.call',
  'roll_call.ready',
  'login.notify',
  'session.start',
  'session.handout',
  'session.probe',
  'session.renew_start',
  'session.renew',
  'session.expire',
  'session.revoke',
  'session.report',
  'session.doubt',
  'session.logout',
  'session.recover',
  'egress.measure',
  'session.compromised',
  'session.confirm',
  'hook.add',
  'mirror.add',
  'mirror.remove',
  'mirror.write_start',
  'mirror.write',
  'mirror.check',
  'mirror.take',
  'gate.pause',
  'gate.resume',
  'gate.kill',
  'gate.unkill',
  'gate.change',
  'gate.create',
  'house.seal',
  'house.unseal',
  'key.add',
  'key.revoke',
  'key.hold',
  'key.refused',
  'calendar.change',
  'desk.sign_in',
  'desk.sign_out',
  'desk.keep',
  'desk.use',
  'desk.choose',
  'desk.return_start',
  'desk.return',
  'desk.revoke',
  'desk.confirm',
  'desk.passphrase',
  'server.start',
  'server.stop',
  'vault.create',
  'vault.rotate',
  'vault.reseal',
  'vault.retire',
  'vault.master',
  'audit.export',
  'audit.prune',
  'store.accept',
  'store.backup',
  'store.drill',
  'store.restore',
  'config.change',
  'alert.add',
  'alert.edit',
  'alert.remove',
  'alert.deliver',
  'alert.tell',
  'alert.check',
  'alert.notice',
  'chat.listen',
  'chat.hear',
] as const
export type AuditAction = (typeof auditActions)[number]

export const actorKinds = [
  'operator',
  'desk',
  'key',
  'broker',
  'prompt',
  'keeper',
  'library',
  'telegram',
] as const

/** Who did it. */
export interface Actor {
  /** `operator`: the person at this computer's command line; `desk`: signed in to the dashboard; `key`: a client key; `broker`: a redirect; `prompt`: whoever opened the link of a reminder; `keeper`: bhor itself; `library`: code in the same process; `telegram`: whoever writes in the chat of a channel. */
  readonly kind: (typeof actorKinds)[number]
  /** A key's id, a dashboard session's short id, a channel's id; empty where the kind says all. */
  readonly id: string
}

export interface AuditEntry {
  readonly atMs: number
  readonly actor: Actor
  readonly action: AuditAction
  readonly accountId?: string
  /** The alias as it was then. */
  readonly account?: string
  readonly result: 'ok' | 'refused' | 'failed'
  readonly code?: ErrorCode
  /** Small plain facts: generation, token kind, broker code, which fields changed. Never a secret. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>
}

/** One link of the chain. `mac` covers every other field and the `mac` before it. */
export interface AuditRecord extends AuditEntry {
  /** 1, 2, 3, … without gaps. */
  readonly seq: number
  readonly mac: string
}

/** A record as it is written: what records are found by beside the JSON text of all other fields. */
export interface AuditLink {
  readonly seq: number
  readonly atMs: number
  readonly accountId: string | null
  /** See {@link auditFields}. */
  readonly fields: string
  readonly mac: string
}

/** The fields of an entry that have no column of their own, as the JSON text that a store keeps and reads again. */
export function auditFields(entry: Omit<AuditEntry, 'atMs'>): string {
  const { actor, action, account, result, code, detail } = entry
  return JSON.stringify({ actor, action, account, result, code, detail })
}

/** The end of the chain as the store holds it, itself authenticated. */
export interface AuditHead {
  /** 0 for an empty chain. */
  readonly seq: number
  /** The last record's `mac`; empty for an empty chain. */
  readonly mac: string
  /** What the rows are as of this record; see `inventory.ts`. Empty in a store whose rows were not counted yet. */
  readonly inventory: string
  /** `mac` over {@link auditHeadText}, so that a cut tail shows. */
  readonly headMac: string
}

/** What a head's MAC covers. The vault writes that of the empty chain when it is made, `audit/` every later one. */
export function auditHeadText({ seq, mac, inventory }: Omit<AuditHead, 'headMac'>): string {
  return JSON.stringify(['bhor-audit-head', seq, mac, ...(inventory === '' ? [] : [inventory])])
}

export type AuditVerdict =
  | {
      readonly intact: true
      readonly records: number
      /** What was exported and pruned before: up to this record. Absent for nothing. */
      readonly prunedUpTo?: number
    }
  | {
      readonly intact: false
      /** The first record at fault, by number; for a cut tail the first that is missing. */
      readonly seq: number
      readonly fault: 'changed' | 'missing' | 'inserted' | 'out_of_order' | 'tail_cut' | 'head_changed'
      readonly records: number
    }

/** What a record says of a key's use of an account, and the event by which the first use of a minute is told, if it is. */
export interface Use {
  /** See `KeyUseRecord`. */
  readonly keyId: string
  readonly accountId: string
  readonly event?: Omit<FeedRecord, 'seq' | 'atMs'>
}

/** The log as the domain uses it. Implemented by `audit/`. */
export interface AuditLog {
  /**
   * Links `entries` to the chain in the transaction of the change they tell of; gives the number of the first.
   *
   * @param end where the chain goes on, when not from its end mark; see {@link AuditLog.endOf}
   */
  within(tx: StoreTransaction, entries: readonly AuditEntry[], end?: AuditHead): Promise<number>
  /**
   * The end of the chain as its records have it: behind an end mark that is an older one. @throws BhorError
   * `audit_broken` for a record behind it that bhor did not write
   */
  endOf(reads: Pick<StoreReads, 'audit'>): Promise<AuditHead>
  /** A record of its own; durable when the promise resolves. Waiting records share one commit. @throws BhorError `audit_unavailable` */
  record(entry: AuditEntry): Promise<void>
  /**
   * Prepares what is recorded again and again. The recorder that it returns records it, like {@link AuditLog.record},
   * for what must still be true when the record becomes durable: `refusalOf` sees the watched rows in that very commit,
   * and an error from it makes the record say so and the promise reject with it. The record's time is that of the
   * commit. What is not refused is counted as `use` in the same commit.
   *
   * @throws BhorError (the recorder) the one of `refusalOf`, `audit_unavailable`
   */
  recorder(
    entry: Omit<AuditEntry, 'atMs'>,
    watch: Watch,
    refusalOf: (watched: Watched) => BhorError | undefined,
    use?: Use,
  ): () => Promise<void>
  /** Reads the whole chain. */
  verify(): Promise<AuditVerdict>
}
