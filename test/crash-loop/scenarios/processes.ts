import assert from 'node:assert/strict'
import { acceptRollback } from '../../../src/session/ground/rollback.ts'
import { operator } from '../../support/domain.ts'
import { sqliteIntruder } from '../../support/set-back.ts'
import { minute, type Run, type Scenario } from '../scenario.ts'

async function atTheDoor(run: Run): Promise<void> {
  const { url } = await run.startLogin()
  run.kept.callback = run.brokers.logIn(run.broker, url!)
}
/** All of them, however they end. @throws what the first of them threw */
async function together(work: readonly Promise<unknown>[]): Promise<void> {
  for (const one of await Promise.allSettled(work)) if (one.status === 'rejected') throw one.reason
}
/** A process that dies while the broker is answering. */
async function dieWaiting(run: Run): Promise<void> {
  await run.logIn()
  await run.clock.advance(minute)
  await atTheDoor(run)
  run.brokers.mishaps.push({ path: '/token', is: 'never_answered' })
  const asked = run.brokers.calls.length
  void run.arrive(run.kept.callback!).catch(() => {})
  while (run.brokers.calls.length === asked) await new Promise((resolve) => setImmediate(resolve))
}

/** More than one process, one after the other or side by side. */
export const processes: readonly Scenario[] = [
  {
    name: 'two processes at the same login',
    brokers: ['kite', 'upstox'],
    isShared: true,
    arrange: atTheDoor,
    act: (run) => together([run.arrive(run.kept.callback!), run.arrive(run.kept.callback!, run.other)]),
  },
  {
    name: 'two processes that renew at the same time',
    renews: true,
    isShared: true,
    arrange: (run) => run.logIn(),
    async act({ domain, other }) {
      const renew = ({ sessions }: Run['other']) =>
        sessions.renew(operator, 'demo').catch((error: { code?: string }) => {
          if (!/login_in_progress|generation_conflict/.test(error.code ?? '')) throw error
        })
      await together([renew(domain.desk), renew(other)])
    },
    async check(run) {
      const sent = run.brokers.calls.filter(({ call }) => call.path === '/session/refresh_token')
      assert.ok(sent.length <= 1, 'both have renewed')
    },
  },
  {
    name: 'work that another process takes over',
    isShared: true,
    async arrange(run) {
      const { session } = await run.logIn()
      await run.pass(Date.parse(session!.expiresAt) - run.clock.nowMs() - minute)
    },
    async act(run) {
      await run.clock.advance(minute)
      const struck = await run.domain.desk.keeper.look().catch((error: unknown) => ({ error }))
      await run.clock.advance(minute)
      await run.other.keeper.look()
      assert.equal((await run.other.accounts.get(operator, 'demo')).session?.endReason, 'expired')
      if (typeof struck === 'object') throw struck.error
    },
    async check(run) {
      assert.equal(await run.recorded('session.expire'), 1)
    },
  },
  {
    name: 'a start after a process that died at an exchange',
    brokers: ['kite', 'upstox'],
    fromStart: true,
    arrange: dieWaiting,
    act: async () => {},
    async check(run) {
      assert.equal((await run.view()).lastFault?.code, 'answer_lost')
      // The broker has ended it for the one whose answer was lost, and is asked until it says so.
      await run.pass(6 * minute)
      await assert.rejects(run.handOut(), { code: 'session_revoked' })
    },
  },
  {
    name: 'a store that went back and is accepted',
    async arrange(run) {
      await run.logIn()
      const intruder = sqliteIntruder(run.home)
      const earlier = await intruder.copy(['accounts'])
      await run.domain.desk.accounts.edit(operator, 'demo', { label: 'Later' })
      await intruder.putBack(earlier, ['accounts'])
    },
    act: ({ domain }) => acceptRollback(domain.context, operator),
    async check(run) {
      if (run.isDone) assert.equal(run.domain.store.rollback(), undefined)
      await acceptRollback(run.domain.context, operator)
      await run.handOut()
    },
  },
]
