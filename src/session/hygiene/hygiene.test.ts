import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { type Bed, openBed, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import type { AccountSettings, Scope } from '../../contracts/api.ts'
import type { Net } from '../../contracts/net.ts'
import { systemNet } from '../../net/system.ts'
import type { Principal } from '../ground/rights.ts'
import { dueHygiene, dueLogout } from './due.ts'
import { tidyAccount, tidyKeys } from './tidy.ts'
import { unusedView, usualHygiene } from './unused.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const set = (bed: Bed, hygiene: NonNullable<AccountSettings['hygiene']>) =>
  bed.domain.desk.accounts.edit(operator, 'demo', { settings: { hygiene } })
async function keyOf(bed: Bed, name: string, scopes: Scope[] = ['read-token']) {
  const { view, key } = await bed.domain.desk.keys.add(operator, { name, scopes })
  return { id: view.id, principal: await bed.domain.desk.keys.authenticate(key.reveal()) }
}
const take = (bed: Bed, by: Principal) => bed.domain.desk.sessions.handOut(by, 'demo')
async function tidy({ domain: { context } }: Bed) {
  for (const account of (await context.store.accounts.list()).records) await tidyAccount(context, account)
}
async function dueOf(bed: Bed) {
  const { context } = bed.domain
  return dueHygiene(context, (await context.store.accounts.byAlias('demo'))!)
}
const told = async (bed: Bed, action: string) =>
  (await bed.domain.desk.audit.list(operator, { limit: 1000 })).filter((record) => record.action === action)

test('at a time of day: the first one after the login, in India, whatever was handed out', async () => {
  await using bed = await openBed('kite')
  await set(bed, { logoutAt: '15:45' })
  assert.equal(await dueOf(bed), undefined, 'nothing to end')
  await bed.domain.logIn('demo')
  const at = Date.parse('2026-11-23T10:15:00Z')
  assert.deepEqual(await dueOf(bed), { atMs: at, why: 'time of day' })
  await bed.clock.advance(at - bed.clock.nowMs() - 1)
  await bed.handOut()
  await tidy(bed)
  assert.equal((await bed.account()).status, 'active')
  await bed.clock.advance(1)
  await tidy(bed)
  const view = await bed.account()
  assert.deepEqual([view.status, view.session?.endReason], ['revoked', 'logged_out'])
  assert.equal(bed.simulator.calls({ broker: 'kite', method: 'DELETE' }).length, 1, 'at the broker, too')
  const [record] = await told(bed, 'session.logout')
  assert.deepEqual([record?.actor, record?.detail.why], ['keeper', 'time of day'])
  await tidy(bed)
  assert.equal(bed.simulator.calls({ broker: 'kite', method: 'DELETE' }).length, 1)
  // A login after that time lasts until the next one.
  await bed.domain.logIn('demo')
  await tidy(bed)
  assert.equal((await bed.account()).status, 'active')
})

test('a logout that a process has not finished is finished by the next one, and only once', async () => {
  const dead = { isDead: false }
  const net: Net = {
    send: (request) => (dead.isDead ? new Promise(() => {}) : systemNet.send(request)),
  }
  await using bed = await openBed('kite', { net })
  const calls = () => bed.simulator.calls({ broker: 'kite', method: 'DELETE' }).length
  await set(bed, { logoutAt: '15:45' })
  await bed.domain.logIn('demo')
  await bed.clock.advance(Date.parse('2026-11-23T10:15:00Z') - bed.clock.nowMs())
  dead.isDead = true
  void bed.domain.desk.keeper.look()
  while ((await bed.account()).session?.endReason !== 'logged_out') await new Promise(setImmediate)
  assert.equal(calls(), 0)
  dead.isDead = false
  await bed.reopen()
  assert.equal(calls(), 1)
  await bed.clock.advance(10 * 60_000)
  await bed.domain.desk.keeper.look()
  assert.equal(calls(), 1)
  assert.equal((await told(bed, 'session.logout')).length, 1)
})

test('so long after the last hand-out, to the millisecond, and a login counts like one', async () => {
  await using bed = await openBed('upstox')
  await set(bed, { logoutUnusedAfter: '2h' })
  await bed.domain.logIn('demo')
  await bed.clock.advance(2 * hourMs - 1)
  await tidy(bed)
  await bed.handOut()
  await bed.clock.advance(2 * hourMs - 1)
  await tidy(bed)
  assert.equal((await bed.account()).status, 'active')
  await bed.clock.advance(1)
  await tidy(bed)
  assert.equal((await bed.account()).status, 'revoked')
  assert.equal((await told(bed, 'session.logout'))[0]?.detail.why, 'unused')
})

test('a broker that does not confirm stops nobody else’s logout, and the session is gone here', async () => {
  await using bed = await openBed('kite')
  await bed.domain.addAccount({ account: 'papa', settings: { hygiene: { logoutAt: '09:00' } } })
  await set(bed, { logoutAt: '09:00' })
  await bed.domain.logIn('demo')
  await bed.domain.logIn('papa')
  await bed.clock.advance(hourMs)
  bed.simulator.faults.add({ kind: 'html', match: { method: 'DELETE' }, times: 1 })
  await tidy(bed)
  for (const { account, session } of await bed.domain.desk.accounts.list(operator))
    assert.equal(session?.endReason, 'logged_out', account)
})

test('the sooner of two rules; without a rule or a session there is none', () => {
  const session = {
    grantedAtMs: Date.parse('2026-11-23T03:00:00Z'),
    createdAtMs: Date.parse('2026-11-23T03:00:01Z'),
  }
  const both = { logoutAt: '15:45', logoutUnusedAfter: '4h' }
  assert.deepEqual(dueLogout(both, session, undefined), {
    atMs: session.createdAtMs + 4 * hourMs,
    why: 'unused',
  })
  assert.equal(dueLogout(both, session, Date.parse('2026-11-23T09:00:00Z'))?.why, 'time of day')
  assert.equal(dueLogout({}, session, undefined), undefined)
})

test('settings of hygiene: what cannot be meant is refused, empty text clears one and leaves the other', async () => {
  await using bed = await openBed('kite')
  for (const logoutAt of ['25:00', '24:00', '15:60', '9:00', '3pm', 'x'.repeat(1000)])
    await refused(set(bed, { logoutAt }), 'bad_field')
  for (const logoutUnusedAfter of ['4m', '0h', '25h', '4', '-1h', 'soon'])
    await refused(set(bed, { logoutUnusedAfter }), 'bad_field')
  await set(bed, { logoutAt: '15:45' })
  const both = await set(bed, { logoutUnusedAfter: '5m' })
  assert.deepEqual(both.settings.hygiene, { logoutAt: '15:45', logoutUnusedAfter: '5m' })
  assert.deepEqual((await set(bed, { logoutAt: '' })).settings.hygiene, { logoutUnusedAfter: '5m' })
  await bed.reopen()
  assert.deepEqual((await bed.account()).settings.hygiene, { logoutUnusedAfter: '5m' })
  assert.deepEqual((await set(bed, { logoutUnusedAfter: '' })).settings, {})
})

test('what nobody used for the set time is named: live sessions, and keys by which tokens can be had', async () => {
  await using bed = await openBed('upstox')
  const { context } = bed.domain
  const busy = await keyOf(bed, 'busy')
  const idle = await keyOf(bed, 'idle')
  await keyOf(bed, 'watcher', ['status'])
  const gone = await keyOf(bed, 'gone')
  await bed.domain.desk.keys.revoke(operator, gone.id)
  await bed.domain.logIn('demo')
  await bed.clock.advance(6 * hourMs - 1)
  assert.deepEqual(await unusedView(context), { sessions: [], keys: [] })
  await bed.clock.advance(1)
  assert.deepEqual((await unusedView(context)).sessions, [{ account: 'demo', since: '2026-11-23T03:00:00Z' }])
  await take(bed, busy.principal)
  assert.deepEqual((await unusedView(context)).sessions, [])
  await bed.clock.advance(30 * dayMs - 6 * hourMs - 1)
  assert.deepEqual((await unusedView(context)).keys, [])
  await bed.clock.advance(1)
  assert.deepEqual(
    (await unusedView(context)).keys.map(({ id, name }) => [id, name]),
    [[idle.id, 'idle']],
  )
  await bed.clock.advance(6 * hourMs)
  assert.deepEqual((await unusedView(context)).keys.length, 2)
  await refused(
    Promise.resolve().then(() => bed.domain.desk.unused(busy.principal)),
    'scope_missing',
  )
})

test('keys that nobody uses are found in a record of any length, and what a key did beside hand-outs counts', async () => {
  await using bed = await openBed('kite')
  const { context, store } = bed.domain
  const idle = await keyOf(bed, 'idle')
  const admin = await keyOf(bed, 'admin', ['admin'])
  const work = (label: string) => bed.domain.desk.accounts.edit(admin.principal, 'demo', { label })
  const names = async () => (await unusedView(context)).keys.map(({ name }) => name)
  await bed.clock.advance(20 * dayMs)
  await work('Mine')
  await bed.clock.advance(11 * dayMs)
  const page = { actor: { kind: 'desk', id: '' }, action: 'desk.sign_in', result: 'ok' } as const
  for (let i = 0; i < 21; i++) {
    const many = Array.from({ length: 1_000 }, () => ({ ...page, atMs: bed.clock.nowMs() }))
    await Promise.all(many.map((entry) => context.audit.record(entry)))
  }
  assert.ok((await store.audit.head()).seq > 20_000)
  assert.deepEqual(await names(), ['idle'])
  // What has come since is read, too.
  await work('')
  await bed.clock.advance(20 * dayMs)
  assert.deepEqual(await names(), ['idle'])
  await tidyKeys({ ...context, hygiene: { ...usualHygiene, revokesUnusedKeys: true } })
  assert.deepEqual(
    (await told(bed, 'key.revoke')).map(({ detail }) => detail.key),
    [idle.id],
  )
})

test('who was given a session is known to the last one where a record in between cannot be read', async () => {
  await using bed = await openBed('kite')
  const first = await keyOf(bed, 'first')
  const busy = await keyOf(bed, 'busy')
  await bed.domain.logIn('demo')
  await take(bed, first.principal)
  await Promise.all(Array.from({ length: 600 }, () => take(bed, busy.principal)))
  const { seq } = await bed.domain.store.audit.head()
  using db = new DatabaseSync(join(bed.home, 'bhor.db'))
  db.prepare('update audit set entry_json = ? where seq = ?').run('{', seq - 1)
  const { handedTo } = await bed.domain.desk.sessions.giveUp(operator, 'demo')
  assert.deepEqual(
    handedTo.map(({ name }) => name),
    ['busy', 'first'],
  )
})

test('such a key is revoked by bhor only where the user wants that', async () => {
  await using bed = await openBed('kite')
  const idle = await keyOf(bed, 'idle')
  const { context } = bed.domain
  await bed.clock.advance(31 * dayMs)
  await tidyKeys(context)
  assert.equal(await bed.recorded('key.revoke'), 0)
  const wanted = { ...context, hygiene: { ...usualHygiene, revokesUnusedKeys: true } }
  await tidyKeys(wanted)
  await tidyKeys(wanted)
  const records = await told(bed, 'key.revoke')
  assert.deepEqual(
    records.map(({ actor, detail }) => [actor, detail.key, detail.why]),
    [['keeper', idle.id, 'unused']],
  )
})

for (const broker of ['kite', 'upstox']) {
  test(`${broker}: a session that somebody else may have is given up in one step, with who had been given it`, async () => {
    await using bed = await openBed(broker)
    const first = await keyOf(bed, 'bot')
    const second = await keyOf(bed, 'sheet')
    await bed.domain.logIn('demo')
    await take(bed, second.principal)
    await bed.domain.logIn('demo')
    for (let i = 0; i < 3; i++) await take(bed, first.principal)
    await bed.clock.advance(minuteMs)
    await bed.handOut()
    await take(bed, first.principal)
    const seen: string[] = []
    using _feed = bed.domain.context.feed.subscribe(
      (rows) => void seen.push(...rows.map(({ action }) => action)),
    )
    const given = await bed.domain.desk.sessions.giveUp(operator, 'demo')
    assert.deepEqual(
      given.handedTo.map(({ kind, key, name, times }) => [kind, key, name, times]),
      [
        ['key', first.id, 'bot', 4],
        ['operator', null, null, 1],
      ],
      'only of this generation',
    )
    assert.deepEqual(
      [given.handedTo[0]?.firstAt, given.handedTo[0]?.lastAt],
      ['2026-11-23T03:00:00Z', '2026-11-23T03:01:00Z'],
    )
    assert.deepEqual(
      given.livesOn.map(({ tokenKind }) => tokenKind),
      broker === 'upstox' ? ['extended'] : [],
    )
    assert.equal(given.session?.endReason, 'logged_out')
    assert.deepEqual(seen, ['session.logout', 'login.need', 'gate.change', 'session.compromised'])
    const [logout] = await told(bed, 'session.logout')
    assert.equal(logout?.detail.compromised, true)
    const [record] = await told(bed, 'session.compromised')
    assert.deepEqual(record?.detail, {
      generation: 2,
      handOuts: 5,
      keyCount: 1,
      keys: first.id,
      others: 'operator',
    })
    await refused(take(bed, first.principal), 'session_revoked')
    await refused(bed.domain.desk.sessions.giveUp(first.principal, 'demo'), 'scope_missing')
  })

  test(`${broker}: where the broker does not confirm, the record is written, and it can be asked again`, async () => {
    await using bed = await openBed(broker)
    const bot = await keyOf(bed, 'bot')
    await refused(bed.domain.desk.sessions.giveUp(operator, 'demo'), 'session_none')
    await bed.domain.logIn('demo')
    await take(bed, bot.principal)
    bed.simulator.faults.add({ kind: 'html', match: { method: 'DELETE' }, times: 1 })
    await assert.rejects(
      bed.domain.desk.sessions.giveUp(operator, 'demo'),
      (error: Error & { code: string; facts: Record<string, unknown> }) => {
        assert.equal(error.code, 'broker_unavailable')
        assert.equal(error.facts.keys, bot.id)
        return true
      },
    )
    assert.equal((await told(bed, 'session.compromised')).length, 1)
    await refused(bed.handOut(), 'session_revoked')
    const again = await bed.domain.desk.sessions.giveUp(operator, 'demo')
    assert.deepEqual(
      again.handedTo.map(({ name }) => name),
      ['bot'],
    )
  })
}
