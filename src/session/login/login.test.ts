import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWorld } from '../../../test/support/world.ts'

for (const broker of ['kite', 'upstox']) {
  test(`${broker}: a login brings a session, and a program gets it`, async () => {
    await using world = await openWorld()
    await world.addAccount({ broker })
    const view = await world.logIn('demo')
    assert.equal(view.status, 'active')
    assert.equal(view.generation, 1)
    const handOut = JSON.parse(
      (await world.app.desk.sessions.handOut(world.app.operator, 'demo', {})).reveal(),
    )
    assert.equal(handOut.generation, 1)
    assert.equal((await world.app.desk.sessions.test(world.app.operator, 'demo')).verdict, 'valid')
    const check = await world.app.desk.audit.verify(world.app.operator)
    assert.equal(check.intact, true)
  })
}
