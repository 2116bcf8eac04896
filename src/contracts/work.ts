/** What can fall due for an account; at most one of each kind. */
export const accountWorkKinds = [
  'expiry',
  'probe',
  'renewal',
  'intent',
  'egress',
  'gate',
  'hygiene',
  'mirror',
] as const
/** What can fall due for a channel of alerts: something to send, a look whether it works. */
export const channelWorkKinds = ['alert', 'alert_check'] as const
/** What is always due for a bot: somebody listens to it. */
export const botWorkKinds = ['listen'] as const
/** What one of the servers of a store does for all of them; when it is due, it says itself. */
export const houseWorkKinds = ['backup'] as const
export const workKinds = [
  ...accountWorkKinds,
  ...channelWorkKinds,
  ...botWorkKinds,
  ...houseWorkKinds,
] as const
/** In place of an account, for what is done for the whole store. */
export const houseWorkId = 'house'
export type AccountWorkKind = (typeof accountWorkKinds)[number]
export type HouseWorkKind = (typeof houseWorkKinds)[number]
export type WorkKind = (typeof workKinds)[number]

/** No time that comes. */
export const neverMs = 8.64e15

/**
 * What is to be done for an account, or for whatever else has an id of its own, and when. It stands in the store, so that no timer has to: a server that starts,
 * or takes over from one that died, finds what is due by an index.
 */
export interface WorkRecord {
  /** An account's id, a channel's, a bot's, or {@link houseWorkId}. */
  readonly accountId: string
  readonly kind: WorkKind
  /** The generation that it was planned for: what was tried for another one does not count. */
  readonly generation: number
  /** When it should be done by what is stored; {@link neverMs} when it was done and nobody has said so yet. */
  readonly plannedAtMs: number
  /** After a failure, when it may be tried again; {@link neverMs} when not at all. */
  readonly notBeforeMs: number
  /** The later of the two. */
  readonly dueAtMs: number
  /** How often it has failed in a row. */
  readonly attempt: number
  /** Who is at it; empty for nobody. */
  readonly owner: string
  /** Rises with each claim: whoever holds an older one changes nothing any more. */
  readonly epoch: number
  /** By the store's clock. */
  readonly leasedUntilMs: number
}

/** The right to do one piece of work, as it was when it was claimed. */
export type Lease = Pick<WorkRecord, 'accountId' | 'kind' | 'generation' | 'owner' | 'epoch'>

export interface Claim {
  readonly owner: string
  /** What is due by now, epoch milliseconds. */
  readonly nowMs: number
  readonly leaseMs: number
  readonly limit: number
  /** Only these; others are somebody else's. */
  readonly kinds: readonly WorkKind[]
}

/** How a piece of work ended. */
export interface WorkOutcome {
  readonly failed: boolean
  /** Nobody has begun it: it neither failed nor succeeded, and what had failed before keeps its count. */
  readonly untried?: boolean
  /** When it was planned for as it was claimed. */
  readonly plannedAtMs: number
  /** Not again before then; of what did not fail only if it is still planned for the same time. */
  readonly notBeforeMs: number
}

export interface WorkReads {
  of(accountId: string): Promise<readonly WorkRecord[]>
  /** When the next piece of these kinds is due that nobody is at, or the first lease runs out; undefined for nothing at all. */
  next(kinds: readonly WorkKind[]): Promise<number | undefined>
  /** What is overdue, and since when. What is always due, for whoever holds it, counts for nothing. */
  backlog(nowMs: number): Promise<{ readonly count: number; readonly oldestMs: number | null }>
}
export interface WorkWrites extends WorkReads {
  /** What is due for an account from now on. What failed before for the same generation keeps its count and its wait. */
  plan(accountId: string, generation: number, due: ReadonlyMap<WorkKind, number>): Promise<void>
  /** Not before `atMs`, whoever is at it: {@link neverMs} is not at all, 0 as if it had never failed. */
  retryFrom(accountId: string, kind: WorkKind, atMs: number): Promise<void>
  /** Proves, as a write of this transaction, that the lease is still held. @throws BhorError `lease_lost` */
  hold(lease: Lease): Promise<void>
  /** Gives a lease back; nothing happens when it was lost. What is planned for another generation by now, it says nothing of. */
  settle(lease: Lease, outcome: WorkOutcome): Promise<void>
}
