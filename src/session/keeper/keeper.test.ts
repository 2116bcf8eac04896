import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { openBed, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import type { SessionStatus } from '../../contracts/api.ts'
import { systemNet } from '../../net/system.ts'

const hourMs = 3_600_000

for (const broker of ['kite', 'upstox']) {
  test(`${broker}: an end is written down once, however often and from how many the keeper looks`, async () => {
    await using bed = await openBed(broker)
    await bed.domain.logIn('demo')
    const look = () => bed.domain.desk.keeper.look()
    await look()
    assert.equal(await bed.recorded('session.expire'), 0)
    await bed.clock.advance(24 * hourMs)
    await Promise.all([look(), look(), look()])
    await look()
    await bed.reopen()
    assert.equal(await bed.recorded('session.expire'), 1)
    const { session } = await bed.account()
    assert.equal(session?.endReason, 'expired')
  })

  test(`${broker}: an exchange that a dead process left open is told as lost, after a minute or at a start`, async () => {
    for (const isAlone of [false, true]) {
      let isDead = false
      const never = new Promise<never>(() => {})
      let arrived = () => {}
      const sent = new Promise<void>((resolve) => {
        arrived = resolve
      })
      await using bed = await openBed(broker, {
        net: {
          async send(request) {
            const reply = await systemNet.send(request)
            if (!isDead) return reply
            arrived()
            return never
          },
        },
      })
      const { url, login } = await bed.domain.desk.logins.start(operator, 'demo', { via: 'api' })
      const callback = bed.simulator.logIn(broker, url!)
      isDead = true
      await Promise.race([sent, bed.domain.arrive(callback)])
      isDead = false
      assert.equal((await bed.domain.store.intents.open()).records.length, 1)
      if (isAlone) await bed.reopen()
      else {
        await bed.clock.advance(59_999)
        await bed.domain.desk.keeper.look()
        assert.equal((await bed.domain.store.intents.open()).records.length, 1, 'it may still be running')
        const other = await bed.domain.desk.logins.start(operator, 'demo', { via: 'api' })
        await refused(bed.domain.arrive(bed.simulator.logIn(broker, other.url!)), 'login_in_progress')
        await bed.domain.desk.logins.cancel(operator, 'demo', other.login)
        await bed.clock.advance(1)
        await Promise.all([1, 2].map(() => bed.domain.desk.keeper.look()))
      }
      assert.deepEqual((await bed.domain.store.intents.open()).records, [])
      const view = await bed.account()
      assert.equal(view.status, 'none')
      assert.equal(view.lastFault?.code, 'answer_lost')
      assert.match(view.statusText, /cut off/)
      await refused(bed.handOut(), 'needs_login')
      const { status, outcome } = await bed.domain.desk.logins.get(operator, 'demo', login)
      assert.deepEqual([status, outcome], ['failed', 'answer_lost'])
      assert.equal(await bed.recorded('login.exchange', 'failed'), 1)
      assert.equal((await bed.domain.logIn('demo')).status, 'active')
    }
  })

  test(`${broker}: the status over a week, hour by hour, is what the rules say`, async () => {
    await using bed = await openBed(broker)
    const [hour, minute] = broker === 'kite' ? [6, 0] : [3, 30]
    const zone = 'Asia/Kolkata'
    let expiresAt: Temporal.ZonedDateTime | undefined
    const statuses = new Set<SessionStatus>()
    const first = bed.clock.now().toZonedDateTimeISO(zone)
    for (let step = 0; step < 7 * 24; step++) {
      const now = bed.clock.now().toZonedDateTimeISO(zone)
      assert.equal(now.since(first, { largestUnit: 'hours' }).hours, step)
      // A person who logs in at 08:30 on every day but Wednesday and Sunday.
      if (now.hour === 8 && now.dayOfWeek !== 3 && now.dayOfWeek !== 7) {
        await bed.domain.logIn('demo')
        const dawn = now.with({ hour, minute, second: 0 })
        expiresAt = now.hour > hour ? dawn.add({ days: 1 }) : dawn
      }
      const leftHours = expiresAt ? (expiresAt.epochMilliseconds - now.epochMilliseconds) / hourMs : 0
      const expected =
        expiresAt === undefined ? 'none' : leftHours <= 0 ? 'expired' : leftHours <= 2 ? 'expiring' : 'active'
      const view = await bed.account()
      assert.deepEqual([now.toString(), view.status], [now.toString(), expected])
      if (view.session) {
        assert.equal(Date.parse(view.session.expiresAt), expiresAt?.epochMilliseconds)
        assert.equal(view.session.expiresInMs, Math.max(0, leftHours * hourMs))
      }
      if (expected === 'expired') await refused(bed.handOut(), 'session_expired')
      else assert.equal((await bed.domain.desk.sessions.test(operator, 'demo')).verdict, 'valid')
      statuses.add(view.status)
      // The keeper may come before or after whoever asks.
      if (step % 3 === 0) await bed.domain.desk.keeper.look()
      await bed.clock.advance(hourMs)
    }
    assert.deepEqual([...statuses].sort(), ['active', 'expired', 'expiring'])
    assert.equal((await bed.account()).generation, 5)
  })

  test(`${broker}: a damaged row stops the keeper for nobody else`, async () => {
    await using bed = await openBed(broker)
    await bed.domain.addAccount({ account: 'papa', broker })
    await bed.domain.logIn('demo')
    await bed.domain.logIn('papa')
    const demo = await bed.account()
    {
      using database = new DatabaseSync(join(bed.home, 'bhor.db'), { timeout: 5000 })
      const sql = 'update sessions set expires_at_ms = expires_at_ms - 1 where account_id = ?'
      assert.equal(database.prepare(sql).run(demo.id).changes, 1)
    }
    await bed.clock.advance(24 * hourMs)
    await bed.reopen()
    const papa = await bed.domain.desk.accounts.get(operator, 'papa')
    assert.equal(papa.session?.endReason, 'expired')
    await refused(bed.account(), 'store_damaged')
    const all = await bed.domain.desk.accounts.list(operator)
    assert.deepEqual(all.map((view) => [view.account, view.lastFault?.code]).sort(), [
      ['demo', 'store_damaged'],
      ['papa', undefined],
    ])
    assert.equal((await bed.domain.logIn('papa')).status, 'active')
  })
}
