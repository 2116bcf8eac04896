import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refused } from '../../../test/support/bed.ts'
import { openPorch, type PorchHouse } from '../../../test/support/porch.ts'
import type { AuditView, HandOut } from '../../contracts/api.ts'
import { ManualClock } from '../../core/clock.ts'
import { newToken } from '../../core/ids.ts'
import { fraction, seededRandom } from '../../core/random.ts'
import type { NotifierFault } from '../../simulator/faults.ts'
import { startSimulator } from '../../simulator/index.ts'
import { eventOf } from '../events/wire.ts'
import { fullRights } from '../ground/rights.ts'

const pinned = 'DM0002'

const isLong = process.env.LONG_TESTS === '1'

async function openHouse(userId?: string): Promise<PorchHouse> {
  const house = await openPorch()
  await house.doors.world.addAccount({ broker: 'upstox', ...(userId === undefined ? {} : { userId }) })
  return house
}

async function recorded({ doors }: PorchHouse, action: string): Promise<AuditView[]> {
  const { desk, operator } = doors.world.app
  return (await desk.audit.list(operator, { limit: 1000 })).filter((record) => record.action === action)
}

/** Everything of the account that a post could change. */
async function stored({ doors }: PorchHouse) {
  const { store } = doors.world.app
  const { records } = await store.accounts.list()
  const sessions = await store.sessions.latestOfAll()
  const logins = await store.logins.open(doors.world.clock.nowMs())
  return JSON.stringify([records, sessions.records, logins.records, await store.intents.open()])
}

/** The path of the hook that the simulator was told of. */
function pathOf({ doors }: PorchHouse): string {
  return new URL(doors.world.simulator.approvals('upstox')[0]!.notifierUrl).pathname
}

const genuine = (house: PorchHouse, changes: Readonly<Record<string, unknown>> = {}) => {
  const nowMs = house.doors.world.clock.nowMs()
  const [asked] = house.doors.world.simulator.approvals('upstox')
  return JSON.stringify({
    client_id: asked?.apiKey,
    user_id: asked?.userId,
    access_token: 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl',
    token_type: 'Bearer',
    expires_at: String(nowMs + 60 * 60_000),
    issued_at: String(nowMs),
    message_type: 'access_token',
    ...changes,
  })
}
const json = { 'content-type': 'application/json' }

test('approved on the phone, posted to the porch: a session that names its start', async () => {
  await using house = await openHouse(pinned)
  const started = await house.ask()
  assert.deepEqual(
    [started.method, started.status, started.url, started.asks],
    ['approval', 'open', null, []],
  )
  assert.deepEqual(await house.tap(), [200])
  const view = await house.account()
  assert.deepEqual(
    [view.status, view.generation, view.session?.startedBy, view.userId, view.unconfirmed],
    ['active', 1, 'approval', pinned, null],
  )
  const { desk, operator } = house.doors.world.app
  assert.equal((await desk.logins.get(operator, 'demo', started.login)).status, 'done')
  assert.equal((await desk.sessions.test(operator, 'demo')).verdict, 'valid')
  // 03:30 of the next day: the broker's own end and the rule agree.
  assert.equal(view.session?.expiresAt, '2026-11-23T22:00:00Z')
  assert.deepEqual(view.session?.tokenKinds, ['access'])
})

test('looking whether it has come asks nobody and leaves the request open', async () => {
  await using house = await openHouse(pinned)
  const { login } = await house.ask()
  const { desk, operator } = house.doors.world.app
  house.doors.world.simulator.clearCalls()
  assert.equal((await desk.logins.answer(operator, 'demo', login, {})).status, 'open')
  assert.equal(house.doors.world.simulator.calls().length, 0)
  await house.tap()
  assert.equal((await desk.logins.answer(operator, 'demo', login, {})).status, 'done')
})

