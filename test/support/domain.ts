import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openAuditLog } from '../../src/audit/log.ts'
import { openRegistry } from '../../src/brokers/registry.ts'
import type { AccountView, AddAccount } from '../../src/contracts/api.ts'
import { hostsFor } from '../../src/contracts/broker-hosts.ts'
import type { Net } from '../../src/contracts/net.ts'
import type { Store } from '../../src/contracts/store.ts'
import type { ManualClock } from '../../src/core/clock.ts'
import { seededRandom, systemRandom } from '../../src/core/random.ts'
import { systemNet } from '../../src/net/system.ts'
import { Desk } from '../../src/session/desk.ts'
import type { SessionContext } from '../../src/session/ground/context.ts'
import { Feed } from '../../src/session/ground/feed.ts'
import { Flights } from '../../src/session/ground/flights.ts'
import { fullRights } from '../../src/session/ground/rights.ts'
import { keep } from '../../src/session/life/keeper.ts'
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
  readonly simulator: Simulator
  readonly net?: Net
  /** Brokers beside bhor's own; their sandbox accounts need their simulators too. */
  readonly families?: readonly Family[]
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

export async function openDomain(options: DomainOptions): Promise<Domain> {
  const { home, clock, simulator, families = [], net = systemNet, wrap = (store) => store } = options
  const registry = openRegistry({ configured: families.map(({ broker }) => broker) })
  await using opening = new AsyncDisposableStack()
  const store = opening.use(await openStore({ url: `sqlite:${join(home, 'bhor.db')}`, clock }))
  const { vault } = await openVault({ store, masterKey, random: systemRandom, clock })
  const seen = wrap(store)
  const context: SessionContext = {
    store: seen,
    vault,
    audit: openAuditLog({ store: seen, vault, clock }),
    net,
    clock,
    random: systemRandom,
    feed: await Feed.open(seen, clock),
    flights: new Flights(clock),
    sandbox: sandboxOf(simulator),
    redirectUrl: (broker) => `http://127.0.0.1:7878/callback/${broker}`,
    broker: (id) => registry.load(id),
    hosts: async (broker, { kind, fields }) =>
      kind === 'sandbox' ? simulator.hosts(broker.id) : hostsFor(broker, kind, fields),
  }
  const desk = new Desk(context)
  await keep(context, { isAlone: true })
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
    arrive(callbackUrl) {
      const url = new URL(callbackUrl)
      const broker = url.pathname.split('/').at(-1) ?? ''
      return desk.logins.complete(fullRights('broker', broker), broker, callbackOf(url.search.slice(1)))
    },
    async logIn(account, person = {}) {
      return domain.arrive(await domain.callbackFor(account, person))
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
  return domain
}

/** A new folder; with a copy of the database of another one, whose store is closed, when that is given. */
export function newHome(of?: string): { readonly home: string } & Disposable {
  const home = mkdtempSync(join(tmpdir(), 'bhor-domain-'))
  if (of !== undefined) copyFileSync(join(of, 'bhor.db'), join(home, 'bhor.db'))
  return { home, [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }) }
}
