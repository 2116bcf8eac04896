import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openAlertWorld } from '../../../test/support/alerts/house.ts'
import { measuredEgress, setEgress } from '../../../test/support/egress.ts'
import { startPostgres } from '../../../test/support/postgres.ts'
import { isBhorError } from '../../core/errors.ts'
import { change } from '../ground/change.ts'
import { giveUpRenewal } from '../ground/login-need.ts'
import { keeper } from '../ground/rights.ts'

const postgres = await startPostgres()
after(() => postgres[Symbol.asyncDispose]())

/** Monday, in market hours in India. */
const inMarket = '2026-11-23T05:00:00Z'

for (const engine of ['sqlite', 'postgres'] as const) {
  const open = async (options: Parameters<typeof openAlertWorld>[0] = {}) =>
    openAlertWorld({
      start: inMarket,
      ...(engine === 'postgres' ? { databaseUrl: await postgres.freshDatabase() } : {}),
      ...options,
    })

  test(`${engine}: a session that dies is told once to a person, each event of it to a program, and its end where it was told`, async () => {
    await using bed = await open()
    const { world, said, types, hook } = bed
    await bed.addPhone()
    await bed.addHook()
    await world.addAccount({ account: 'papa' })
    await world.logIn('papa')
    await bed.pass(2)
    assert.deepEqual([said(), types()], [[], ['session.started']])
    const { operator, desk } = world.app
    const app = (await desk.accounts.get(operator, 'papa')).apiKey
    world.simulator.killSession('kite', app)
    await desk.sessions.test(operator, 'papa')
    await bed.pass(2)
    assert.deepEqual(said(), [
      '‼ papa (sandbox): The session ended before its hour\nThe broker no longer accepts the session, before its hour. Another login may have ended it; programs get no token until someone logs in.\nLog in: bhor login papa.',
    ])
    assert.deepEqual(types().slice(1), ['session.ended', 'gate.changed', 'login.needed'])
    const { entries } = await desk.activity.page(operator, { limit: 20, account: 'papa', kind: 'alert' })
    const toPhone = entries.filter(({ text }) => text.includes('(phone, '))
    assert.deepEqual(
      toPhone.map(({ text, account }) => [text, account]),
      [['bhor sent an alert about papa (phone, The session ended before its hour)', 'papa']],
    )
    await world.logIn('papa')
    await bed.pass(2)
    assert.match(
      said()[1] ?? '',
      /^✓ papa \(sandbox\): Recovered\nThe session ended before its hour, since Mon 23 Nov 10:32 IST: that is over\.$/,
    )
    assert.deepEqual([said().length, types().slice(4)], [2, ['session.started', 'recovered']])
    const data = (
      JSON.parse(hook.received.at(-1)!.body) as { data: { alerts: { data: Record<string, unknown> }[] } }
    ).data.alerts
    for (const { data: event } of data)
      assert.deepEqual(
        [event.account, event.broker, event.kind, event.generation],
        ['papa', 'kite', 'sandbox', 2],
      )
    assert.deepEqual(await world.app.store.incidents.list(), [])
  })

  test(`${engine}: of one storm there is one message a minute, and the critical come first`, async () => {
    await using bed = await open()
    const { world, phone } = bed
    await bed.addPhone({ leastSeverity: 'info' })
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
      await world.addAccount({ account: name })
      await world.logIn(name)
    }
    await bed.pass(1)
    const { operator, desk } = world.app
    const before = phone.messages.length
    for (const { account, apiKey } of await desk.accounts.list(operator)) {
      await desk.logins.start(operator, account, { via: 'api' })
      world.simulator.killSession('kite', apiKey)
      await desk.sessions.test(operator, account)
      await bed.send()
    }
    // Who is told of the first one at once is told of the others a minute later, in one message.
    assert.equal(phone.messages.length - before, 1)
    await bed.pass(1)
    await bed.pass(3)
    const told = bed.said().slice(before)
    assert.ok(told.length <= 2, String(told.length))
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'])
      assert.equal(told.join('\n').split(`${name} (sandbox): The session ended before`).length - 1, 1, name)
  })

  test(`${engine}: what is not critical waits until the quiet hours are over; a limited channel hears of its accounts alone`, async () => {
    // 22:30 in India.
    await using bed = await open({ start: '2026-11-24T17:00:00Z' })
    const { world, said } = bed
    await bed.world.addAccount({ account: 'papa' })
    await bed.world.addAccount({ account: 'mama' })
    await bed.addPhone({ quiet: { from: '22:00', until: '06:30' }, accounts: ['papa'] })
    const { operator, desk } = world.app
    for (const account of ['papa', 'mama']) {
      const callback = await world.callbackFor(account)
      world.simulator.faults.add({ kind: 'answer_lost', match: { path: '/session/token' } })
      await assert.rejects(world.arrive(callback))
    }
    await bed.pass(10)
    assert.deepEqual(said(), [])
    await desk.gates.setHouse(operator, { state: 'closed', reason: 'storm' })
    await bed.pass(2)
    // What concerns everybody concerns papa.
    assert.match(said()[0] ?? '', /^‼ Trading is stopped for all accounts/)
    await world.restart(() => world.clock.set('2026-11-25T00:57:00Z'))
    // Until 06:29.
    await bed.pass(2)
    assert.equal(said().length, 1)
    await bed.pass(3)
    assert.match(
      said()[1] ?? '',
      /^! papa \(sandbox\): A login failed\nThe broker’s answer to the login was lost/,
    )
    assert.equal(said().join('\n').includes('mama'), false)
  })

  test(`${engine}: each morning of a trading day every channel is looked at, and of one that fails the others tell`, async () => {
    // Friday evening.
    await using bed = await open({ start: '2026-11-20T12:00:00Z' })
    const { world, phone, hook } = bed
    await bed.addPhone()
    await bed.addHook({ leastSeverity: 'critical' })
    await bed.pass(3)
    phone.calls.length = 0
    // To Monday 07:24.
    await world.restart(() => world.clock.set('2026-11-23T01:54:00Z'))
    const { operator, desk } = world.app
    await bed.send()
    assert.deepEqual([phone.calls, hook.received.length], [[], 0])
    await hook.stop()
    await bed.pass(2)
    // Whoever listens to the bot says nothing either.
    const seen = phone.calls.map(({ method }) => method).filter((method) => method !== 'getUpdates')
    assert.deepEqual(new Set(seen), new Set(['getMe']))
    assert.equal(
      (await desk.alerts.list(operator)).find(({ name }) => name === 'phone')?.lastCheck,
      '2026-11-23T01:55:00Z',
    )
    await bed.pass(40)
    assert.match(
      bed.said()[0] ?? '',
      /^‼ A channel of alerts does not work\nhook: No connection to the receiver can be made\.\nSee why: bhor alerts list\.$/,
    )
    const [failing] = (await desk.alerts.list(operator)).filter(({ state }) => state === 'failing')
    assert.deepEqual([failing?.name, failing?.lastFailure?.code], ['hook', 'channel_unavailable'])
    await hook.start()
    await desk.gates.setHouse(operator, { state: 'closed', reason: 'storm' })
    await bed.pass(40)
    assert.ok(bed.said().some((text) => /^✓ Recovered\nA channel of alerts does not work, since/.test(text)))
  })

  test(`${engine}: a key that ends soon, a full disk and an old backup are told when they begin, and when they are over`, async () => {
    await using bed = await open()
    const { world } = bed
    await bed.addPhone()
    const { desk, operator } = world.app
    const alerting = desk.context.alerting!
    let freeBytes = 2 ** 40
    let backup: number | null | undefined = null
    Object.assign(alerting, { freeSpace: async () => ({ freeBytes }), lastBackupAtMs: async () => backup })
    await desk.keys.add(operator, { name: 'the bot', scopes: ['status'], expiresInDays: 3 })
    await desk.watch.look()
    await desk.watch.look()
    await bed.pass(2)
    const all = () => bed.said().join('\n')
    assert.match(all(), /A client key ends soon\nthe bot ends Thu 26 Nov 10:30 IST\./)
    assert.match(all(), /The last backup is too old\nThere is none yet\./)
    freeBytes = 100 * 2 ** 20
    backup = world.clock.nowMs()
    await desk.watch.look()
    await bed.pass(2)
    assert.match(all(), /‼ The disk is nearly full\n100 MiB are left\./)
    assert.match(all(), /✓ Recovered\nThe last backup is too old, since .*: that is over\./)
    freeBytes = 2 ** 40
    const [key] = await desk.keys.list(operator)
    await desk.keys.revoke(operator, key!.id)
    await desk.watch.look()
    await bed.pass(2)
    assert.match(all(), /✓ Recovered\nThe disk is nearly full, since/)
    assert.equal(all().split('ends soon').length - 1, 1)
    assert.deepEqual(await world.app.store.incidents.list(), [])
  })

  test(`${engine}: a session that ends soon, and one that is missing when the market opens`, async () => {
    // 03:00 in India; the session of the day before ends at 06:00.
    await using bed = await open({
      start: '2026-11-22T21:30:00Z',
      env: { BHOR_ROLL_CALL_ACCOUNTS: 'all' },
    })
    const { world } = bed
    await bed.addPhone({ leastSeverity: 'info' })
    await world.addAccount({ account: 'papa' })
    await world.logIn('papa')
    await bed.pass(2)
    await world.restart(() => world.clock.set('2026-11-22T22:31:00Z'))
    await bed.pass(2)
    const all = () => bed.said().join('\n')
    assert.match(all(), /papa \(sandbox\): The session ends soon\nIt ends Mon 23 Nov 06:00 IST\./)
    await world.restart(() => world.clock.set('2026-11-23T00:31:00Z'))
    await bed.pass(2)
    assert.match(all(), /papa \(sandbox\): The session ended\nIt ends each day at this hour\./)
    assert.doesNotMatch(all(), /gate is closed/)
    await world.restart(() => world.clock.set('2026-11-23T03:44:00Z'))
    await bed.pass(3)
    assert.equal(
      all().split('papa (sandbox): The gate is closed in market hours\nThe reason: session expired.').length -
        1,
      1,
    )
    await world.logIn('papa')
    await bed.pass(2)
    assert.match(all(), /✓ papa \(sandbox\): Recovered\nThe gate is closed in market hours, since/)
  })
}