test('the first approval pins nobody by itself: a person at the desk confirms', async () => {
  await using house = await openHouse()
  await house.ask()
  await house.tap()
  const view = await house.account()
  assert.equal(view.status, 'unconfirmed')
  assert.equal(view.unconfirmed?.via, 'porch')
  const { desk, operator } = house.doors.world.app
  await refused(desk.sessions.handOut(operator, 'demo'), 'unconfirmed')
})

test('posts that nobody asked for leave nothing stored', async (t) => {
  const posts = isLong ? 10_000 : 100
  await using house = await openHouse(pinned)
  await house.ask()
  const path = pathOf(house)
  const body = genuine(house)
  await house.tap('reject')
  const { desk, operator } = house.doors.world.app
  await desk.logins.cancel(operator, 'demo', (await house.account()).login!.id)
  const before = await stored(house)
  for (let times = 0; times < posts; times++)
    assert.equal((await house.knock('POST', path, { headers: json, body })).status, 200)
  assert.equal(await stored(house), before)
  assert.equal((await house.account()).generation, 0)
  await house.doors.world.app.desk.context.refusals.end()
  const drops = await recorded(house, 'login.notify')
  const times = drops.reduce((sum, { detail }) => sum + Number(detail.times ?? 1), 0)
  assert.equal(times, posts)
  assert.deepEqual([...new Set(drops.map(({ code }) => code))], ['notification_unasked'])
  assert.ok(drops.length < 20, `${drops.length} records`)
  // Nobody was asked about a token that nobody had asked for.
  assert.equal(house.doors.world.simulator.calls({ path: '/v2/user/profile' }).length, 0)
  t.diagnostic(
    `test 105: ${posts} posts that nobody asked for, 0 stored, ${times} told in ${drops.length} records`,
  )
})

test('a drop is told as an event, once a minute for each cause', async () => {
  await using house = await openHouse(pinned)
  await house.ask()
  const path = pathOf(house)
  const { desk } = house.doors.world.app
  const post = (changes: object) =>
    house.knock('POST', path, { headers: json, body: genuine(house, { ...changes }) })
  for (let times = 0; times < 3; times++) await post({ client_id: 'another' })
  await post({ user_id: 'DM0042' })
  const { records } = await desk.context.store.feed.after(0, 200)
  const told = records.map(eventOf).flatMap((one) => (one?.event === 'login.dropped' ? [one.data.code] : []))
  assert.deepEqual(told, ['notification_invalid', 'wrong_user'])
  await house.doors.world.advance(61_000)
  await post({ client_id: 'another' })
  const later = (await desk.context.store.feed.after(0, 200)).records
  assert.equal(later.filter(({ action }) => action === 'login.notify').length, 3)
})

const nowMs = Date.parse('2026-11-23T03:00:00Z')
/** What a stranger or a broken broker could post, and what it is dropped as. */
const forged: readonly (readonly [what: string, changes: Readonly<Record<string, unknown>>, code: string])[] =
  [
    ['another message', { message_type: 'order_update' }, 'notification_invalid'],
    ['no message type', { message_type: undefined }, 'notification_invalid'],
    ['another client', { client_id: 'somebody-elses-app' }, 'notification_invalid'],
    ['no client', { client_id: '' }, 'notification_invalid'],
    ['another user', { user_id: 'DM0042' }, 'wrong_user'],
    ['no user', { user_id: '' }, 'bad_token_shape'],
    ['no token', { access_token: '' }, 'bad_token_shape'],
    ['a token with a line end', { access_token: 'abc\ndef' }, 'bad_token_shape'],
    ['a token of 9 KiB', { access_token: 'a'.repeat(9 * 1024) }, 'bad_token_shape'],
    ['a token that is a list', { access_token: ['a'] }, 'bad_token_shape'],
    ['issued an hour from now', { issued_at: String(nowMs + 3_600_000) }, 'notification_invalid'],
    ['no time of issue', { issued_at: '' }, 'notification_invalid'],
    ['over already', { expires_at: String(nowMs - 1) }, 'notification_invalid'],
    ['over before it began', { issued_at: String(nowMs), expires_at: String(nowMs) }, 'notification_invalid'],
    ['three days long', { expires_at: String(nowMs + 3 * 86_400_000) }, 'notification_invalid'],
    ['times as dates', { expires_at: '2026-11-24' }, 'notification_invalid'],
    ['a token that the broker does not know', {}, 'broker_rejected'],
  ]

