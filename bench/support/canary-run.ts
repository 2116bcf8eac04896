import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import type { FaultKind } from '../../src/simulator/index.ts'
import { builtCommand } from './built.ts'
import { type Canary, type Hit, type Sink, scan } from './canaries.ts'
import { type BenchDesk, openDesk } from './desk.ts'
import { watchCommandLines } from './process-watch.ts'
import { startProgram } from './program.ts'
import { type RecordingProxy, startRecordingProxy } from './recording-proxy.ts'

export interface CanaryResult {
  readonly canaries: readonly Canary[]
  readonly sinks: readonly Sink[]
  readonly hits: readonly Hit[]
  /** How many of the run's secrets were seen where they belong: a scan that finds nothing anywhere proves nothing. */
  readonly seenWhereAllowed: number
}

interface Run {
  readonly desk: BenchDesk
  readonly canaries: Canary[]
  readonly sinks: Sink[]
  add(name: string, value: string): string
}

/** A whole life of a desk, with every secret known, and then a search for each of them in everything it left. */
export async function canaryRun(): Promise<CanaryResult> {
  await using stack = new AsyncDisposableStack()
  const desk = stack.use(await openDesk())
  const proxies: RecordingProxy[] = []
  for (const broker of desk.simulator.brokers) {
    const origin = desk.simulator.hosts(broker).api!
    const proxy = stack.use(await startRecordingProxy(origin))
    desk.throughProxy(origin, proxy.origin)
    proxies.push(proxy)
  }
  const commandLines = stack.use(watchCommandLines())
  const canaries: Canary[] = []
  const add = (name: string, value: string) => {
    canaries.push({ name, value })
    return value
  }
  const run: Run = { desk, canaries, sinks: [], add }
  await desk.start()
  await addAccounts(run)
  await live(run)
  await mistakes(run)
  await brokerFaults(run)
  takeFiles(run, 'while it runs')
  const { server } = desk
  const { output } = server
  await desk.stop()
  takeFiles(run, 'after it ended')
  run.sinks.push({ name: 'stdout of serve', content: Buffer.from(output.stdout) })
  run.sinks.push({ name: 'stderr of serve', content: Buffer.from(output.stderr) })
  run.sinks.push({ name: 'command lines of all processes', content: commandLines.seen() })
  add('master key', readFileSync(join(desk.home, 'master.key'), 'utf8').trim())
  for (const token of proxies.flatMap(({ tokens }) => [...tokens]))
    add(`token at the broker ${shortHash(token)}`, token)
  const distinct = [...new Map(canaries.map((canary) => [canary.value, canary])).values()]
  const allowedSinks = run.sinks.filter((sink) => sink.allows)
  const seenWhereAllowed = distinct.filter((canary) =>
    allowedSinks.some((sink) => sink.allows?.(canary) && sink.content.includes(canary.value)),
  ).length
  return { canaries: distinct, sinks: run.sinks, hits: scan(distinct, run.sinks), seenWhereAllowed }
}

/** What is awkward in JSON, URLs, shells and HTML. */
const awkward = `"\\'&<>%/+= ü`

async function addAccounts({ desk, add }: Run): Promise<void> {
  for (const [account, broker] of [
    ['personal', 'kite'],
    ['papa', 'upstox'],
  ] as const) {
    await desk.addAccount(account, broker, {
      apiSecret: add(`API secret of ${account}`, `apisecret${account}Qx7Lm2Vd9Rt4`),
      password: add(`password of ${account}`, `pass${awkward}${account}Zk31`),
      phoneNumber: add(`phone number of ${account}`, account === 'papa' ? '+919812345670' : '+919876501234'),
    })
  }
  desk.simulator.registerApp({
    broker: 'kite',
    apiKey: 'personal01234567',
    apiSecret: 'apisecretpersonalQx7Lm2Vd9Rt4',
    redirectUrl: `http://127.0.0.1:${desk.port}/callback/kite`,
    approvedForRefresh: true,
  })
}

