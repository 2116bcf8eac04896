import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Broker, BrokerReply, CallSite, Grant, Values, VerdictKind } from '../../contracts/broker.ts'
import { BhorError } from '../../core/errors.ts'
import { tryParseJson } from '../../core/json.ts'
import { callbackChecks } from './callbacks.ts'
import { frozen, stepNamed } from './calls.ts'
import { errorReplyChecks } from './error-replies.ts'
import { type BrokerFixtures, type Check, everySite, loginSites, replyOf } from './suite.ts'

const kinds: Readonly<Record<VerdictKind, true>> = {
  ok: true,
  expired: true,
  bad_grant: true,
  app_invalid: true,
  user_not_enabled: true,
  needs_human: true,
  ip_not_allowed: true,
  not_permitted: true,
  rate_limited: true,
  locked: true,
  rejected: true,
  closed: true,
  transient: true,
}

/** How an adapter reads what comes back. */
export function replyChecks(broker: Broker, fixtures: BrokerFixtures): readonly Check[] {
  const readers = readersOf(broker, fixtures)
  return [
    ...callbackChecks(broker, fixtures),
    ...readers.map(({ name, at, reply, result, read }) => ({
      name: `reads the documented reply: ${name}`,
      run() {
        assert.equal(broker.classify(frozen(reply), at).kind, 'ok')
        assert.deepEqual(read(frozen(reply)), result)
        const grant = grantIn(result)
        if (grant) checkGrant(broker, grant)
      },
    })),
    {
      name: 'refuses a token of impossible shape, and never quotes it',
      run() {
        for (const { name, reply, result, read } of readers) {
          const access = grantIn(result)?.tokens.access
          if (!access) continue
          for (const evil of evilTokens(access)) {
            const text: string = reply.text.replaceAll(access, JSON.stringify(evil).slice(1, -1))
            const headers = mapValues(reply.headers, (value) => value.replaceAll(access, evil))
            const isThere: boolean =
              text !== reply.text || Object.values(reply.headers).some((v) => v.includes(access))
            assert.ok(isThere, `${name}: the fixture's reply holds its access token`)
            assertRefused(() => read({ ...reply, headers, text, json: tryParseJson(text) }), name, evil)
          }
          assertRefused(() => read({ ...reply, headers: {}, text: '{}', json: {} }), name, access)
        }
      },
    },
    {
      name: 'reads any JSON without another error than bad_token_shape',
      run() {
        fc.assert(
          fc.property(anyJsonLike(fixtures), (json) => {
            for (const { name, reply, read } of readers)
              assertReadOrRefused(() => read({ ...reply, json }), name)
          }),
          { numRuns: 500 },
        )
      },
    },
    ...fixtures.verdicts.map(({ name, reply, at, kind, brokerCode }) => ({
      name: `tells apart: ${name}`,
      run() {
        for (const site of at) {
          const verdict = broker.classify(frozen(reply), site)
          assert.equal(verdict.kind, kind, site)
          if (brokerCode !== undefined) assert.equal(verdict.brokerCode, brokerCode)
        }
      },
    })),
    {
      name: 'takes redirects, gateway pages and broken answers for what they are',
      run() {
        for (const site of everySite) {
          for (const status of [301, 302, 303, 307, 308, 500, 502, 503, 504, 599]) {
            assert.equal(
              broker.classify(replyOf(status, '<html></html>'), site).kind,
              'transient',
              `${status} ${site}`,
            )
          }
          for (const text of [
            '',
            '<!doctype html><title>Just a moment…</title>',
            'null',
            '[]',
            '"ok"',
            '{"status":',
          ]) {
            assert.equal(broker.classify(replyOf(200, text), site).kind, 'transient', `200 ${text} ${site}`)
          }
          assert.match(broker.classify(replyOf(423, '{}'), site).kind, /^(locked|closed)$/)
          assert.equal(broker.classify(replyOf(429, '<html></html>'), site).kind, 'rate_limited')
          assert.equal(broker.classify(replyOf(429, '', { 'retry-after': '3' }), site).retryAfterMs, 3000)
          assert.equal(
            broker.classify(replyOf(429, '', { 'retry-after': 'soon' }), site).retryAfterMs,
            undefined,
          )
        }
      },
    },
    ...errorReplyChecks(broker),
    {
      name: 'has a verdict on any reply, and none that could cost a session or a login',
      run() {
        fc.assert(
          fc.property(anyReply(fixtures), fc.constantFrom<CallSite>(...everySite), (reply, site) => {
            const { kind, brokerCode, brokerMessage } = broker.classify(frozen(reply), site)
            assert.ok(Object.hasOwn(kinds, kind))
            for (const said of [brokerCode, brokerMessage])
              assert.ok(said === undefined || typeof said === 'string')
            if (kind === 'ok')
              assert.ok(reply.status >= 200 && reply.status < 300, 'a success has a success status')
            if (kind === 'expired')
              assert.ok(!loginSites.some((login) => login === site), 'no session can die at a login')
            if (kind === 'bad_grant')
              assert.ok(
                loginSites.some((login) => login === site),
                'grants are spent at a login',
              )
            if (reply.json === undefined)
              assert.notEqual(kind, 'expired', 'only the broker’s own words end a session')
          }),
          { numRuns: 2000 },
        )
      },
    },
  ]
}