test('what is forged is dropped while a request is open, and the request lives on', async () => {
  await using house = await openHouse(pinned)
  await house.ask()
  const path = pathOf(house)
  const before = await stored(house)
  for (const [what, changes, code] of forged) {
    const answer = await house.knock('POST', path, { headers: json, body: genuine(house, changes) })
    assert.deepEqual([answer.status, answer.text], [200, '{"status":"ok"}'], what)
    const [latest] = await recorded(house, 'login.notify')
    assert.equal(latest?.code, code, what)
    assert.equal(latest?.actor, 'broker:upstox')
    assert.equal(JSON.stringify(latest).includes('eyJ'), false)
    await house.doors.world.advance(61_000)
  }
  // Accounts, sessions, logins and intents are as they were.
  assert.equal(await stored(house), before)
  await house.tap()
  assert.equal((await house.account()).status, 'active')
})

test('a token of somebody else of the same app is dropped, and the account stays whose it is', async () => {
  await using house = await openHouse(pinned)
  await house.ask()
  house.doors.world.simulator.faults.add({ kind: 'notifier_wrong_user' })
  assert.deepEqual(await house.tap(), [200])
  const view = await house.account()
  assert.deepEqual([view.generation, view.status], [0, 'login_pending'])
})

test('forged tokens, and real ones of another person, while a request is open: none is stored', async (t) => {
  const posts = isLong ? 1_000 : 50
  await using house = await openHouse(pinned)
  const { world } = house.doors
  const { desk, operator, store } = world.app
  const random = seededRandom('forged tokens')
  const other = { broker: 'upstox', userId: 'DM0099', expiresAt: '2026-11-23T22:00:00Z' }
  const { apiKey } = await house.account()
  let path = ''
  for (let post = 0; post < posts; post++) {
    // The broker is asked five times for a request.
    if (post % 5 === 0) {
      const { login } = await house.account()
      if (login) await desk.logins.cancel(operator, 'demo', login.id)
      await house.ask()
      path = new URL(world.simulator.approvals('upstox').at(-1)!.notifierUrl).pathname
    }
    const token = `eyJhbGciOiJIUzI1NiJ9.e30.${newToken(random)}`
    const isReal = post % 2 === 1
    if (isReal) world.simulator.adoptSession({ ...other, apiKey, accessToken: token })
    const body = genuine(house, { client_id: apiKey, user_id: pinned, access_token: token })
    assert.equal((await house.knock('POST', path, { headers: json, body })).status, 200)
    const [latest] = await recorded(house, 'login.notify')
    if (post < 10) assert.equal(latest?.code, isReal ? 'wrong_user' : 'broker_rejected', `post ${post}`)
  }
  assert.equal(world.simulator.calls({ path: '/v2/user/profile' }).length, posts)
  const [sessions, intents] = [await store.sessions.latestOfAll(), await store.intents.open()]
  assert.deepEqual([sessions.records, intents.records], [[], []])
  assert.deepEqual([(await house.account()).generation, (await house.account()).status], [0, 'login_pending'])
  await desk.logins.cancel(operator, 'demo', (await house.account()).login!.id)
  await house.ask()
  await house.tap()
  assert.equal((await house.account()).status, 'active')
  t.diagnostic(
    `test 106: ${posts} posts while a request was open, half of them forged and half of another person, 0 stored`,
  )
})