test('a wrong person and another address are critical; secrets stand in no alert', async () => {
  await using bed = await openAlertWorld({ start: inMarket })
  const { world } = bed
  await bed.addPhone({ leastSeverity: 'critical' })
  await bed.addHook()
  await world.addAccount({ account: 'papa' })
  await world.logIn('papa')
  world.simulator.addUser({
    broker: 'kite',
    userId: 'ZZ9999',
    totpSeed: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
    password: 'demo',
    name: 'Other',
    email: 'o@example.com',
  })
  await assert.rejects(world.logIn('papa', { userId: 'ZZ9999' }), (error) => isBhorError(error, 'wrong_user'))
  await bed.pass(3)
  assert.match(
    bed.said()[0] ?? '',
    /^‼ papa \(sandbox\): Somebody else logged in\nSomebody logged in as another user/,
  )
  const everything = JSON.stringify([bed.said(), bed.hook.received.map(({ body }) => body)])
  const sessions = await world.app.store.sessions.latestOfAll()
  assert.ok(sessions.records.length > 0)
  assert.doesNotMatch(everything, /access_token|request_token|state=|bhor_|whsec_/)
})

test('of the seal it is told who lifts it; of a logout by rule that nobody did it', async () => {
  await using bed = await openAlertWorld({ start: inMarket })
  const { world } = bed
  const { desk, operator } = world.app
  await bed.addPhone({ leastSeverity: 'info' })
  await world.addAccount({ account: 'papa', settings: { hygiene: { logoutAt: '10:32' } } })
  await world.logIn('papa')
  await bed.pass(3)
  await desk.keeper.look()
  await bed.pass(2)
  const all = () => bed.said().join('\n')
  assert.match(all(), /The session ended\nbhor logged out by the account’s rule: time of day\./)
  await desk.house.seal(operator, { reason: 'panic' })
  await bed.pass(2)
  assert.match(
    all(),
    /Trading is stopped for all accounts\nThe reason: sealed\.\nThe user who runs bhor opens it: bhor unseal\./,
  )
  assert.doesNotMatch(all(), /kill --undo/)
})

