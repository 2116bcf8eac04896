import assert from 'node:assert/strict'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { newHome } from './support/domain.ts'
import { accept, engines, type House, handOut, openHouse, provenFound, refused } from './support/house.ts'
import { startPostgres } from './support/postgres.ts'
import { allTables, type Copy } from './support/set-back.ts'
import { openWorld } from './support/world.ts'

const counted = ['apps', 'accounts', 'sessions', 'logins', 'intents', 'client_keys', 'calendar', 'house']

after(async () => (await startPostgres())[Symbol.asyncDispose]())

/** Makes an earlier version of one row and a later one; gives the earlier, and what would leave or go on by it. */
type Ageing = (house: House) => Promise<{ copy: Copy; use(): Promise<unknown> }>

const kinds: Readonly<Record<string, Ageing>> = {
  async client_keys({ world, intruder }) {
    const { desk, operator } = world.app
    const name = `bot at ${world.clock.nowMs()}`
    const { key, view } = await desk.keys.add(operator, { name, scopes: ['read-token'] })
    await desk.sessions.handOut(await desk.keys.authenticate(key.reveal()), 'demo')
    const copy = await intruder.copy(['client_keys'])
    await desk.keys.revoke(operator, view.id)
    await refused(desk.keys.authenticate(key.reveal()), 'key_invalid')
    return { copy, use: () => world.app.desk.keys.authenticate(key.reveal()) }
  },
  async accounts({ world, intruder }) {
    const copy = await intruder.copy(['accounts'])
    await world.app.desk.accounts.edit(world.app.operator, 'demo', { label: `At ${world.clock.nowMs()}` })
    return { copy, use: () => handOut(world) }
  },
  async apps({ world, intruder }) {
    const { desk, operator } = world.app
    const copy = await intruder.copy(['apps'])
    await desk.accounts.edit(operator, 'demo', { app: { apiSecret: `secret-${world.clock.nowMs()}` } })
    return { copy, use: () => world.app.desk.logins.start(world.app.operator, 'demo', { via: 'api' }) }
  },
  async sessions({ world, intruder }) {
    await world.logIn('demo')
    const copy = await intruder.copy(['sessions'])
    await world.app.desk.sessions.logout(world.app.operator, 'demo')
    return { copy, use: () => handOut(world) }
  },
  async logins({ world, intruder }) {
    const { desk, operator } = world.app
    const callback = await world.callbackFor('demo')
    const copy = await intruder.copy(['logins'])
    const [login] = (await world.app.store.logins.open(world.clock.nowMs())).records
    await desk.logins.cancel(operator, 'demo', login?.id ?? '')
    return { copy, use: () => world.arrive(callback) }
  },
  async intents(house) {
    const { world, intruder } = house
    let copy: Copy = new Map()
    house.onSend = async (url) => {
      if (/\/session\/token$/.test(url)) copy = await intruder.copy(['intents'])
    }
    await world.logIn('demo')
    house.onSend = async () => {}
    const callback = await world.callbackFor('demo')
    return { copy, use: () => world.arrive(callback) }
  },
  async house({ world, intruder }) {
    const { gates } = world.app.desk
    const copy = await intruder.copy(['house'])
    await gates.setHouse(world.app.operator, { state: 'closed' })
    await refused(handOut(world), 'gate_closed')
    // The kill switch set back to open.
    return { copy, use: () => handOut(world) }
  },
  async calendar({ world, intruder }) {
    const { calendar } = world.app.desk
    const said = (kind: 'holiday' | 'special') =>
      calendar.change(world.app.operator, {
        days: [{ date: '2026-12-02', kind, ...(kind === 'special' ? { hours: 'usual' } : {}) }],
      })
    await said('special')
    const copy = await intruder.copy(['calendar'])
    await said('holiday')
    return {
      copy,
      use: async () => {
        await world.app.desk.calendar.days(world.app.operator, {})
        await handOut(world)
      },
    }
  },
}

for (const engine of engines) {
  test(`${engine}: an earlier row of any kind, put back while bhor runs, is found before anything leaves by it`, async () => {
    await using house = await openHouse(engine)
    for (const [table, age] of Object.entries(kinds)) {
      await house.world.advance(60_000)
      if (table === 'intents') await house.world.logIn('demo')
      const { copy, use } = await age(house)
      await house.intruder.putBack(copy, [table])
      const calls = house.world.simulator.calls({}).length
      await refused(use())
      assert.equal(house.world.simulator.calls({}).length, calls, table)
      await provenFound(house.world)
      await accept(house.world)
    }
  })

  test(`${engine}: an earlier row of any kind, put back while bhor does not run, is found at the start`, async () => {
    await using house = await openHouse(engine)
    const { world, intruder } = house
    for (const [table, age] of Object.entries(kinds)) {
      await world.advance(60_000)
      if (table === 'intents') await world.logIn('demo')
      const { copy, use } = await age(house)
      await world.restart(() => intruder.putBack(copy, [table]))
      assert.ok(world.app.store.rollback(), table)
      await refused(use())
      // Starting again makes nothing better.
      await world.restart()
      await provenFound(world)
      await accept(world)
    }
    await world.restart()
    assert.equal(world.app.store.rollback(), undefined)
  })
}

