import assert from 'node:assert/strict'
import { dirname } from 'node:path'
import { suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { AccountView, LoginStarted, LoginView, Problem, TestResult } from '../src/contracts/api.ts'
import type { Net } from '../src/contracts/net.ts'
import { type ErrorCode, errorTable, wordsOf } from '../src/core/errors.ts'
import { systemNet } from '../src/net/system.ts'
import type { Fault } from '../src/simulator/index.ts'
import { newFolder, start } from './support/at-the-terminal.ts'
import { type Doors, openDoors } from './support/doors.ts'
import { ownApp } from './support/own-app.ts'

/** What a fault is called where it strikes; `null` where it cannot. */
interface Causes {
  readonly exchange: ErrorCode
  readonly renewal: ErrorCode | null
  readonly probe: ErrorCode | null
  readonly logout: ErrorCode | null
}

const lost = { exchange: 'answer_lost', renewal: 'answer_lost' } as const
const silent = { ...lost, probe: 'broker_unavailable', logout: 'broker_unavailable' } as const
/** A gateway’s word, or nonsense: a refresh token may be sent again, a one-time code may not. */
const unclear = { ...silent, renewal: 'broker_unavailable' } as const
const late = { ...lost, probe: 'broker_timeout', logout: 'broker_timeout' } as const
const everywhere = (code: ErrorCode): Causes => ({ exchange: code, renewal: code, probe: code, logout: code })

/** One table of causes: what the broker does, and what everybody is told of it. */
const faults: readonly (readonly [name: string, fault: Omit<Fault, 'match'>, causes: Causes])[] = [
  ['is slower than anybody waits', { kind: 'slow' }, late],
  ['sends its answer byte by byte', { kind: 'drip' }, late],
  ['breaks off before it acts', { kind: 'reset_before' }, silent],
  ['breaks off after it acted', { kind: 'reset_after' }, silent],
  ['breaks off in its answer', { kind: 'answer_lost' }, silent],
  ['sends more than an answer', { kind: 'huge' }, silent],
  ['sends what is no JSON', { kind: 'garbage' }, unclear],
  ['has a gateway that answers for it', { kind: 'html' }, unclear],
  ['has a fault of its own', { kind: 'status', status: 500 }, everywhere('broker_unavailable')],
  [
    'cannot be reached behind its own door',
    { kind: 'status', status: 503 },
    everywhere('broker_unavailable'),
  ],
  ['wants fewer calls', { kind: 'rate_limited' }, everywhere('broker_rate_limited')],
  ['sends elsewhere', { kind: 'redirect' }, everywhere('broker_redirect')],
  ['refuses this address', { kind: 'ip_refused' }, everywhere('ip_not_allowed')],
  ['knows no address of the app', { kind: 'ip_unset' }, everywhere('ip_not_allowed')],
  ['is closed', { kind: 'closed_at_night' }, everywhere('broker_closed')],
  [
    'knows another person',
    { kind: 'wrong_user' },
    { exchange: 'wrong_user', renewal: null, probe: null, logout: null },
  ],
]

const calls = {
  kite: {
    exchange: { method: 'POST', path: '/session/token' },
    renewal: { method: 'POST', path: '/session/refresh_token' },
    probe: { method: 'GET', path: '/user/profile' },
    logout: { method: 'DELETE', path: '/session/token' },
  },
  upstox: {
    exchange: { method: 'POST', path: '/v2/login/authorization/token' },
    renewal: null,
    probe: { method: 'GET', path: '/v2/user/profile' },
    logout: { method: 'DELETE', path: '/v2/logout' },
  },
} as const

/** What one surface says of a fault. */
interface Told {
  readonly code: string
  readonly text: string
  readonly hint: string | null
}

/** `bhor` over the desk's socket: one process for all commands. */
class CommandLine implements AsyncDisposable {
  readonly #process: ReturnType<typeof start>
  readonly #folder = newFolder()
  #at = { stdout: 0, stderr: 0 }

  constructor({ socketPath }: Doors) {
    const loop = fileURLToPath(new URL('support/command-loop.ts', import.meta.url))
    const env = { ...this.#folder.env, BHOR_HOME: dirname(socketPath) }
    this.#process = start([], env, undefined, loop)
  }
  begin(...args: readonly string[]): void {
    const { stdout, stderr } = this.#process
    this.#at = { stdout: stdout.length, stderr: stderr.length }
    this.#process.child.stdin!.write(`${JSON.stringify(args)}\n`)
  }
  /** Waits until the command that was begun has shown its link. */
  link(): Promise<string> {
    return this.#until(() => /^\s+(http\S+)$/m.exec(this.#process.stderr.slice(this.#at.stderr))?.[1])
  }
  async ended(): Promise<{ readonly code: number; readonly stderr: string }> {
    const code = await this.#until(
      () => /^exit (\d+)$/m.exec(this.#process.stdout.slice(this.#at.stdout))?.[1],
    )
    return { code: Number(code), stderr: this.#process.stderr.slice(this.#at.stderr) }
  }
  run(...args: readonly string[]): Promise<{ readonly code: number; readonly stderr: string }> {
    this.begin(...args)
    return this.ended()
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]()
    this.#folder[Symbol.dispose]()
  }

  async #until(look: () => string | undefined): Promise<string> {
    for (;;) {
      const found = look()
      if (found !== undefined) return found
      await new Promise((resolve) => {
        for (const stream of [this.#process.child.stdout!, this.#process.child.stderr!])
          stream.once('data', resolve)
      })
    }
  }
}

const navigation = {
  'sec-fetch-site': 'cross-site',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
}
const endpoints = {
  renewal: ['POST', '/v1/accounts/demo/renew', 'renew'],
  probe: ['POST', '/v1/accounts/demo/test', 'test'],
  logout: ['DELETE', '/v1/accounts/demo/session', 'logout'],
} as const

function toldBy({ json }: { readonly json: unknown }): Told {
  const { code, detail, text, hint } = json as Problem & TestResult
  return { code, text: detail ?? text, hint }
}

/** The command line says no code: its words and its exit code are those of the code. */
function assertSaid({ code, stderr }: { code: number; stderr: string }, told: Told, cell: string): void {
  assert.equal(code, errorTable[told.code as ErrorCode].exit, `${cell}: ${stderr}`)
  assert.ok(
    stderr.includes(`bhor: ${told.text}\n      Try: ${told.hint}\n`),
    `${cell}: ${stderr} / ${told.text}`,
  )
}

const html = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)

// Side by side: most of it is waiting.
suite('broker faults', { concurrency: true }, () => {
  for (const broker of ['kite', 'upstox'] as const) {
    test(`${broker}: a fault has one cause, for programs, at the terminal and on the page`, async (t) => {
      let isWaiting = false
      // A call that the simulator lets wait on the manual clock misses its deadline at once.
      const net: Net = {
        send: (request) => systemNet.send(isWaiting ? { ...request, timeoutMs: 150 } : request),
      }
      // Night in India, when a broker can be closed.
      await using doors = await openDoors({ net, start: '2026-11-22T19:00:00Z' })
      const { world, server } = doors
      const { simulator } = world
      const app = {
        ...ownApp(broker),
        approvedForRefresh: true,
        redirectUrl: `${server.origin}/callback/${broker}`,
      }
      const { apiKey, apiSecret, redirectUrl } = app
      await world.addAccount({ broker, apiKey, apiSecret, redirectUrl })
      const { userId } = await world.logIn('demo')
      simulator.registerApp({ ...app, userId: userId! })
      await using terminal = new CommandLine(doors)
      const key = await doors.key(['status', 'login'])
      const page = await doors.signIn()
      const asProgram = (method: string, path: string, body?: object) =>
        doors.ask(method, path, { key, body })
      const asPage = (method: string, path: string, body?: object) =>
        doors.ask(method, path, { headers: page, ...(body ? { body } : {}) })
      let cells = 0

      for (const [name, fault, causes] of faults) {
        // Kite has no closing hours.
        if (fault.kind === 'closed_at_night' && broker === 'kite') continue
        const arm = (match: { method: string; path: string }) => {
          simulator.faults.add({ ...fault, match })
          isWaiting = fault.kind === 'slow' || fault.kind === 'drip'
        }
        const disarm = () => {
          simulator.faults.clear()
          isWaiting = false
        }

        // The exchange: pasted by a program; in the browser, while a terminal waits for it.
        const cell = `${broker} ${name}: exchange`
        const started = (await asPage('POST', '/v1/accounts/demo/login', {})).json as LoginStarted
        const address = simulator.logIn(broker, started.url!)
        arm(calls[broker].exchange)
        const pasted = await asProgram('POST', '/v1/accounts/demo/login/complete', { address })
        const told = toldBy(pasted)
        assert.deepEqual(
          [told.code, pasted.status],
          [causes.exchange, errorTable[causes.exchange].http],
          cell,
        )
        assert.doesNotMatch(told.text + told.hint, /session is alive|session lives/, cell)
        terminal.begin('login', 'demo', '--no-browser')
        const { pathname, search } = new URL(simulator.logIn(broker, await terminal.link()))
        disarm()
        arm(calls[broker].exchange)
        const arrived = await doors.ask('GET', pathname + search, { headers: navigation })
        assert.equal(arrived.status, errorTable[causes.exchange].http, cell)
        assert.ok(arrived.text.includes(html(wordsOf(causes.exchange).page)), `${cell}: ${arrived.text}`)
        assert.ok(arrived.text.includes(html(told.hint!)), cell)
        assertSaid(await terminal.ended(), told, cell)
        const { lastFault } = (await asPage('GET', '/v1/accounts/demo')).json as AccountView
        assert.deepEqual([lastFault?.code, lastFault?.detail], [told.code, told.text], cell)
        const seen = (await asPage('GET', `/v1/accounts/demo/login/${started.login}`)).json as LoginView
        assert.deepEqual(
          [seen.outcome, seen.outcomeText, seen.outcomeHint],
          [told.code, told.text, told.hint],
          cell,
        )
        disarm()
        cells++

        for (const [call, [method, path, command]] of Object.entries(endpoints)) {
          const match = calls[broker][call as keyof typeof endpoints]
          const cause = causes[call as keyof typeof endpoints]
          if (match === null || cause === null) continue
          const at = `${broker} ${name}: ${call}`
          const struck = async <T>(work: () => Promise<T>) => {
            // Politely: a broker is asked some times a minute.
            await world.advance(13_000)
            await world.logIn('demo')
            arm(match)
            const done = await work()
            disarm()
            return done
          }
          const first = toldBy(await struck(() => asProgram(method, path)))
          assert.equal(first.code, cause, `${at}: ${first.text}`)
          assert.deepEqual(toldBy(await struck(() => asPage(method, path))), first, at)
          assertSaid(await struck(() => terminal.run(command, 'demo')), first, at)
          cells++
        }
      }
      assert.equal(cells, broker === 'kite' ? 15 + 3 * 14 : 16 + 2 * 15)
      t.diagnostic(`${cells} faults at a call, each told alike three times`)
    })
  }
})
