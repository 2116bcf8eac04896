import type { Wires } from '../alerts/dialler.ts'
import { openAuditLog } from '../audit/log.ts'
import { openRegistry } from '../brokers/registry.ts'
import type { Config } from '../config/load.ts'
import { refuseOtherHandsOn } from '../config/other-hands.ts'
import type { ChangeMaster, MasterChanged } from '../contracts/api.ts'
import type { Actor } from '../contracts/audit.ts'
import type { Broker } from '../contracts/broker.ts'
import { hostsFor } from '../contracts/broker-hosts.ts'
import type { Net } from '../contracts/net.ts'
import type { Sandbox, SimulatedBrokerModule } from '../contracts/sandbox.ts'
import { masterKeyIdName } from '../contracts/secrets.ts'
import type { AccountRecord, Store } from '../contracts/store.ts'
import { type Clock, systemClock } from '../core/clock.ts'
import { BhorError, toBhorError } from '../core/errors.ts'
import { JudgedClock } from '../core/judged-clock.ts'
import { type Random, systemRandom } from '../core/random.ts'
import type { ShiftedClock } from '../core/shifted-clock.ts'
import { mirrorFiles } from '../mirrors/files.ts'
import { systemNet } from '../net/system.ts'
import { Desk } from '../session/desk.ts'
import { Health } from '../session/gate/health.ts'
import type { BackupMade } from '../session/ground/backup-state.ts'
import { entryOf } from '../session/ground/change.ts'
import type { Porch, SessionContext } from '../session/ground/context.ts'
import { Feed } from '../session/ground/feed.ts'
import { Flights } from '../session/ground/flights.ts'
import { Pace } from '../session/ground/pace.ts'
import { RateLimits } from '../session/ground/rate-limits.ts'
import { Refusals } from '../session/ground/refusals.ts'
import { settleRestored } from '../session/ground/restored.ts'
import { fullRights, type Principal } from '../session/ground/rights.ts'
import { acceptRollback } from '../session/ground/rollback.ts'
import { endFlights } from '../session/keeper/lost.ts'
import { Planner } from '../session/keeper/planner.ts'
import { unknownHint, unknownText } from '../session/morning/roll-call.ts'
import { openStore } from '../stores/open.ts'
import { prepareFolder } from '../stores/sqlite/file-checks.ts'
import { hasVault, openVault } from '../vault/open.ts'
import { type Adapter, loadAdapters } from './adapters.ts'
import { alertingWith } from './alerting.ts'
import { pruneAudit } from './audit/export.ts'
import { Backups } from './backup/backups.ts'
import { backupOld } from './backup/before-migrating.ts'
import { StoreCounter } from './counter.ts'
import { checkHosts } from './hosts.ts'
import { changeMaster } from './master-change.ts'
import { isStoreExpected, type KeyStore, loadMasterKey } from './master-key.ts'
import { refuseOtherThanSandbox, sandboxEcho, sandboxHosts } from './sandbox.ts'
import { secretSources } from './secret-sources.ts'
import { type Service, services, startServices } from './services.ts'
import { logTokens } from './token-log.ts'

export interface AppOptions {
  readonly config: Config
  readonly clock?: Clock
  /** The same, where somebody moves it to try things out: only accounts at the simulator live by such a time. */
  readonly movableClock?: ShiftedClock
  /** Whose time leases go by where a database is shared: its own when left out. */
  readonly leaseClock?: Clock
  readonly random?: Random
  readonly net?: Net
  /** How alerts reach the network; the machine's own way when left out. */
  readonly alertWires?: Wires
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
  readonly clock: JudgedClock
  readonly random: Random
  readonly brokerIds: readonly string[]
  /** From outside the repository, for whoever wants to know what code runs here. */
  readonly adapters: readonly Adapter[]
  /** Their simulated brokers by id, for whoever starts the simulator. */
  readonly simulators: Readonly<Record<string, SimulatedBrokerModule>>
  /** The master key's file, when this start made it. */
  readonly newKeyFile: string | undefined
  readonly backups: Backups
  /** See `master-change.ts`. @throws BhorError `scope_missing`, `key_unusable`, `key_wrong` */
  changeMaster(principal: Principal, wish: ChangeMaster): Promise<MasterChanged>
  /** Said by a door that listens: where it is reached, until it closes. */
  opened(door: string, origin: string): Disposable
  /** Where the page and the callbacks of brokers are reached. */
  readonly origin: string
  /** Everything at once; for the person at this computer. */
  readonly operator: Principal
  /** See `session/ground/rollback.ts`. @throws BhorError `scope_missing` */
  acceptRollback(principal: Principal): Promise<string | undefined>
  record(
    actor: Actor,
    action: 'server.start' | 'server.stop',
    detail?: Record<string, string | number>,
  ): Promise<void>
}

