import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { AccountView, LoginStarted, LoginView } from '../../src/contracts/api.ts'
import { ManualClock } from '../../src/core/clock.ts'
import { systemNet } from '../../src/net/system.ts'
import { type SimulatedUser, type Simulator, startSimulator, totpCode } from '../../src/simulator/index.ts'
import { type Domain, newHome, openDomain, operator } from '../support/domain.ts'
import { type Blow, Effects } from '../support/effects.ts'
import { families, modulesOf } from './family.ts'

/** A login of two steps, struck at every effect; then bhor is started again, and must say what is so. */
interface TwoSteps {
  readonly broker: 'kotak' | 'definedge'
  readonly exchange: string
  /** What is carried sealed from the first step to the second. */
  readonly questions: readonly string[]
}
const logins: readonly TwoSteps[] = [
  { broker: 'kotak', exchange: '/login/1.0/tradeApiValidate', questions: ['totp', 'mpin'] },
  { broker: 'definedge', exchange: '*/dsbpkc/token', questions: ['otp'] },
]

const clock = new ManualClock('2026-11-23T03:00:00Z')
const brokers = Object.values(families)
let simulator: Simulator
before(async () => {
  simulator = await startSimulator({ port: 0, clock, rateLimits: false, modules: modulesOf(brokers) })
})
after(() => simulator.close())
const open = (home: string, more: Partial<Parameters<typeof openDomain>[0]> = {}) =>
  openDomain({ home, clock, simulator, families: brokers, ...more })

/** Whom the sandbox has made last at this broker. */
async function newestUser(broker: string): Promise<SimulatedUser> {
  const state = (await (await fetch(`${simulator.url}/control/state`)).json()) as {
    brokers: Record<string, { users: SimulatedUser[] }>
  }
  return state.brokers[broker]!.users.at(-1)!
}

/** Starts, or goes on with the login of that id, until a session is there. */
async function logIn({ desk }: Domain, person: Person, login?: string): Promise<LoginView> {
  let view: LoginView | LoginStarted = login
    ? await desk.logins.get(operator, 'demo', login)
    : await desk.logins.start(operator, 'demo', { via: 'api' })
  person.login = view.login
  while (view.status === 'open') {
    const [asked] = view.asks
    assert.ok(asked)
    view = await desk.logins.answer(operator, 'demo', view.login, { [asked.name]: person.answer(asked.name) })
  }
  return view as LoginView
}
interface Person {
  login: string | undefined
  answer(name: string): string
}

for (const { broker, exchange } of logins) {
  for (const blow of ['crash', 'error'] satisfies Blow[]) {
    test(`${broker}: ${blow} at every effect of a login of two steps is told truthfully`, async (t) => {
      using template = newHome()
      let known: SimulatedUser | undefined
      {
        await using domain = await open(template.home)
        await domain.addAccount({ broker })
        known = await newestUser(broker)
        if (broker === 'kotak')
          await domain.desk.accounts.edit(operator, 'demo', { fields: { mpin: '', totpSeed: '' } })
        await logIn(domain, personOf())
      }
      function personOf(): Person {
        const { userId, pin = '', totpSeed } = known!
        return {
          login: undefined,
          answer(name) {
            if (name === 'totp') return totpCode(totpSeed, clock.now())
            return name === 'mpin' ? pin : (simulator.codeSentTo(broker, userId) ?? '')
          },
        }
      }
      const struck = async (at?: number): Promise<readonly string[]> => {
        using folder = newHome(template.home)
        const { home } = folder
        const effects = new Effects()
        const person = personOf()
        let earlier: AccountView
        let isAcknowledged = false
        simulator.clearCalls()
        {
          const wrap = effects.store.bind(effects)
          await using domain = await open(home, { net: effects.net(systemNet), wrap })
          earlier = await domain.desk.accounts.get(operator, 'demo')
          effects.arm(at, blow)
          try {
            await logIn(domain, person)
            isAcknowledged = true
          } catch (error) {
            if (at === undefined) throw error
          }
          effects.disarm()
        }
        if (at !== undefined) assert.ok(effects.hasStruck, 'this point was not reached')
        await using reopened = await open(home)
        const { desk, store } = reopened
        const now = await desk.accounts.get(operator, 'demo')
        const isNew = now.generation === earlier.generation + 1
        assert.ok(isNew || now.generation === earlier.generation)
        assert.deepEqual((await store.intents.open()).records, [], 'an intent stayed open')
        const granted = simulator.calls({ broker, path: exchange }).filter(({ status }) => status === 200)
        assert.ok(granted.length <= 1, 'two exchanges')
        if (isAcknowledged) assert.ok(isNew, 'an acknowledged session is gone')
        if (granted.length === 1 && !isNew)
          assert.ok(now.lastFault, 'the broker has acted, and nobody says so')
        const [pending] = (await store.logins.open(clock.nowMs())).records
        const stored = person.login ?? pending?.id
        const view = stored === undefined ? undefined : await desk.logins.get(operator, 'demo', stored)
        assert.ok(view?.status !== 'used', 'a login that nobody finishes any more')
        if (view?.status === 'done') assert.equal(view.generation, now.generation)
        if (view?.status === 'failed') assert.ok(view.outcome)
        // Where it still waits for a person, it goes on as if nothing had been.
        if (view?.status === 'open' && view.asks.length > 0)
          assert.equal((await logIn(reopened, personOf(), stored)).generation, now.generation + 1)
        const { generation } = await desk.accounts.get(operator, 'demo')
        assert.equal((await logIn(reopened, personOf())).generation, generation + 1)
        assert.equal((await desk.sessions.test(operator, 'demo')).verdict, 'valid')
        assert.equal((await desk.audit.verify(operator)).intact, true)
        return effects.points
      }
      const points = await struck()
      assert.ok(points.length > 15, String(points))
      for (let at = 1; at <= points.length; at++)
        await struck(at).catch((error: Error) => {
          error.message = `${blow} at ${at} (${points[at - 1]}): ${error.message}`
          throw error
        })
      t.diagnostic(`${points.length} ${blow} points, 0 violations`)
    })
  }
}
