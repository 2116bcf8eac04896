// What it costs to renew thousands of sessions that are due in the same minute, to the bare requests. See README.md.
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type App, openApp } from '../src/app/open.ts'
import { loadConfig } from '../src/config/load.ts'
import type { Net, NetRequest } from '../src/contracts/net.ts'
import { ManualClock } from '../src/core/clock.ts'
import { Secret } from '../src/core/secret.ts'
import { systemNet } from '../src/net/system.ts'
import { change } from '../src/session/ground/change.ts'
import { places, sealSecrets, stamped } from '../src/session/ground/records.ts'
import { keeper } from '../src/session/ground/rights.ts'
import { type Simulator, startSimulator } from '../src/simulator/index.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { sandboxOf } from '../test/support/world.ts'
import { bounded, type Figure, printFigures, showProgress } from './support/figures.ts'
import { accountRow, appRow, sessionRow } from './support/rows.ts'

const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '10000' },
    engines: { type: 'string', default: 'sqlite,postgres' },
  },
})
const size = Number(values.accounts)
/** As many as the keeper has under way. */
const atOnce = 16
const perRound = Math.min(1000, size)
const redirectUrl = 'http://127.0.0.1:7878/callback/kite'
const startMs = Temporal.Instant.from('2026-11-23T03:00:00Z').epochMilliseconds
const dawnMs = Temporal.Instant.from('2026-11-24T00:30:00Z').epochMilliseconds
const minuteMs = 60_000

/** A session of an approved app, as its broker gave it. */
interface Granted {
  readonly apiKey: string
  readonly userId: string
  access: string
  refresh: string
}

await using opening = new AsyncDisposableStack()
const figures: Figure[] = []
for (const engine of values.engines.split(',')) figures.push(...(await measure(engine)))
printFigures(`${size} sessions that are renewed in the same minute`, figures)

async function measure(engine: string): Promise<Figure[]> {
  await using parts = new AsyncDisposableStack()
  const home = parts.adopt(mkdtempSync(join(tmpdir(), 'bhor-bench-')), (folder) =>
    rmSync(folder, { recursive: true, force: true }),
  )
  const clock = new ManualClock(Temporal.Instant.fromEpochMilliseconds(startMs))
  const simulator = parts.use(await startSimulator({ port: 0, clock, rateLimits: false }))
  const url = engine === 'postgres' ? await databaseUrl() : undefined
  const sent = new Map<string, number>()
  const app = parts.use(
    await openApp({
      config: loadConfig({
        env: { BHOR_HOME: home, ...(url === undefined ? {} : { BHOR_DATABASE_URL: url }) },
        flags: { port: 0 },
      }),
      clock,
      leaseClock: clock,
      net: counting(sent),
      sandbox: () => sandboxOf(simulator),
    }),
  )
  const granted = await sideBySide(size, (at) => grantOf(simulator, `due${at}`))
  const bare = await sideBySide(perRound, (at) => grantOf(simulator, `bare${at}`))
  await fill(app, granted)
  app.clock.heard('broker', 'bench', clock.nowMs(), clock.monotonicMs())
  await clock.advance(dawnMs - startMs - 2 * minuteMs)
  app.clock.heard('broker', 'bench', clock.nowMs(), clock.monotonicMs())
  showProgress(`${engine}: the end of the sessions`)
  await clock.advance(2 * minuteMs + 1_000)
  const endedMs = await timed(() => app.desk.keeper.look())
  const before = await timed(() => renewBare(simulator, bare))
  showProgress(`${engine}: renewals`)
  // From one minute after dawn on, spread over three; all of them are due now.
  const renewedMs = await timed(async () => {
    await clock.advance(4 * minuteMs)
    for (let round = 0; round < 50 && (await renewed(app)) < size; round++) {
      await app.desk.keeper.look()
      if ((await renewed(app)) < size) await clock.advance(5_000)
    }
  })
  const after = await timed(() => renewBare(simulator, bare))
  showProgress('')
  const right = await inRightState(app)
  const once = [...sent.values()].filter((count) => count === 1).length
  const bareMs = (before + after) / 2 / perRound
  const isRight = right === size && once === size && sent.size === size
  return [
    bounded(`${engine}: renewals, to the bare requests`, renewedMs / size / bareMs, { atMost: 1.6 }),
    {
      name: `${engine}: ms a renewal, and bare`,
      measured: `${(renewedMs / size).toFixed(2)} and ${bareMs.toFixed(2)}`,
    },
    {
      name: `${engine}: s in all, and before it to end the sessions`,
      measured: `${(renewedMs / 1000).toFixed(1)} and ${(endedMs / 1000).toFixed(1)}`,
    },
    {
      name: `${engine}: in their right state, asked of the broker once`,
      measured: `${right} and ${once}`,
      target: `${size} and ${size}`,
      isMet: isRight,
    },
  ]
}

async function databaseUrl(): Promise<string> {
  const postgres = await startPostgres()
  opening.adopt(postgres, (server) => server[Symbol.asyncDispose]())
  return postgres.freshDatabase()
}

/** Counts the renewals by app. */
function counting(sent: Map<string, number>): Net {
  return {
    send(request) {
      const apiKey = /api_key=(\w+)/.exec(String(request.body ?? ''))?.[1]
      if (apiKey && request.url.endsWith('/session/refresh_token'))
        sent.set(apiKey, (sent.get(apiKey) ?? 0) + 1)
      return systemNet.send(request)
    },
  }
}