for (const [start, how, what, isTold] of [
  ['2026-11-23T10:02:00Z', 'pause', 'in the closing auction', true],
  ['2026-11-23T10:08:00Z', 'pause', 'while futures and options are traded', true],
  ['2026-11-23T14:00:00Z', 'death', 'while only commodities are traded', true],
  ['2026-11-23T14:00:00Z', 'pause', 'while only commodities are traded', false],
  ['2026-11-23T14:00:00Z', 'logout', 'while only commodities are traded', false],
  ['2026-11-08T05:00:00Z', 'pause', 'on a day of unknown hours', true],
  ['2026-11-23T19:00:00Z', 'death', 'at night', false],
] as const)
  test(`a gate that closes by a ${how} ${what} is ${isTold ? '' : 'not '}told`, async () => {
    await using bed = await openAlertWorld({ start })
    const { world } = bed
    await bed.addPhone()
    const { apiKey } = await world.addAccount({ account: 'papa' })
    await world.logIn('papa')
    const { desk, operator } = world.app
    if (how === 'pause') await desk.gates.set(operator, 'papa', { state: 'closed' })
    else if (how === 'logout') await desk.sessions.logout(operator, 'papa')
    else {
      world.simulator.killSession('kite', apiKey)
      await desk.sessions.test(operator, 'papa')
    }
    await bed.pass(3)
    assert.equal((await desk.gates.get(operator, 'papa')).state, 'closed')
    // What has ended the session is told with it, and by it.
    const told = bed
      .said()
      .filter((text) => /The gate is closed in market hours|ended before its hour/.test(text))
    assert.equal(told.length, isTold || how === 'death' ? 1 : 0, bed.said().join())
  })

