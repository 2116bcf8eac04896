import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Bed, exchangePath, openBed, otherUser, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import { openMeanwhile } from '../../../test/support/meanwhile.ts'
import { systemNet } from '../../net/system.ts'

/** Another account of the app of `demo`. */
async function withPapa(bed: Bed): Promise<void> {
  const { apiKey } = await bed.account()
  await bed.domain.desk.accounts.add(operator, {
    ...{ account: 'papa', broker: 'kite', kind: 'sandbox', apiKey },
    userId: otherUser,
  })
}
const start = async ({ domain, simulator }: Bed, alias: string, userId: string) => {
  const { url } = await domain.desk.logins.start(operator, alias, { via: 'api' })
  return simulator.logIn('kite', url!, { userId })
}

test('kite: a lost answer at an account that shares the app has the others asked about', async () => {
  await using bed = await openBed('kite')
  await withPapa(bed)
  await bed.domain.logIn('demo')
  await bed.clock.advance(60_000)
  const callback = await start(bed, 'papa', otherUser)
  bed.simulator.faults.add({ kind: 'answer_lost', match: { path: exchangePath.kite! } })
  await refused(bed.domain.arrive(callback), 'answer_lost')
  assert.equal(await bed.recorded('session.doubt'), 1)
  await refused(bed.handOut(), 'session_revoked')
})

test('kite: what was never sent doubts nobody', async () => {
  let isSlow = false
  await using bed = await openBed('kite', {
    wrap: (store) => ({
      ...store,
      async transaction(work) {
        const result = await store.transaction(work)
        if (isSlow && (await store.intents.open()).records.length > 0) await bed.clock.advance(10_000)
        return result
      },
    }),
  })
  await withPapa(bed)
  await bed.domain.logIn('demo')
  const callback = await start(bed, 'papa', otherUser)
  isSlow = true
  await refused(bed.domain.arrive(callback), 'store_busy')
  assert.equal(await bed.recorded('session.doubt'), 0)
})

test('kite: of two logins that cross at the broker, the one that is stored last is asked about', async () => {
  const meanwhile = openMeanwhile()
  await using bed = await openBed('kite', { net: meanwhile.net })
  await withPapa(bed)
  const { userId } = await bed.domain.logIn('demo').then(() => bed.account())
  await bed.clock.advance(60_000)
  const [ours, papas] = [await start(bed, 'demo', userId!), await start(bed, 'papa', otherUser)]
  // Granted first, and stored last: after the answer to the question whose it is.
  meanwhile.work = async () => {
    meanwhile.work = () => bed.domain.arrive(papas)
  }
  assert.equal((await bed.domain.arrive(ours)).generation, 2)
  await bed.clock.advance(10_000)
  await bed.domain.desk.keeper.look()
  assert.equal((await bed.account()).status, 'revoked')
})

test('an exchange has forty seconds to ask: what would be sent later is not sent', async () => {
  let isSlow = false
  const sent: string[] = []
  await using bed = await openBed('kite', {
    net: {
      async send(request) {
        sent.push(`${request.method} ${new URL(request.url).pathname} ${request.timeoutMs}`)
        const reply = await systemNet.send(request)
        if (isSlow) await bed.clock.advance(30_000)
        return reply
      },
    },
  })
  isSlow = true
  assert.equal((await bed.domain.logIn('demo')).status, 'active')
  assert.deepEqual(sent, ['POST /session/token 20000', 'GET /user/profile 10000'])
})
