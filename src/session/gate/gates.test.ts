import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { type Bed, openBed, otherUser, profilePath, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import type { Scope, SetGate } from '../../contracts/api.ts'
import type { FeedRecord, Store } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { fullRights, type Principal } from '../ground/rights.ts'
import { acceptRollback } from '../ground/rollback.ts'
import { settleGate } from './settle.ts'

const hourMs = 3_600_000

let keys = 0
async function keyOf({ domain }: Bed, scopes: readonly Scope[], accounts?: string[]): Promise<Principal> {
  const { key } = await domain.desk.keys.add(operator, {
    name: `bot ${++keys}`,
    scopes: [...scopes],
    ...(accounts ? { accounts } : {}),
  })
  return domain.desk.keys.authenticate(key.reveal())
}
const gateOf = (bed: Bed) => bed.domain.desk.gates.get(operator, 'demo')
const setGate = (bed: Bed, input: SetGate, by = operator) => bed.domain.desk.gates.set(by, 'demo', input)

/** What the feed tells of gates from now on: whose, and how they stand. */
function watchGates(bed: Bed): string[] {
  const told: string[] = []
  bed.domain.context.feed.subscribe((rows: readonly FeedRecord[]) => {
    for (const { action, account, detail } of rows)
      if (action === 'gate.change')
        told.push(`${account?.alias ?? 'house'} ${detail.state} ${detail.reason ?? ''}`.trim())
  })
  return told
}

/** Lets time pass, and the keeper do what is due. */
async function pass(bed: Bed, ms: number): Promise<void> {
  await bed.clock.advance(ms)
  await bed.domain.desk.keeper.look()
}

/** One statement on the file, as another program would run it. */
async function tamper(bed: Bed, sql: string): Promise<void> {
  using raw = new DatabaseSync(join(bed.home, 'bhor.db'))
  raw.exec(sql)
}

for (const broker of ['kite', 'upstox']) {
  test(`${broker}: a day of a gate, each change told once`, async () => {
    await using bed = await openBed(broker)
    const told = watchGates(bed)
    assert.equal((await gateOf(bed)).reason, 'session_none')
    await bed.domain.logIn('demo')
    const open = await gateOf(bed)
    assert.deepEqual(
      [open.state, open.reason, open.generation, open.account, open.kind, open.until],
      ['open', null, 1, 'demo', (await bed.account()).kind, (await bed.account()).session?.expiresAt],
    )
    assert.deepEqual((await bed.account()).gate.state, 'open')
    await bed.clock.advance(60_000)
    await setGate(bed, { state: 'closed', reason: 'lunch' })
    await setGate(bed, { state: 'open' })
    await bed.domain.desk.sessions.logout(operator, 'demo')
    await bed.domain.logIn('demo')
    await pass(bed, 24 * hourMs)
    assert.equal((await gateOf(bed)).reason, 'session_expired', 'nobody has to write that down first')
    await bed.domain.desk.keeper.look()
    await bed.domain.desk.keeper.look()
    assert.deepEqual(told, [
      'demo open',
      'demo closed paused',
      'demo open',
      'demo closed logged_out',
      'demo open',
      'demo closed session_expired',
    ])
    assert.equal((await bed.domain.desk.audit.verify(operator)).intact, true)
  })

  test(`${broker}: what the broker says closes the gate in the commit that writes it down`, async () => {
    await using bed = await openBed(broker)
    const told = watchGates(bed)
    const { apiKey } = await bed.domain.logIn('demo')
    await bed.clock.advance(60_000)
    bed.simulator.faults.add({ kind: 'status', match: { path: profilePath[broker]! }, times: 1 })
    await bed.domain.desk.sessions.test(operator, 'demo')
    const unknown = await gateOf(bed)
    assert.deepEqual([unknown.reason, (await bed.account()).status], ['unproven', 'active'])
    assert.match(unknown.text, /The broker does not answer; nobody knows whether the session lives\./)
    await bed.domain.desk.sessions.test(operator, 'demo')
    assert.equal((await gateOf(bed)).state, 'open')
    await bed.clock.advance(1_000)
    await refused(bed.domain.logIn('demo', { userId: otherUser }), 'wrong_user')
    assert.equal((await gateOf(bed)).reason, 'session_doubted')
    bed.simulator.killSession(broker, apiKey)
    await bed.domain.desk.sessions.test(operator, 'demo').catch(() => undefined)
    assert.equal((await gateOf(bed)).reason, 'session_revoked')
    assert.deepEqual(told, [
      'demo open',
      'demo closed unproven',
      'demo open',
      'demo closed session_doubted',
      'demo closed session_revoked',
    ])
  })
}

test('a pause is kept over a restart, withholds only when asked to, and ends at its time', async () => {
  await using bed = await openBed('upstox')
  await bed.domain.logIn('demo')
  const until = bed.clock.now().add({ hours: 2 }).toString()
  const paused = await setGate(bed, { state: 'closed', reason: 'budget day', until })
  assert.equal(
    paused.text,
    'Paused since Mon 23 Nov 08:30 IST by the command line, until Mon 23 Nov 10:30 IST: “budget day”.',
  )
  assert.deepEqual([paused.until, paused.since], [until, '2026-11-23T03:00:00Z'])
  assert.equal((await bed.handOut()).generation, 1, 'a plain pause is advice')
  await setGate(bed, { state: 'closed', withhold: true })
  await refused(bed.handOut(), 'gate_closed')
  assert.equal((await bed.handOut('extended')).tokenKind, 'extended', 'it cannot order')
  await bed.reopen()
  const told = watchGates(bed)
  await refused(bed.handOut(), 'gate_closed')
  await pass(bed, 2 * hourMs - 1)
  await refused(bed.handOut(), 'gate_closed')
  await setGate(bed, { state: 'open' })
  await setGate(bed, {
    state: 'closed',
    withhold: true,
    until: bed.clock.now().add({ minutes: 1 }).toString(),
  })
  await refused(bed.handOut(), 'gate_closed')
  await bed.clock.advance(60_000)
  assert.equal((await gateOf(bed)).state, 'open')
  assert.equal((await bed.handOut()).generation, 1, 'over to the millisecond, whoever wrote it down')
  await bed.domain.desk.keeper.look()
  assert.deepEqual(told.slice(-1), ['demo open'])
  assert.equal(await bed.recorded('session.handout', 'refused'), 4)
})

test('two people pause: each is told of the other, a later word only makes it stricter, one resume lifts it', async () => {
  await using bed = await openBed('kite')
  await bed.domain.logIn('demo')
  const page = fullRights('desk', 'd1')
  const pauser = await keyOf(bed, ['pause', 'status'])
  await setGate(bed, { state: 'closed', reason: 'audit', withhold: true })
  await bed.clock.advance(60_000)
  const second = await setGate(bed, { state: 'closed', reason: 'lunch' }, page)
  assert.match(second.text, /since Mon 23 Nov 08:30 IST by the command line, and by somebody at the page at/)
  assert.match(second.text, /“lunch”\. Tokens that can place orders are refused\.$/)
  const soon = bed.clock.now().add({ minutes: 1 }).toString()
  const third = await setGate(bed, { state: 'closed', until: soon }, pauser)
  assert.equal(third.until, null, 'who may pause cannot let a pause run out')
  assert.match(third.text, /by the key key_\w+ at .*“lunch”/)
  await pass(bed, hourMs)
  await refused(bed.handOut(), 'gate_closed')
  await refused(setGate(bed, { state: 'open' }, page), 'confirmation_needed')
  const fresh = { ...page, freshUntilMs: Number.POSITIVE_INFINITY }
  const opened = await setGate(bed, { state: 'open', reason: 'done' }, fresh)
  assert.equal(opened.state, 'open')
  assert.equal((await bed.handOut()).generation, 1)
  const again = await setGate(bed, { state: 'open' })
  assert.equal(again.state, 'open')
  assert.equal(await bed.recorded('gate.resume'), 1, 'what is not paused is not lifted')
  const kept = await bed.domain.desk.audit.list(operator, { limit: 100 })
  assert.deepEqual(
    kept
      .filter(({ action }) => action === 'gate.pause')
      .map(({ actor, detail }) => [actor.split(':')[0], detail.reason]),
    [
      ['key', 'lunch'],
      ['desk', 'lunch'],
      ['operator', 'audit'],
    ],
  )
})

test('who may pause may not resume, and opening lifts no other cause', async () => {
  await using bed = await openBed('kite')
  const pauser = await keyOf(bed, ['pause', 'status', 'read-token'])
  const admin = await keyOf(bed, ['admin'], ['demo'])
  await bed.domain.addAccount({ account: 'papa' })
  await setGate(bed, { state: 'closed' }, pauser)
  await assert.rejects(
    setGate(bed, { state: 'open' }, pauser),
    (error: Error & { code: string; hint: string }) => {
      assert.equal(error.code, 'scope_missing')
      assert.match(error.hint, /bhor resume demo/)
      return true
    },
  )
  await refused(bed.domain.desk.gates.set(admin, 'papa', { state: 'closed' }), 'account_not_found')
  await refused(bed.domain.desk.gates.set(operator, 'nobody', { state: 'closed' }), 'account_not_found')
  await refused(
    setGate(bed, { state: 'closed' }, await keyOf(bed, ['status', 'read-token'])),
    'scope_missing',
  )
  await refused(bed.domain.desk.gates.setHouse(admin, { state: 'closed' }), 'scope_missing')
  await bed.domain.desk.gates.setHouse(operator, { state: 'closed' })
  const opened = await setGate(bed, { state: 'open' }, admin)
  assert.deepEqual([opened.state, opened.reason], ['closed', 'killed'])
  assert.deepEqual(
    opened.causes.flatMap(({ reason, closes }) => (closes ? [reason] : [])),
    ['killed', 'session_none'],
  )
  await refused(bed.domain.desk.gates.setHouse(pauser, { state: 'open' }), 'scope_missing')
})

test('what cannot be meant is refused by name, and nothing is stored', async () => {
  await using bed = await openBed('kite')
  const at = (hours: number) => bed.clock.now().add({ hours }).toString()
  const bad: readonly SetGate[] = [
    { state: 'closed', until: at(-1) },
    { state: 'closed', until: at(0) },
    { state: 'closed', until: at(366 * 24 + 1) },
    { state: 'closed', until: '25:00' },
    { state: 'closed', until: '15:30' },
    { state: 'closed', until: '2026-11-23' },
    { state: 'closed', until: '2026-11-24T10:00:00' },
    { state: 'closed', until: '2026-02-30T10:00:00Z' },
    { state: 'closed', until: '9'.repeat(10_000) },
    { state: 'closed', until: '' },
    { state: 'closed', reason: 'x'.repeat(201) },
    { state: 'closed', reason: 'two\nlines' },
    { state: 'closed', reason: '\u202eevil' },
    { state: 'closed', reason: 'a\u0000b' },
    { state: 'open', until: at(1) },
    { state: 'open', withhold: false },
    { state: 'open', reason: 'x\ty' },
  ]
  for (const input of bad) {
    await refused(setGate(bed, input), 'bad_field')
    const { withhold: _, ...house } = input
    if (input.withhold === undefined)
      await refused(bed.domain.desk.gates.setHouse(operator, house), 'bad_field')
  }
  assert.equal(await bed.recorded('gate.pause'), 0)
  assert.equal((await gateOf(bed)).reason, 'session_none')
})

test('the kill switch closes every gate, withholds what can order, and is lifted by a person', async () => {
  await using bed = await openBed('upstox')
  await bed.domain.logIn('demo')
  const told = watchGates(bed)
  const killed = await bed.domain.desk.gates.setHouse(operator, { state: 'closed', reason: 'runaway bot' })
  assert.deepEqual([killed.state, killed.reason], ['closed', 'killed'])
  await bed.domain.desk.gates.setHouse(operator, { state: 'closed' })
  assert.deepEqual(told, ['house closed killed'], 'told once, of all accounts')
  assert.equal((await gateOf(bed)).reason, 'killed')
  await assert.rejects(
    bed.handOut(),
    (error: Error & { code: string; httpStatus: number; exitCode: number }) => {
      assert.deepEqual([error.code, error.httpStatus, error.exitCode], ['gate_closed', 409, 7])
      assert.match(error.message, /Trading is stopped for all accounts.*“runaway bot”/)
      return true
    },
  )
  assert.equal((await bed.handOut('extended')).tokenKind, 'extended')
  await bed.domain.logIn('demo')
  assert.deepEqual(told.slice(1), [], 'a login opens nothing while trading is stopped')
  await bed.reopen()
  await refused(bed.handOut(), 'gate_closed')
  const undone = await bed.domain.desk.gates.setHouse(operator, { state: 'open' })
  assert.equal(undone.state, 'open')
  assert.equal((await bed.handOut()).generation, 2)
  const open = await gateOf(bed)
  assert.deepEqual([open.state, open.since], ['open', undone.since])
  const actions = (await bed.domain.desk.audit.list(operator, { limit: 100 })).map(({ action }) => action)
  assert.equal(actions.filter((action) => action === 'gate.kill').length, 2)
  assert.equal(actions.filter((action) => action === 'gate.unkill').length, 1)
})

test('a kill until a time ends then, and the feed tells of it once', async () => {
  await using bed = await openBed('kite')
  await bed.domain.logIn('demo')
  const told = watchGates(bed)
  const until = bed.clock.now().add({ minutes: 5 }).toString()
  await bed.domain.desk.gates.setHouse(operator, { state: 'closed', until })
  await bed.domain.desk.keeper.look()
  await bed.clock.advance(5 * 60_000)
  assert.equal((await gateOf(bed)).state, 'open')
  assert.equal((await bed.handOut()).generation, 1)
  await bed.domain.desk.keeper.look()
  await bed.domain.desk.keeper.look()
  assert.deepEqual(told, ['house closed killed', 'house open'])
})

/** Ways to lift a stop by writing to the file. */
const attacks: readonly (readonly [sql: string, reason: string, code: string])[] = [
  ['update house set kill_json = null', 'switch_damaged', 'gate_closed'],
  [`update house set kill_json = null, mac = ''`, 'switch_damaged', 'gate_closed'],
  [`update house set kill_json = replace(kill_json, 'null', '1')`, 'switch_damaged', 'gate_closed'],
  [`update house set kill_json = '{'`, 'switch_damaged', 'gate_closed'],
  [`update house set mac = 'x'`, 'switch_damaged', 'gate_closed'],
]
for (const [sql, reason, code] of attacks) {
  test(`nobody lifts a kill by "${sql}"`, async () => {
    await using bed = await openBed('upstox')
    await bed.domain.logIn('demo')
    await bed.domain.desk.gates.setHouse(operator, { state: 'closed' })
    for (const restart of [false, true]) {
      if (!restart) await tamper(bed, sql)
      else await bed.reopen()
      // That a row is gone is seen at a start: then nothing leaves at all.
      const isGone = restart && sql.startsWith('delete')
      await refused(bed.handOut(), isGone ? 'store_rolled_back' : (code as 'gate_closed'))
      assert.equal((await gateOf(bed)).reason, reason)
      assert.equal((await bed.domain.desk.gates.ofHouse(operator)).reason, reason)
    }
    await acceptRollback(bed.domain.context, operator)
    const admin = await keyOf(bed, ['admin'])
    await refused(bed.domain.desk.gates.setHouse(admin, { state: 'open' }), 'scope_missing')
    await bed.domain.desk.gates.setHouse(admin, { state: 'closed' })
    assert.equal((await gateOf(bed)).reason, 'killed', 'stopping always works')
    await tamper(bed, 'delete from house')
    await bed.domain.desk.gates.setHouse(operator, { state: 'open' })
    assert.equal((await bed.handOut()).generation, 1)
  })
}

test('nobody lifts a kill by deleting its row, nor by a restart, nor by accepting that rows are gone', async () => {
  await using bed = await openBed('upstox')
  await bed.domain.logIn('demo')
  await bed.domain.desk.gates.setHouse(operator, { state: 'closed' })
  await tamper(bed, 'delete from house')
  await refused(bed.handOut(), 'gate_closed')
  assert.equal((await gateOf(bed)).reason, 'switch_damaged')
  await bed.reopen()
  await refused(bed.handOut(), 'store_rolled_back')
  assert.equal((await bed.domain.desk.gates.ofHouse(operator)).state, 'closed')
  await acceptRollback(bed.domain.context, operator)
  await refused(bed.handOut(), 'gate_closed')
  await bed.domain.desk.gates.setHouse(operator, { state: 'open' })
  assert.equal((await bed.handOut()).generation, 1)
})

test('nobody opens a store that was never stopped by making its row look new', async () => {
  await using bed = await openBed('kite')
  await bed.domain.logIn('demo')
  assert.equal((await gateOf(bed)).state, 'open')
  await tamper(bed, `update house set mac = ''`)
  await bed.reopen()
  assert.equal((await gateOf(bed)).reason, 'switch_damaged')
})

test('nobody lifts a pause by writing to the account’s row', async () => {
  for (const sql of [
    'update accounts set pause_json = null',
    `update accounts set pause_json = replace(pause_json, '"withholds":true', '"withholds":false')`,
    `update accounts set pause_json = 'x'`,
  ]) {
    await using bed = await openBed('kite')
    await bed.domain.logIn('demo')
    await setGate(bed, { state: 'closed', withhold: true })
    await tamper(bed, sql)
    await refused(bed.handOut(), 'store_damaged')
    await refused(gateOf(bed), 'store_damaged')
    const [view] = await bed.domain.desk.accounts.list(operator)
    assert.deepEqual([view?.gate.state, view?.gate.reason], ['closed', 'store_damaged'])
  }
})

test('what was told of a gate decides nothing: gone or wrong, it is told again', async () => {
  await using bed = await openBed('kite')
  await bed.domain.logIn('demo')
  const told = watchGates(bed)
  await tamper(bed, `update gates set reason = 'paused', is_open = 0`)
  assert.equal((await gateOf(bed)).state, 'open')
  await setGate(bed, { state: 'closed' })
  await tamper(bed, 'delete from gates')
  await setGate(bed, { state: 'open' })
  assert.deepEqual(told, ['demo open'])
})

test('two looks at once at what is due tell it once', async () => {
  await using bed = await openBed('kite')
  await bed.domain.logIn('demo')
  await setGate(bed, { state: 'closed', until: bed.clock.now().add({ minutes: 1 }).toString() })
  const told = watchGates(bed)
  await bed.clock.advance(60_000)
  const { id } = await bed.account()
  await Promise.all([settleGate(bed.domain.context, id), settleGate(bed.domain.context, id)])
  assert.deepEqual(told, ['demo open'])
})

test('a pause while a login is at the broker does not cost the login', async () => {
  await using bed = await openBed('kite')
  const callback = await bed.domain.callbackFor('demo')
  await setGate(bed, { state: 'closed' })
  const view = await bed.domain.arrive(callback)
  assert.deepEqual([view.status, view.gate.reason], ['active', 'paused'])
})

test('a keeper that did not come to its morning look leaves a session of which nobody knows', async () => {
  await using bed = await openBed('kite')
  await bed.domain.logIn('demo')
  const told = watchGates(bed)
  // 08:30 to 09:00: the broker was to be asked at 08:45.
  await bed.clock.advance(30 * 60_000)
  assert.equal((await gateOf(bed)).reason, 'unproven')
  await bed.domain.desk.keeper.look()
  assert.equal((await gateOf(bed)).state, 'open')
  await pass(bed, 20 * hourMs)
  assert.equal((await gateOf(bed)).state, 'open', 'one look lasts the day')
  assert.ok(['demo open', undefined].includes(told.at(-1)), told.join())
})

test('a program’s report closes the gate at once, and what the broker says decides', async () => {
  await using bed = await openBed('kite')
  await bed.domain.logIn('demo')
  const told = watchGates(bed)
  await bed.clock.advance(2 * 60_000)
  bed.simulator.faults.add({ kind: 'status', match: { path: profilePath.kite! }, times: 1 })
  const body = JSON.stringify({ status: 'error', error_type: 'TokenException', message: 'Incorrect' })
  await bed.domain.desk.sessions.report(operator, 'demo', { generation: 1, status: 403, body })
  assert.equal((await gateOf(bed)).state, 'closed')
  assert.match(told.join(), /demo closed (session_doubted|unproven)/)
  await bed.domain.desk.sessions.test(operator, 'demo')
  assert.equal((await gateOf(bed)).state, 'open')
  assert.equal(told.at(-1), 'demo open')
})

test('an address that is registered and not measured closes the gate, one that is not registered says nothing', async () => {
  await using bed = await openBed('kite')
  await bed.domain.logIn('demo')
  const told = watchGates(bed)
  const register = (registered: string[]) =>
    bed.domain.desk.accounts.edit(operator, 'demo', { settings: { egress: { registered } } })
  await register(['192.0.2.7'])
  const unmeasured = await gateOf(bed)
  assert.deepEqual(
    [unmeasured.reason, unmeasured.next],
    ['egress_unmeasured', 'Measure it: bhor egress demo.'],
  )
  await register([])
  assert.equal((await gateOf(bed)).state, 'open')
  assert.deepEqual(told, ['demo closed egress_unmeasured', 'demo open'])
})

test('a clock that differs from the broker’s closes every gate of this server until it agrees', async () => {
  await using bed = await openBed('kite')
  await bed.domain.logIn('demo')
  const { clock } = bed.domain.context
  clock.heard('broker', 'Kite', bed.clock.nowMs() - 3 * 60_000, clock.monotonicMs())
  const gate = await gateOf(bed)
  assert.equal(gate.reason, 'clock_doubtful')
  assert.match(gate.text, /180 s ahead of Kite|3 min ahead of Kite/)
  assert.equal((await bed.domain.desk.gates.ofHouse(operator)).reason, 'clock_doubtful')
  clock.heard('broker', 'Kite', bed.clock.nowMs(), clock.monotonicMs())
  assert.equal((await gateOf(bed)).state, 'open')
})

test('hours are told and close nothing: before the market, on a holiday, in a year without a list', async () => {
  for (const [start, notes, said] of [
    ['2026-11-23T03:00:00Z', ['market_closed'], /Shares are traded again from Mon 23 Nov 09:15 IST on\./],
    ['2026-11-23T04:00:00Z', [], /^Open until Tue 24 Nov 06:00 IST\.$/],
    ['2026-11-24T05:00:00Z', ['market_closed'], /Shares are traded again from Wed 25 Nov 09:15 IST on\./],
    ['2031-11-24T05:00:00Z', ['market_unconfirmed'], /No list says whether today is a trading day\./],
  ] as const) {
    await using bed = await openBed('kite', { start })
    await bed.domain.logIn('demo')
    const gate = await gateOf(bed)
    assert.deepEqual(
      [gate.state, gate.causes.map(({ reason }) => reason)],
      ['open', [...notes]],
      `${start} ${gate.text}`,
    )
    assert.match(gate.text, said)
  }
})

test('the keeper knows by itself when time changes a gate', async () => {
  await using bed = await openBed('kite', { start: '2026-11-23T04:00:00Z' })
  await bed.domain.logIn('demo')
  const told = watchGates(bed)
  await setGate(bed, { state: 'closed', until: bed.clock.now().add({ seconds: 30 }).toString() })
  assert.equal(await bed.domain.desk.keeper.look(), 30_000)
  await pass(bed, 30_000)
  assert.deepEqual(told, ['demo closed paused', 'demo open'])
})

test('the row of before a kill, put back, lifts nothing', async () => {
  await using bed = await openBed('kite')
  await bed.domain.logIn('demo')
  assert.equal((await bed.handOut()).generation, 1)
  using raw = new DatabaseSync(join(bed.home, 'bhor.db'))
  const before = raw.prepare('select * from house').get() as Record<string, string | number | null>
  await bed.domain.desk.gates.setHouse(operator, { state: 'closed' })
  raw
    .prepare('update house set kill_json = ?, changed_at_ms = ?, mac = ?')
    .run(before.kill_json!, before.changed_at_ms!, before.mac!)
  await assert.rejects(bed.handOut())
  await bed.reopen()
  await assert.rejects(bed.handOut())
  assert.equal((await bed.domain.desk.gates.ofHouse(operator)).state, 'closed')
})

test('a store that took no write closes every gate until it takes one', async () => {
  let isFull = false
  const wrap = (store: Store): Store => ({
    ...store,
    async transaction(work) {
      if (isFull) throw new BhorError('store_full', 'The disk is full.')
      return store.transaction(work)
    },
    async check() {
      if (isFull) throw new BhorError('store_full', 'The disk is full.')
      return store.check()
    },
  })
  await using bed = await openBed('kite', { wrap })
  await bed.domain.logIn('demo')
  isFull = true
  await refused(setGate(bed, { state: 'closed' }), 'store_full')
  const full = await gateOf(bed)
  assert.deepEqual([full.state, full.reason], ['closed', 'store_unavailable'])
  assert.match(full.text, /The disk is full\./)
  const { context } = bed.domain
  await refused(context.store.check(), 'store_full')
  isFull = false
  assert.equal((await gateOf(bed)).state, 'closed', 'nobody knows yet')
  await context.store.check()
  assert.equal((await gateOf(bed)).state, 'open')
  context.health.stopping()
  assert.equal((await gateOf(bed)).reason, 'stopping')
})
