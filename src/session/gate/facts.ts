import type { AccountRecord, HouseRecord, SessionRecord, StoreReads } from '../../contracts/store.ts'
import { isBhorError } from '../../core/errors.ts'
import { knownDays } from '../calendar/known.ts'
import { marketAt, nextOpening } from '../calendar/market.ts'
import { egressStanding, isRegistered, seenEndsAtMs } from '../egress/standing.ts'
import type { SessionContext } from '../ground/context.ts'
import { latestSessionOf } from '../life/live.ts'
import type { Finding } from './causes.ts'
import type { GateFacts } from './gate.ts'
import { healthOf } from './health.ts'
import { proofEndsAtMs } from './proof.ts'

/** What reading the facts needs of the context. */
export type FactsContext = Pick<SessionContext, 'store' | 'vault' | 'clock' | 'broker' | 'health'>

/** Reads what an account's gate follows from. Each input is one function below. */
export async function factsOf(
  context: FactsContext,
  account: AccountRecord,
  house: HouseRecord | 'damaged',
  reads: StoreReads = context.store,
): Promise<GateFacts> {
  const broker = await context.broker(account.broker)
  const nowMs = context.clock.nowMs()
  return {
    nowMs,
    account,
    session: await believedSession(context, account, reads),
    house,
    proofEndsAtMs: proofEndsAtMs(broker, account.lastProbe?.atMs ?? 0),
    egress: egressStanding(account, nowMs),
    egressEndsAtMs: isRegistered(account) ? (seenEndsAtMs(account) ?? null) : null,
    hours: [],
    health: healthOf(context, account.kind === 'sandbox'),
  }
}

/** A row that was changed from outside closes the gate; it does not hide why. */
async function believedSession(
  context: FactsContext,
  account: AccountRecord,
  reads: StoreReads,
): Promise<SessionRecord | 'damaged' | undefined> {
  try {
    return await latestSessionOf(context, account, reads)
  } catch (error) {
    if (isBhorError(error, 'store_damaged')) return 'damaged'
    throw error
  }
}

/** What the calendar says of shares; it closes nothing. */
export async function hoursOf(context: SessionContext): Promise<readonly Finding[]> {
  const lists = await knownDays(context)
  const now = context.clock.now()
  const { phase, day } = marketAt(lists, now, 'equity')
  const untold = { sinceMs: null, untilMs: null }
  const found: Finding[] = []
  if (day.kind === 'unconfirmed') found.push({ reason: 'market_unconfirmed', ...untold })
  if (phase === 'closed' || phase === 'holiday') {
    const opensAtMs = nextOpening(lists, now, 'equity')?.epochMilliseconds ?? null
    found.push({ reason: 'market_closed', sinceMs: null, untilMs: opensAtMs })
  }
  return found
}
