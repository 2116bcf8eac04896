import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exchangePath, openBed, profilePath, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import type { Net } from '../../contracts/net.ts'
import type { Store } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { systemNet } from '../../net/system.ts'
import { endFlights } from '../keeper/lost.ts'

/** What becomes of the commits after the broker has granted a session: done or not, and what is said of it. */
interface Trouble {
  readonly happens: boolean
  readonly code: 'store_unavailable' | 'store_full'
  readonly isUnknown: boolean
  /** The store goes away with it. */
  readonly isLast?: true
}

/** A store whose commits fail in turn, once the broker was asked for a session; and reads that fail while it is away. */
class FailingStore {
  #troubles: Trouble[] = []
  isAway = false
  released = 0
  #isArmed = false

  /** From the next exchange on. */
  fail(...troubles: readonly Trouble[]): void {
    this.#troubles = [...troubles]
    this.#isArmed = false
  }
  readonly net: Net = {
    send: async (request) => {
      const reply = await systemNet.send(request)
      if (request.method === 'POST' && Object.values(exchangePath).some((path) => request.url.endsWith(path)))
        this.#isArmed = true
      return reply
    },
  }
  readonly wrap = (store: Store): Store => {
    const away = () => new BhorError('store_unavailable', 'Away.')
    return {
      ...store,
      intents: {
        ...store.intents,
        open: () => (this.isAway ? Promise.reject(away()) : store.intents.open()),
      },
      release: async () => {
        this.released++
        await store.release()
      },
      transaction: async (work) => {
        const trouble = this.#isArmed ? this.#troubles.shift() : undefined
        if (this.isAway) throw away()
        if (!trouble) return store.transaction(work)
        const { happens, code, isUnknown, isLast = false } = trouble
        this.isAway = isLast
        const done = happens ? await store.transaction(work) : undefined
        const facts: Record<string, string> = isUnknown ? { outcome: 'unknown' } : {}
        if (done !== undefined || !happens) throw new BhorError(code, 'Failed on purpose.', { facts })
        return done as never
      },
    }
  }
}

const unknown = (happens: boolean): Trouble => ({ happens, code: 'store_unavailable', isUnknown: true })
const full: Trouble = { happens: false, code: 'store_full', isUnknown: false }

for (const broker of ['kite', 'upstox']) {
  const bedWith = async (failing: FailingStore) => {
    const bed = await openBed(broker, { net: failing.net, wrap: failing.wrap })
    await bed.domain.logIn('demo')
    await bed.clock.advance(60_000)
    return bed
  }

  for (const [name, troubles] of [
    ['that happened', [unknown(true)]],
    ['that did not happen', [unknown(false)]],
    ['for which there was no room', [full]],
  ] as const) {
    test(`${broker}: a commit ${name} is settled at once, and the login is what is stored`, async () => {
      const failing = new FailingStore()
      await using bed = await bedWith(failing)
      failing.fail(...troubles)
      const view = await bed.domain.logIn('demo')
      assert.equal(view.generation, 2)
      assert.equal((await bed.handOut()).generation, 2)
      assert.equal((await bed.domain.desk.sessions.test(operator, 'demo')).verdict, 'valid')
      assert.equal(bed.exchanges(), 2)
      assert.deepEqual((await bed.domain.store.intents.open()).records, [])
      assert.equal(failing.released, troubles[0] === full || !troubles[0].happens ? 1 : 0)
    })
  }

  test(`${broker}: a session that cannot be stored is logged out, told, and the dead one before it is not handed out`, async () => {
    const failing = new FailingStore()
    await using bed = await bedWith(failing)
    failing.fail(full, full)
    await refused(bed.domain.logIn('demo'), 'store_full')
    assert.equal((await bed.account()).lastFault?.code, 'store_full')
    await refused(bed.handOut(), 'session_revoked')
    assert.equal(
      bed.simulator.calls({ broker, path: profilePath[broker]! }).length >= 3,
      true,
      'it was asked',
    )
    assert.equal((await bed.domain.logIn('demo')).generation, 2)
    assert.equal((await bed.handOut()).generation, 2)
  })

  test(`${broker}: while the store is away nobody says that nothing was stored; when it is back it is settled`, async () => {
    const failing = new FailingStore()
    await using bed = await bedWith(failing)
    failing.fail({ ...unknown(false), isLast: true })
    const failed = refused(
      bed.domain.logIn('demo').catch((error: BhorError) => {
        assert.equal(error.facts.outcome, 'unknown')
        throw error
      }),
      'store_unavailable',
    )
    while (!failing.isAway) await new Promise((resolve) => setImmediate(resolve))
    for (let waited = 0; waited < 60; waited++) {
      await new Promise((resolve) => setImmediate(resolve))
      await bed.clock.advance(250)
    }
    await failed
    failing.isAway = false
    await bed.domain.context.flights.retry()
    assert.deepEqual((await bed.domain.store.intents.open()).records, [])
    await refused(bed.handOut(), 'session_revoked')
    assert.equal((await bed.domain.logIn('demo')).generation, 2)
  })

  test(`${broker}: an exchange that a stop cuts off is told as lost, and the session before it is asked about`, async () => {
    let isHeld = false
    const held = Promise.withResolvers<void>()
    const net: Net = {
      async send(request) {
        const isExchange = request.method === 'POST' && request.url.endsWith(exchangePath[broker]!)
        const reply = await systemNet.send(request)
        if (isHeld && isExchange) await held.promise
        return reply
      },
    }
    await using bed = await openBed(broker, { net })
    await bed.domain.logIn('demo')
    isHeld = true
    const cutOff = bed.domain.logIn('demo').catch((error: BhorError) => error.code)
    while (bed.exchanges() < 2) await new Promise((resolve) => setImmediate(resolve))
    const ending = endFlights(bed.domain.context, 500)
    await new Promise((resolve) => setImmediate(resolve))
    await bed.clock.advance(500)
    await ending
    assert.equal((await bed.account()).lastFault?.code, 'answer_lost')
    assert.deepEqual((await bed.domain.store.intents.open()).records, [])
    await refused(bed.handOut(), 'session_revoked')
    held.resolve()
    assert.equal(await cutOff, 'answer_lost')
    assert.equal((await bed.account()).generation, 1, 'what was told as lost is not stored afterwards')
  })
}
