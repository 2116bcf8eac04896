import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBed, otherUser, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import { openMeanwhile } from '../../../test/support/meanwhile.ts'

for (const broker of ['kite', 'upstox']) {
  test(`${broker}: another person’s login is not stored, and the token is logged out again`, async () => {
    await using bed = await openBed(broker)
    const first = await bed.domain.logIn('demo')
    const { accessToken } = await bed.handOut()
    await refused(bed.domain.logIn('demo', { userId: otherUser }), 'wrong_user')
    const view = await bed.account()
    assert.equal(view.generation, 1)
    assert.equal(view.userId, first.userId)
    assert.equal(view.lastFault?.code, 'wrong_user')
    assert.equal((await bed.handOut()).accessToken, accessToken)
    const drops = bed.simulator.calls({ broker, method: 'DELETE' })
    assert.equal(drops.length, 1)
    assert.equal(drops[0]?.status, 200, 'the stranger’s token was dropped')
    assert.equal(await bed.recorded('login.exchange', 'failed'), 1)
  })

  test(`${broker}: a user pinned in advance, and a user changed while the login runs`, async () => {
    const meanwhile = openMeanwhile()
    await using bed = await openBed(broker, { net: meanwhile.net })
    await bed.domain.desk.accounts.edit(operator, 'demo', { userId: otherUser })
    await refused(bed.domain.logIn('demo'), 'wrong_user')
    assert.equal((await bed.account()).generation, 0)
    await bed.domain.logIn('demo', { userId: otherUser })

    await bed.domain.addAccount({ account: 'papa', broker })
    bed.simulator.clearCalls()
    meanwhile.work = async () => {
      await bed.domain.desk.accounts.edit(operator, 'papa', { userId: 'DM0077' })
    }
    await refused(bed.domain.logIn('papa'), 'wrong_user')
    const papa = await bed.domain.desk.accounts.get(operator, 'papa')
    assert.equal(papa.userId, 'DM0077')
    assert.equal(papa.generation, 0)
    assert.equal(bed.simulator.calls({ broker, method: 'DELETE' }).length, 1, 'the token was dropped')
  })

  test(`${broker}: an account removed while its login runs`, async () => {
    const meanwhile = openMeanwhile()
    await using bed = await openBed(broker, { net: meanwhile.net })
    meanwhile.work = () => bed.domain.desk.accounts.remove(operator, 'demo')
    const callback = await bed.domain.callbackFor('demo')
    await refused(bed.domain.arrive(callback), 'account_not_found')
    assert.equal((await bed.domain.desk.audit.verify(operator)).intact, true)
  })
}
