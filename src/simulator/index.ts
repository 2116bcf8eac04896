import { type Clock, systemClock } from '../core/clock.ts'
import { BhorError } from '../core/errors.ts'
import { type Random, seededRandom, systemRandom } from '../core/random.ts'
import { type SimulatedBroker, simulate } from './broker.ts'
import { control } from './control.ts'
import { Faults } from './faults.ts'
import { History } from './history.ts'
import type { SimulatedBrokerModule } from './module.ts'
import { MovableClock } from './movable-clock.ts'
import { isLoopback, Notifier } from './notifier.ts'
import { logInAs } from './person.ts'
import { modules } from './registry.ts'
import { startServer } from './server.ts'
import type { AdoptedSession, Simulator } from './simulator.ts'
import { World } from './world.ts'

export { type Answer, jsonAnswer, redirectAnswer, withParams } from './answer.ts'
export type { SimulatedApp } from './apps.ts'
export { type Call, textOf } from './call.ts'
export { type Fault, type FaultKind, faultKinds } from './faults.ts'
export type { CallFilter, RecordedCall } from './history.ts'
export type { CallWindow } from './limits.ts'
export { sendBack } from './login-flow.ts'
export type {
  GuardedVisit,
  LoginPages,
  Refusal,
  RouteTable,
  SimulatedBrokerModule,
  Visit,
} from './module.ts'
export { moduleOf } from './module-of.ts'
export type { Person } from './person.ts'
export { demoUsers } from './registry.ts'
export type { SimulatedSession } from './sessions.ts'
export type { AdoptedSession, Simulator } from './simulator.ts'
export { opaqueToken } from './tokens.ts'
export { totpCode, totpMatches } from './totp.ts'
export type { SimulatedUser } from './users.ts'
export type { AskedApproval, IssuedCode, LoginUnderway, NewSession, World } from './world.ts'

export interface SimulatorOptions {
  /** The first broker's, 7890 when left out; the others have the ports behind it. 0 for any free ones. */
  readonly port?: number | undefined
  /** More brokers, behind bhor's own. */
  readonly modules?: readonly SimulatedBrokerModule[] | undefined
  /** `127.0.0.1` (default) or `::1`; nothing else is ever bound. */
  readonly host?: string | undefined
  /** What `slow` and `drip` wait on, and what the brokers' movable clock starts from. */
  readonly clock?: Clock | undefined
  /** Where tokens come from. */
  readonly random?: Random | undefined
  /** Decides which calls faults with a probability strike. The same seed and the same calls give the same faults. */
  readonly seed?: string | undefined
  /** False for measurements: the brokers' rate limits are off. */
  readonly rateLimits?: boolean | undefined
  /** Gets the warning that this is no broker, once. */
  readonly banner?: ((text: string) => void) | undefined
}

export const simulatorPort = 7890
const loopback = ['127.0.0.1', '::1']

