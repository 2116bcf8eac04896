import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exchange, readReply } from '../../src/cli/wire.ts'
import type { KeyAdded, LoginStarted } from '../../src/contracts/api.ts'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { builtCommand } from './built.ts'
import { type Program, startProgram } from './program.ts'

export interface DeskOptions {
  /** Another entry than the built command line. */
  readonly command?: string
  /** PostgreSQL instead of a file in the folder. */
  readonly databaseUrl?: string
  /** One more server on the database of this one, with its master key and its brokers. It has run once. */
  readonly beside?: BenchDesk
}

/** A built `bhor serve` in a folder of its own; its brokers live in this process, so that they outlive it. */
export interface BenchDesk extends AsyncDisposable {
  readonly home: string
  readonly env: Record<string, string>
  readonly port: number
  readonly simulator: Simulator
  readonly server: Program
  /** From the next start on bhor reaches the simulated broker at `origin` through `proxy`, which passes everything on. */
  throughProxy(origin: string, proxy: string): void
  /** Starts the server (again). */
  start(): Promise<void>
  /** Ends it the ordinary way. */
  stop(): Promise<void>
  /** Ends it at once, whatever it does. */
  kill(): Promise<void>
  /** Asks the desk's API over the operator's socket. */
  ask(method: string, path: string, body?: unknown): Promise<unknown>
  /** Adds a live account whose broker is the simulator. */
  addAccount(account: string, broker?: 'kite' | 'upstox', fields?: Record<string, string>): Promise<void>
  /** The address to which the broker sends the browser after a login. */
  callbackFor(account: string, broker?: 'kite' | 'upstox'): Promise<string>
  /** A whole login. */
  logIn(account: string, broker?: 'kite' | 'upstox'): Promise<void>
  /** A new client key. */
  addKey(name: string, scopes?: readonly string[]): Promise<string>
}

export async function openDesk(options: DeskOptions = {}): Promise<BenchDesk> {
  await using opening = new AsyncDisposableStack()
  const { beside } = options
  const simulator = beside?.simulator ?? opening.use(await startSimulator({ port: 0, rateLimits: false }))
  const home = opening.adopt(mkdtempSync(join(tmpdir(), 'bhor-bench-')), (folder) =>
    rmSync(folder, { recursive: true, force: true }),
  )
  const port = await freePort()
  const proxies = new Map<string, string>()
  const configure = () =>
    writeFileSync(join(home, 'config.toml'), configText(port, simulator, proxies), { mode: 0o600 })
  configure()
  if (beside) copyFileSync(join(beside.home, 'master.key'), join(home, 'master.key'))
  const databaseUrl = options.databaseUrl ?? beside?.env.BHOR_DATABASE_URL
  const env: Record<string, string> = {
    BHOR_HOME: home,
    ...(databaseUrl === undefined ? {} : { BHOR_DATABASE_URL: databaseUrl }),
  }
  let server: Program | undefined
  const end = async (signal: NodeJS.Signals) => {
    server?.child.kill(signal)
    await server?.ended
    server = undefined
  }
  opening.defer(() => end('SIGTERM'))
  const parts = opening.move()
  const desk: BenchDesk = {
    home,
    env,
    port,
    simulator,
    get server() {
      if (!server) throw new Error('The server does not run.')
      return server
    },
    throughProxy(origin, proxy) {
      proxies.set(origin, proxy)
      configure()
    },
    async start() {
      server = startProgram(options.command ?? builtCommand, ['serve'], { env })
      await server.printed(/is up at/)
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    ask: async (method, path, body) =>
      readReply(await exchange({ path: join(home, 'bhor.sock') }, method, path, { body })),
    async addAccount(account, broker = 'kite', fields = {}) {
      const app = { broker, apiKey: apiKeyOf(account, broker), apiSecret: `secret${account}0123456789` }
      const redirectUrl = `http://127.0.0.1:${port}/callback/${broker}`
      const { apiKey, apiSecret } = { ...app, ...fields }
      simulator.registerApp({ broker, apiKey, apiSecret, redirectUrl })
      await desk.ask('POST', '/v1/accounts', { account, kind: 'live', ...app, redirectUrl, ...fields })
    },
    async callbackFor(account, broker = 'kite') {
      const started = (await desk.ask('POST', `/v1/accounts/${account}/login`, {
        via: 'api',
      })) as LoginStarted
      const [direct = '', proxy = ''] = [...proxies].find(([, at]) => started.url!.startsWith(at)) ?? []
      return simulator.logIn(broker, started.url!.replace(proxy, direct))
    },
    async logIn(account, broker = 'kite') {
      const { pathname, search } = new URL(await desk.callbackFor(account, broker))
      const page = await exchange({ host: '127.0.0.1', port }, 'GET', pathname + search)
      if (page.status !== 200) throw new Error(`The login of ${account} failed with HTTP ${page.status}.`)
    },
    async addKey(name, scopes = ['read-token']) {
      return ((await desk.ask('POST', '/v1/keys', { name, scopes })) as KeyAdded).key
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
  return desk
}

/** The shape that the broker's console gives out. */
function apiKeyOf(account: string, broker: string): string {
  const letters = `${account}${'0123456789abcdefghij'}`.replaceAll(/[^a-z0-9]/g, '')
  return broker === 'kite' ? letters.slice(0, 16) : `${letters.slice(0, 8)}-1234-4abc-8def-0123456789ab`
}

function configText(port: number, simulator: Simulator, proxies: ReadonlyMap<string, string>): string {
  const hosts = simulator.brokers.map((broker) => {
    const roles = Object.entries(simulator.hosts(broker)).map(
      ([role, origin]) => `${role} = "${proxies.get(origin) ?? origin}"`,
    )
    return `[hosts.${broker}]\n${roles.join('\n')}\n`
  })
  return `port = ${port}\n\n${hosts.join('\n')}`
}

/** A port that nobody listens on now; it must be known before the server starts, and the same after a restart. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => probe.once('listening', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
