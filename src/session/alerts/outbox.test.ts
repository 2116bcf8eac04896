import assert from 'node:assert/strict'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setImmediate as immediate } from 'node:timers/promises'
import { openAlertWorld } from '../../../test/support/alerts/house.ts'
import { startReceiver } from '../../../test/support/alerts/receiver.ts'
import { openPorch } from '../../../test/support/porch.ts'
import type { AlertMessage } from '../../contracts/alerts.ts'
import { auditActions } from '../../contracts/audit.ts'
import type { FeedRecord } from '../../contracts/store.ts'
import { type Claim, channelWorkKinds } from '../../contracts/work.ts'
import { isBhorError } from '../../core/errors.ts'
import { fullRights } from '../ground/rights.ts'
import { kinds } from './kinds.ts'
import { alertsOf, endedBy, ends, rules } from './rules.ts'

const inMarket = '2026-11-23T05:00:00Z'

test('what waits cannot be read, forged or moved; what was forged is dropped and counted as nothing', async () => {
  await using bed = await openAlertWorld({ start: inMarket })
  const { world, phone } = bed
  await bed.addPhone()
  phone.breakDown(502)
  const { desk, operator } = world.app
  await desk.gates.setHouse(operator, { state: 'closed', reason: 'storm' })
  await bed.send()
  {
    using database = new DatabaseSync(join(world.home, 'bhor.db'))
    const rows = database.prepare('select * from alert_outbox').all() as {
      id: string
      sealed_alert: string
    }[]
    assert.equal(rows.length, 1)
    assert.doesNotMatch(JSON.stringify(rows), /stopped|storm/)
    // The same sealed text in another row: somebody tells an old alert once more.
    database.exec(
      `insert into alert_outbox select id || 'x', channel_id, at_ms, severity, sealed_alert from alert_outbox`,
    )
    database.exec(
      `insert into alert_outbox select id || 'y', channel_id, at_ms, severity, '{"title":"evil"}' from alert_outbox`,
    )
  }
  phone.breakDown(0)
  await bed.pass(20)
  assert.equal(bed.said().length, 1)
  assert.match(bed.said()[0] ?? '', /^‼ Trading is stopped/)
  assert.equal((await world.app.store.outbox.depth()).count, 0)
})

test('a channel whose row was changed from outside sends nothing, says so, and can be removed', async () => {
  await using bed = await openAlertWorld({ start: inMarket })
  const { world, phone } = bed
  await bed.addPhone()
  {
    using database = new DatabaseSync(join(world.home, 'bhor.db'))
    database.exec(`update alert_channels set settings_json = '{"chat":"666","server":"${phone.url}"}'`)
  }
  const { desk, operator } = world.app
  await desk.gates.setHouse(operator, { state: 'closed', reason: 'storm' }).catch(() => {})
  await bed.send()
  assert.deepEqual(phone.messages, [])
  assert.deepEqual(
    (await desk.alerts.list(operator)).map(({ name, state }) => [name, state]),
    [['phone', 'damaged']],
  )
  await assert.rejects(desk.alerts.test(operator, 'phone'), (error) => isBhorError(error, 'store_damaged'))
})

test('what is due for a channel whose row was changed from outside is looked at once, and is not due any more', async (t) => {
  await using bed = await openAlertWorld({ start: inMarket })
  const { world, phone } = bed
  const { desk, operator, store } = world.app
  await bed.addPhone()
  phone.breakDown(502)
  await desk.gates.setHouse(operator, { state: 'closed', reason: 'storm' })
  await bed.send()
  const dueMs = await store.work.next(channelWorkKinds)
  assert.ok(dueMs !== undefined && dueMs > world.clock.nowMs())
  {
    using database = new DatabaseSync(join(world.home, 'bhor.db'))
    database.exec(`update alert_channels set settings_json = '{"chat":"666","server":"${phone.url}"}'`)
  }
  const claimWork = store.claimWork.bind(store)
  const claims = t.mock.method(store, 'claimWork', (wish: Claim) => {
    if (wish.kinds.includes('alert') && claims.mock.callCount() > 20) throw new Error('It has no end.')
    return claimWork(wish)
  })
  await world.advance(dueMs - world.clock.nowMs())
  await bed.send()
  assert.equal(await store.work.next(channelWorkKinds), undefined)
  const ofAlerts = claims.mock.calls.filter(({ arguments: [wish] }) => wish.kinds.includes('alert'))
  assert.equal(ofAlerts.length, 1)
})

