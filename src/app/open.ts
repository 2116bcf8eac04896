import { openAuditLog } from '../audit/log.ts'
import { brokerIds, loadBroker } from '../brokers/registry.ts'
import type { Config } from '../config/load.ts'
import type { Actor } from '../contracts/audit.ts'
import type { Broker } from '../contracts/broker.ts'
import type { Net } from '../contracts/net.ts'
import type { Sandbox } from '../contracts/sandbox.ts'
import type { AccountKind, Store } from '../contracts/store.ts'
import { type Clock, systemClock } from '../core/clock.ts'
import { type Random, systemRandom } from '../core/random.ts'
import { systemNet } from '../net/system.ts'
import { Changes } from '../session/changes.ts'
import { entryOf, type Principal, type SessionContext } from '../session/context.ts'
import { Desk } from '../session/desk.ts'
import { keep, tickMs } from '../session/keeper.ts'
import { openStore } from '../stores/open.ts'
import { openVault } from '../vault/open.ts'
import { checkHosts } from './hosts.ts'
import { loadMasterKey } from './master-key.ts'
import { sandboxHosts } from './sandbox.ts'

export interface AppOptions {
  readonly config: Config
  readonly clock?: Clock
  readonly random?: Random
  readonly net?: Net
  readonly sandbox?: Sandbox
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

/** The principal of a trusted caller. */
export function fullRights(kind: Actor['kind'], id = ''): Principal {
  return { actor: { kind, id }, scopes: new Set(['admin']), accountIds: null }
}

/** @throws BhorError `store_…`, `key_…`, `config_invalid` */
export async function openApp(options: AppOptions): Promise<App> {
  const { config, clock = systemClock, random = systemRandom, net = systemNet, sandbox } = options
  const log = options.log ?? (() => {})
  await checkHosts(config.hosts)
  await using opening = new AsyncDisposableStack()
  const store = opening.use(await openStore({ url: config.databaseUrl.reveal(), clock }))
  const { masterKey, newFile } = await loadMasterKey(config, store, random, options.askPassphrase)
  const { vault, created } = await openVault({ store, masterKey, random, clock })
  const changes = new Changes(clock.nowMs())
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
    changes,
    ...(sandbox ? { sandbox } : {}),
    redirectUrl: (broker) => `${originNow()}/callback/${broker}`,
    broker: loadBroker,
    hosts: (broker, kind) => hostsOf(broker, kind, config, context),
  }
  const desk = new Desk(context)
  const operator = fullRights('operator')
  const record: App['record'] = (actor, action, detail) =>
    context.audit.record(
      entryOf(context, actor, undefined, { action, result: 'ok', ...(detail ? { detail } : {}) }),
    )
  if (created) {
    await context.audit.record(
      entryOf(context, operator.actor, undefined, {
        action: 'vault.create',
        result: 'ok',
        detail: { key: vault.keyId },
      }),
    )
  }
  await keep(context, { isAlone: store.engine === 'sqlite' })
  opening.use(startKeeper(desk, log))
  const parts = opening.move()
  return {
    config,
    desk,
    store,
    clock,
    random,
    brokerIds,
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
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

function startKeeper(desk: Desk, log: NonNullable<AppOptions['log']>): AsyncDisposable {
  const { context } = desk
  let isStopped = false
  let running = Promise.resolve()
  let timer: Disposable | undefined
  const schedule = () => {
    timer = context.clock.after(tickMs, () => {
      running = keep(context, { isAlone: false })
        .then(() => desk.settleDoubts(() => isStopped))
        .catch((error: unknown) =>
          log('error', 'The keeper could not look after the sessions.', { err: error }),
        )
        .finally(() => {
          if (!isStopped) schedule()
        })
    })
  }
  schedule()
  return {
    async [Symbol.asyncDispose]() {
      isStopped = true
      timer?.[Symbol.dispose]()
      await running
    },
  }
}

async function hostsOf(
  broker: Broker,
  kind: AccountKind,
  config: Config,
  context: SessionContext,
): Promise<Record<string, string>> {
  if (kind === 'sandbox') return sandboxHosts(context, broker)
  return { ...broker.hosts, ...config.hosts[broker.id] }
}
