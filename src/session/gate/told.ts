import type { AuditAction } from '../../contracts/audit.ts'
import {
  type AccountRecord,
  type GateRecord,
  type HouseRecord,
  type StoreReads,
  type StoreTransaction,
  theHouse,
} from '../../contracts/store.ts'
import { isBhorError } from '../../core/errors.ts'
import type { Event } from '../ground/change.ts'
import { isGenuine } from '../ground/records.ts'
import { keeper } from '../ground/rights.ts'
import { type FactsContext, factsOf } from './facts.ts'
import { type Gate, gateOf } from './gate.ts'
import { houseOf } from './house.ts'

/** A house in which nobody has stopped anything. */
const quietHouse: HouseRecord = { id: theHouse, kill: null, seal: null, changedAtMs: 0, mac: '' }

/** What happens often and leaves every gate as it is. */
const withoutEffect: ReadonlySet<AuditAction> = new Set([
  'login.start',
  'login.callback',
  'login.question',
  'login.cancel',
  'session.renew_start',
  'alert.tell',
])

/**
 * Compares the gates of the accounts of which something was told with what was told of them last, in the transaction
 * that changed them, and gives what has to be told as well. Called by every unit of work; see `ground/change.ts`.
 *
 * @param asked accounts of which nothing was told, and which shall be looked at all the same
 */
export async function gateChanges(
  context: FactsContext,
  tx: StoreTransaction,
  told: readonly Event[],
  asked: Iterable<string>,
): Promise<readonly Event[]> {
  const touched = told.flatMap(({ account, action }) =>
    account && !withoutEffect.has(action) ? [account.id] : [],
  )
  const ids = new Set([...touched, ...asked])
  const changes: Event[] = []
  for (const id of ids) {
    const event = await gateChange(context, tx, id)
    if (event) changes.push(event)
  }
  return changes
}

/** Writes down how the gate of an account stands now; gives the event of it where it stood otherwise. */
async function gateChange(
  context: FactsContext,
  tx: Pick<StoreTransaction, 'gates'> & StoreReads,
  id: string,
): Promise<Event | undefined> {
  const account = await soundAccount(context, tx, id)
  if (!account) return undefined
  const facts = await factsOf(context, account, await houseOf(context, tx), tx)
  // Of the kill switch and of bhor's own health the house tells, once: they close the gates of all.
  const own = gateOf({ ...facts, house: quietHouse, health: [] })
  const before = await tx.gates.of(id)
  const after = recordOf(account, own, before, facts.nowMs)
  if (!isSame(before, after)) await tx.gates.set(after)
  // An account begins with a gate that is closed; nobody has to be told.
  if (before ? isTold(before, after) : !after.isOpen) return undefined
  const { isOpen, reason } = gateOf({ ...facts, health: [] })
  const detail = { state: isOpen ? 'open' : 'closed', ...(reason === null ? {} : { reason }) }
  return { actor: keeper.actor, action: 'gate.change', result: 'ok', account, detail }
}

/** Nothing of an account that is gone or damaged: whoever asks for it is told so. */
async function soundAccount(
  { vault }: FactsContext,
  reads: StoreReads,
  id: string,
): Promise<AccountRecord | undefined> {
  try {
    const account = await reads.accounts.byId(id)
    return account && isGenuine(vault, 'accounts', account) ? account : undefined
  } catch (error) {
    if (isBhorError(error, 'store_damaged')) return undefined
    throw error
  }
}

function recordOf(
  { id: accountId }: AccountRecord,
  { isOpen, reason, sinceMs, changesAtMs }: Gate,
  before: GateRecord | undefined,
  nowMs: number,
): GateRecord {
  const isAsBefore = before?.isOpen === isOpen
  return {
    accountId,
    isOpen,
    reason: reason ?? '',
    sinceMs: isAsBefore ? before.sinceMs : isOpen ? nowMs : (sinceMs ?? nowMs),
    changesAtMs,
  }
}

function isTold(before: GateRecord, { isOpen, reason }: GateRecord): boolean {
  return before.isOpen === isOpen && before.reason === reason
}

function isSame(before: GateRecord | undefined, after: GateRecord): boolean {
  return before !== undefined && isTold(before, after) && before.changesAtMs === after.changesAtMs
}
