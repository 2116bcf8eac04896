import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Domain, newHome, openDomain, operator } from '../../test/support/domain.ts'
import { type Blow, Effects } from '../../test/support/effects.ts'
import { ownApp, withOwnApp } from '../../test/support/own-app.ts'
import type { AccountView } from '../contracts/api.ts'
import { ManualClock } from '../core/clock.ts'
import { BhorError, isBhorError } from '../core/errors.ts'
import { systemNet } from '../net/system.ts'
import { type Simulator, startSimulator } from '../simulator/index.ts'
import { fullRights } from './ground/rights.ts'
import { keep } from './life/keeper.ts'

/** What a run has to say about itself before and after it was struck. */
interface Run {
  readonly domain: Domain
  readonly clock: ManualClock
  readonly simulator: Simulator
  /** What the caller got before the end: a session, a token, a confirmation. */
  acknowledged: boolean
  /** The token that a hand-out returned. */
  token?: string
  keyId?: string
}

interface Scenario {
  readonly name: string
  readonly brokers: readonly string[]
  /** What is so before the first effect counts. */
  prepare?(run: Run, broker: string): Promise<void>
  run(run: Run): Promise<unknown>
  /** What must hold for this scenario besides the invariants of all. */
  check?(run: Run, reopened: Domain, before: AccountView): Promise<void>
}

const both = ['kite', 'upstox']
const logInFirst = async ({ domain }: Run) => void (await domain.logIn('demo'))
const exchangePath = { kite: '/session/token', upstox: '/v2/login/authorization/token' } as const

const scenarios: readonly Scenario[] = [
  {
    name: 'first login',
    brokers: both,
    run: async ({ domain }) => domain.logIn('demo'),
  },
  {
    name: 'second login',
    brokers: both,
    prepare: logInFirst,
    run: async ({ domain }) => domain.logIn('demo'),
  },
  {
    name: 'login by another user than the pinned one',
    brokers: both,
    prepare: logInFirst,
    async run({ domain, simulator }) {
      simulator.faults.add({ kind: 'wrong_user' })
      await assert.rejects(domain.logIn('demo'), { code: 'wrong_user' })
    },
    async check(_run, reopened, before) {
      const now = await reopened.desk.accounts.get(operator, 'demo')
      assert.equal(now.generation, before.generation)
      assert.equal(now.userId, before.userId)
    },
  },
  {
    name: 'renewal',
    brokers: ['kite'],
    async prepare(run, broker) {
      run.simulator.registerApp({ ...ownApp(broker), approvedForRefresh: true })
      await run.domain.logIn('demo')
    },
    run: ({ domain }) => domain.desk.sessions.renew(operator, 'demo'),
  },
  {
    name: 'logout',
    brokers: both,
    prepare: logInFirst,
    run: ({ domain }) => domain.desk.sessions.logout(operator, 'demo'),
    async check(run, reopened) {
      const { session } = await reopened.desk.accounts.get(operator, 'demo')
      if (run.acknowledged) assert.equal(session?.endReason, 'logged_out')
    },
  },
  {
    name: 'hand-out to a client key',
    brokers: both,
    async prepare(run) {
      await run.domain.logIn('demo')
      const { view } = await run.domain.desk.keys.add(operator, { name: 'bot', scopes: ['read-token'] })
      run.keyId = view.id
    },
    async run(run) {
      const body = await run.domain.desk.sessions.handOut(fullRights('key', run.keyId), 'demo', {})
      run.token = (JSON.parse(body.reveal()) as { accessToken: string }).accessToken
    },
    async check(run, reopened) {
      const records = await reopened.desk.audit.list(operator, { limit: 50 })
      const released = records.filter((r) => r.action === 'session.handout' && r.result === 'ok')
      if (run.token !== undefined) assert.equal(released.length, 1, 'a token left without its record')
    },
  },
  {
    name: 'revocation of a client key',
    brokers: ['kite'],
    async prepare(run) {
      await run.domain.logIn('demo')
      const { view } = await run.domain.desk.keys.add(operator, { name: 'bot', scopes: ['read-token'] })
      run.keyId = view.id
    },
    run: ({ domain, keyId = '' }) => domain.desk.keys.revoke(operator, keyId),
    async check(run, reopened) {
      const handOut = reopened.desk.sessions.handOut(fullRights('key', run.keyId), 'demo', {})
      if (run.acknowledged) await assert.rejects(handOut, { code: 'key_invalid' })
      else await handOut.catch((error) => assert.ok(isBhorError(error, 'key_invalid')))
    },
  },
  {
    name: 'test of a session that was killed from outside',
    brokers: both,
    async prepare({ domain, simulator }, broker) {
      const { apiKey } = await domain.logIn('demo')
      simulator.killSession(broker, apiKey)
    },
    run: async ({ domain }) =>
      assert.equal((await domain.desk.sessions.test(operator, 'demo')).verdict, 'invalid'),
    async check(run, reopened) {
      const { status } = await reopened.desk.accounts.get(operator, 'demo')
      if (run.acknowledged) assert.equal(status, 'revoked')
      assert.equal((await probed(reopened)) ?? 'revoked', 'revoked')
    },
  },
  {
    name: 'the end of the day',
    brokers: both,
    async prepare({ domain, clock }) {
      await domain.logIn('demo')
      await clock.advance(24 * 3_600_000)
    },
    run: ({ domain }) => keep(domain.context, { isAlone: false }),
    async check(_run, reopened) {
      const records = await reopened.desk.audit.list(operator, { limit: 50 })
      assert.equal(records.filter((r) => r.action === 'session.expire').length, 1)
    },
  },
]