/** The doors have waited for what is under way already. */
const lastMomentMs = 500
const hourMs = 60 * 60_000

/** @throws BhorError `store_…`, `key_…`, `config_invalid`, `adapter_invalid`, `permissions_too_wide` */
export async function openApp(options: AppOptions): Promise<App> {
  const { config, random = systemRandom, net = systemNet, sandbox, movableClock } = options
  const clock = new JudgedClock(movableClock ?? options.clock ?? systemClock)
  const log = options.log ?? (() => {})
  prepareFolder(config.home)
  refuseOtherHandsOn(config.home)
  const adapters = await loadAdapters(config.brokers, config.home)
  const registry = openRegistry({ configured: adapters.map(({ broker }) => broker) })
  await checkHosts(config.hosts, registry)
  await using opening = new AsyncDisposableStack()
  const health = new Health(clock)
  let masterKeyOf: ReturnType<typeof loadMasterKey> | undefined
  const masterKeyFor = (store: KeyStore) =>
    (masterKeyOf ??= loadMasterKey(config, store, random, options.askPassphrase))
  let before: Omit<BackupMade, 'atMs'> | undefined
  const opened = opening.use(
    await openStore({
      url: config.databaseUrl.reveal(),
      clock,
      isExpected: isStoreExpected(config),
      ...(config.backupDir === undefined
        ? {}
        : {
            beforeMigrating: async (old) => {
              if (!(await hasVault(old))) return
              const { masterKey } = await masterKeyFor({ ...old, transaction: notYet })
              before = await backupOld(old, config, { clock, random, masterKey })
            },
          }),
      ...(options.leaseClock ? { leaseClock: options.leaseClock } : {}),
    }),
  )
  const store = health.over(opened)
  const { masterKey, newFile } = await masterKeyFor(store)
  const { vault, created } = await openVault({ store, masterKey, random, clock })
  const configured = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${config.port}`
  const feed = await Feed.open(store, clock)
  const counter = opening.use(
    await StoreCounter.open({
      store,
      vault,
      clock,
      random,
      home: config.home,
      onRollback(text) {
        log('error', text)
        feed.stir()
      },
      onFault(error) {
        // Its stack would say nothing more: a full disk, a folder that became read-only.
        log('error', `The counter file could not be written. ${toBhorError(error).message}`)
      },
    }),
  )
  const origins = new Map<string, string>()
  const originNow = () => origins.get('desk') ?? configured
  const audit = openAuditLog({ store, vault, clock, tell: (events) => void feed.committed(events) })
  const refusals = new Refusals(audit, clock)
  const context: SessionContext = {
    store,
    vault,
    audit,
    net,
    clock,
    random,
    feed,
    flights: new Flights(clock),
    health,
    planner: new Planner((id) => registry.load(id)),
    refusals,
    rateLimits: new RateLimits(refusals, clock),
    pace: new Pace(clock),
    secretSources: secretSources(config.secretCommands),
    mirrorFiles: mirrorFiles({
      home: config.home,
      random,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    }),
    hygiene: {
      sessionUnusedMs: config.unusedSessionHours * hourMs,
      keyUnusedMs: config.unusedKeyDays * 24 * hourMs,
      revokesUnusedKeys: config.revokeUnusedKeys,
    },
    morning: config.rollCall,
    alerting: {
      ...alertingWith(config, clock, random, options.alertWires),
      lastBackupAtMs: () => backups.lastAtMs(),
    },
    staying: {
      isKept: config.trustBrowsers,
      longestMs: config.signInHours * hourMs,
      idleMs: config.signInIdleMinutes * 60_000,
    },
    onlySandbox: movableClock !== undefined,
    ...(sandbox
      ? { sandbox: sandbox(adapters.flatMap(({ simulator }) => (simulator ? [simulator] : []))) }
      : {}),
    redirectUrl: (broker) => `${originNow()}/callback/${broker}`,
    linkTo: (path) => `${context.porch?.()?.url ?? originNow()}${path}`,
    porch: () => porchNow(config.porch, origins.get('porch')),
    broker: (id) => registry.load(id),
    hosts: (broker, account) => hostsOf(broker, account, config, context),
    egressEcho: async ({ kind, broker }) =>
      kind === 'sandbox' ? [await sandboxEcho(context, await registry.load(broker))] : config.egressEcho,
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
  const [last] = await store.audit.latest(1)
  if (movableClock) {
    await refuseOtherThanSandbox(store)
    opening.use(movableClock.onMove(() => void clock.nowMs()))
    movableClock.move(Math.max(0, (last?.atMs ?? 0) - clock.nowMs()))
  }
  if (last) clock.notBefore(last.atMs)
  const backups: Backups = new Backups(context, config, vault.copies)
  if (before) await backups.note(before)
  await settleRestored(context)
  opening.use(learnsRing(context, log))
  opening.use(logTokens(context, log))
  const { unknown } = await desk.rollCall.roster()
  if (unknown.length > 0) log('warn', `${unknownText(unknown)} ${unknownHint}`)
  await desk.keeper.start(!store.isShared)
  await desk.courier.start()
  opening.use(startServices(desk, log, [...services, backups.service, retention(context, config)]))
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
    backups,
    changeMaster: (principal, wish) => changeMaster({ context, vault, config }, principal, wish),
    opened(door, origin) {
      origins.set(door, origin)
      return { [Symbol.dispose]: () => void origins.delete(door) }
    },
    get origin() {
      return originNow()
    },
    operator,
    record,
    async acceptRollback(principal) {
      // What is given up must stand in the file: a crash behind the commit would have it accepted twice.
      await counter.write()
      const accepted = await acceptRollback(context, principal)
      await counter.write()
      return accepted
    },
    async [Symbol.asyncDispose]() {
      await endFlights(context, lastMomentMs).catch((err: unknown) =>
        log('error', 'What was under way could not be told as lost.', { err }),
      )
      await refusals
        .end()
        .catch((err: unknown) => log('error', 'Refusals that were counted could not be recorded.', { err }))
      await parts.disposeAsync()
    },
  }
}

/** Without a url it is reached as it listens, on this computer; the simulator speaks no TLS. */
function porchNow(porch: Config['porch'], listening: string | undefined): Porch | undefined {
  if (!porch) return undefined
  const { host, port, tls } = porch
  const named = `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`
  return { url: porch.url ?? listening ?? named, local: tls ? undefined : listening }
}

/** A store that is about to be brought to a newer schema has its key already. */
function notYet(): never {
  throw new BhorError('internal', 'A store was to be written before it has its schema.')
}

/** Prunes what the operator wants to be pruned and has exported. */
function retention(context: SessionContext, { auditRetentionDays: days = 0 }: Config): Service {
  return {
    name: 'retention of the audit',
    everyMs: hourMs,
    isNeeded: () => days > 0,
    run: (_desk, isStopped) => pruneAudit(context, context.clock.nowMs() - days * 24 * hourMs, isStopped),
  }
}

/** What another server did to the keys is learnt as soon as it is told, and at the latest when it is needed. */
function learnsRing({ feed, store, vault }: SessionContext, log: NonNullable<AppOptions['log']>): Disposable {
  return feed.subscribe((events) => {
    if (!events.some(({ action }) => action === 'vault.rotate' || action === 'vault.master')) return
    const learn = async () => {
      vault.learn(await store.keyring.list())
      if ((await store.meta.get(masterKeyIdName)) === vault.masterKeyId) return
      log(
        'error',
        'The master key was changed. Give this server the new one: it does not start with the old.',
      )
    }
    learn().catch((error: unknown) =>
      log('error', `The keys of the vault have changed. ${toBhorError(error).message}`),
    )
  })
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
