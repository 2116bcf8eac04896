import type { FeedRecord, StoreTransaction } from '../../contracts/store.ts'
import { knownDays } from '../calendar/known.ts'
import { areSharesTraded, isAnyTraded } from '../calendar/market.ts'
import type { SessionContext } from '../ground/context.ts'
import { planChannel } from './due.ts'
import { incidentOf, putOut, recover, type Telling } from './outbox.ts'
import { alertsOf, causeOf, endedBy, isOfInterest, type Moment, recoveredAlert } from './rules.ts'

/** What telling needs of the context. */
export type ToldContext = Pick<SessionContext, 'vault' | 'clock' | 'random' | 'alerting'>

/**
 * Puts into the outbox what people and programs should know of these events, in the transaction that they are of, and
 * plans when it is sent. Called by every unit of work; see `ground/change.ts`.
 *
 * @param asked what the unit of work says beside its events
 */
export async function tellAlerts(
  context: ToldContext,
  tx: StoreTransaction,
  rows: readonly FeedRecord[],
  asked: readonly Telling[],
): Promise<void> {
  if (!context.alerting) return
  const interesting = rows.filter(({ action }) => isOfInterest(action))
  const touched = new Set(
    rows.flatMap(({ action, detail }) => (isChannels(action) ? [String(detail.id)] : [])),
  )
  if (interesting.length > 0 || asked.length > 0) {
    const moment = {
      ...(await marketOf(context, tx, interesting)),
      loggedOutByRule: new Set(
        rows.flatMap(({ action, account, detail }) =>
          action === 'session.logout' && account && detail.why !== undefined ? [account.id] : [],
        ),
      ),
    }
    const tellings = interesting.flatMap((row) => alertsOf(row, moment).map((alert): Telling => ({ alert })))
    for (const ofOne of Map.groupBy(interesting, ({ account }) => account?.id).values())
      for (const id of await endTroubles(context, tx, ofOne, tellings)) touched.add(id)
    for (const id of await putOut(context, tx, [...tellings, ...asked])) touched.add(id)
  }
  for (const id of touched) await planChannel(context, tx, id)
}

function isChannels(action: FeedRecord['action']): boolean {
  return action === 'alert.add' || action === 'alert.edit'
}

/** What the events of one account put an end to, told in one. A trouble that the same moment brings again is not over. */
async function endTroubles(
  context: ToldContext,
  tx: StoreTransaction,
  rows: readonly FeedRecord[],
  tellings: readonly Telling[],
): Promise<ReadonlySet<string>> {
  const [row] = rows
  if (!row) return new Set()
  const { account } = row
  if (account && rows.some(({ action }) => action === 'account.remove')) return forget(tx, account.id)
  const ended = new Set(
    rows.flatMap(endedBy).map(({ kind, about }) => incidentOf({ cause: causeOf(kind, about), account })),
  )
  for (const { alert } of tellings) ended.delete(incidentOf(alert))
  if (ended.size === 0) return new Set()
  const over = (await tx.incidents.list()).filter(({ id }) => ended.has(id))
  return recover(context, tx, over, (told) => recoveredAlert(told, row))
}

async function forget(tx: StoreTransaction, accountId: string): Promise<ReadonlySet<string>> {
  for (const incident of await tx.incidents.list())
    if (incident.accountId === accountId) await tx.incidents.delete(incident.id)
  return new Set()
}

/** Asked only where a gate has changed. */
async function marketOf(
  { vault, clock }: ToldContext,
  tx: StoreTransaction,
  rows: readonly FeedRecord[],
): Promise<Pick<Moment, 'isMarketOpen' | 'areSharesTraded'>> {
  if (!rows.some(({ action }) => action === 'gate.change'))
    return { isMarketOpen: false, areSharesTraded: false }
  const lists = await knownDays({ vault, store: tx })
  const now = clock.now()
  return { isMarketOpen: isAnyTraded(lists, now), areSharesTraded: areSharesTraded(lists, now) }
}
