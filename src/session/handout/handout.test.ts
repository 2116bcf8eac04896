import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBed, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import type { HandOut, Scope } from '../../contracts/api.ts'
import type { Store } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import type { Principal } from '../ground/rights.ts'

const hourMs = 3_600_000

function keyOf(id: string, accountIds: readonly string[] | null = null): Principal {
  return {
    actor: { kind: 'key', id },
    rights: new Set(['read-token']),
    accountIds: accountIds && new Set(accountIds),
  }
}

/** A store of which the test can make the audit fail, or do something just before a hand-out's record. */
function watchedStore() {
  const at = { isBroken: false, beforeAppend: async () => {} }
  const wrap = (store: Store): Store =>
    new Proxy(store, {
      get(target, name) {
        if (name === 'appendAudit') {
          const append: Store['appendAudit'] = async (watch, make) => {
            const meanwhile = at.beforeAppend
            at.beforeAppend = async () => {}
            await meanwhile()
            if (at.isBroken) throw new BhorError('store_full', 'The disk is full.')
            return target.appendAudit(watch, make)
          }
          return append
        }
        const value = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  return { at, wrap }
}

for (const broker of ['kite', 'upstox'] as const) {
  test(`${broker}: a hand-out says all that a program needs, and nothing more often than recorded`, async () => {
    await using bed = await openBed(broker)
    const view = await bed.domain.logIn('demo')
    const given = await bed.handOut()
    const { access } = { access: given.accessToken }
    const authorization = broker === 'kite' ? `token kitedemokey:${access}` : `Bearer ${access}`
    assert.equal(given.headers.authorization, authorization)
    assert.equal(given.generation, 1)
    assert.equal(given.userId, view.userId)
    assert.equal(given.expiresAt, view.session?.expiresAt)
    const url = `${given.baseUrl}${broker === 'kite' ? '/user/profile' : '/v2/user/profile'}`
    assert.equal((await fetch(url, { headers: given.headers })).status, 200, 'the broker takes it')
    for (let i = 0; i < 20; i++) await bed.handOut()
    assert.equal(await bed.recorded('session.handout', 'ok'), 21)
    await Promise.all(Array.from({ length: 100 }, () => bed.handOut()))
    assert.equal(await bed.recorded('session.handout', 'ok'), 121)
  })

  test(`${broker}: min_life is exact to the millisecond`, async () => {
    await using bed = await openBed(broker)
    await bed.domain.logIn('demo')
    const { expiresAt } = await bed.handOut()
    const leftMs = Date.parse(expiresAt) - bed.clock.nowMs()
    const ask = (minLifeMs: number) => bed.domain.desk.sessions.handOut(operator, 'demo', { minLifeMs })
    await ask(leftMs)
    await refused(ask(leftMs + 1), 'session_short')
    await bed.clock.advance(1)
    await refused(ask(leftMs), 'session_short')
    await ask(leftMs - 1)
  })

  test(`${broker}: kinds: none that is internal, foreign, or a word of JavaScript`, async () => {
    await using bed = await openBed(broker, { app: { approvedForRefresh: true } })
    await bed.domain.logIn('demo')
    for (const kind of [
      'refresh',
      'nothing',
      '',
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      'ACCESS',
    ])
      await refused(bed.handOut(kind), 'token_kind_unavailable')
    assert.equal(await bed.recorded('session.handout', 'ok'), 0)
    assert.equal(await bed.recorded('session.handout', 'refused'), 8)
  })

  test(`${broker}: never an expired session at any minute around dawn, and never a live one withheld`, async () => {
    const dawn = broker === 'kite' ? '2026-11-24T00:30:00Z' : '2026-11-23T22:00:00Z'
    await using bed = await openBed(broker)
    await bed.domain.logIn('demo')
    const dawnMs = Date.parse(dawn)
    let given = 0
    let refusals = 0
    const look = async () => {
      const nowMs = bed.clock.nowMs()
      if (nowMs < dawnMs) {
        const handOut = await bed.handOut()
        assert.equal(Date.parse(handOut.expiresAt), dawnMs)
        given++
      } else {
        await refused(bed.handOut(), 'session_expired')
        refusals++
      }
    }
    await bed.clock.advance(dawnMs - bed.clock.nowMs() - 30 * 60_000)
    for (let minute = 0; minute < 60; minute++) {
      await look()
      await bed.clock.advance(60_000)
    }
    await look()
    assert.deepEqual([given, refusals], [30, 31])
    // To the millisecond, with a hand-out that is ready from before.
    await using exact = await openBed(broker)
    await exact.domain.logIn('demo')
    await exact.handOut()
    exact.clock.set(Temporal.Instant.fromEpochMilliseconds(dawnMs - 1))
    await exact.handOut()
    exact.clock.set(dawn)
    await refused(exact.handOut(), 'session_expired')
    assert.equal((await exact.account()).status, 'expired')
  })

  test(`${broker}: dawn that breaks while the record is being written withholds the token`, async () => {
    const { at, wrap } = watchedStore()
    await using bed = await openBed(broker, { wrap })
    const { session } = await bed.domain.logIn('demo')
    at.beforeAppend = async () => bed.clock.set(session?.expiresAt ?? '')
    await refused(bed.handOut(), 'session_expired')
  })

  test(`${broker}: a key revoked between request and record gets nothing`, async () => {
    const { at, wrap } = watchedStore()
    await using bed = await openBed(broker, { wrap })
    await bed.domain.logIn('demo')
    const { view, key } = await bed.domain.desk.keys.add(operator, { name: 'bot', scopes: ['read-token'] })
    const principal = await bed.domain.desk.keys.authenticate(key.reveal())
    await bed.domain.desk.sessions.handOut(principal, 'demo', {})
    at.beforeAppend = async () => void (await bed.domain.desk.keys.revoke(operator, view.id))
    await refused(bed.domain.desk.sessions.handOut(principal, 'demo', {}), 'key_invalid')
    await refused(bed.domain.desk.sessions.handOut(principal, 'demo', {}), 'key_invalid')
    await refused(bed.domain.desk.keys.authenticate(key.reveal()), 'key_invalid')
  })

  test(`${broker}: a new login or a logout between request and record is what counts`, async () => {
    const { at, wrap } = watchedStore()
    await using bed = await openBed(broker, { wrap })
    await bed.domain.logIn('demo')
    const first = await bed.handOut()
    at.beforeAppend = async () => void (await bed.domain.logIn('demo'))
    const second = await bed.handOut()
    assert.equal(second.generation, 2)
    assert.notEqual(second.accessToken, first.accessToken)
    at.beforeAppend = async () => void (await bed.domain.desk.sessions.logout(operator, 'demo'))
    await refused(bed.handOut(), 'session_revoked')
  })

  test(`${broker}: an account renamed or removed meanwhile is not handed out under its old name`, async () => {
    await using bed = await openBed(broker)
    await bed.domain.logIn('demo')
    await bed.handOut()
    await bed.domain.desk.accounts.edit(operator, 'demo', { account: 'papa' })
    await refused(bed.handOut(), 'account_not_found')
    await bed.domain.addAccount({ broker })
    await refused(bed.handOut(), 'session_none')
    await bed.domain.desk.accounts.remove(operator, 'papa')
    await refused(bed.domain.desk.sessions.handOut(operator, 'papa', {}), 'account_not_found')
  })

  test(`${broker}: without its record no token leaves, and it heals by itself`, async () => {
    const { at, wrap } = watchedStore()
    await using bed = await openBed(broker, { wrap })
    await bed.domain.logIn('demo')
    await bed.handOut()
    at.isBroken = true
    await refused(bed.handOut(), 'audit_unavailable')
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => bed.handOut()))
    assert.ok(results.every((r) => r.status === 'rejected' && r.reason.code === 'audit_unavailable'))
    await refused(bed.handOut('nothing'), 'audit_unavailable')
    at.isBroken = false
    assert.equal((await bed.handOut()).generation, 1)
    assert.equal(await bed.recorded('session.handout', 'ok'), 2)
    assert.equal((await bed.domain.desk.audit.verify(operator)).intact, true)
  })

  test(`${broker}: a refusal is recorded once, with its reason`, async () => {
    await using bed = await openBed(broker)
    await refused(bed.handOut(), 'session_none')
    await refused(bed.domain.desk.sessions.handOut(operator, 'nobody', {}), 'account_not_found')
    await bed.domain.logIn('demo')
    await refused(
      bed.domain.desk.sessions.handOut(operator, 'demo', { minLifeMs: 24 * hourMs }),
      'session_short',
    )
    const records = await bed.domain.desk.audit.list(operator, { limit: 100 })
    const refusals = records.filter((r) => r.action === 'session.handout').map((r) => [r.code, r.account])
    assert.deepEqual(refusals, [
      ['session_short', 'demo'],
      ['account_not_found', null],
      ['session_none', 'demo'],
    ])
  })

  test(`${broker}: an account that a key may not see does not exist for it, in any state`, async () => {
    await using bed = await openBed(broker)
    const papa = await bed.domain.addAccount({ account: 'papa', broker })
    const { view } = await bed.domain.desk.keys.add(operator, {
      name: 'bot',
      scopes: ['admin'],
      accounts: ['papa'],
    })
    const scoped = { ...keyOf(view.id, [papa.id]), rights: new Set<Scope>(['admin']) }
    const ask = () => bed.domain.desk.sessions.handOut(scoped, 'demo', {})
    await refused(ask(), 'account_not_found')
    await bed.domain.logIn('demo')
    await refused(ask(), 'account_not_found')
    await bed.handOut()
    await refused(ask(), 'account_not_found')
    await bed.domain.desk.sessions.logout(operator, 'demo')
    await refused(ask(), 'account_not_found')
    for (const work of [
      bed.domain.desk.accounts.get(scoped, 'demo'),
      bed.domain.desk.logins.start(scoped, 'demo', { via: 'api' }),
      bed.domain.desk.sessions.test(scoped, 'demo'),
      bed.domain.desk.sessions.renew(scoped, 'demo'),
      bed.domain.desk.sessions.logout(scoped, 'demo'),
      bed.domain.desk.accounts.edit(scoped, 'demo', { label: 'x' }),
      bed.domain.desk.accounts.remove(scoped, 'demo'),
      bed.domain.desk.logins.paste(scoped, 'demo', 'http://127.0.0.1/'),
    ])
      await refused(work, 'account_not_found')
    assert.deepEqual(
      (await bed.domain.desk.accounts.list(scoped)).map((a) => a.account),
      ['papa'],
    )
    await refused(bed.domain.desk.audit.list(scoped, { limit: 1, account: 'papa' }), 'scope_missing')
    await refused(bed.domain.desk.sessions.handOut(scoped, 'papa', {}), 'session_none')
  })

  test(`${broker}: after a restart the same generation and token are handed out`, async () => {
    await using bed = await openBed(broker)
    await bed.domain.logIn('demo')
    const before = await bed.handOut()
    await bed.reopen()
    assert.deepEqual(await bed.handOut(), before)
  })

  test(`${broker}: a clock that is set back or forth decides by what it says now`, async () => {
    await using bed = await openBed(broker)
    await bed.domain.logIn('demo')
    for (const [instant, isGiven] of [
      ['2026-11-23T03:01:00Z', true],
      ['2026-11-23T04:00:00Z', true],
      ['2026-11-23T03:02:00Z', true],
      ['2026-11-24T03:00:00Z', false],
      ['2038-01-20T00:00:00Z', false],
      ['2100-01-01T00:00:00Z', false],
    ] as const) {
      bed.clock.set(instant)
      if (isGiven) await bed.handOut()
      else await refused(bed.handOut(), 'session_expired')
    }
  })
}

test('upstox: the extended token survives the day, but not a logout', async () => {
  await using bed = await openBed('upstox')
  await bed.domain.logIn('demo')
  const extended = await bed.handOut('extended')
  assert.equal(extended.tokenKind, 'extended')
  assert.equal(extended.headers.authorization, `Bearer ${extended.accessToken}`)
  await bed.clock.advance(30 * hourMs)
  await refused(bed.handOut(), 'session_expired')
  assert.equal((await bed.handOut('extended')).accessToken, extended.accessToken)
  await bed.reopen()
  assert.equal((await bed.account()).session?.endReason, 'expired')
  assert.equal((await bed.handOut('extended')).accessToken, extended.accessToken)
  await refused(bed.handOut(), 'session_expired')
  await bed.clock.advance(366 * 24 * hourMs)
  await refused(bed.handOut('extended'), 'session_expired')

  await bed.domain.logIn('demo')
  await bed.handOut('extended')
  await bed.domain.desk.sessions.logout(operator, 'demo')
  await refused(bed.handOut('extended'), 'session_revoked')
})

test('kite: the public token ends with the day, the one of Kite web is never given', async () => {
  await using bed = await openBed('kite')
  await bed.domain.logIn('demo')
  const given: HandOut = await bed.handOut('public')
  assert.notEqual(given.accessToken, (await bed.handOut()).accessToken)
  await refused(bed.handOut('enctoken'), 'token_kind_unavailable')
  await bed.clock.advance(24 * hourMs)
  await bed.reopen()
  for (const kind of ['access', 'public']) await refused(bed.handOut(kind), 'session_expired')
})
