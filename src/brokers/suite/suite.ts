import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import type {
  Broker,
  BrokerReply,
  BrokerRequest,
  CallbackReading,
  CallSite,
  Grant,
  PortfolioCalls,
  Profile,
  SignContext,
  StepContext,
  StepResult,
  Values,
  VerdictKind,
} from '../../contracts/broker.ts'
import { tryParseJson } from '../../core/json.ts'
import { manifestRules } from '../manifest.ts'
import { callChecks } from './calls.ts'
import { portfolioChecks } from './portfolio.ts'
import { replyChecks } from './replies.ts'

/** One statement about an adapter; `run` throws when it is false. */
export interface Check {
  readonly name: string
  run(): void
}

/** What an adapter must send and how it must read the replies that its broker documents. */
export interface BrokerFixtures {
  readonly redirect?: {
    readonly context: StepContext & { readonly state: string }
    /** With the default hosts. */
    readonly url: string
    readonly callbacks: readonly CallbackFixture[]
  }
  readonly steps: readonly StepFixture[]
  /** A session as the last step grants it. */
  readonly session: SignContext
  /** What signing adds to `GET /any` on the first host. */
  readonly signed: Pick<BrokerRequest, 'headers' | 'query'>
  readonly probe: { readonly request: BrokerRequest; readonly reply: BrokerReply; readonly profile: Profile }
  readonly renewal?: { readonly request: BrokerRequest; readonly reply: BrokerReply; readonly grant: Grant }
  readonly logout?: BrokerRequest
  readonly portfolio?: { readonly [Part in keyof PortfolioCalls]: ReadFixture }
  readonly verdicts: readonly VerdictFixture[]
}

/** One call that reads: what is sent, a reply as the broker documents it, and what that says. */
export interface ReadFixture {
  readonly request: BrokerRequest
  readonly reply: BrokerReply
  readonly rows: readonly unknown[]
}

export interface CallbackFixture {
  readonly name: string
  /** As it stood in the address bar. */
  readonly query: string
  /** Of a wrong page's hint, the words that matter. */
  readonly reading:
    | Exclude<CallbackReading, { kind: 'wrong_page' }>
    | { readonly kind: 'wrong_page'; readonly hint: RegExp }
}

export interface StepFixture {
  readonly name: string
  /** Also true of a step of the prelude. */
  readonly context: StepContext
  readonly request: BrokerRequest
  readonly reply: BrokerReply
  readonly result: StepResult
}

export interface VerdictFixture {
  readonly name: string
  readonly reply: BrokerReply
  readonly at: readonly CallSite[]
  readonly kind: VerdictKind
  readonly brokerCode?: string
}

export const everySite = [
  'prelude',
  'exchange',
  'renewal',
  'probe',
  'logout',
  'api',
] as const satisfies CallSite[]
export const loginSites = ['prelude', 'exchange', 'renewal'] as const satisfies CallSite[]
export const sessionSites = ['probe', 'logout', 'api'] as const satisfies CallSite[]

/** A reply with `body` as text, or as JSON where it is not a text. */
export function replyOf(status: number, body: unknown = '', headers: Values = {}): BrokerReply {
  const isText = typeof body === 'string'
  const text = isText ? body : JSON.stringify(body)
  const type = isText ? 'text/html' : 'application/json'
  return { status, headers: { 'content-type': type, ...headers }, text, json: tryParseJson(text) }
}

/** A documented reply, from the file `fixtures/<name>.json` beside the caller. */
export function documented(callerUrl: string, name: string): BrokerReply {
  const text = readFileSync(new URL(`fixtures/${name}.json`, callerUrl), 'utf8')
  return { status: 200, headers: { 'content-type': 'application/json' }, text, json: JSON.parse(text) }
}

/** One reply that somebody has met: where it is told, status, the broker's code, its words, the door, what it says. */
type VerdictRow = readonly [
  told: string,
  status: number,
  code: string,
  message: string,
  at: 'every' | 'login' | 'session' | CallSite,
  kind: VerdictKind,
]

/** The rows of `fixtures/<name>.json` beside the caller; `bodyOf` puts code and words into the broker's own shape. */
export function verdictRows(
  callerUrl: string,
  name: string,
  bodyOf: (code: string, message: string) => unknown,
): readonly VerdictFixture[] {
  const rows = documented(callerUrl, name).json as readonly VerdictRow[]
  const sites = { every: everySite, login: loginSites, session: sessionSites }
  return rows.map(([told, status, brokerCode, message, at, kind]) => ({
    name: `${status} ${brokerCode} “${message}” at ${at} (${told}): ${kind}`,
    reply: replyOf(status, bodyOf(brokerCode, message)),
    at: at === 'every' || at === 'login' || at === 'session' ? sites[at] : [at],
    kind,
    brokerCode,
  }))
}

/** Everything that must be true of an adapter, each as a check of its own. */
export function brokerChecks(broker: Broker, fixtures: BrokerFixtures): readonly Check[] {
  const ofManifest = manifestRules.map(({ name, hint, fault }) => ({
    name,
    run() {
      const found = fault(broker)
      if (found !== undefined) assert.fail(`${found}. ${hint}`)
    },
  }))
  return [
    ...ofManifest,
    ...callChecks(broker, fixtures),
    ...replyChecks(broker, fixtures),
    ...portfolioChecks(broker, fixtures),
  ]
}

/** Registers {@link brokerChecks} as tests. Every adapter's own test file calls this first. */
export function brokerSuite(broker: Broker, fixtures: BrokerFixtures): void {
  describe(`the adapter of ${broker.name}`, () => {
    for (const check of brokerChecks(broker, fixtures)) test(check.name, () => check.run())
  })
}