interface Reader {
  readonly name: string
  readonly at: CallSite
  readonly reply: BrokerReply
  readonly result: unknown
  read(reply: BrokerReply): unknown
}

function readersOf(broker: Broker, { steps, probe, renewal, session }: BrokerFixtures): readonly Reader[] {
  const readers: Reader[] = steps.map(({ name, context, reply, result }) => ({
    name,
    at: isPrelude(broker, name) ? 'prelude' : 'exchange',
    reply,
    result,
    read: (given) => stepNamed(broker, name).read(given, frozen(context)),
  }))
  readers.push({
    name: 'probe',
    at: 'probe',
    reply: probe.reply,
    result: probe.profile,
    read: broker.probe.read,
  })
  if (renewal) {
    const read = (given: BrokerReply) => broker.renewal?.read(given, frozen(session))
    readers.push({ name: 'renewal', at: 'renewal', reply: renewal.reply, result: renewal.grant, read })
  }
  return readers
}

function isPrelude(broker: Broker, name: string): boolean {
  const preludes = broker.logins.flatMap((login) => (login.kind === 'redirect' ? (login.prelude ?? []) : []))
  return preludes.some((step) => step.name === name)
}

function mapValues(values: Values, change: (value: string) => string): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]))
}

function grantIn(result: unknown): Grant | undefined {
  const { grant, tokens } = result as { grant?: Grant; tokens?: unknown }
  return grant ?? (tokens ? (result as Grant) : undefined)
}

function checkGrant(broker: Broker, grant: Grant): void {
  assert.ok(grant.tokens.access)
  for (const [kind, token] of Object.entries(grant.tokens)) {
    assert.match(token, broker.tokens[kind]?.pattern ?? /^$/, kind)
  }
}

const evilTokens = (token: string): readonly string[] => [
  `${token} `,
  ` ${token}`,
  `${token.slice(0, 4)} ${token.slice(4)}`,
  `${token}\n`,
  `${token}\r\nx-injected: 1`,
  `${token}\u0000`,
  `${token}\u2028`,
  `${token}é`,
  `<b>${token}</b>`,
  `"${token}"`,
  token.repeat(Math.ceil(8193 / token.length)),
]

function assertRefused(read: () => unknown, name: string, evil: string): void {
  assert.throws(read, (error) => {
    assert.ok(error instanceof BhorError && error.code === 'bad_token_shape', `${name}: ${error}`)
    const said = `${error.message} ${error.hint} ${JSON.stringify(error.facts)}`
    assert.ok(!said.includes(evil.slice(0, 12)) && !said.includes(evil.slice(-12)), 'the token is quoted')
    return true
  })
}

function assertReadOrRefused(read: () => unknown, name: string): void {
  try {
    assert.equal(typeof read(), 'object', name)
  } catch (error) {
    assert.ok(error instanceof BhorError && error.code === 'bad_token_shape', `${name}: ${error}`)
  }
}

/** JSON of any shape, and the documented replies with any of their values replaced. */
function anyJsonLike(fixtures: BrokerFixtures): fc.Arbitrary<unknown> {
  const replies = [
    ...fixtures.steps.map(({ reply }) => reply),
    fixtures.probe.reply,
    ...(fixtures.renewal ? [fixtures.renewal.reply] : []),
    ...fixtures.verdicts.map(({ reply }) => reply),
  ].map(({ json }) => json)
  const bent = fc
    .tuple(fc.constantFrom(...replies), fc.nat({ max: 60 }), fc.jsonValue())
    .map(([json, at, value]) => replaced(json, { left: at }, value))
  return fc.oneof(fc.jsonValue(), fc.anything(), bent)
}

export function replaced(json: unknown, place: { left: number }, value: unknown): unknown {
  if (place.left-- === 0) return value
  if (Array.isArray(json)) return json.map((part) => replaced(part, place, value))
  if (typeof json !== 'object' || json === null) return json
  return Object.fromEntries(Object.entries(json).map(([name, part]) => [name, replaced(part, place, value)]))
}

function anyReply(fixtures: BrokerFixtures): fc.Arbitrary<BrokerReply> {
  const usual = fc.constantFrom(
    200,
    201,
    204,
    207,
    302,
    400,
    401,
    403,
    404,
    405,
    406,
    422,
    423,
    429,
    500,
    502,
    503,
  )
  return fc.record({
    status: fc.oneof(usual, fc.integer({ min: 100, max: 999 }), fc.constantFrom(0, -1, Number.NaN)),
    headers: fc.dictionary(fc.constantFrom('content-type', 'retry-after', 'x-other'), fc.string()),
    text: fc.string(),
    json: fc.oneof(fc.constant(undefined), anyJsonLike(fixtures)),
  })
}
