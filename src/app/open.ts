import { openAuditLog } from '../audit/log.ts'
import { openRegistry } from '../brokers/registry.ts'
import type { Config } from '../config/load.ts'
import { refuseOtherHandsOn } from '../config/other-hands.ts'
import type { Actor } from '../contracts/audit.ts'
import type { Broker } from '../contracts/broker.ts'
import { hostsFor } from '../contracts/broker-hosts.ts'
import type { Net } from '../contracts/net.ts'
import type { Sandbox, SimulatedBrokerModule } from '../contracts/sandbox.ts'
import type { AccountRecord, Store } from '../contracts/store.ts'
import { type Clock, systemClock } from '../core/clock.ts'
import { type Random, systemRandom } from '../core/random.ts'
import { systemNet } from '../net/system.ts'
import { Desk } from '../session/desk.ts'
import { entryOf } from '../session/ground/change.ts'
import type { SessionContext } from '../session/ground/context.ts'
import { Feed } from '../session/ground/feed.ts'
import { Flights } from '../session/ground/flights.ts'
import { fullRights, type Principal } from '../session/ground/rights.ts'
import { endFlights, keep } from '../session/life/keeper.ts'
import { openStore } from '../stores/open.ts'
import { prepareFolder } from '../stores/sqlite/file-checks.ts'
import { openVault } from '../vault/open.ts'
import { type Adapter, loadAdapters } from './adapters.ts'
import { checkHosts } from './hosts.ts'
import { isStoreExpected, loadMasterKey } from './master-key.ts'
import { sandboxHosts } from './sandbox.ts'
import { startServices } from './services.ts'

export interface AppOptions {
  readonly config: Config
  readonly clock?: Clock
  readonly random?: Random
  readonly net?: Net
  /** Gets the simulators that adapters from outside bring. */
  readonly sandbox?: (simulators: readonly SimulatedBrokerModule[]) => Sandbox
  /** Asks a person for the passphrase; absent where nobody can be asked. */
  readonly askPassphrase?: (isNew: boolean) => Promise<string>
  /** For what an operator should know while bhor runs. Never holds a secret. */
  readonly log?: (
    level: 'info' | 'warn' | 'error',
    text: string,
    facts?: Readonly<Record<string, unknown>>,
  ) => void
}

/** A whole bhor without a listener: store, vault, audit, domain and keeper, put together. */
export interface App extends AsyncDisposable {
  readonly config: Config
  readonly desk: Desk
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly brokerIds: readonly string[]
  /** From outside the repository, for whoever wants to know what code runs here. */
  readonly adapters: readonly Adapter[]
  /** Their simulated brokers by id, for whoever starts the simulator. */
  readonly simulators: Readonly<Record<string, SimulatedBrokerModule>>
  /** The master key's file, when this start made it. */
  readonly newKeyFile: string | undefined
  /** Said by a door that listens: where it is reached, until it closes. */
  opened(door: string, origin: string): Disposable
  /** Where the page and the callbacks of brokers are reached. */
  readonly origin: string
  /** Everything at once; for the person at this computer. */
  readonly operator: Principal
  record(
    actor: Actor,
    action: 'server.start' | 'server.stop' | 'desk.sign_in' | 'desk.sign_out',
    detail?: Record<string, string | number>,
  ): Promise<void>
}

/** The doors have waited for what is under way already. */
const lastMomentMs = 500

/** @throws BhorError `store_…`, `key_…`, `config_invalid`, `adapter_invalid`, `permissions_too_wide` */
export async function openApp(options: AppOptions): Promise<App> {
  const { config, clock = systemClock, random = systemRandom, net = systemNet, sandbox } = options
  const log = options.log ?? (() => {})
  prepareFolder(config.home)
  refuseOtherHandsOn(config.home)
  const adapters = await loadAdapters(config.brokers, config.home)
  const registry = openRegistry({ configured: adapters.map(({ broker }) => broker) })
  await checkHosts(config.hosts, registry)
  await using opening = new AsyncDisposableStack()
  const store = opening.use(
    await openStore({ url: config.databaseUrl.reveal(), clock, isExpected: isStoreExpected(config) }),
  )
  const { masterKey, newFile } = await loadMasterKey(config, store, random, options.askPassphrase)
  const { vault, created } = await openVault({ store, masterKey, random, clock })
  const configured = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${config.port}`
  const origins = new Map<string, string>()
  const originNow = () => origins.get('desk') ?? configured
  const context: SessionContext = {
    store,
    vault,
    audit: openAuditLog({ store, vault, clock }),
    net,
    clock,
    random,
    feed: await Feed.open(store, clock),
    flights: new Flights(clock),
    ...(sandbox
      ? { sandbox: sandbox(adapters.flatMap(({ simulator }) => (simulator ? [simulator] : []))) }
      : {}),
    redirectUrl: (broker) => `${originNow()}/callback/${broker}`,
    broker: (id) => registry.load(id),
    hosts: (broker, account) => hostsOf(broker, account, config, context),
  }
  const desk = new Desk(context)
  const operator = fullRights('operator')
  const record: App['record'] = (actor, action, detail) =>
    context.audit.record(entryOf(context, { actor, action, result: 'ok', ...(detail ? { detail } : {}) }))
  if (created) {
    const detail = { key: vault.keyId }
    await context.audit.record(
      entryOf(context, { actor: operator.actor, action: 'vault.create', result: 'ok', detail }),
    )
  }
  await keep(context, { isAlone: store.engine === 'sqlite' })
  opening.use(startServices(desk, log))
  const parts = opening.move()
  return {
    config,
    desk,
    store,
    clock,
    random,
    brokerIds: registry.ids(),
    adapters,
    simulators: Object.fromEntries(
      adapters.flatMap(({ id, simulator }) => (simulator ? [[id, simulator]] : [])),
    ),
    newKeyFile: newFile,
    opened(door, origin) {
      origins.set(door, origin)
      return { [Symbol.dispose]: () => void origins.delete(door) }
    },
    get origin() {
      return originNow()
    },
    operator,
    record,
    async [Symbol.asyncDispose]() {
      await endFlights(context, lastMomentMs).catch((err: unknown) =>
        log('error', 'What was under way could not be told as lost.', { err }),
      )
      await parts.disposeAsync()
    },
  }
}

function hostsOf(
  broker: Broker,
  { kind, fields }: Pick<AccountRecord, 'kind' | 'fields'>,
  config: Config,
  context: SessionContext,
): Promise<Readonly<Record<string, string>>> {
  return kind === 'sandbox'
    ? sandboxHosts(context, broker)
    : Promise.resolve(hostsFor(broker, kind, fields, config.hosts[broker.id]))
}
