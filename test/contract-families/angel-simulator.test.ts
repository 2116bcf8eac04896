import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BrokerReply, BrokerRequest, CallSite } from '../../src/contracts/broker.ts'
import { ManualClock } from '../../src/core/clock.ts'
import { tryParseJson } from '../../src/core/json.ts'
import { type Simulator, startSimulator, totpCode } from '../../src/simulator/index.ts'
import { angel } from './angel.ts'
import { simulator as angelSimulator } from './angel-simulator.ts'

// A broker without a browser, brought by somebody outside bhor: the frame plays it from one module.

const app = { apiKey: 'demoapikey' }
const { demoUser } = angelSimulator
const account = {
  clientCode: demoUser.userId,
  localIp: '192.168.1.2',
  publicIp: '203.0.113.7',
  macAddress: '02:00:00:00:00:01',
}

async function start(): Promise<Simulator> {
  const clock = new ManualClock('2026-11-23T03:00:00Z')
  const simulator = await startSimulator({ port: 0, clock, modules: [angelSimulator] })
  simulator.registerApp({ broker: 'angel', ...app, apiSecret: '', redirectUrl: '', userId: demoUser.userId })
  return simulator
}

async function send(simulator: Simulator, request: BrokerRequest): Promise<BrokerReply> {
  const origin = simulator.hosts('angel')[request.host]
  assert.ok(origin, request.host)
  const json = request.body && 'json' in request.body ? JSON.stringify(request.body.json) : null
  const response = await fetch(origin + request.path, {
    method: request.method,
    headers: { ...request.headers, ...(json && { 'content-type': 'application/json' }) },
    body: json,
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    text,
    json: tryParseJson(text),
  }
}

const [login] = angel.logins
const [step] = login.steps
const kindOf = (reply: BrokerReply, at: CallSite) => angel.classify(reply, at).kind

async function logIn(simulator: Simulator, vars: { pin?: string; totp?: string } = {}) {
  const totp = totpCode(demoUser.totpSeed, simulator.clock.now())
  const now = simulator.clock.now()
  const answers = { pin: demoUser.pin ?? '', totp, ...vars }
  const context = { app, account, now, redirectUrl: '', vars: answers }
  const reply = await send(simulator, step.request(context))
  const kind = kindOf(reply, 'exchange')
  if (kind !== 'ok') return { kind, session: undefined }
  const { grant } = step.read(reply)
  return { kind, session: { app, account, tokens: grant.tokens, userId: account.clientCode, now } }
}

test('the adapter logs in with PIN and TOTP, probes, renews, orders and logs out', async () => {
  await using simulator = await start()
  assert.deepEqual(simulator.brokers, ['kite', 'upstox', 'angel'])
  assert.equal((await logIn(simulator, { pin: '9999' })).kind, 'rejected')
  assert.equal((await logIn(simulator, { totp: '000000' })).kind, 'rejected')
  const { session } = await logIn(simulator)
  assert.ok(session)
  const probe = (signer = session) => send(simulator, angel.sign(angel.probe.request(), signer))
  const profile = angel.probe.read(await probe())
  assert.deepEqual(profile, { userId: demoUser.userId, userName: demoUser.name })
  const order = {
    method: 'POST',
    host: 'api',
    path: '/rest/secure/angelbroking/order/v1/placeOrder',
  } as const
  assert.equal(kindOf(await send(simulator, angel.sign(order, session)), 'api'), 'ok')

  const renewal = await send(simulator, angel.renewal.request(session))
  const renewed = { ...session, tokens: angel.renewal.read(renewal).tokens }
  assert.notEqual(renewed.tokens.access, session.tokens.access)
  assert.equal(kindOf(await probe(renewed), 'probe'), 'ok')
  assert.equal(kindOf(await send(simulator, angel.renewal.request(session)), 'renewal'), 'bad_grant')

  assert.equal(kindOf(await send(simulator, angel.logout.request(renewed)), 'logout'), 'ok')
  assert.equal(kindOf(await probe(renewed), 'probe'), 'expired')
})

test('its day ends at midnight in India, and faults strike it in its own words', async () => {
  await using simulator = await start()
  const { session } = await logIn(simulator)
  assert.ok(session)
  const probe = async () => kindOf(await send(simulator, angel.sign(angel.probe.request(), session)), 'probe')
  simulator.faults.add({ broker: 'angel', kind: 'rate_limited' })
  assert.equal(await probe(), 'rate_limited')
  simulator.faults.add({ broker: 'angel', kind: 'status', status: 503 })
  assert.equal(await probe(), 'transient')
  simulator.clock.set('2026-11-23T18:29:59Z')
  assert.equal(await probe(), 'ok')
  simulator.clock.set('2026-11-23T18:30:00Z')
  assert.equal(await probe(), 'expired')
  assert.equal(simulator.calls({ broker: 'angel', path: '*/getProfile' }).length, 4)
})

test('a person of an app’s own has a client code and a PIN of the broker’s shape', async () => {
  await using simulator = await start()
  simulator.registerApp({ broker: 'angel', apiKey: 'otherkey', apiSecret: '', redirectUrl: '' })
  const state = await (await fetch(`${simulator.url}/control/state`)).json()
  const { users } = (state as { brokers: Record<string, { users: (typeof demoUser)[] }> }).brokers.angel!
  const person = users.at(-1)!
  assert.notEqual(person.userId, demoUser.userId)
  assert.match(person.userId, /^[A-Z]\d{5}$/)
  assert.match(person.pin ?? '', /^\d{4}$/)
})