/** Logins, hand-outs, tests, renewals and everything else that works. */
async function live(run: Run): Promise<void> {
  const { desk, add } = run
  for (const [account, broker] of [
    ['personal', 'kite'],
    ['papa', 'upstox'],
  ] as const) {
    for (let i = 0; i < 2; i++) {
      const callback = new URL(await desk.callbackFor(account, broker))
      for (const name of ['state', 'code', 'request_token', 'bhor_state']) {
        const value = callback.searchParams.get(name)
        if (value) add(`${name} of a login of ${account}`, value)
      }
      await http(run, 'GET', callback.pathname + callback.search)
      // The browser's back button: the link is spent.
      await http(run, 'GET', callback.pathname + callback.search)
    }
  }
  const key = (await command(run, ['keys', 'add', 'strategy'], { isMadeFor: /^bhor_\S+/ })).trim()
  add('client key strategy', key)
  const admin = add('client key admin', await desk.addKey('admin', ['admin']))
  await http(run, 'GET', '/v1/accounts/personal/session', { key, isHandOut: true })
  await http(run, 'GET', '/v1/accounts/papa/session?kind=extended', { key, isHandOut: true })
  for (const path of [
    '/v1/accounts',
    '/v1/accounts/papa',
    '/v1/keys',
    '/v1/audit?limit=1000',
    '/v1/doctor',
    '/v1/config',
    '/metrics',
    '/v1/brokers',
    '/openapi.json',
  ])
    await http(run, 'GET', path, { key: admin })
  for (const args of [
    ['token', 'personal'],
    ['token', 'papa', '--json'],
    ['token', 'papa', '--format', 'env'],
    ['token', 'papa', '--kind', 'extended'],
  ])
    await command(run, args, { isHandOut: true })
  const changed = add('changed password', `changed${awkward}Hn52`)
  const file = join(desk.home, '..', `${desk.port}.password`)
  writeFileSync(file, changed, { mode: 0o600 })
  await command(run, ['accounts', 'edit', 'papa', '--password-file', file])
  await command(run, ['accounts', 'edit', 'papa', '--phone-file', '-'], {
    input: add('changed phone number', '+919800112233'),
  })
  const link = new URL((await command(run, ['desk'], { isMadeFor: /#sign-in=\S+/ })).trim())
  await signIn(run, link.host, add('sign-in link', link.hash.replace('#sign-in=', '')))
  for (const args of [
    ['accounts', 'list'],
    ['accounts', 'show', 'personal', '--json'],
    ['status'],
    ['status', '--json'],
    ['test', 'personal'],
    ['test', 'papa', '--json'],
    ['renew', 'personal'],
    ['renew', 'papa'],
    ['doctor'],
    ['config'],
    ['keys', 'list'],
    ['audit', '--limit', '1000'],
    ['audit', '--limit', '1000', '--json'],
    ['audit', 'verify'],
    ['logout', 'papa'],
    ['token', 'papa'],
  ])
    await command(run, args)
}

async function signIn(run: Run, host: string, token: string): Promise<void> {
  const body = JSON.stringify({ token })
  const headers = { host, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' }
  const answer = await http(run, 'POST', '/v1/desk/sign-in', { body, headers, isMadeFor: true })
  const [, name = '', cookie = ''] =
    /(bhor_desk_\w+)=([^;]+)/.exec(String(answer.headers['set-cookie'])) ?? []
  const page = (JSON.parse(answer.text) as { csrf: string }).csrf
  run.add('cookie of the dashboard', cookie)
  run.add('page half of the dashboard session', page)
  const signedIn = { ...headers, cookie: `${name}=${cookie}`, 'x-bhor-session': page }
  await http(run, 'GET', '/v1/desk/me', { headers: signedIn })
  await http(run, 'GET', '/v1/audit?limit=1000', { headers: signedIn })
  await http(run, 'POST', '/v1/desk/sign-in', { body, headers })
}

/** Wrong input of every kind, each with a secret in it. */
async function mistakes(run: Run): Promise<void> {
  const { add } = run
  const wrongKey = add('unknown client key', `bhor_${'Wr0ngK3y'.repeat(6).slice(0, 43)}`)
  const typed = add('secret in a wrong place', `typed${awkward}InTheWrongPlace77`)
  const plain = add('plain secret in a wrong place', 'typedPlainInTheWrongPlace78')
  await http(run, 'GET', '/v1/accounts', { key: wrongKey })
  await http(run, 'GET', '/v1/accounts', { headers: { authorization: `Basic ${plain}` } })
  await http(run, 'GET', '/v1/accounts', { headers: { authorization: `Bearer ${plain}` } })
  await http(run, 'GET', `/v1/accounts?token=${wrongKey}`)
  await http(run, 'GET', `/v1/accounts/${wrongKey}/session`, { key: wrongKey })
  await http(run, 'GET', `/v1/accounts?x=${plain}`, { key: wrongKey })
  await http(run, 'GET', `/${plain}`)
  await http(run, 'GET', `/callback/kite?status=success&request_token=${plain}&state=${plain}`)
  await http(run, 'GET', `/callback/upstox?code=${plain}&state=${plain}`)
  const admin = run.canaries.find(({ name }) => name === 'client key admin')!.value
  const json = { 'content-type': 'application/json' }
  const wrongNames = [
    JSON.stringify({ account: 'demo', broker: typed, apiKey: 'demo01234567', apiSecret: typed }),
    JSON.stringify({ account: 'demo', broker: 'kite', password: typed, [plain]: 1 }),
  ]
  for (const body of wrongNames)
    await http(run, 'POST', '/v1/accounts', { key: admin, body, headers: json, isNameQuoted: true })
  const wrongValues = [
    JSON.stringify({ account: typed, broker: 'kite', apiKey: typed, apiSecret: typed }),
    JSON.stringify({ account: 'demo', broker: 'kite', kind: typed, apiSecret: plain }),
    JSON.stringify({
      account: 'demo',
      broker: 'kite',
      kind: 'live',
      apiKey: 'demo01234567',
      apiSecret: typed,
    }),
    `{"apiSecret": "${plain}", "apiSecret": "${plain}"}`,
    `{"apiSecret": "${plain}`,
    plain,
  ]
  for (const body of wrongValues) await http(run, 'POST', '/v1/accounts', { key: admin, body, headers: json })
  await http(run, 'POST', '/v1/accounts/papa/login/complete', {
    key: admin,
    headers: json,
    body: JSON.stringify({ address: `http://127.0.0.1/callback/upstox?code=${plain}&state=${plain}` }),
  })
  await http(run, 'POST', '/v1/desk/sign-in', {
    headers: { ...json, 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ token: plain }),
  })
  await command(
    run,
    ['accounts', 'add', 'demo', '--broker', 'kite', '--api-key', 'demo01234567', '--api-secret-file', '-'],
    {
      input: typed,
    },
  )
  await command(run, ['token', 'personal'], {
    env: { BHOR_URL: `http://127.0.0.1:${run.desk.port}`, BHOR_KEY: wrongKey },
  })
  await command(run, ['token', 'nobody'])
  await command(run, ['token', 'personal', '--min-life', '99x'])
  await command(run, ['login', 'papa', '--paste'], { input: `${plain}\n`, isLogin: true })
}

/** Answers of the broker that end in errors, with its tokens in them. */
async function brokerFaults(run: Run): Promise<void> {
  const { desk } = run
  const kinds: FaultKind[] = [
    'status',
    'reset_after',
    'answer_lost',
    'html',
    'redirect',
    'wrong_user',
    'garbage',
  ]
  for (const kind of kinds) {
    desk.simulator.faults.clear()
    desk.simulator.faults.add({ broker: 'upstox', kind, match: { path: '*/authorization/token' } })
    const callback = new URL(await desk.callbackFor('papa', 'upstox'))
    run.add(`code of a login that fails (${kind})`, callback.searchParams.get('code') ?? '')
    run.add(`state of a login that fails (${kind})`, callback.searchParams.get('state') ?? '')
    await http(run, 'GET', callback.pathname + callback.search)
    desk.simulator.faults.clear()
    desk.simulator.faults.add({ broker: 'kite', kind, match: { path: '*profile*' } })
    await command(run, ['test', 'personal', '--json'])
  }
  desk.simulator.faults.clear()
  for (const args of [
    ['audit', '--limit', '1000', '--json'],
    ['status', '--json'],
    ['doctor', '--json'],
  ])
    await command(run, args)
}

interface HttpOptions {
  readonly key?: string
  readonly body?: string
  readonly headers?: Record<string, string>
  readonly isHandOut?: true
  /** An answer that is there to give out a secret of its own. */
  readonly isMadeFor?: true
  /** The request names a broker or a field that does not exist; the answer to its sender quotes that name. */
  readonly isNameQuoted?: true
}

/** One request; its answer, head and body, is a sink. */
async function http(run: Run, method: string, path: string, options: HttpOptions = {}) {
  const { key, body, isHandOut, isMadeFor, isNameQuoted } = options
  const headers = { ...options.headers, ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) }
  const answer = await new Promise<{ status: number; headers: NodeJS.Dict<string[] | string>; text: string }>(
    (resolve, reject) => {
      const call = request({ host: '127.0.0.1', port: run.desk.port, method, path, headers }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
        })
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        )
      })
      call.on('error', reject)
      call.end(body)
    },
  )
  const content = Buffer.from(`${JSON.stringify(answer.headers)}\n${answer.text}`)
  run.sinks.push({
    name: `HTTP ${answer.status} of ${method} ${path.split('?')[0]!.slice(0, 30)}`,
    content,
    ...(isMadeFor
      ? {
          allows: ({ name }: Canary) =>
            name.includes('of the dashboard') || name.includes('dashboard session'),
        }
      : {}),
    ...(isHandOut ? { allows: isAtBroker } : {}),
    ...(isNameQuoted ? { allows: ({ name }: Canary) => name.endsWith('in a wrong place') } : {}),
  })
  return answer
}

