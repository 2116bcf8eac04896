import assert from 'node:assert/strict'
import { operator } from '../../support/domain.ts'
import { hour, minute, type Run, type Scenario } from '../scenario.ts'

const both = ['kite', 'upstox']
const logIn = (run: Run) => run.logIn()
async function logInAndDie(run: Run): Promise<void> {
  await run.logIn()
  run.brokers.kill((await run.handOut()).accessToken)
}
const test = ({ domain }: Run) => domain.desk.sessions.test(operator, 'demo')
/** Its token is dead, or the record says that the broker did not confirm it. */
async function isOverOrTold(run: Run): Promise<void> {
  if (run.brokers.isAlive(run.kept.token!)) assert.ok((await run.recorded('session.logout', 'failed')) > 0)
}
const endReason = async (run: Run) => (await run.view()).session?.endReason
const refusal = JSON.stringify({ status: 'error', error_type: 'TokenException', message: 'Incorrect.' })

/** What a session goes through after it has begun. */
export const lives: readonly Scenario[] = [
  {
    name: 'a logout',
    brokers: [...both, 'angel'],
    async arrange(run) {
      await run.logIn()
      run.kept.token = (await run.handOut()).accessToken
    },
    act: ({ domain }) => domain.desk.sessions.logout(operator, 'demo'),
    async check(run) {
      if (!run.isDone) return
      assert.equal(await endReason(run), 'logged_out')
      assert.ok(!run.brokers.isAlive(run.kept.token!), 'it lives on at the broker')
    },
  },
  {
    name: 'a session that is given up',
    async arrange(run) {
      await run.logIn()
      await run.handOut()
    },
    act: ({ domain }) => domain.desk.sessions.giveUp(operator, 'demo'),
    async check(run) {
      const again = await endReason(run)
      if (run.isDone) assert.equal(again, 'logged_out')
      // Who asks again is told who had it, wherever the first time came to.
      const { handedTo } = await run.domain.desk.sessions
        .giveUp(operator, 'demo')
        .catch(() => ({ handedTo: [] }))
      if (again !== 'logged_out') return
      assert.ok(handedTo.length > 0 && (await run.recorded('session.compromised')) > 0)
    },
  },
  {
    name: 'a test that finds the session dead',
    brokers: both,
    arrange: logInAndDie,
    act: async (run) => assert.equal((await test(run)).verdict, 'invalid'),
    async check(run) {
      if (run.isDone) assert.equal(await endReason(run), 'revoked')
    },
  },
  {
    name: 'a test while the broker is closed',
    brokers: ['upstox'],
    arrange: logIn,
    async act(run) {
      run.brokers.mishaps.push({ path: '/user/profile', is: 'closed_at_night' })
      assert.equal((await test(run)).verdict, 'unknown')
    },
    check: lives_on,
  },
  {
    name: 'a report of a session that is dead',
    arrange: logInAndDie,
    async act({ domain, clock }) {
      await clock.advance(minute)
      const report = { generation: 1, status: 403, body: refusal }
      assert.equal((await domain.desk.sessions.report(operator, 'demo', report)).state, 'dead')
    },
    async check(run) {
      // Once it was doubted the broker is asked, and asked again where it gave no word.
      await run.pass(6 * minute)
      if (run.isDone || (await run.recorded('session.report')) > 0)
        assert.equal(await endReason(run), 'revoked')
    },
  },
  {
    name: 'a report of a session that lives',
    arrange: logIn,
    async act({ domain, clock }) {
      await clock.advance(minute)
      const report = { generation: 1, status: 403, body: refusal }
      assert.equal((await domain.desk.sessions.report(operator, 'demo', report)).state, 'alive')
    },
    check: lives_on,
  },
  {
    name: 'the end of the day',
    brokers: both,
    async arrange(run) {
      const { session } = await run.logIn()
      await run.pass(Date.parse(session!.expiresAt) - run.clock.nowMs() - minute)
    },
    act: (run) => run.pass(2 * minute),
    async check(run) {
      assert.equal(await endReason(run), 'expired')
      assert.equal(await run.recorded('session.expire'), 1)
      assert.ok((await run.recorded('login.need')) > 0, 'nobody is told that a login is needed')
    },
  },
  {
    name: 'a logout that the user has set for the afternoon',
    async arrange(run) {
      const settings = { hygiene: { logoutAt: '15:45' } }
      await run.domain.desk.accounts.edit(operator, 'demo', { settings })
      await run.logIn()
      run.kept.token = (await run.handOut()).accessToken
      await run.pass(7 * hour + 14 * minute)
    },
    act: (run) => run.pass(2 * minute),
    async check(run) {
      await run.pass(10 * minute)
      assert.equal(await endReason(run), 'logged_out')
      assert.equal(await run.recorded('session.logout', 'ok'), 1)
      await isOverOrTold(run)
    },
  },
  {
    name: 'the first hand-out of a day',
    renews: true,
    async arrange(run) {
      await run.logIn()
      await run.pass(24 * hour - 10 * minute)
    },
    act: (run) => run.handOut(),
  },
]

async function lives_on(run: Run): Promise<void> {
  const { status } = await run.view()
  assert.equal(status, 'active')
}