test('a logout by rule while commodities are traded is no trouble', async () => {
  await using bed = await openAlertWorld({
    start: '2026-11-23T10:30:00Z',
    env: { BHOR_ROLL_CALL_ACCOUNTS: 'all' },
  })
  const { world } = bed
  await bed.addPhone()
  await world.addAccount({ account: 'papa', settings: { hygiene: { logoutAt: '16:02' } } })
  await world.logIn('papa')
  await bed.pass(4)
  const { operator, desk } = world.app
  assert.equal((await desk.gates.get(operator, 'papa')).reason, 'logged_out')
  assert.deepEqual(bed.said(), [])
})

test('another address than the registered one is told once a day, however often it is measured', async () => {
  await using bed = await openAlertWorld({ start: inMarket })
  const { world } = bed
  await bed.addPhone()
  await world.addAccount({ account: 'demo' })
  await world.logIn('demo')
  await setEgress(world, { registered: ['192.0.2.1'] })
  const told = () => bed.said().join('\n').split('The account leaves by another address').length - 1
  for (let halfHours = 0; halfHours < 4; halfHours++) {
    assert.match(await measuredEgress(world), /different/)
    await bed.pass(1)
    await world.advance(30 * 60_000)
  }
  assert.equal(told(), 1)
})

test('a renewal that is given up while its session lives is told at once, and once', async () => {
  await using bed = await openAlertWorld({ start: inMarket })
  const { world } = bed
  await bed.addPhone()
  await world.addAccount({ account: 'papa', renewable: true })
  await world.logIn('papa')
  const { context } = world.app.desk
  const [account] = (await context.store.accounts.list()).records
  for (let times = 0; times < 2; times++) {
    await change(context, (c) => giveUpRenewal(c, keeper.actor, account!))
    await bed.pass(2)
  }
  assert.equal((await world.app.desk.accounts.get(world.app.operator, 'papa')).status, 'active')
  assert.deepEqual(bed.said(), [
    '! papa (sandbox): The renewal failed for good\nbhor tries no more. The session lives until its end, and only a login brings the next one.\nLog in: bhor login papa.',
  ])
})

test('a renewal whose answer is lost is told once, although two events tell it', async () => {
  await using bed = await openAlertWorld({ start: inMarket })
  const { world } = bed
  await bed.addPhone()
  await world.addAccount({ account: 'papa', renewable: true })
  await world.logIn('papa')
  world.simulator.faults.add({ kind: 'reset_after', match: { path: '/session/refresh_token' } })
  const { desk, operator } = world.app
  await assert.rejects(desk.sessions.renew(operator, 'papa'), (error) => isBhorError(error, 'answer_lost'))
  await bed.pass(3)
  assert.equal(bed.said().join('\n').split('The renewal failed for good').length - 1, 1)
})

test('nobody to tell costs nothing and forgets nothing', async () => {
  await using bed = await openAlertWorld({ start: inMarket })
  const { world } = bed
  await world.addAccount({ account: 'papa' })
  await world.logIn('papa')
  await world.app.desk.watch.look()
  assert.deepEqual(
    [await world.app.store.incidents.list(), (await world.app.store.outbox.depth()).count],
    [[], 0],
  )
})
