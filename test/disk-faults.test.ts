import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { AccountView, LoginStarted, LoginView } from '../src/contracts/api.ts'
import { ManualClock } from '../src/core/clock.ts'
import { BhorError, type ErrorCode, isBhorError, wordsOf } from '../src/core/errors.ts'
import { type SimulatedUser, type Simulator, startSimulator, totpCode } from '../src/simulator/index.ts'
import { families, modulesOf } from './contract-families/family.ts'
import { type Domain, newHome, openDomain, operator } from './support/domain.ts'
import { type DiskFault, FailingDisk, type Strike } from './support/failing-disk.ts'
import { ownApp, withOwnApp } from './support/own-app.ts'

const clock = new ManualClock('2026-11-23T03:00:00Z')
const brokers = [families.kotak]
const disk = new FailingDisk()
let simulator: Simulator
before(async () => {
  simulator = await startSimulator({ port: 0, clock, rateLimits: false, modules: modulesOf(brokers) })
})
after(async () => {
  disk[Symbol.dispose]()
  await simulator.close()
})
const open = (home: string) =>
  openDomain({ home, clock, simulator, families: brokers, wrap: disk.wrap.bind(disk) })

interface Scenario {
  readonly name: string
  readonly broker: 'kite' | 'upstox' | 'kotak'
  /** The path at which the broker spends what it was given. */
  readonly spends: string
  /** It runs the same way as another one. */
  readonly isSample?: true
  prepare(domain: Domain): Promise<unknown>
  run(domain: Domain): Promise<unknown>
}
const isLong = process.env.LONG_TESTS !== undefined
const logIn = (domain: Domain) => domain.logIn('demo')
const scenarios: readonly Scenario[] = [
  { name: 'next login', broker: 'kite', spends: '/session/token', prepare: logIn, run: logIn },
  {
    name: 'first login',
    isSample: true,
    broker: 'kite',
    spends: '/session/token',
    prepare: async () => {},
    run: logIn,
  },
  {
    name: 'next login',
    isSample: true,
    broker: 'upstox',
    spends: '/v2/login/authorization/token',
    prepare: logIn,
    run: logIn,
  },
  {
    name: 'renewal',
    isSample: true,
    broker: 'kite',
    spends: '/session/refresh_token',
    prepare: logIn,
    run: ({ desk }) => desk.sessions.renew(operator, 'demo'),
  },
  {
    name: 'login of two steps',
    isSample: true,
    broker: 'kotak',
    spends: '/login/1.0/tradeApiValidate',
    prepare: answerAll,
    run: answerAll,
  },
]

/** PIN and code of the authenticator, in two steps. */
async function answerAll({ desk }: Domain): Promise<LoginView> {
  const state = (await (await fetch(`${simulator.url}/control/state`)).json()) as {
    brokers: Record<string, { users: SimulatedUser[] }>
  }
  const { pin = '', totpSeed } = state.brokers.kotak!.users.at(-1)!
  let view: LoginView | LoginStarted = await desk.logins.start(operator, 'demo', { via: 'api' })
  while (view.status === 'open') {
    const { name } = view.asks[0]!
    const answer = name === 'totp' ? totpCode(totpSeed, clock.now()) : pin
    view = await desk.logins.answer(operator, 'demo', view.login, { [name]: answer })
  }
  return view as LoginView
}

for (const scenario of scenarios) {
  const { name, broker } = scenario
  const where = isLong || !scenario.isSample ? 'every write' : 'every commit'
  test(`${broker}: EIO and ENOSPC at ${where} of a ${name}: nothing is lost in silence, and the next one works`, async (t) => {
    using template = newHome()
    {
      await using domain = await open(template.home)
      if (broker === 'kotak') {
        await domain.addAccount({ broker })
        await domain.desk.accounts.edit(operator, 'demo', { fields: { mpin: '', totpSeed: '' } })
      } else {
        simulator.registerApp({ ...ownApp(broker), approvedForRefresh: name === 'renewal' })
        await domain.addAccount(withOwnApp(broker))
      }
    }
    const writes = await strike(scenario, template.home)
    assert.ok(writes.length > 10, String(writes))
    let strikes = 0
    for (const fault of faultsAt(writes, scenario.isSample === true)) {
      await strike(scenario, template.home, fault).catch((error: Error) => {
        const how = `${fault.lasts ? ', lasting' : ''}${fault.isDone ? ', done' : ''}`
        error.message = `${fault.fault} at ${fault.at} (${writes[fault.at - 1]}${how}): ${error.message}`
        throw error
      })
      strikes++
    }
    t.diagnostic(`${writes.length} writes, ${strikes} faults, 0 violations`)
  })
}