let simulator: Simulator
const clock = new ManualClock()
before(async () => {
  simulator = await startSimulator({ port: 0, clock, rateLimits: false })
})
after(() => simulator.close())

for (const blow of ['crash', 'error'] satisfies Blow[]) {
  test(`${blow} before and after every effect of every scenario`, async (t) => {
    let effects = 0
    let runs = 0
    for (const scenario of scenarios) {
      for (const broker of scenario.brokers) {
        using template = newHome()
        {
          await using domain = await openDomain({ home: template.home, clock, simulator })
          simulator.registerApp(ownApp(broker))
          await domain.addAccount(withOwnApp(broker))
        }
        const points = await runOnce(scenario, broker, template.home, blow)
        effects += points.length
        for (let k = 1; k <= points.length; k++) {
          await runOnce(scenario, broker, template.home, blow, k).catch((error: Error) => {
            error.message = `${scenario.name} (${broker}), ${blow} at ${k} (${points[k - 1]}): ${error.message}`
            throw error
          })
          runs++
        }
      }
    }
    assert.ok(runs > 100)
    t.diagnostic(
      `${scenarios.length} scenarios, ${effects} effect points, ${runs} ${blow} points, 0 violations`,
    )
  })
}

/** The scenario on a fresh copy of the folder, struck at point `at`; then bhor is started again and looked at. */
async function runOnce(scenario: Scenario, broker: string, template: string, blow: Blow, at?: number) {
  using folder = newHome(template)
  const { home } = folder
  const effects = new Effects()
  simulator.faults.clear()
  simulator.clearCalls()
  let earlier: AccountView
  let run: Run
  {
    const wrap = effects.store.bind(effects)
    await using domain = await openDomain({ home, clock, simulator, net: effects.net(systemNet), wrap })
    run = { domain, clock, simulator, acknowledged: false }
    await scenario.prepare?.(run, broker)
    earlier = await domain.desk.accounts.get(operator, 'demo')
    effects.arm(at, blow)
    try {
      await scenario.run(run)
      run.acknowledged = true
    } catch (error) {
      if (at === undefined) throw error
    }
    effects.disarm()
  }
  if (at !== undefined) assert.ok(effects.hasStruck, 'this point was not reached')
  simulator.faults.clear()

  await using reopened = await openDomain({ home, clock, simulator })
  await checkInvariants(scenario, broker, run, earlier, reopened)
  return effects.points
}

async function checkInvariants(
  scenario: Scenario,
  broker: string,
  run: Run,
  earlier: AccountView,
  reopened: Domain,
): Promise<void> {
  const now = await reopened.desk.accounts.get(operator, 'demo')
  const startsSession = /login$|renewal/.test(scenario.name)
  const isNew = now.generation === earlier.generation + 1
  assert.ok(isNew || now.generation === earlier.generation, `generation ${now.generation}`)
  assert.deepEqual((await reopened.store.intents.open()).records, [], 'an intent stayed open')
  if (startsSession) {
    if (run.acknowledged) assert.ok(isNew, 'an acknowledged session is gone')
    if (isNew) assert.equal((await reopened.desk.sessions.test(operator, 'demo')).verdict, 'valid')
    const sent = simulator
      .calls({ broker })
      .filter((call) => /token/.test(call.path) && call.method === 'POST')
    const isUntold = !isNew && sent.length > (earlier.generation > 0 ? 1 : 0)
    if (isUntold) assert.ok(now.lastFault !== null, 'the broker has acted, and the account does not say so')
  }
  await scenario.check?.(run, reopened, earlier)
  const codes = simulator
    .calls({ broker, method: 'POST', path: exchangePath[broker as keyof typeof exchangePath] })
    .map((call) => String(call.fields.request_token ?? call.fields.code))
  assert.equal(codes.length, new Set(codes).size, 'a code was sent twice')
  if (run.token !== undefined) assert.equal(await tokenOf(reopened), run.token)

  // Whatever was struck, the next login works.
  const next = await reopened.logIn('demo')
  assert.equal(next.generation, now.generation + 1)
  assert.equal((await reopened.desk.sessions.test(operator, 'demo')).verdict, 'valid')
  assert.deepEqual((await reopened.desk.audit.verify(operator)).intact, true)
}

async function tokenOf(domain: Domain): Promise<string> {
  const body = await domain.desk.sessions.handOut(operator, 'demo', {})
  return (JSON.parse(body.reveal()) as { accessToken: string }).accessToken
}

/** The status after one more test; undefined where there is nothing to test. */
async function probed(domain: Domain): Promise<string | undefined> {
  try {
    await domain.desk.sessions.test(operator, 'demo')
  } catch (error) {
    if (!(error instanceof BhorError) || error.code !== 'session_revoked') throw error
  }
  return (await domain.desk.accounts.get(operator, 'demo')).status
}
