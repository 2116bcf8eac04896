import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openAuditLog } from '../../src/audit/log.ts'
import { openRegistry } from '../../src/brokers/registry.ts'
import type { AccountView, AddAccount } from '../../src/contracts/api.ts'
import { hostsFor } from '../../src/contracts/broker-hosts.ts'
import type { Net } from '../../src/contracts/net.ts'
import type { FeedRecord, Store } from '../../src/contracts/store.ts'
import type { ManualClock } from '../../src/core/clock.ts'
import { JudgedClock } from '../../src/core/judged-clock.ts'
import { seededRandom, systemRandom } from '../../src/core/random.ts'
import { mirrorFiles } from '../../src/mirrors/files.ts'
import { systemNet } from '../../src/net/system.ts'
import { Desk } from '../../src/session/desk.ts'
import { Health } from '../../src/session/gate/health.ts'
import type { SessionContext } from '../../src/session/ground/context.ts'
import { Feed } from '../../src/session/ground/feed.ts'
import { Flights } from '../../src/session/ground/flights.ts'
import { inventoryKeys } from '../../src/session/ground/inventory-keys.ts'
import { RateLimits } from '../../src/session/ground/rate-limits.ts'
import { Refusals } from '../../src/session/ground/refusals.ts'
import { fullRights } from '../../src/session/ground/rights.ts'
import { Planner } from '../../src/session/keeper/planner.ts'
import { callbackOf } from '../../src/session/login/callback.ts'
import type { Simulator } from '../../src/simulator/index.ts'
import { openStore } from '../../src/stores/open.ts'
import { masterKeyOf } from '../../src/vault/master-key.ts'
import { openVault } from '../../src/vault/open.ts'
import type { Family } from '../contract-families/family.ts'
import { sandboxOf } from './world.ts'

const masterKey = masterKeyOf(seededRandom('master key of the tests').bytes(32), 'test')

export const operator = fullRights('operator')

export interface DomainOptions {
  readonly home: string
  readonly clock: ManualClock
  readonly simulator: Pick<Simulator, 'hosts' | 'registerApp' | 'adoptSession' | 'logIn'>
  readonly net?: Net
  /** Who says by which address an account leaves. */
  readonly egressEcho?: SessionContext['egressEcho']
  /** Brokers beside bhor's own; their sandbox accounts need their simulators too. */
  readonly families?: readonly Pick<Family, 'broker'>[]
  /** What the domain sees instead of the store. */
  readonly wrap?: (store: Store) => Store
}

/** Store, vault, audit log and domain, started as the app starts them, with the parts open to tests. */
export interface Domain extends AsyncDisposable {
  readonly context: SessionContext
  readonly desk: Desk
  /** The store itself, unwrapped. */
  readonly store: Store
  addAccount(input?: Partial<AddAccount>): Promise<AccountView>
  /** The address to which the broker sends the browser. */
  callbackFor(account: string, person?: { userId?: string; cancels?: boolean }): Promise<string>
  arrive(callbackUrl: string): Promise<AccountView>
  logIn(account: string, person?: { userId?: string; cancels?: boolean }): Promise<AccountView>
}

/** What a test decides of a context; the rest follows from it. */
export type ContextParts = Pick<
  SessionContext,
  | 'store'
  | 'vault'
  | 'net'
  | 'clock'
  | 'random'
  | 'sandbox'
  | 'broker'
  | 'hosts'
  | 'egressEcho'
  | 'mirrorFiles'
>

/** A context as the app makes it. */
export async function contextOver(parts: ContextParts): Promise<SessionContext> {
  const { vault, clock, broker } = parts
  const health = new Health(clock)
  const store = health.over(parts.store)
  const feed = await Feed.open(store, clock)
  const tell = (events: readonly FeedRecord[]) => void feed.committed(events)
  const audit = openAuditLog({ store, vault, clock, tell })
  const refusals = new Refusals(audit, clock)
  return {
    ...parts,
    store,
    audit,
    feed,
    flights: new Flights(clock),
    health,
    planner: new Planner(broker),
    refusals,
    rateLimits: new RateLimits(refusals, clock),
    redirectUrl: (id) => `http://127.0.0.1:7878/callback/${id}`,
    linkTo: (path) => `http://127.0.0.1:7878${path}`,
  }
}

export async function openDomain(options: DomainOptions): Promise<Domain> {
  const { home, clock, simulator, families = [], net = systemNet, wrap = (store) => store } = options
  const { egressEcho } = options
  const registry = openRegistry({ configured: families.map(({ broker }) => broker) })
  await using opening = new AsyncDisposableStack()
  const store = opening.use(await openStore({ url: `sqlite:${join(home, 'bhor.db')}`, clock }))
  const judged = new JudgedClock(clock)
  const { vault } = await openVault({ store, masterKey, random: systemRandom, clock })
  await store.takeInventory(inventoryKeys(vault, systemRandom), {
    seen: { seq: 0, mac: '', version: 0 },
    folder: 'here',
    onSeen() {},
    onRollback() {},
  })
  const context = await contextOver({
    store: wrap(store),
    vault,
    net,
    clock: judged,
    random: systemRandom,
    ...(egressEcho ? { egressEcho } : {}),
    mirrorFiles: mirrorFiles({ home, random: systemRandom, timeZone: 'UTC' }),
    sandbox: sandboxOf(simulator),
    broker: (id) => registry.load(id),
    hosts: async (broker, { kind, fields }) =>
      kind === 'sandbox' ? simulator.hosts(broker.id) : hostsFor(broker, kind, fields),
  })
  const desk = new Desk(context)
  const [last] = await store.audit.latest(1)
  if (last) judged.notBefore(last.atMs)
  await desk.keeper.start(true)
  const parts = opening.move()
  const domain: Domain = {
    context,
    desk,
    store,
    addAccount: (input = {}) =>
      desk.accounts.add(operator, { account: 'demo', broker: 'kite', kind: 'sandbox', ...input }),
    async callbackFor(account, person = {}) {
      const { url } = await desk.logins.start(operator, account, { via: 'api' })
      const { broker } = await desk.accounts.get(operator, account)
      return simulator.logIn(broker, url!, person)
    },
    async arrive(callbackUrl) {
      const url = new URL(callbackUrl)
      const broker = url.pathname.split('/').at(-1) ?? ''
      const principal = fullRights('broker', broker)
      return (await desk.logins.complete(principal, broker, callbackOf(url.search.slice(1)))).account
    },
    async logIn(account, person = {}) {
      return domain.arrive(await domain.callbackFor(account, person))
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
  return domain
}

/** A new folder, in the usual place when none is named; with a copy of the database of another one, whose store is closed, when that is given. */
export function newHome(of?: string, place = tmpdir()): { readonly home: string } & Disposable {
  const home = mkdtempSync(join(place, 'bhor-domain-'))
  if (of !== undefined) copyFileSync(join(of, 'bhor.db'), join(home, 'bhor.db'))
  return { home, [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }) }
}