/**
 * A fault that passes and a disk that stays full, at every write; a commit that was done all the same. Of what runs the
 * same way as another scenario the commits are enough, except in a long run, which takes all of both.
 */
function faultsAt(writes: readonly string[], isSample: boolean): Strike[] {
  return writes.flatMap((name, index) => {
    const at = index + 1
    const [isCommit, isDone] = [name === 'commit', false]
    if (isSample && !isLong && !isCommit) return []
    const passing = { fault: 'EIO', at, lasts: false, isDone } as const
    const full = { fault: 'ENOSPC', at, lasts: true, isDone } as const
    const more = [
      { ...passing, lasts: true },
      { ...full, lasts: false },
    ]
    const done = [{ ...passing, isDone: true }, ...(isLong ? [{ ...full, isDone: true }] : [])]
    return [passing, full, ...(isLong ? more : []), ...(isCommit ? done : [])]
  })
}

/** The scenario on a copy of the folder, with a disk that fails; then bhor goes on, and is started again. */
async function strike(scenario: Scenario, template: string, fault?: Strike): Promise<readonly string[]> {
  using folder = newHome(template)
  const { broker, spends } = scenario
  let now: AccountView
  {
    await using domain = await open(folder.home)
    const { desk, context, store } = domain
    const account = () => desk.accounts.get(operator, 'demo')
    await scenario.prepare(domain)
    const earlier = await account()
    await clock.advance(1_000)
    simulator.clearCalls()
    disk.arm(fault)
    const error = await scenario.run(domain).then(
      () => undefined,
      (error: unknown) => error,
    )
    const { writes } = disk
    if (fault) assert.ok(disk.hasStruck, 'this write was not reached')
    disk.mend()
    if (!fault) {
      assert.equal(error, undefined)
      return writes
    }

    // What could not be written yet is written once the disk takes it.
    await context.flights.retry()
    assert.deepEqual((await store.intents.open()).records, [], 'an intent stayed open')
    now = await account()
    const isNew = now.generation === earlier.generation + 1
    assert.ok(isNew || now.generation === earlier.generation)
    if (error === undefined) assert.ok(isNew, 'it was said to be stored, and is not')
    else assertWords(error, fault.fault, isNew)
    const spent = simulator
      .calls({ broker, method: 'POST', path: spends })
      .filter(({ status }) => status === 200)
    assert.ok(spent.length <= 1, 'it was spent twice')
    if (spent.length === 1 && !isNew) assert.ok(now.lastFault, 'the broker has acted, and nobody says so')

    // A token that leaves is one that works.
    const handedOut = await desk.sessions.handOut(operator, 'demo').catch((refusal: unknown) => refusal)
    if (handedOut instanceof Error) {
      assert.ok(isBhorError(handedOut) && /^(session_|needs_login)/.test(handedOut.code), handedOut.message)
      assert.equal(isNew, false)
    } else {
      assert.equal(
        (await desk.sessions.test(operator, 'demo')).verdict,
        'valid',
        'a dead token was handed out',
      )
    }
    now = await account()
    await (broker === 'kotak' ? answerAll(domain) : domain.logIn('demo'))
    assert.equal((await account()).generation, now.generation + 1)
    assert.equal((await desk.sessions.test(operator, 'demo')).verdict, 'valid')
  }
  await using reopened = await open(folder.home)
  assert.equal((await reopened.desk.accounts.get(operator, 'demo')).generation, now.generation + 1)
  assert.equal((await reopened.desk.audit.verify(operator)).intact, true)
  return []
}

/** The right cause, and no word that is not true. */
function assertWords(error: unknown, fault: DiskFault, isStored: boolean): void {
  assert.ok(error instanceof BhorError, String(error))
  const code: ErrorCode = fault === 'EIO' ? 'store_unavailable' : 'store_full'
  assert.equal(error.code, code, error.message)
  assert.doesNotMatch(error.hint, /database runs|address is right/, 'the words of another engine')
  if (!isStored) return
  assert.equal(error.facts.outcome, 'unknown', 'it was said to have failed, and is stored')
  assert.doesNotMatch(
    `${error.message} ${wordsOf('store_unavailable').page}`,
    /No session was stored|Nothing was stored/,
  )
}
