import type { StoreReads } from '../../contracts/store.ts'
import type { SessionContext } from './context.ts'

/**
 * What looks at all accounts read, in one query for each table. To be read behind the accounts themselves: none of
 * them then counts more sessions than are found. What is not among it, or damaged, is asked for by itself.
 */
export async function readAtOnce({
  store,
  clock,
}: Pick<SessionContext, 'store' | 'clock'>): Promise<StoreReads> {
  const [apps, sessions, logins, gates] = await Promise.all([
    store.apps.list(),
    store.sessions.latestOfAll(),
    store.logins.open(clock.nowMs()),
    store.gates.list(),
  ])
  const appById = new Map(apps.records.map((app) => [app.id, app]))
  const latest = new Map(sessions.records.map((session) => [session.accountId, session]))
  const open = Map.groupBy(logins.records, ({ accountId }) => accountId)
  const gateOf = new Map(gates.records.map((gate) => [gate.accountId, gate]))
  return {
    ...store,
    apps: { ...store.apps, byId: async (id) => appById.get(id) ?? store.apps.byId(id) },
    sessions: { ...store.sessions, latest: async (id) => latest.get(id) ?? store.sessions.latest(id) },
    logins: {
      ...store.logins,
      open: async (nowMs, id) =>
        id === undefined
          ? store.logins.open(nowMs)
          : {
              records: (open.get(id) ?? []).filter(({ expiresAtMs }) => expiresAtMs > nowMs),
              damaged: logins.damaged.filter(({ name }) => name === id),
            },
    },
    gates: { ...store.gates, of: async (id) => gateOf.get(id) ?? store.gates.of(id) },
  }
}
