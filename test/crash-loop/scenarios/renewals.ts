import assert from 'node:assert/strict'
import { kite } from '../../../src/brokers/kite/index.ts'
import { operator } from '../../support/domain.ts'
import { hour, minute, type Run, type Scenario } from '../scenario.ts'

const path = '/session/refresh_token'
/** Monday's login, on Tuesday a minute before the broker's day ends. */
async function untilDawn(run: Run): Promise<void> {
  await run.logIn()
  await run.pass(21 * hour + 29 * minute)
}
const overDawn = (run: Run) => run.pass(8 * minute)

/** The session was renewed; or it is told that only a person can go on. */
async function isRenewedOrTold(run: Run, generation: number, withinMs = hour): Promise<void> {
  await run.pass(withinMs)
  const view = await run.view()
  if (view.generation >= generation && view.status === 'active') return
  assert.ok(view.lastFault, `${view.status}, generation ${view.generation}, and no cause`)
  assert.ok((await run.recorded('login.need')) > 0, 'nobody is told that a login is needed')
}

export const renewals: readonly Scenario[] = [
  {
    name: 'a renewal that somebody asks for',
    renews: true,
    arrange: (run) => run.logIn(),
    async act({ domain, got }) {
      const { generation } = await domain.desk.sessions.renew(operator, 'demo')
      got.generations.set('demo', generation)
    },
  },
  {
    name: 'a renewal before the end',
    renews: true,
    adapter: { ...kite, expiry: { kind: 'after', ms: 8 * hour } },
    async arrange(run) {
      await run.logIn()
      await run.pass(5 * hour + 50 * minute)
    },
    act: (run) => run.pass(75 * minute),
    // Of a session that lives on it is told at its end.
    check: (run) => isRenewedOrTold(run, 2, 3 * hour),
  },
  {
    name: 'a renewal at dawn',
    renews: true,
    arrange: untilDawn,
    act: overDawn,
    check: (run) => isRenewedOrTold(run, 2),
  },
  {
    name: 'a renewal after the morning flush',
    renews: true,
    async arrange(run) {
      await untilDawn(run)
      await run.pass(hour)
      assert.equal((await run.view()).generation, 2)
      run.brokers.kill((await run.handOut()).accessToken)
    },
    act: (run) => run.pass(45 * minute),
    check: (run) => isRenewedOrTold(run, 3),
  },
  {
    name: 'a renewal that the broker refuses',
    renews: true,
    async arrange(run) {
      await untilDawn(run)
    },
    async act(run) {
      run.brokers.mishaps.push({ path, is: 'dead_token' })
      await overDawn(run)
    },
    check: (run) => isRenewedOrTold(run, 2),
  },
  {
    name: 'a renewal whose answer is lost',
    renews: true,
    async arrange(run) {
      await untilDawn(run)
    },
    async act(run) {
      run.brokers.mishaps.push({ path, is: 'lost' })
      await overDawn(run)
    },
    check: (run) => isRenewedOrTold(run, 2),
  },
]
