import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWorld, type World } from '../../test/support/world.ts'

/** The same folder with a simulator that knows nothing of it, as after a restart of `bhor serve`. */
const again = ({ home, clock }: World) => openWorld({ home, clock })

const probe = async (world: World, account: string) =>
  (await world.app.desk.sessions.test(world.app.operator, account)).verdict

for (const [broker, demoUser] of [
  ['kite', 'DM0001'],
  ['upstox', 'DM0002'],
] as const) {
  test(`${broker}: two sandbox accounts are two people, and both stay logged in`, async () => {
    await using world = await openWorld()
    for (const account of ['demo', 'papa']) await world.addAccount({ account, broker })
    const [demo, papa] = [await world.logIn('demo'), await world.logIn('papa')]
    assert.notEqual(demo.userId, papa.userId)
    assert.deepEqual([await probe(world, 'demo'), await probe(world, 'papa')], ['valid', 'valid'])
  })

  for (const userId of [demoUser, undefined]) {
    const who = userId ? 'the demo user of before' : 'its own person'
    test(`${broker}: an account keeps ${who} over a restart of the simulator, and can log in as them`, async () => {
      await using world = await openWorld()
      await world.addAccount({ broker })
      const before = await world.logIn('demo', userId ? { userId } : {})
      if (userId) assert.equal(before.userId, userId)
      await world.app[Symbol.asyncDispose]()
      await using restarted = await again(world)
      assert.equal(await probe(restarted, 'demo'), 'valid')
      const after = await restarted.logIn('demo')
      assert.deepEqual([after.userId, after.generation], [before.userId, 2])
    })
  }
}