test('a genuine token twice, late and out of order is stored once', async (t) => {
  const rounds = isLong ? 200 : 5
  await using house = await openHouse(pinned)
  const { world } = house.doors
  const { desk, operator } = world.app
  const { apiKey } = await house.account()
  const tokens: string[] = []
  let again = 0
  const post = async (token: string, path: string) => {
    const body = genuine(house, { client_id: apiKey, user_id: pinned, access_token: token })
    assert.equal((await house.knock('POST', path, { headers: json, body })).status, 200)
    again++
  }
  for (let round = 1; round <= rounds; round++) {
    await house.ask()
    const path = new URL(world.simulator.approvals('upstox').at(-1)!.notifierUrl).pathname
    // All of before, while the next one is waited for.
    for (const token of tokens.slice(-3).toReversed()) await post(token, path)
    assert.equal((await house.account()).generation, round - 1)
    world.simulator.clearCalls()
    world.simulator.faults.add({ kind: 'notifier_twice' })
    assert.deepEqual((await house.tap()).slice(-2), [200, 200])
    again++
    const [asked] = world.simulator.calls({ path: '/v2/user/profile' })
    tokens.push(asked!.headers.authorization!.slice('Bearer '.length))
    await Promise.all([post(tokens.at(-1)!, path), post(tokens.at(-1)!, path)])
    await world.advance(10 * 60_000)
    await post(tokens.at(-1)!, path)
    const view = await house.account()
    assert.equal(view.generation, round)
    // In many rounds a night passes.
    assert.match(view.status, /^(active|expiring|expired)$/)
  }
  assert.equal(new Set(tokens).size, rounds)
  const { accessToken } = JSON.parse((await desk.sessions.handOut(operator, 'demo')).reveal()) as HandOut
  assert.equal(accessToken, tokens.at(-1))
  t.diagnostic(
    `test 107: ${rounds} genuine tokens, ${again} posts beside the first of each, each stored once`,
  )
})

test('whoever tries tokens gets the broker asked five times, and no further', async () => {
  await using house = await openHouse(pinned)
  await house.ask()
  const path = pathOf(house)
  const asked = () => house.doors.world.simulator.calls({ path: '/v2/user/profile' }).length
  for (let times = 0; times < 20; times++) {
    const body = genuine(house, { access_token: `token-${times}` })
    await house.knock('POST', path, { headers: json, body })
  }
  assert.equal(asked(), 5)
  assert.equal((await house.account()).status, 'login_pending')
})

/** What the simulated broker can make of an approval, and what becomes of the account. */
const faults: readonly (readonly [NotifierFault, statuses: number[], status: string])[] = [
  ['notifier_twice', [200, 200], 'active'],
  ['notifier_wrong_client', [200], 'login_pending'],
  ['notifier_garbage', [400], 'login_pending'],
  ['notifier_never', [], 'login_pending'],
]

test('posts that come twice, for another app, as garbage or never', async () => {
  for (const [kind, statuses, status] of faults) {
    await using house = await openHouse(pinned)
    await house.ask()
    house.doors.world.simulator.faults.add({ kind })
    assert.deepEqual(await house.tap(), statuses, kind)
    const view = await house.account()
    assert.deepEqual([view.status, view.generation], [status, status === 'active' ? 1 : 0], kind)
  }
})

test('what comes late finds its request over: dropped, and told', async () => {
  await using house = await openHouse(pinned)
  await house.ask()
  const { world } = house.doors
  world.simulator.faults.add({ kind: 'notifier_late', delayMs: 61 * 60_000 })
  await house.press()
  await world.advance(61 * 60_000)
  assert.deepEqual(await world.simulator.posted(), [200])
  const view = await house.account()
  assert.equal(view.generation, 0)
  assert.equal((await recorded(house, 'login.notify'))[0]?.code, 'notification_unasked')
})

test('the same post an hour later is no second session and no alarm', async () => {
  await using house = await openHouse(pinned)
  await house.ask()
  const path = pathOf(house)
  const { world } = house.doors
  await house.tap()
  const token = world.simulator.calls({ path: '/v2/user/profile' })[0]!.headers.authorization!.slice(7)
  const { apiKey } = await house.account()
  const body = genuine(house, { client_id: apiKey, user_id: pinned, access_token: token })
  assert.equal((await house.knock('POST', path, { headers: json, body })).status, 200)
  assert.equal((await house.account()).generation, 1)
  assert.equal((await recorded(house, 'login.notify')).length, 0)
})

