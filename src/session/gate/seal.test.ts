import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { openBed, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import type { FeedRecord } from '../../contracts/store.ts'
import { fullRights } from '../ground/rights.ts'

const page = { ...fullRights('desk', 'tab'), freshUntilMs: Number.MAX_SAFE_INTEGER }

for (const broker of ['kite', 'upstox']) {
  test(`${broker}: sealed, nothing leaves until the operator unseals, also after a restart`, async () => {
    await using bed = await openBed(broker)
    await bed.domain.logIn('demo')
    assert.equal((await bed.handOut()).generation, 1)
    const told: string[] = []
    bed.domain.context.feed.subscribe((rows: readonly FeedRecord[]) => {
      for (const { action, detail } of rows)
        if (action === 'gate.change') told.push(`${detail.state} ${detail.reason ?? ''}`.trim())
    })
    const callback = await bed.domain.callbackFor('demo')
    const sealed = await bed.domain.desk.house.seal(page, { reason: 'laptop stolen' })
    assert.equal(sealed.sealed, true)
    assert.match(sealed.text, /^bhor is sealed since .* IST by somebody at the page: “laptop stolen”\.$/)
    const calls = bed.simulator.calls({ broker }).length
    for (const restarts of [false, true]) {
      if (restarts) await bed.reopen()
      const { desk } = bed.domain
      await refused(bed.handOut(), 'sealed')
      if (broker === 'upstox') await refused(bed.handOut('extended'), 'sealed')
      await refused(desk.logins.start(operator, 'demo', { via: 'api' }), 'sealed')
      await refused(bed.domain.arrive(callback), 'sealed')
      await refused(desk.sessions.renew(operator, 'demo'), 'sealed')
      assert.equal(bed.simulator.calls({ broker }).length, calls, 'nothing was sent')
      const gate = await desk.gates.get(operator, 'demo')
      assert.deepEqual([gate.state, gate.reason], ['closed', 'sealed'])
      assert.equal((await desk.gates.ofHouse(operator)).reason, 'sealed')
      assert.match(gate.text, /“laptop stolen”/)
    }
    assert.deepEqual(told, ['closed sealed'], 'told once, by the seal')
    assert.equal((await bed.domain.desk.sessions.test(operator, 'demo')).verdict, 'valid', 'bhor still looks')
    for (const who of [page, fullRights('key', 'key_admin')])
      await refused(bed.domain.desk.house.unseal(who), 'scope_missing')
    assert.equal((await bed.domain.desk.house.unseal(operator)).sealed, false)
    assert.equal((await bed.handOut()).generation, 1)
    assert.equal((await bed.domain.arrive(callback)).generation, 2, 'the link was not spent')
    assert.deepEqual([await bed.recorded('house.seal'), await bed.recorded('house.unseal')], [1, 1])
    assert.ok((await bed.recorded('session.handout', 'refused')) >= 2)
    assert.equal((await bed.domain.desk.audit.verify(operator)).intact, true)
  })
}

test('seal and kill switch do not lift each other, and a kill that ends by itself leaves the seal', async () => {
  await using bed = await openBed('kite')
  await bed.domain.logIn('demo')
  const { gates, house, keeper } = bed.domain.desk
  const until = bed.clock.now().add({ minutes: 5 }).toString()
  await house.seal(operator)
  await gates.setHouse(operator, { state: 'closed', until })
  await refused(bed.handOut(), 'sealed')
  await gates.setHouse(page, { state: 'open' })
  await refused(bed.handOut(), 'sealed')
  await gates.setHouse(page, { state: 'closed', until })
  await bed.clock.advance(5 * 60_000)
  await keeper.look()
  await refused(bed.handOut(), 'sealed')
  await gates.setHouse(page, { state: 'closed' })
  await house.unseal(operator)
  await refused(bed.handOut(), 'gate_closed')
  await gates.setHouse(page, { state: 'open' })
  assert.equal((await bed.handOut()).generation, 1)
})

test('a renewal that is due while bhor is sealed is not given up, and happens afterwards', async () => {
  await using bed = await openBed('kite', { app: { approvedForRefresh: true } })
  await bed.domain.logIn('demo')
  const { house, keeper } = bed.domain.desk
  await house.seal(operator)
  const pass = async (minutes: number) => {
    for (let passed = 0; passed < minutes; passed += 10) {
      await bed.clock.advance(10 * 60_000)
      await keeper.look()
    }
  }
  // From the end of the session at 06:00 on it is tried more often than a renewal is otherwise.
  await pass(30 * 60)
  assert.equal(await bed.recorded('session.renew'), 0)
  assert.equal((await bed.account()).lastFault, null)
  await house.unseal(operator)
  await pass(30)
  assert.equal(await bed.recorded('session.renew', 'ok'), 1)
  assert.equal((await bed.handOut()).generation, 2)
})

/** Ways to lift a seal by writing to the file. */
const attacks = [
  'update house set seal_json = null',
  `update house set seal_json = null, mac = ''`,
  `update house set seal_json = '{'`,
  'delete from house',
]
for (const sql of attacks) {
  test(`nobody lifts a seal by "${sql}"`, async () => {
    await using bed = await openBed('upstox')
    await bed.domain.logIn('demo')
    const { gates, house, logins } = bed.domain.desk
    await house.seal(operator)
    {
      using raw = new DatabaseSync(join(bed.home, 'bhor.db'))
      raw.exec(sql)
    }
    await refused(bed.handOut('extended'), 'gate_closed')
    await refused(logins.start(operator, 'demo', { via: 'api' }), 'gate_closed')
    await refused(house.unseal(operator), 'gate_closed')
    assert.equal((await house.sealed(operator)).sealed, true, 'nobody knows it')
    await refused(gates.setHouse(page, { state: 'open' }), 'scope_missing')
    await gates.setHouse(page, { state: 'closed' })
    await gates.setHouse(page, { state: 'open' })
    await refused(bed.handOut('extended'), 'sealed')
    await house.unseal(operator)
    assert.equal((await bed.handOut()).generation, 1)
  })
}

test('sealing always works, also over a row that was damaged', async () => {
  await using bed = await openBed('kite')
  await bed.domain.logIn('demo')
  {
    using raw = new DatabaseSync(join(bed.home, 'bhor.db'))
    raw.exec(`update house set mac = 'x'`)
  }
  const { gates, house } = bed.domain.desk
  await house.seal(page)
  await refused(bed.handOut(), 'sealed')
  await house.unseal(operator)
  await refused(bed.handOut(), 'gate_closed')
  await gates.setHouse(operator, { state: 'open' })
  assert.equal((await bed.handOut()).generation, 1)
})

test('an account that has no session, one whose session is over, one that cannot be renewed: sealed is what counts', async () => {
  await using bed = await openBed('kite')
  await bed.domain.addAccount({ account: 'papa', broker: 'upstox' })
  await bed.domain.logIn('papa')
  const { desk } = bed.domain
  await desk.sessions.logout(operator, 'papa')
  await desk.house.seal(operator, {})
  bed.simulator.clearCalls()
  for (const alias of ['demo', 'papa']) {
    await refused(desk.sessions.handOut(operator, alias, {}), 'sealed')
    await refused(desk.sessions.renew(operator, alias), 'sealed')
    await refused(desk.logins.start(operator, alias, { via: 'api' }), 'sealed')
  }
  assert.equal(bed.simulator.calls().length, 0)
  await refused(desk.sessions.handOut(operator, 'nobody', {}), 'account_not_found')
  await desk.house.unseal(operator)
  await refused(desk.sessions.handOut(operator, 'demo', {}), 'session_none')
})
