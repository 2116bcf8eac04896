import assert from 'node:assert/strict'
import { operator } from '../../support/domain.ts'
import type { Run, Scenario } from '../scenario.ts'

const both = ['kite', 'upstox']
const logIn = (run: Run) => run.logIn()

/** A login that waits for the browser, and the address where the broker has sent that. */
async function atTheDoor(run: Run, person: { userId?: string; cancels?: boolean } = {}): Promise<void> {
  const { id, url } = await run.startLogin()
  run.kept.login = id
  run.kept.callback = run.brokers.logIn(run.broker, url!, person)
}
const arrive = (run: Run) => run.arrive(run.kept.callback!)
const statusOf = async ({ domain, kept }: Run) =>
  (await domain.desk.logins.get(operator, 'demo', kept.login!)).status

/** `demo` has a session, which a login of `papa` ends. */
async function besidePapa(run: Run): Promise<void> {
  const { apiKey } = await run.logIn()
  const { apiSecret } = run.brokers.appOf(run.broker, apiKey)!
  const { userId } = run.brokers.addPerson(run.broker)
  await run.addAccount('papa', { userId, app: { apiKey, apiSecret } })
}

/** By the broker's page. */
export const logins: readonly Scenario[] = [
  {
    name: 'a first login, which pins the person',
    brokers: both,
    act: logIn,
    async check(run) {
      if (run.isDone) assert.notEqual((await run.view()).userId, null)
    },
  },
  { name: 'a login that replaces a live session', brokers: both, arrange: logIn, act: logIn },
  {
    name: 'a login that is cancelled',
    arrange: (run) => atTheDoor(run),
    act: ({ domain, kept }) => domain.desk.logins.cancel(operator, 'demo', kept.login!),
    async check(run) {
      if (run.isDone) await assert.rejects(arrive(run), { code: 'cancelled' })
    },
  },
  {
    name: 'a login that the person gives up at the broker',
    arrange: (run) => atTheDoor(run, { cancels: true }),
    act: (run) => assert.rejects(arrive(run), { code: /login_refused|cancelled/ }),
    async check(run) {
      if (run.isDone) assert.notEqual(await statusOf(run), 'open')
    },
  },
  {
    name: 'a login by another person',
    brokers: both,
    async arrange(run) {
      await run.logIn()
      await atTheDoor(run)
    },
    async act(run) {
      run.brokers.mishaps.push({ path: '/token', is: 'wrong_user' })
      await assert.rejects(arrive(run), { code: 'wrong_user' })
    },
    async check(run) {
      assert.equal((await run.view()).generation, 1)
      run.brokers.mishaps.length = 0
    },
  },
  {
    name: 'a login by a pasted address',
    brokers: both,
    arrange: (run) => atTheDoor(run),
    act: ({ domain, kept }) => domain.desk.logins.paste(operator, 'demo', `See ${kept.callback}`),
    async check(run) {
      if (run.isDone) assert.equal((await run.view()).generation, 1)
    },
  },
  {
    name: 'an address that the browser loads twice',
    brokers: both,
    arrange: (run) => atTheDoor(run),
    async act(run) {
      const both = await Promise.allSettled([arrive(run), arrive(run)])
      for (const one of both) if (one.status === 'rejected') throw one.reason
    },
    async check(run) {
      assert.notEqual(await statusOf(run), 'used')
    },
  },
  {
    name: 'a login whose answer is lost',
    brokers: both,
    async arrange(run) {
      await run.logIn()
      await atTheDoor(run)
    },
    async act(run) {
      run.brokers.mishaps.push({ path: '/token', is: 'lost' })
      await assert.rejects(arrive(run), { code: 'answer_lost' })
    },
    async check(run) {
      run.brokers.mishaps.length = 0
      if (run.isDone) assert.equal((await run.view()).lastFault?.code, 'answer_lost')
    },
  },
  {
    name: 'a login that ends the session of another account of the app',
    arrange: besidePapa,
    act: (run) => run.logIn('papa'),
  },
  {
    name: 'a login that ends it, and whose own session is lost',
    arrange: besidePapa,
    async act(run) {
      run.brokers.mishaps.push({ path: '/token', is: 'lost' })
      await assert.rejects(run.logIn('papa'), { code: 'answer_lost' })
    },
    async check(run) {
      run.brokers.mishaps.length = 0
    },
  },
]