/**
 * Starts the simulated brokers on loopback, each at an origin of its own, as the real ones behave: login pages, one-time codes, one session per app,
 * death at dawn, their error shapes and limits, and faults on demand. Everything is in memory, nothing is real.
 *
 * @throws BhorError `config_invalid` for an address that is not loopback, `port_in_use`
 *
 * @example
 * ```ts
 * await using simulator = await startSimulator({ port: 0 })
 * simulator.registerApp({ broker: 'kite', apiKey: 'key', apiSecret: 'secret', redirectUrl: 'http://127.0.0.1:7878/callback/kite' })
 * simulator.faults.add({ broker: 'kite', match: { path: '/session/token' }, kind: 'answer_lost' })
 * ```
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const {
    port = simulatorPort,
    host = '127.0.0.1',
    clock: base = systemClock,
    random = systemRandom,
  } = options
  if (!loopback.includes(host)) {
    throw new BhorError('config_invalid', 'The simulator binds 127.0.0.1 or ::1 only: it is no broker.')
  }
  const clock = new MovableClock(base)
  const now = () => clock.now()
  const post = (url: string, body: string, delayMs: number) => notifier.post(url, body, delayMs)
  const notifier = new Notifier(base)
  const brokers = new Map<string, SimulatedBroker>()
  for (const module of [...Object.values(modules), ...(options.modules ?? [])]) {
    const origin = () => originOf(module.id)
    const world = new World({ module, now, random, hasLimits: options.rateLimits ?? true, origin, post })
    brokers.set(module.id, simulate(module, world))
  }
  const faults = new Faults(seededRandom(`${options.seed ?? 'bhor'}:faults`))
  const history = new History()
  const server = await startServer({
    host,
    port,
    clock: base,
    now,
    dateMs: () => clock.dateMs(),
    brokers,
    faults,
    history,
    control: (call) => control({ simulator, brokers, armed: () => faults.armed() }, call),
  })
  const originOf = (id: string) => `http://${host.includes(':') ? `[${host}]` : host}:${server.ports.get(id)}`
  const [first = ''] = brokers.keys()
  const url = originOf(first)
  const { promise: closed, resolve: announceClosed } = Promise.withResolvers<void>()

  const worldOf = (id: string) => brokerOf(brokers, id).world
  const simulator: Simulator = {
    url,
    port: server.ports.get(first)!,
    brokers: [...brokers.keys()],
    hosts(id) {
      const roles = brokerOf(brokers, id).module.hostRoles
      return Object.fromEntries(roles.map((role) => [role, originOf(id)]))
    },
    registerApp(app) {
      const { module, world } = brokerOf(brokers, app.broker)
      const person = world.register(app)
      return module.accountOf?.(person) ?? {}
    },
    addUser: (user) => worldOf(user.broker).users.add(user),
    adoptSession(session) {
      const world = worldOf(session.broker)
      if (!world.users.get(session.userId))
        throw new BhorError('bad_field', 'The broker has no such user to adopt a session for.')
      const { apiKey, userId, accessToken, kind = 'access' } = session
      const expiresAt = instantOf(session)
      world.openSession({ kind, apiKey, userId, accessToken, expiresAt })
    },
    notifyAt({ broker, apiKey, notifierUrl }) {
      if (!isLoopback(notifierUrl))
        throw new BhorError('bad_field', 'The simulator posts to addresses of this computer only.')
      worldOf(broker).notifiers.set(apiKey, notifierUrl)
    },
    approvals: (id) => worldOf(id).approvals.all(),
    posted: () => notifier.settled(),
    killSession: (id, apiKey, kind = 'access') => worldOf(id).sessions.end({ kind, apiKey }),
    logIn: (id, loginUrl, person = {}) => logInAs(brokerOf(brokers, id), loginUrl, person),
    codeSentTo: (id, userId) => worldOf(id).codeSentTo(userId),
    clock,
    faults: { add: (fault) => faults.add(fault), clear: () => faults.clear() },
    calls: (filter) => history.calls(filter),
    clearCalls: () => history.clear(),
    async close() {
      notifier.close()
      await server.close()
      announceClosed()
    },
    closed,
    [Symbol.asyncDispose]: () => simulator.close(),
  }
  options.banner?.(bannerText([...brokers.values()]))
  return simulator
}

function brokerOf(brokers: ReadonlyMap<string, SimulatedBroker>, id: string): SimulatedBroker {
  const broker = brokers.get(id)
  if (!broker) throw new BhorError('broker_not_found', 'The simulator does not know this broker.')
  return broker
}

function instantOf({ expiresAt }: AdoptedSession): Temporal.Instant {
  try {
    return Temporal.Instant.from(expiresAt.toString())
  } catch (cause) {
    throw new BhorError('bad_field', 'expiresAt is not an instant such as 2026-11-24T00:30:00Z.', { cause })
  }
}

function bannerText(brokers: readonly SimulatedBroker[]): string {
  return [
    '************************************************************************',
    '*  BHOR SIMULATOR: NOT A BROKER, NO REAL MONEY, NO REAL ORDERS.         *',
    '*  Brokers are imitated here for tests. All of it is in memory and gone *',
    '*  when it stops. Never type real credentials into its pages.           *',
    '************************************************************************',
    ...brokers.map(({ module, world }) => `${module.name} listens on ${world.origin()}`),
  ].join('\n')
}
