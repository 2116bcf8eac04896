import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Wires } from '../../src/alerts/dialler.ts'
import { type App, openApp } from '../../src/app/open.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { AccountView, AddAccount } from '../../src/contracts/api.ts'
import type { Net } from '../../src/contracts/net.ts'
import type { Sandbox } from '../../src/contracts/sandbox.ts'
import { ManualClock } from '../../src/core/clock.ts'
import { type Random, systemRandom } from '../../src/core/random.ts'
import { systemNet } from '../../src/net/system.ts'
import { fullRights } from '../../src/session/ground/rights.ts'
import { callbackOf } from '../../src/session/login/callback.ts'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { type Family, modulesOf } from '../contract-families/family.ts'

export interface WorldOptions {
  /** Monday morning in India when left out: 2026-11-23 08:30 IST. */
  readonly start?: string
  readonly net?: Net
  readonly random?: Random
  /** Another database; SQLite in the world's own folder when left out. */
  readonly databaseUrl?: string
  /** The folder of an earlier world, to start bhor again on it. */
  readonly home?: string
  readonly simulator?: Simulator
  readonly clock?: ManualClock
  /** How alerts reach the network. */
  readonly alertWires?: Wires
  /** Where its doors will be; a free port when left out. */
  readonly port?: number
  /** Brokers beside bhor's own, brought by the configuration, with their simulators. */
  readonly families?: readonly Family[]
  /** More of the configuration: options such as `BHOR_ROLL_CALL_ACCOUNTS`. */
  readonly env?: Readonly<Record<string, string>>
  /** More lines of `config.toml`. */
  readonly config?: string
}

/** A whole bhor and its brokers in this process: a real store in a temporary folder, a manual clock, real sockets. */
export interface World extends AsyncDisposable {
  readonly home: string
  readonly clock: ManualClock
  readonly simulator: Simulator
  readonly app: App
  /** Lets time pass for bhor and the brokers alike. */
  advance(ms: number): Promise<void>
  addAccount(input?: Partial<AddAccount>): Promise<AccountView>
  /** A whole login, the way a person does it; resolves with the account afterwards. */
  logIn(account: string, person?: { userId?: string; cancels?: boolean }): Promise<AccountView>
  /** The address to which the broker sends the browser, without going there. */
  callbackFor(account: string, person?: { userId?: string; cancels?: boolean }): Promise<string>
  /** What the browser's arrival there does. */
  arrive(callbackUrl: string): Promise<AccountView>
  /** Stops bhor and starts it again on the same folder; the brokers go on. */
  restart(meanwhile?: () => unknown): Promise<App>
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const clock = options.clock ?? new ManualClock(options.start ?? '2026-11-23T03:00:00Z')
  await using opening = new AsyncDisposableStack()
  const { families = [] } = options
  const modules = modulesOf(families)
  const simulator =
    options.simulator ?? opening.use(await startSimulator({ port: 0, clock, rateLimits: false, modules }))
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'bhor-test-'))
  if (options.home === undefined) opening.defer(() => rmSync(home, { recursive: true, force: true }))
  const config = configOf(families) + (options.config ?? '')
  if (config !== '') writeFileSync(join(home, 'config.toml'), config, { mode: 0o600 })
  const open = () =>
    openApp({
      config: loadConfig({
        env: {
          BHOR_HOME: home,
          ...options.env,
          ...(options.databaseUrl === undefined ? {} : { BHOR_DATABASE_URL: options.databaseUrl }),
        },
        flags: { port: options.port ?? 0 },
      }),
      clock,
      // The clock of the whole world, databases included.
      leaseClock: clock,
      random: options.random ?? systemRandom,
      net: options.net ?? systemNet,
      ...(options.alertWires ? { alertWires: options.alertWires } : {}),
      sandbox: () => sandboxOf(simulator),
    })
  let app = await open()
  opening.defer(() => app[Symbol.asyncDispose]())
  const parts = opening.move()
  const world: World = {
    home,
    clock,
    simulator,
    get app() {
      return app
    },
    advance: (ms) => clock.advance(ms),
    addAccount: (input = {}) =>
      app.desk.accounts.add(app.operator, { account: 'demo', broker: 'kite', kind: 'sandbox', ...input }),
    async callbackFor(account, person = {}) {
      const started = await app.desk.logins.start(app.operator, account, { via: 'api' })
      const { broker } = await app.desk.accounts.get(app.operator, account)
      return simulator.logIn(broker, started.url!, person)
    },
    async arrive(callbackUrl) {
      const url = new URL(callbackUrl)
      const broker = url.pathname.split('/').at(-1) ?? ''
      const principal = fullRights('broker', broker)
      return (await app.desk.logins.complete(principal, broker, callbackOf(url.search.slice(1)))).account
    },
    async logIn(account, person = {}) {
      return world.arrive(await world.callbackFor(account, person))
    },
    async restart(meanwhile) {
      await app[Symbol.asyncDispose]()
      await meanwhile?.()
      app = await open()
      return app
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
  return world
}

/** The lines of `config.toml` that bring these adapters. */
export function configOf(families: readonly Family[]): string {
  return families
    .map(({ broker, file }) => `[brokers.${broker.id}]\nmodule = ${JSON.stringify(file)}\n`)
    .join('')
}

/** A simulator that runs already, as the sandbox of an app. */
export function sandboxOf(
  simulator: Pick<Simulator, 'hosts' | 'registerApp' | 'adoptSession'> & Partial<Pick<Simulator, 'notifyAt'>>,
): Sandbox {
  return {
    hosts: async (broker) => simulator.hosts(broker),
    register: async (app) => simulator.registerApp(app),
    notifyAt: async (app) => simulator.notifyAt?.(app),
    adopt: async ({ expiresAtMs, ...session }) =>
      simulator.adoptSession({ ...session, expiresAt: Temporal.Instant.fromEpochMilliseconds(expiresAtMs) }),
  }
}
