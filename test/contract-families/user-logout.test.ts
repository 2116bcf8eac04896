import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBed, refused } from '../support/bed.ts'
import { operator } from '../support/domain.ts'
import { openMeanwhile } from '../support/meanwhile.ts'
import { angel } from './angel.ts'
import { simulator } from './angel-simulator.ts'

const family = { broker: angel, simulator, file: '' }

test('where a logout ends all that a user has, a token that is dropped does not take the live session with it', async () => {
  const meanwhile = openMeanwhile()
  await using bed = await openBed('angel', { families: [family], net: meanwhile.net })
  const { desk } = bed.domain
  const logIn = () => desk.logins.start(operator, 'demo', { via: 'api' })
  assert.equal((await logIn()).status, 'done')
  const { accessToken } = await bed.handOut()
  // The new token cannot be stored, because the account is another one by now.
  meanwhile.work = () => desk.accounts.edit(operator, 'demo', { fields: { localIp: '10.0.0.9' } })
  await refused(logIn(), 'generation_conflict')
  assert.equal(bed.simulator.calls({ broker: 'angel' }).filter(({ path }) => /logout/.test(path)).length, 0)
  assert.equal((await desk.sessions.test(operator, 'demo')).verdict, 'valid')
  assert.equal((await bed.handOut()).accessToken, accessToken)
  // Nobody else has anything: now it is logged out.
  await desk.sessions.logout(operator, 'demo')
  bed.simulator.clearCalls()
  meanwhile.work = () => desk.accounts.edit(operator, 'demo', { fields: { localIp: '10.0.0.8' } })
  await refused(logIn(), 'generation_conflict')
  assert.equal(bed.simulator.calls({ broker: 'angel' }).filter(({ path }) => /logout/.test(path)).length, 1)
})
