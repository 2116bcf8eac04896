import assert from 'node:assert/strict'
import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { handOut, openHouse } from '../../../test/support/house.ts'
import type { World } from '../../../test/support/world.ts'
import { BhorError } from '../../core/errors.ts'
import { type Migration, migrations } from '../schema.ts'
import { strangersIn } from './catalog.ts'
import { SqliteConnection, SqliteFile } from './connection.ts'

/** How often rows are read as of one moment, which needs a handle of its own. */
function countMoments(t: TestContext): { since(work: () => Promise<unknown>): Promise<number> } {
  const { mock } = t.mock.method(SqliteFile.prototype, 'openMoment')
  return {
    async since(work) {
      const before = mock.callCount()
      await work()
      return mock.callCount() - before
    },
  }
}

test('a look reads rows only where somebody else has written, or the file is not as it was', async (t) => {
  await using house = await openHouse('sqlite')
  const { world, intruder } = house
  const moments = countMoments(t)
  const look = () => moments.since(() => world.app.store.look())
  assert.equal(await look(), 0)
  await handOut(world)
  await world.logIn('demo')
  assert.equal(await look(), 0)
  await intruder.run('pragma user_version = 7')
  assert.deepEqual([await look(), await look()], [1, 0])
  utimesSync(join(world.home, 'bhor.db'), 1, 1)
  assert.deepEqual([await look(), await look()], [1, 0])
})

/** What keeps a look from seeing at once what somebody has written. */
const troubles: Readonly<Record<string, (world: World, t: TestContext) => Promise<void>>> = {
  async 'was written before the first look'() {},
  async 'was written before a look that failed'({ app }, t) {
    const away = t.mock.method(SqliteFile.prototype, 'openMoment', () => {
      throw new BhorError('store_unavailable', 'No handle is left.')
    })
    await assert.rejects(app.store.look())
    away.mock.restore()
  },
  // The handle that is opened anew knows nothing of what came before it.
  async 'was written before a commit that failed'({ app }, t) {
    const run = SqliteConnection.prototype.run
    const failing = t.mock.method(
      SqliteConnection.prototype,
      'run',
      function (this: SqliteConnection, sql: string, values?: unknown[]) {
        if (sql === 'commit') throw new BhorError('store_unavailable', 'The disk is away.')
        return run.call(this, sql, values)
      },
    )
    await assert.rejects(app.store.check())
    failing.mock.restore()
  },
}
for (const [when, trouble] of Object.entries(troubles)) {
  test(`a row that ${when} is found by the next one`, async (t) => {
    await using house = await openHouse('sqlite')
    const { world, intruder } = house
    const copy = await intruder.copy(['sessions'])
    await world.logIn('demo')
    await world.restart()
    await intruder.putBack(copy)
    await trouble(world, t)
    assert.equal(world.app.store.rollback(), undefined)
    await world.app.store.look()
    assert.match(world.app.store.rollback()?.message ?? '', /sessions/)
  })
}

for (const when of ['a start', 'a look'] as const) {
  test(`a row that is put back while ${when} compares them is found by the next look`, async (t) => {
    await using house = await openHouse('sqlite')
    const { world, intruder } = house
    const copy = await intruder.copy(['sessions'])
    await world.logIn('demo')
    await intruder.run('pragma user_version = 7')
    const open = SqliteFile.prototype.openMoment
    const opening = t.mock.method(SqliteFile.prototype, 'openMoment', function (this: SqliteFile) {
      const moment = open.call(this)
      const close = moment.close.bind(moment)
      return Object.assign(moment, {
        close() {
          void intruder.putBack(copy)
          close()
        },
      })
    })
    if (when === 'a start') await world.restart()
    else await world.app.store.look()
    opening.mock.restore()
    assert.equal(world.app.store.rollback(), undefined)
    await world.app.store.look()
    assert.match(world.app.store.rollback()?.message ?? '', /sessions/)
  })
}

test('a start looks once whether rows, sum and folder are as they were', async (t) => {
  await using house = await openHouse('sqlite')
  const moments = countMoments(t)
  assert.equal(await moments.since(() => house.world.restart()), 1)
})

test('what the steps make of an empty database is found out once', async () => {
  await using house = await openHouse('sqlite')
  let made = 0
  const counting = ({ statements, ...step }: Migration): Migration => ({
    ...step,
    statements(engine) {
      made++
      return statements(engine)
    },
  })
  const steps = migrations.map(counting)
  const connection = new SqliteConnection(join(house.world.home, 'bhor.db'), 'reader')
  try {
    assert.deepEqual(strangersIn(connection, steps), [])
    await house.intruder.run('create view live as select * from sessions')
    assert.deepEqual(strangersIn(connection, steps), ['view live'])
    assert.equal(made, migrations.length)
  } finally {
    connection.close()
  }
})
