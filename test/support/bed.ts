import assert from 'node:assert/strict'
import type { AccountView, AddAccount, HandOut } from '../../src/contracts/api.ts'
import type { Net } from '../../src/contracts/net.ts'
import type { Store } from '../../src/contracts/store.ts'
import { ManualClock } from '../../src/core/clock.ts'
import type { ErrorCode } from '../../src/core/errors.ts'
import { type SimulatedApp, type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { type Family, modulesOf } from '../contract-families/family.ts'
import { type Domain, newHome, openDomain, operator } from './domain.ts'
import { ownApp, withOwnApp } from './own-app.ts'

export interface BedOptions {
  readonly start?: string
  readonly net?: Net
  readonly wrap?: (store: Store) => Store
  /** Brokers beside bhor's own, with their simulators. The account `demo` is then one of the sandbox's own making. */
  readonly families?: readonly Family[]
  /** What the account is made with. */
  readonly account?: Partial<AddAccount>
  /** What is special about the account's app at the broker. */
  readonly app?: Partial<SimulatedApp>
  /** The broker counts what it is asked. */
  readonly rateLimits?: boolean
}

/** A domain with its brokers and the account `demo`, whose app the test can change. */
export interface Bed extends AsyncDisposable {
  readonly home: string
  readonly broker: string
  readonly clock: ManualClock
  readonly simulator: Simulator
  readonly domain: Domain
  /** Stops the domain and starts it again on the same folder. */
  reopen(): Promise<Domain>
  account(): Promise<AccountView>
  handOut(kind?: string): Promise<HandOut>
  /** How often the broker was asked to turn a code into a session. */
  exchanges(): number
  /** How often the audit tells of this. */
  recorded(action: string, result?: string): Promise<number>
}

/** The path at which each simulated broker turns a code into a session. */
export const exchangePath: Readonly<Record<string, string>> = {
  kite: '/session/token',
  upstox: '/v2/login/authorization/token',
}
/** The path that a probe reads. */
export const profilePath: Readonly<Record<string, string>> = {
  kite: '/user/profile',
  upstox: '/v2/user/profile',
}

/** A second person, beside the broker's demo user. */
export const otherUser = 'DM0042'

export async function openBed(broker: string, options: BedOptions = {}): Promise<Bed> {
  const { net, wrap, families = [], account, rateLimits = false } = options
  const isOwn = families.length === 0
  await using opening = new AsyncDisposableStack()
  const clock = new ManualClock(options.start ?? '2026-11-23T03:00:00Z')
  const simulator = opening.use(
    await startSimulator({
      port: 0,
      clock,
      rateLimits,
      modules: modulesOf(families),
    }),
  )
  if (isOwn) simulator.registerApp({ ...ownApp(broker), ...options.app })
  const name = { password: 'demo', name: 'Other Person', email: 'other@example.com' }
  simulator.addUser({ broker, userId: otherUser, totpSeed: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', ...name })
  const { home } = opening.use(newHome())
  const open = () =>
    openDomain({ home, clock, simulator, families, ...(net ? { net } : {}), ...(wrap ? { wrap } : {}) })
  let domain = await open()
  opening.defer(() => domain[Symbol.asyncDispose]())
  await domain.addAccount({ ...(isOwn ? withOwnApp(broker) : { broker }), ...account })
  const parts = opening.move()
  return {
    home,
    broker,
    clock,
    simulator,
    get domain() {
      return domain
    },
    async reopen() {
      await domain[Symbol.asyncDispose]()
      domain = await open()
      return domain
    },
    account: () => domain.desk.accounts.get(operator, 'demo'),
    async handOut(kind = 'access') {
      const body = await domain.desk.sessions.handOut(operator, 'demo', { kind })
      return JSON.parse(body.reveal()) as HandOut
    },
    exchanges: () => simulator.calls({ broker, method: 'POST', path: exchangePath[broker] }).length,
    async recorded(action, result) {
      const records = await domain.desk.audit.list(operator, { limit: 1000 })
      return records.filter((r) => r.action === action && (result === undefined || r.result === result))
        .length
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

/** Asserts that `work` fails with this code. */
export async function refused(work: Promise<unknown>, code: ErrorCode): Promise<void> {
  await assert.rejects(work, (error: { code?: unknown; message: string }) => {
    assert.equal(error.code, code, error.message)
    return true
  })
}