/** What is put back together: everything that the inventory counts, also with it, also with the audit. */
const groups: Readonly<Record<string, readonly string[]>> = {
  'all rows': counted,
  'all rows with the inventory': [...counted, 'inventory'],
  'the inventory': ['inventory'],
  'all rows with the end of the audit': [...counted, 'inventory', 'audit_head'],
  'the end of the audit': ['audit_head'],
  'the audit without its tail, with its earlier end': ['audit', 'audit_head'],
  everything: allTables,
}

for (const engine of engines) {
  for (const when of ['while bhor runs', 'while it does not'] as const) {
    test(`${engine}: rows that are put back together ${when} are found`, async () => {
      await using house = await openHouse(engine)
      const { world, intruder } = house
      for (const [name, tables] of Object.entries(groups)) {
        const { desk, operator } = world.app
        const { key, view } = await desk.keys.add(operator, { name: `bot ${name}`, scopes: ['read-token'] })
        const copy = await intruder.copy()
        await desk.keys.revoke(operator, view.id)
        await handOut(world)
        if (when === 'while bhor runs') await intruder.putBack(copy, tables)
        else await world.restart(() => intruder.putBack(copy, tables))
        // What is wrong with the record of it is found as it is written.
        if (tables.includes('client_keys')) await refused(world.app.desk.keys.authenticate(key.reveal()))
        await provenFound(world)
        await accept(world)
        const check = await world.app.desk.audit.verify(world.app.operator)
        assert.ok(check.intact, `${name}: ${JSON.stringify(check)}`)
        // The live session is asked about before it leaves again.
        const probes = () => world.simulator.calls({ path: '/user/profile' }).length
        const before = probes()
        await handOut(world)
        assert.equal(probes(), before + 1, name)
        await world.advance(60_000)
      }
    })
  }
}

test('postgres: a fail-over that lost the last commits is found by each server at its next commit, or within a second', async () => {
  await using house = await openHouse('postgres')
  const { world: a, intruder, databaseUrl } = house
  using home = newHome()
  copyFileSync(join(a.home, 'master.key'), join(home.home, 'master.key'))
  const { simulator, clock } = a
  await using b = await openWorld({ ...home, simulator, clock, ...(databaseUrl ? { databaseUrl } : {}) })
  const standby = await intruder.copy()
  await a.logIn('demo')
  const { accessToken } = await handOut(b)
  await intruder.putBack(standby)
  // The token of the session before is dead at the broker.
  await refused(handOut(a))
  assert.equal(b.app.store.rollback(), undefined)
  await clock.advance(1_000)
  await until(() => b.app.store.rollback() !== undefined)
  await provenFound(a)
  await provenFound(b)
  await accept(a)
  await assert.rejects(handOut(a), { code: 'session_revoked' })
  await refused(handOut(b))
  await accept(b)
  await a.logIn('demo')
  assert.notEqual((await handOut(b)).accessToken, accessToken)

  // The other server has gone on before anybody looked: the store is longer than what was seen, and another one.
  const again = await intruder.copy()
  await handOut(a)
  await intruder.putBack(again)
  await b.app.record({ kind: 'library', id: '' }, 'server.start')
  for (let records = 0; records < 3; records++) await handOut(b)
  await refused(handOut(a))
  assert.match(a.app.store.rollback()?.message ?? '', /is not the one that was seen/)
})

test('a damaged row is no row that went back: whatever column it is, others go on', async () => {
  await using house = await openHouse('sqlite')
  const { world, intruder } = house
  const { desk, operator } = world.app
  await world.addAccount({ account: 'papa' })
  await world.logIn('papa')
  const { key } = await desk.keys.add(operator, { name: 'other', scopes: ['read-token'] })
  await desk.keys.add(operator, { name: 'bot', scopes: ['read-token'] })
  await desk.logins.start(operator, 'demo', { via: 'api' })
  const demo = await desk.accounts.get(operator, 'demo')
  const mine: Readonly<Record<string, string>> = {
    apps: `id = (select app_id from accounts where id = '${demo.id}')`,
    accounts: `id = '${demo.id}'`,
    client_keys: `name = 'bot'`,
  }
  const sound = await intruder.copy(counted)
  const papa = async () => {
    const { sessions, keys } = world.app.desk
    await sessions.handOut(await keys.authenticate(key.reveal()), 'papa')
  }
  let columns = 0
  for (const table of counted) {
    const where = mine[table] ?? `account_id = '${demo.id}'`
    for (const { name, type } of await intruder.run(`select name, type from pragma_table_info('${table}')`)) {
      const value = type === 'INTEGER' ? '8640000000000001' : `'["damaged"]'`
      const set = `update or ignore ${table} set ${String(name)} = ${value} where ${where}`
      await intruder.run(set).catch(() => undefined)
      await world.app.store.inspect()
      await papa()
      assert.equal(world.app.store.rollback(), undefined, `${table}.${String(name)}`)
      // And so it is at a start.
      if (name === 'mac' || name === 'id') {
        await world.restart()
        assert.equal(world.app.store.rollback(), undefined, `${table}.${String(name)}`)
        await world.restart(() => intruder.putBack(sound))
      } else await intruder.putBack(sound)
      assert.equal(world.app.store.rollback(), undefined, `${table}.${String(name)}`)
      columns++
    }
  }
  assert.ok(columns >= 80, `${columns} columns`)
})

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve))
}