function secretOf(apiKey: string): string {
  return `secret${apiKey}`
}

/** A whole login of a new app at the simulator. */
async function grantOf(simulator: Simulator, apiKey: string): Promise<Granted> {
  simulator.registerApp({
    broker: 'kite',
    apiKey,
    apiSecret: secretOf(apiKey),
    redirectUrl,
    approvedForRefresh: true,
  })
  const { api = '', login = api } = simulator.hosts('kite')
  const came = new URL(simulator.logIn('kite', `${login}/connect/login?v=3&api_key=${apiKey}`))
  const code = came.searchParams.get('request_token') ?? ''
  const data = await post(simulator, '/session/token', 'request_token', apiKey, code)
  return { apiKey, userId: data.user_id!, access: data.access_token!, refresh: data.refresh_token! }
}

async function post(
  simulator: Simulator,
  path: string,
  name: string,
  apiKey: string,
  value: string,
): Promise<Readonly<Record<string, string>>> {
  const checksum = createHash('sha256')
    .update(apiKey + value + secretOf(apiKey))
    .digest('hex')
  const body = new URLSearchParams({ api_key: apiKey, [name]: value, checksum }).toString()
  const headers = { 'x-kite-version': '3', 'content-type': 'application/x-www-form-urlencoded' }
  return dataOf({
    method: 'POST',
    url: `${simulator.hosts('kite').api}${path}`,
    headers,
    body,
    timeoutMs: 20_000,
  })
}

async function dataOf(request: NetRequest): Promise<Readonly<Record<string, string>>> {
  const { status, text } = await systemNet.send(request)
  if (status !== 200) throw new Error(`The simulator answered ${status}: ${text}`)
  return (JSON.parse(text) as { data: Record<string, string> }).data
}

/** What a renewal asks of the broker, and nothing else: the new token, and whose it is. */
async function renewBare(simulator: Simulator, all: readonly Granted[]): Promise<void> {
  await sideBySide(all.length, async (at) => {
    const one = all[at]!
    const { apiKey } = one
    const data = await post(simulator, '/session/refresh_token', 'refresh_token', apiKey, one.refresh)
    one.access = data.access_token!
    one.refresh = data.refresh_token!
    const headers = { 'x-kite-version': '3', authorization: `token ${apiKey}:${one.access}` }
    await dataOf({
      method: 'GET',
      url: `${simulator.hosts('kite').api}/user/profile`,
      headers,
      timeoutMs: 20_000,
    })
  })
}

async function sideBySide<T>(count: number, work: (at: number) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  let next = 0
  const worker = async () => {
    for (let at = next++; at < count; at = next++) results[at] = await work(at)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return results
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return performance.now() - startedMs
}

async function renewed({ store, desk: { context } }: App): Promise<number> {
  const { count } = await store.work.backlog(context.clock.nowMs())
  return count === 0 ? size : 0
}

/** Second generation, by renewal, until the next dawn. */
async function inRightState({ store }: App): Promise<number> {
  const dayMs = 24 * 60 * minuteMs
  const accounts = new Map((await store.accounts.list()).records.map((account) => [account.id, account]))
  const { records } = await store.sessions.latestOfAll()
  const isRight = (session: (typeof records)[number]) =>
    session.generation === 2 &&
    session.status === 'active' &&
    session.startedBy === 'renewal' &&
    session.expiresAtMs === dawnMs + dayMs &&
    accounts.get(session.accountId)?.generation === 2
  const open = (await store.intents.open()).records.length
  return records.filter(isRight).length - open
}

/** The accounts of these sessions, as after a login. */
async function fill({ desk: { context } }: App, granted: readonly Granted[]): Promise<void> {
  const { vault } = context
  const times = { createdAtMs: startMs, updatedAtMs: startMs }
  for (let from = 0; from < granted.length; from += 200) {
    showProgress(`${from} of ${granted.length} accounts`)
    await change(context, async (c) => {
      for (const [at, { apiKey, userId, access, refresh }] of granted.slice(from, from + 200).entries()) {
        const number = from + at
        const appId = `app_${number}`
        const id = `acc_${number}`
        const session = `ses_${number}`
        const account = stamped(vault, 'accounts', {
          ...accountRow(1),
          ...times,
          id,
          alias: `demo-${number}`,
          kind: 'sandbox',
          appId,
          userId,
          lastLoginAtMs: startMs,
          lastProbe: { atMs: startMs, verdict: 'valid', code: 'ok' },
        })
        const tx = c.tell({ actor: keeper.actor, action: 'account.add', result: 'ok', account })
        const secrets = { apiSecret: new Secret(secretOf(apiKey)) }
        const tokens = { access: new Secret(access), refresh: new Secret(refresh) }
        await tx.apps.insert(
          stamped(vault, 'apps', {
            ...appRow,
            ...times,
            id: appId,
            kind: 'sandbox',
            apiKey,
            sealedSecrets: sealSecrets(vault, secrets, places.appSecrets(appId)),
          }),
        )
        await tx.accounts.insert(account)
        await tx.sessions.insert(
          stamped(vault, 'sessions', {
            ...sessionRow(1, true),
            id: session,
            accountId: id,
            sealedTokens: sealSecrets(vault, tokens, places.tokens(session, 1)),
            sealedGrant: '',
            tokenExpiriesMs: { access: dawnMs, refresh: dawnMs },
            userId,
            grantedAtMs: startMs,
            expiresAtMs: dawnMs,
            createdAtMs: startMs,
          }),
        )
      }
    })
  }
}
