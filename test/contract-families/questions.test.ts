import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kite } from '../../src/brokers/kite/index.ts'
import type { Store } from '../../src/contracts/store.ts'
import { totpCode } from '../../src/simulator/index.ts'
import { openBed, refused } from '../support/bed.ts'
import { operator } from '../support/domain.ts'
import { families } from './family.ts'
import { simulator as kotakSimulator } from './kotak-simulator.ts'

/** A store of which one transaction can be kept waiting. */
function heldStore() {
  const held = { isNext: false, reached: Promise.withResolvers<void>(), goes: Promise.withResolvers<void>() }
  const wrap = (store: Store): Store => ({
    ...store,
    async transaction(work) {
      if (held.isNext) {
        held.isNext = false
        held.reached.resolve()
        await held.goes.promise
      }
      return store.transaction(work)
    },
  })
  return { held, wrap }
}

test('an answer that comes after somebody else’s answer to the same question is not sent', async () => {
  const { held, wrap } = heldStore()
  await using bed = await openBed('kotak', { families: [families.kotak], wrap })
  const { desk } = bed.domain
  const { app } = await bed.account()
  const { demoUser, accountOf } = kotakSimulator
  const apiSecret = 'sharedsecret'
  const { userId } = demoUser
  bed.simulator.registerApp({ broker: 'kotak', apiKey: app.apiKey!, apiSecret, redirectUrl: '', userId })
  const known = accountOf!({ ...demoUser, broker: 'kotak' })
  await desk.accounts.edit(operator, 'demo', {
    app: { dashboardToken: apiSecret },
    fields: { ...known, mpin: '', totpSeed: '' },
  })
  const { login } = await desk.logins.start(operator, 'demo', { via: 'api' })
  const totp = totpCode(demoUser.totpSeed, bed.clock.now())

  held.isNext = true
  const late = desk.logins.answer(operator, 'demo', login, { totp })
  await held.reached.promise
  const first = await desk.logins.answer(operator, 'demo', login, { totp })
  assert.deepEqual(
    first.asks.map(({ name }) => name),
    ['mpin'],
  )
  held.goes.resolve()
  assert.deepEqual(
    (await late).asks.map(({ name }) => name),
    ['mpin'],
    'it sees what is asked now',
  )
  assert.equal(bed.simulator.calls({ broker: 'kotak', path: '/login/1.0/tradeApiLogin' }).length, 1)
  const { status } = await desk.logins.answer(operator, 'demo', login, { mpin: demoUser.pin! })
  assert.equal(status, 'done')
})

test('a question after the broker’s page: the login waits for its answer, and for no second code', async () => {
  const [page] = kite.logins
  const [step] = page.steps
  const asks = [{ name: 'word', label: 'Word of the day', kind: 'text' }] as const
  const asking = { ...kite, logins: [{ ...page, steps: [{ ...step, asks }] }] }
  await using bed = await openBed('kite', { families: [{ broker: asking, file: '' }] })
  const { desk } = bed.domain
  const { login, url } = await desk.logins.start(operator, 'demo', { via: 'api' })
  await refused(desk.logins.answer(operator, 'demo', login, {}), 'not_answered')
  const [callback, another] = [bed.simulator.logIn('kite', url!), bed.simulator.logIn('kite', url!)]
  assert.equal((await bed.domain.arrive(callback)).status, 'login_pending')
  assert.equal((await bed.domain.arrive(another)).status, 'login_pending')
  await bed.reopen()
  const waiting = await bed.domain.desk.logins.get(operator, 'demo', login)
  assert.deepEqual([waiting.status, waiting.asks.map(({ name }) => name)], ['open', ['word']])
  assert.equal(bed.exchanges(), 0)
  const done = await bed.domain.desk.logins.answer(operator, 'demo', login, { word: 'dawn' })
  assert.deepEqual([done.status, done.generation, bed.exchanges()], ['done', 1, 1])
})