test('a broker that does not answer is no proof: nothing is stored, and it may be posted again', async () => {
  await using house = await openHouse(pinned)
  await house.ask()
  const { simulator } = house.doors.world
  simulator.faults.add({ kind: 'status', match: { path: '/v2/user/profile' }, times: 1 })
  assert.deepEqual(await house.tap(), [503])
  assert.deepEqual([(await house.account()).status, (await house.account()).generation], ['login_pending', 0])
})

test('without a porch an approval says what is missing, and the broker is not asked', async () => {
  const { openWorld } = await import('../../../test/support/world.ts')
  await using world = await openWorld()
  await world.addAccount({ broker: 'upstox' })
  const { desk, operator } = world.app
  const asking = desk.logins.start(operator, 'demo', { via: 'api', method: 'approval' })
  await assert.rejects(asking, { code: 'porch_needed', hint: /\[porch\]/ })
  assert.equal(world.simulator.calls({ path: '/v3/*' }).length, 0)
  // Nor does anybody offer it.
  const view = (await desk.accounts.brokers(operator, ['upstox']))[0]
  assert.deepEqual(
    view?.logins.map(({ kind }) => kind),
    ['redirect'],
  )
})

/** A live account at a broker that is played by the simulator, with an app of which the broker knows `notifierUrl`. */
async function openLive() {
  const clock = new ManualClock('2026-11-23T03:00:00Z')
  const simulator = await startSimulator({ port: 0, clock, rateLimits: false })
  const app = { apiKey: 'livekey', apiSecret: 'livesecret' }
  simulator.registerApp({ broker: 'upstox', ...app, redirectUrl: 'http://127.0.0.1:1/', userId: pinned })
  const { api, orders } = simulator.hosts('upstox')
  const config = `[hosts.upstox]\napi = "${api}"\norders = "${orders}"\n`
  const house = await openPorch({ clock, simulator, config })
  await house.doors.world.addAccount({ broker: 'upstox', kind: 'live', app, userId: pinned })
  const notifyAt = (notifierUrl: string) =>
    simulator.notifyAt({ broker: 'upstox', apiKey: 'livekey', notifierUrl })
  const closing = new AsyncDisposableStack()
  closing.use(simulator)
  closing.use(house)
  return { house, notifyAt, [Symbol.asyncDispose]: () => closing.disposeAsync() }
}

test('at a real broker the address is made once, registered by hand, and compared at each request', async () => {
  await using live = await openLive()
  const { house, notifyAt } = live
  const { desk, operator } = house.doors.world.app
  const asked = () => house.doors.world.simulator.calls({ path: '/v3/login/*' }).length
  await assert.rejects(house.ask(), { code: 'hook_unregistered', hint: /bhor accounts hook demo/ })
  assert.equal(asked(), 0)
  const first = await desk.hooks.make(operator, 'demo')
  assert.match(first.url, new RegExp(`^${house.porch}/hooks/upstox/[\\w-]{43}$`))
  // The broker has none yet, or another one.
  await refused(house.ask(), 'app_invalid')
  for (const other of [
    'http://127.0.0.1:1/hooks/upstox/x',
    `${house.porch}/hooks/upstox/${'A'.repeat(43)}`,
  ]) {
    notifyAt(other)
    await assert.rejects(house.ask(), { code: 'hook_unregistered', message: /will post to another address/ })
  }
  assert.equal((await house.account()).login, null)
  notifyAt(first.url)
  await house.ask()
  assert.deepEqual(await house.tap(), [200])
  assert.equal((await house.account()).status, 'active')
  // What is stored of the path is no path.
  const { records } = await desk.context.store.hooks.ofApp(
    (await desk.context.store.accounts.list()).records[0]!.appId,
  )
  assert.equal(JSON.stringify(records).includes(first.url.slice(-43)), false)
})

