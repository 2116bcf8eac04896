import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Broker, BrokerRequest, RedirectLogin, Step } from '../../contracts/broker.ts'
import { hostsFor } from '../../contracts/broker-hosts.ts'
import type { BrokerFixtures, Check } from './suite.ts'

/** What an adapter sends. */
export function callChecks(broker: Broker, fixtures: BrokerFixtures): readonly Check[] {
  return [
    ...loginChecks(broker, fixtures),
    ...fixtures.steps.map((fixture) => ({
      name: `sends the documented request: ${fixture.name}`,
      run() {
        const step = stepNamed(broker, fixture.name)
        const context = frozen(fixture.context)
        assert.deepEqual(step.request(context), fixture.request)
        assert.deepEqual(step.request(context), step.request(context))
        checkRequest(broker, step.request(context))
      },
    })),
    {
      name: 'sends the documented probe, renewal and logout',
      run() {
        const session = frozen(fixtures.session)
        assert.deepEqual(broker.probe.request(session), fixtures.probe.request)
        assert.deepEqual(broker.renewal?.request(session), fixtures.renewal?.request)
        assert.deepEqual(broker.logout?.request(session), fixtures.logout)
        for (const request of [fixtures.probe.request, fixtures.renewal?.request, fixtures.logout]) {
          if (request) checkRequest(broker, request)
        }
      },
    },
    {
      name: 'signs as documented',
      run() {
        const plain: BrokerRequest = { method: 'GET', host: Object.keys(broker.hosts)[0] ?? '', path: '/any' }
        assert.deepEqual(broker.sign(frozen(plain), frozen(fixtures.session)), {
          ...plain,
          ...fixtures.signed,
        })
      },
    },
    {
      name: 'hands out headers that fit every request, or none',
      run() {
        if (broker.handsOut === 'proxy only') return
        const [host = ''] = Object.keys(broker.hosts)
        const sign = (request: BrokerRequest) => broker.sign(frozen(request), frozen(fixtures.session))
        const { headers } = sign({ method: 'GET', host, path: '/any' })
        fc.assert(
          fc.property(anyRequest(broker), (request) => {
            const signed = sign(request)
            assert.deepEqual(signed.headers ?? {}, { ...request.headers, ...headers })
            assert.deepEqual(signed.query ?? [], request.query ?? [])
          }),
          { numRuns: 200 },
        )
      },
    },
    {
      name: 'knows where its hosts are for an account',
      run() {
        const { account } = fixtures.session
        const roles = Object.keys(broker.hosts)
        assert.deepEqual(Object.keys(hostsFor(broker, 'live', frozen(account))), roles)
        if (broker.sandboxHosts)
          assert.deepEqual(Object.keys(hostsFor(broker, 'broker-sandbox', account)).sort(), roles.sort())
      },
    },
    {
      name: 'loses nothing of a request when signing it',
      run() {
        fc.assert(
          fc.property(anyRequest(broker), (request) => {
            const signed = broker.sign(frozen(request), frozen(fixtures.session))
            checkRequest(broker, signed)
            const { method, host, path, body } = signed
            assert.deepEqual({ method, host, path, body }, { ...pick(request), body: request.body })
            const query = signed.query ?? []
            assert.deepEqual(query.slice(0, request.query?.length ?? 0), request.query ?? [])
            for (const [name, value] of Object.entries(request.headers ?? {}))
              assert.equal(signed.headers?.[name], value)
          }),
          { numRuns: 300 },
        )
      },
    },
  ]
}

function loginChecks(broker: Broker, { redirect }: BrokerFixtures): readonly Check[] {
  if (!redirect) return []
  return [
    {
      name: 'opens the documented login page, without a secret in its address',
      run() {
        const method = redirectOf(broker)
        const { host, path, query = [] } = method.loginUrl(frozen(redirect.context))
        const base = hostsFor(broker, 'live', redirect.context.account)[host]
        const url = `${base}${path}?${new URLSearchParams(query.map(([name, value]) => [name, value]))}`
        assert.equal(url, redirect.url)
        for (const [name, spec] of Object.entries(broker.app)) {
          const value: string | undefined = redirect.context.app[name]
          if (spec.secret && value)
            assert.ok(!decodeURIComponent(url).includes(value), `${name} is in the address`)
        }
        const isCarried = decodeURIComponent(decodeURIComponent(url)).includes(redirect.context.state)
        assert.equal(isCarried, method.state === 'echoed', 'the state travels exactly where it comes back')
      },
    },
    {
      name: 'says how long the one-time code lives',
      run() {
        const { grantTtlMs } = redirectOf(broker)
        assert.ok(grantTtlMs > 0 && grantTtlMs <= 24 * 60 * 60_000)
      },
    },
  ]
}

/** The step of that name, wherever in the adapter's logins it is. */
export function stepNamed(broker: Broker, name: string): Step {
  const steps = broker.logins.flatMap((login): readonly Step[] => {
    if (login.kind === 'redirect') return [...(login.prelude ?? []), ...login.steps]
    if (login.kind === 'direct') return login.steps
    return login.kind === 'approval' ? [login.request, ...(login.poll ? [login.poll] : [])] : []
  })
  const step = steps.find((candidate) => candidate.name === name)
  assert.ok(step, `there is a step ${name}`)
  return step
}

/** @throws AssertionError without one */
export function redirectOf(broker: Broker): RedirectLogin {
  const method = broker.logins.find((login) => login.kind === 'redirect')
  assert.ok(method?.kind === 'redirect')
  return method
}

/** A deep copy that nobody can change: an adapter that writes into its arguments throws. */
export function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || value instanceof Temporal.Instant) return value
  const copy = Array.isArray(value)
    ? value.map(frozen)
    : Object.fromEntries(Object.entries(value).map(([name, part]) => [name, frozen(part)]))
  return Object.freeze(copy) as Value
}

export function checkRequest(broker: Broker, request: BrokerRequest): void {
  assert.ok(
    request.host === 'session' || Object.hasOwn(broker.hosts, request.host),
    `the host ${request.host}`,
  )
  assert.match(request.path, /^\/[^?#\s]*$/)
  for (const name of Object.keys(request.headers ?? {})) assert.equal(name, name.toLowerCase())
  if (request.method === 'GET') assert.equal(request.body, undefined)
}

const pick = ({ method, host, path }: BrokerRequest) => ({ method, host, path })

function anyRequest(broker: Broker): fc.Arbitrary<BrokerRequest> {
  const pairs = fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 4 })
  const body = fc.oneof(
    pairs.map((form) => ({ form })),
    fc.jsonValue().map((json) => ({ json })),
    fc.string().map((text) => ({ text, contentType: 'text/plain' })),
  )
  const headers = fc.dictionary(fc.stringMatching(/^x-own-[a-z]{1,8}$/), fc.string(), { maxKeys: 3 })
  const optional = fc.record({ query: pairs, headers }, { requiredKeys: [] })
  const target = fc.record({
    host: fc.constantFrom(...Object.keys(broker.hosts)),
    path: fc.webPath().map((path) => `/${path.replace(/^\/+/, '')}`),
  })
  const call = fc.oneof(
    fc.constant({ method: 'GET' as const }),
    fc.record({ method: fc.constantFrom('POST' as const, 'PUT' as const, 'DELETE' as const), body }),
  )
  return fc.tuple(call, target, optional).map(([a, b, c]) => ({ ...a, ...b, ...c }))
}