interface CommandOptions {
  readonly input?: string
  readonly env?: Record<string, string>
  readonly isHandOut?: true
  /** It gives out one new secret, of this shape. */
  readonly isMadeFor?: RegExp
  /** It prints the broker's login page with the login's state. */
  readonly isLogin?: true
}

/** One run of the command line; what it prints, failures included, is a sink. */
async function command(run: Run, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const program = startProgram(builtCommand, args, {
    env: { ...run.desk.env, ...options.env },
    ...(options.input === undefined ? {} : { input: options.input }),
  })
  await program.ended
  const { stdout, stderr } = program.output
  const made = options.isMadeFor?.exec(stdout)?.[0]
  run.sinks.push({
    name: `stdout of bhor ${args.join(' ').slice(0, 40)}`,
    content: Buffer.from(stdout),
    ...(options.isHandOut ? { allows: isAtBroker } : {}),
    ...(made === undefined ? {} : { allows: ({ value }: Canary) => made.endsWith(value) }),
  })
  run.sinks.push({
    name: `stderr of bhor ${args.join(' ').slice(0, 40)}`,
    content: Buffer.from(stderr),
    ...(options.isLogin ? { allows: ({ value }: Canary) => stderr.includes(`state=${value}`) } : {}),
  })
  return stdout
}

function isAtBroker({ name }: Canary): boolean {
  return name.startsWith('token at the broker')
}

/** Every file of the data folder but the master key, byte for byte, and its name. */
function takeFiles({ desk, sinks }: Run, when: string): void {
  for (const name of readdirSync(desk.home, { recursive: true, encoding: 'utf8' })) {
    const path = join(desk.home, name)
    const content = statSync(path).isFile() && name !== 'master.key' ? readFileSync(path) : Buffer.alloc(0)
    sinks.push({ name: `file ${name} ${when}`, content: Buffer.concat([Buffer.from(name), content]) })
  }
}

function shortHash(value: string): string {
  return createHash('sha256').update(value).digest('hex').slice(0, 8)
}