test('a new address takes the place of the one before, which counts for a day longer', async () => {
  await using live = await openLive()
  const { house, notifyAt } = live
  const { desk, operator } = house.doors.world.app
  const first = await desk.hooks.make(operator, 'demo')
  assert.equal(first.beforeUntil, null)
  const second = await desk.hooks.make(operator, 'demo')
  assert.equal(second.beforeUntil, '2026-11-24T03:00:00Z')
  const status = async ({ url }: typeof first) =>
    (await house.knock('POST', new URL(url).pathname, { headers: json, body: '{}' })).status
  assert.deepEqual([await status(first), await status(second)], [200, 200])
  house.doors.world.clock.set('2026-11-24T02:59:59Z')
  assert.equal(await status(first), 200)
  house.doors.world.clock.set('2026-11-24T03:00:00Z')
  assert.deepEqual([await status(first), await status(second)], [404, 200])
  // Only the newest is one to ask with.
  notifyAt(first.url)
  await refused(house.ask(), 'hook_unregistered')
  await desk.hooks.make(operator, 'demo')
  house.doors.world.clock.set('2026-11-26T03:00:00Z')
  await desk.hooks.make(operator, 'demo')
  const { appId } = (await desk.context.store.accounts.list()).records[0]!
  assert.equal((await desk.context.store.hooks.ofApp(appId)).records.length, 2)
})

/** Welch's t of two samples, without the longest twentieth of both, which is the machine's. */
function welch(samples: readonly (readonly number[])[]): number {
  const longest = samples.flat().toSorted((x, y) => x - y)[Math.floor(samples.flat().length * 0.95)]!
  const [a, b] = samples.map((all) => {
    const kept = all.filter((ms) => ms <= longest)
    const mean = kept.reduce((sum, ms) => sum + ms, 0) / kept.length
    const variance = kept.reduce((sum, ms) => sum + (ms - mean) ** 2, 0) / (kept.length - 1)
    return { mean, error: variance / kept.length }
  })
  return (a!.mean - b!.mean) / Math.sqrt(a!.error + b!.error)
}

test('a path that is guessed, nearly right or of yesterday is the same 404, in the same time', async (t) => {
  const guesses = isLong ? 5_000 : 250
  await using live = await openLive()
  const { house } = live
  const { desk, operator } = house.doors.world.app
  const old = new URL((await desk.hooks.make(operator, 'demo')).url).pathname
  const right = new URL((await desk.hooks.make(operator, 'demo')).url).pathname
  house.doors.world.clock.set('2026-11-24T03:00:00Z')
  const random = seededRandom('paths')
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const near = () => {
    const last = letters[Math.floor(fraction(random) * letters.length)]!
    return last === right.at(-1) ? old : right.slice(0, -1) + last
  }
  const far = () => `/hooks/upstox/${newToken(random)}`
  const took: [number[], number[]] = [[], []]
  const answers = new Set<string>()
  while (took[0].length + took[1].length < 2 * guesses) {
    const at = fraction(random) < 0.5 ? 0 : 1
    const path = at === 0 ? near() : far()
    // Of strangers one a second is looked at.
    await house.doors.world.advance(1_000)
    const begunMs = performance.now()
    const { status, text, headers } = await house.knock('POST', path, { headers: json, body: '{}' })
    took[at].push(performance.now() - begunMs)
    answers.add(JSON.stringify([status, text, { ...headers, date: '' }]))
  }
  assert.equal(answers.size, 1, [...answers].join('\n'))
  assert.match([...answers][0]!, /^\[404,""/)
  assert.equal((await house.knock('POST', right, { headers: json, body: '{}' })).status, 200)
  const difference = welch(took)
  assert.ok(Math.abs(difference) < 4.5, `|t| is ${difference}`)
  t.diagnostic(
    `test 108: ${2 * guesses} guesses, one answer, |t| ${Math.abs(difference).toFixed(2)} (below 4.5)`,
  )
})

test('only a person makes an address', async () => {
  await using house = await openHouse(pinned)
  const { desk } = house.doors.world.app
  await refused(desk.hooks.make(fullRights('key', 'x'), 'demo'), 'scope_missing')
})