test('what is not critical and could not be told for a day is left out, and that is told', async () => {
  await using bed = await openAlertWorld({ start: inMarket })
  const { world, phone } = bed
  await bed.addPhone()
  const { desk, operator } = world.app
  await desk.keys.add(operator, { name: 'bot', scopes: ['status'], expiresInDays: 3 })
  phone.breakDown(502)
  await desk.watch.look()
  await desk.gates.setHouse(operator, { state: 'closed', reason: 'storm' })
  await bed.send()
  await world.restart(() => world.clock.set('2026-11-24T06:00:00Z'))
  phone.breakDown(0)
  await bed.pass(20)
  const [first] = bed.said()
  assert.match(first ?? '', /^‼ Trading is stopped for all accounts/)
  assert.match(first ?? '', /1 older alert was left out: nobody could be reached for a day\.$/)
})

test('a key lists and tests channels with the right admin, and changes none', async () => {
  await using bed = await openAlertWorld({ start: inMarket })
  const { desk } = bed.world.app
  await bed.addPhone()
  const key = { ...fullRights('key', 'key_1') }
  assert.equal((await desk.alerts.list(key)).length, 1)
  const input = { name: 'x', kind: 'webhook', secrets: { url: `${bed.hook.url}/` } } as const
  for (const work of [
    () => desk.alerts.add(key, input),
    () => desk.alerts.edit(key, 'phone', { leastSeverity: 'critical' }),
    () => desk.alerts.remove(key, 'phone'),
  ])
    await assert.rejects(work(), (error) => isBhorError(error, 'scope_missing'))
  for (let at = 0; at < 3; at++) await desk.alerts.test(key, 'phone')
  await assert.rejects(desk.alerts.test(key, 'phone'), (error) => isBhorError(error, 'rate_limited'))
  assert.equal(bed.phone.messages.length, 3)
})

for (const least of ['critical', 'warning'] as const)
  test(`a gate that closes is told by a channel from ${least} on, although a failed login is not`, async () => {
    await using bed = await openAlertWorld({ start: inMarket })
    const { world } = bed
    await bed.addPhone({ leastSeverity: least })
    await world.addAccount({ account: 'papa' })
    await world.logIn('papa')
    const { simulator } = world
    const loseLogin = async () => {
      const callback = await world.callbackFor('papa')
      simulator.faults.add({ kind: 'reset_before', match: { path: '/session/token' }, times: 1 })
      await assert.rejects(world.arrive(callback))
    }
    const closed = () => bed.said().filter((text) => /: The gate is closed in market hours/.test(text))
    if (least === 'warning') {
      // The first one is told, and the session proves to live; a second one is within its half hour.
      await loseLogin()
      await world.app.desk.sessions.test(world.app.operator, 'papa')
      await bed.pass(3)
      assert.match(bed.said()[0] ?? '', /A login failed/)
    }
    simulator.faults.add({ id: 'down', kind: 'status', match: { path: '/user/*' }, times: Infinity })
    const before = closed().length
    await loseLogin()
    await bed.pass(3)
    assert.equal((await world.app.desk.gates.get(world.app.operator, 'papa')).state, 'closed')
    assert.equal(closed().length, before + 1)
    const incidents = await world.app.store.incidents.list()
    assert.ok(incidents.every(({ channelIds }) => channelIds.length > 0))
  })

test('what a receiver refuses holds up nothing else; it is tried once more, then left out, and the others tell it', async () => {
  const refuse = ({ body }: { readonly body: string }) => ({
    status: body.includes('"session.ended"') ? 422 : 200,
  })
  await using bed = await openAlertWorld({ start: inMarket }, refuse)
  const { world, hook } = bed
  const { desk, operator, store } = world.app
  await world.addAccount({ account: 'papa' })
  await world.logIn('papa')
  await bed.addHook()
  world.simulator.killSession('kite', (await desk.accounts.get(operator, 'papa')).apiKey)
  await desk.sessions.test(operator, 'papa')
  await bed.pass(2)
  await desk.gates.setHouse(operator, { state: 'closed', reason: 'storm' })
  await bed.addPhone({ leastSeverity: 'critical' })
  await bed.pass(30)
  const taken = hook.received.filter((request) => refuse(request).status === 200).map(({ body }) => body)
  assert.match(taken.join('\n'), /trading_stopped/)
  assert.match(taken.join('\n'), /"login\.need/)
  assert.equal((await store.outbox.depth()).count, 0)
  assert.match(
    bed.said().join('\n'),
    /A channel of alerts does not work\nhook: The receiver answers 422\. It takes others; left out was “The session ended before its hour”\./,
  )
})

test('a receiver that refuses everything for hours loses nothing critical', async () => {
  await using bed = await openAlertWorld({ start: inMarket }, { status: 404 })
  const { world, hook } = bed
  const { desk, operator, store } = world.app
  await bed.addHook({ leastSeverity: 'critical' })
  for (const account of ['a', 'b', 'c', 'd']) {
    await world.addAccount({ account })
    await world.logIn(account)
    await desk.gates.set(operator, account, { state: 'closed' })
    await bed.pass(20)
  }
  assert.equal((await store.outbox.depth()).count, 4)
  hook.received.length = 0
  hook.answer({})
  await desk.gates.setHouse(operator, { state: 'closed', reason: 'storm' })
  await bed.pass(40)
  const bodies = hook.received.map(({ body }) => body).join('\n')
  for (const account of ['a', 'b', 'c', 'd']) assert.ok(bodies.includes(`"account":"${account}"`), account)
  assert.match(bodies, /trading_stopped/)
  assert.equal((await store.outbox.depth()).count, 0)
})

test('forged sessions that are posted are one alert, however many there are', async () => {
  await using house = await openPorch({ start: inMarket, env: { BHOR_ALERTS_PRIVATE_TARGETS: '127.0.0.1' } })
  await using hook = await startReceiver()
  const { world } = house.doors
  const { desk, operator } = world.app
  await world.addAccount({ account: 'papa', broker: 'upstox' })
  const path = new URL((await desk.hooks.make(operator, 'papa')).url).pathname
  await desk.alerts.add(operator, {
    name: 'hook',
    kind: 'webhook',
    secrets: { url: `${hook.url}/hook` },
    leastSeverity: 'warning',
  })
  const nowMs = world.clock.nowMs()
  const body = JSON.stringify({
    ...{ client_id: 'x', user_id: 'AB1234', access_token: 'a.b.c', token_type: 'Bearer' },
    ...{ expires_at: String(nowMs + 3_600_000), issued_at: String(nowMs), message_type: 'access_token' },
  })
  for (let posts = 0; posts < 5; posts++) {
    await house.knock('POST', path, { headers: { 'content-type': 'application/json' }, body })
    await world.advance(2 * 60_000)
    await desk.courier.look()
  }
  const told = hook.received.map(({ body: text }) => JSON.parse(text) as { data: Record<string, unknown> })
  assert.deepEqual(
    told.map(({ data }) => [data.alert, data.account, data.text]),
    [
      [
        'login_dropped',
        'papa',
        'Something was posted to the porch that is not what the broker posts. It was dropped.',
      ],
    ],
  )
})

test('a receiver that never answers holds up no other channel', async () => {
  await using bed = await openAlertWorld({ start: inMarket }, { hangs: true })
  const { world } = bed
  const { desk, operator } = world.app
  await world.addAccount({ account: 'papa' })
  await bed.addHook()
  await bed.addPhone()
  await world.logIn('papa')
  await desk.courier.begin()
  await desk.gates.setHouse(operator, { state: 'closed', reason: 'storm' })
  await desk.courier.begin()
  while (bed.said().length === 0) await immediate()
  assert.match(bed.said()[0] ?? '', /^‼ Trading is stopped/)
  await bed.hook.stop()
  await desk.courier.end()
})

test('a message that is long under way is begun once, also where the computer sleeps meanwhile', async () => {
  await using bed = await openAlertWorld({ start: inMarket })
  const { world } = bed
  const { desk, operator, store } = world.app
  await bed.addHook()
  const begun: string[] = []
  const held = Promise.withResolvers<void>()
  const { types } = desk.context.alerting!
  const open = () => ({
    async send({ id }: AlertMessage) {
      begun.push(id)
      await held.promise
      return { outcome: 'delivered' } as const
    },
    check: async () => ({ outcome: 'delivered' }) as const,
  })
  Object.assign(types, { webhook: { ...types.webhook, open } })
  await desk.gates.setHouse(operator, { state: 'closed', reason: 'storm' })
  for (let minutes = 0; minutes < 5; minutes++) {
    await desk.courier.begin()
    await world.advance(60_000)
  }
  world.clock.set(world.clock.now().add({ hours: 2 }))
  await desk.courier.begin()
  assert.equal(begun.length, 1)
  held.resolve()
  await desk.courier.end()
  assert.equal((await store.outbox.depth()).count, 0)
})

test('a group that moved is kept at its new id', async () => {
  await using bed = await openAlertWorld({ start: inMarket })
  const { world, phone } = bed
  phone.chat({ id: -7, type: 'group', movedTo: -1007 })
  phone.chat({ id: -1007, type: 'supergroup' })
  await bed.addPhone({ fields: { chat: '-7', server: phone.url } })
  const { desk, operator } = world.app
  await desk.gates.setHouse(operator, { state: 'closed', reason: 'storm' })
  await bed.pass(1)
  assert.equal((await desk.alerts.list(operator))[0]?.settings.chat, '-1007')
  await desk.alerts.test(operator, 'phone')
  assert.deepEqual(
    phone.messages.map(({ chat_id }) => chat_id),
    [-1007, -1007],
  )
})

test('another address than the registered one is told also to whoever was told that it changed, and ends by itself', () => {
  const measured = (detail: FeedRecord['detail']): FeedRecord => ({
    ...{ seq: 1, atMs: 0, action: 'egress.measure', result: 'ok', code: '' },
    account: { id: 'acc_1', alias: 'papa', broker: 'kite', kind: 'live', generation: 1 },
    detail,
  })
  const told = (detail: FeedRecord['detail']) => {
    const row = measured(detail)
    const alerts = alertsOf(row, { isMarketOpen: true, areSharesTraded: true })
    return [
      alerts.map(({ cause, severity }) => `${severity} ${cause}`),
      endedBy(row).map(({ about }) => about),
    ]
  }
  const seen = { addresses: '192.0.2.2' }
  assert.deepEqual(told({ ...seen, standing: 'nothing registered', before: '192.0.2.1' }), [
    ['warning egress_changed'],
    ['different'],
  ])
  assert.deepEqual(told({ ...seen, standing: 'different' }), [['critical egress_changed different'], []])
  assert.deepEqual(told({ ...seen, standing: 'as registered' }), [[], ['', 'different']])
})

test('the tables name actions and kinds that there are; every kind that can be told by itself has a way to it', () => {
  const told = new Set([...rules, ...ends].map(({ on }) => on))
  for (const action of told) assert.ok(auditActions.includes(action), action)
  for (const end of ends) for (const kind of end.ends) assert.ok(kinds[kind], kind)
  for (const [kind, { covers = [] }] of Object.entries(kinds))
    assert.ok(!covers.includes(kind as never), kind)
})

test('that the store went back is told by that very store', async () => {
  await using bed = await openAlertWorld({ start: inMarket })
  const { world } = bed
  await bed.addPhone()
  await world.addAccount({ account: 'papa' })
  const path = join(world.home, 'bhor.db')
  await world.restart(() => copyFileSync(path, `${path}.older`))
  await world.logIn('papa')
  await world.restart(() => copyFileSync(`${path}.older`, path))
  await bed.pass(3)
  assert.ok(world.app.store.rollback())
  assert.match(bed.said().join('\n'), /^‼ The store went back to an earlier state\n/m)
})
