import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBed, profilePath, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import { openMeanwhile } from '../../../test/support/meanwhile.ts'
import { systemNet } from '../../net/system.ts'

const renewalPath = '/session/refresh_token'
const approved = { app: { approvedForRefresh: true } }

for (const broker of ['kite', 'upstox']) {
  test(`${broker}: a person’s app renews nothing, and is told what does`, async () => {
    await using bed = await openBed(broker)
    await refused(bed.domain.desk.sessions.renew(operator, 'demo'), 'session_none')
    await bed.domain.logIn('demo')
    bed.simulator.clearCalls()
    await assert.rejects(
      bed.domain.desk.sessions.renew(operator, 'demo'),
      (error: { code: string; hint: string }) => {
        assert.equal(error.code, 'renewal_unavailable')
        assert.match(error.hint, /bhor login demo/)
        return true
      },
    )
    assert.deepEqual(bed.simulator.calls(), [])
    assert.deepEqual((await bed.domain.store.intents.open()).records, [])
  })
}

test('an approved app renews: a new generation, and the refresh token stays for the next time', async () => {
  await using bed = await openBed('kite', approved)
  await bed.domain.logIn('demo')
  const { accessToken } = await bed.handOut()
  for (let generation = 2; generation <= 4; generation++) {
    const view = await bed.domain.desk.sessions.renew(operator, 'demo')
    assert.equal(view.generation, generation)
    assert.equal(view.session?.startedBy, 'renewal')
    assert.equal(view.lastLoginAt, '2026-11-23T03:00:00Z')
    assert.equal((await bed.domain.desk.sessions.test(operator, 'demo')).verdict, 'valid')
  }
  assert.notEqual((await bed.handOut()).accessToken, accessToken)
  assert.equal(await bed.recorded('session.renew', 'ok'), 3)
  await bed.reopen()
  assert.equal((await bed.domain.desk.sessions.renew(operator, 'demo')).generation, 5)
})

test('what a renewal does not replace stays: the refresh token above all', async () => {
  await using bed = await openBed('kite', {
    ...approved,
    net: {
      async send(request) {
        const reply = await systemNet.send(request)
        if (!request.url.endsWith(renewalPath)) return reply
        return { ...reply, text: reply.text.replace(/"refresh_token":"[^"]*"/, '"refresh_token":""') }
      },
    },
  })
  await bed.domain.logIn('demo')
  await bed.domain.desk.sessions.renew(operator, 'demo')
  await bed.domain.desk.sessions.renew(operator, 'demo').catch(() => {})
  const sent = bed.simulator.calls({ path: renewalPath }).map((call) => call.fields.refresh_token)
  assert.equal(sent.length, 2)
  assert.equal(sent[1], sent[0])
})

test('many who renew at once share one call', async () => {
  await using bed = await openBed('kite', approved)
  await bed.domain.logIn('demo')
  const views = await Promise.all(
    Array.from({ length: 50 }, () => bed.domain.desk.sessions.renew(operator, 'demo')),
  )
  assert.deepEqual([...new Set(views.map((view) => view.generation))], [2])
  assert.equal(bed.simulator.calls({ path: renewalPath }).length, 1)
})

test('a renewal that failed is told, keeps the session, and can be tried again', async () => {
  await using bed = await openBed('kite', approved)
  await bed.domain.logIn('demo')
  const before = await bed.handOut()
  for (const [kind, code] of [
    ['status', 'broker_unavailable'],
    ['html', 'broker_unavailable'],
    ['rate_limited', 'broker_rate_limited'],
    ['redirect', 'broker_redirect'],
    ['reset_before', 'answer_lost'],
  ] as const) {
    bed.simulator.faults.add({ kind, match: { path: renewalPath } })
    await refused(bed.domain.desk.sessions.renew(operator, 'demo'), code)
    assert.equal((await bed.account()).lastFault?.code, code)
    assert.deepEqual(await bed.handOut(), before)
    assert.deepEqual((await bed.domain.store.intents.open()).records, [])
  }
  assert.equal(await bed.recorded('session.renew', 'failed'), 5)
  const view = await bed.domain.desk.sessions.renew(operator, 'demo')
  assert.equal(view.generation, 2)
  assert.equal(view.lastFault, null)
})

test('a renewal whose answer was lost is told so; the refresh token is kept and brings the next session', async () => {
  await using bed = await openBed('kite', approved)
  await bed.domain.logIn('demo')
  bed.simulator.faults.add({ kind: 'reset_after', match: { path: renewalPath } })
  await refused(bed.domain.desk.sessions.renew(operator, 'demo'), 'answer_lost')
  const view = await bed.account()
  assert.equal(view.generation, 1)
  assert.equal(view.lastFault?.code, 'answer_lost')
  // Whether the refresh token lives on is the broker's affair: here it rotates only where the answer arrived.
  const again = await bed.domain.desk.sessions
    .renew(operator, 'demo')
    .catch((error: { code: string }) => error.code)
  if (typeof again === 'string') assert.equal(again, 'bad_grant')
  assert.equal((await bed.domain.logIn('demo')).status, 'active')
})

test('a renewal and a login of one account do not cross at the broker', async () => {
  let meanwhile = async () => {}
  await using bed = await openBed('kite', {
    ...approved,
    net: {
      async send(request) {
        if (request.url.endsWith(renewalPath)) {
          const now = meanwhile
          meanwhile = async () => {}
          await now()
        }
        return systemNet.send(request)
      },
    },
  })
  await bed.domain.logIn('demo')
  const callback = await bed.domain.callbackFor('demo')
  meanwhile = () => refused(bed.domain.arrive(callback), 'login_in_progress')
  assert.equal((await bed.domain.desk.sessions.renew(operator, 'demo')).generation, 2)
  assert.equal((await bed.domain.arrive(callback)).generation, 3, 'the same link works a moment later')
  assert.equal((await bed.domain.desk.sessions.test(operator, 'demo')).verdict, 'valid')
})

test('a renewed session of another person is not stored', async () => {
  await using bed = await openBed('kite', {
    ...approved,
    net: {
      async send(request) {
        const reply = await systemNet.send(request)
        if (!request.url.endsWith(renewalPath)) return reply
        return { ...reply, text: reply.text.replace('DM0001', 'DM0099') }
      },
    },
  })
  await bed.domain.logIn('demo')
  await refused(bed.domain.desk.sessions.renew(operator, 'demo'), 'wrong_user')
  assert.equal((await bed.account()).generation, 1)
})

test('a session that was logged out while it was renewed stays logged out, and the new token is dropped', async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const { promise: asked, resolve: isAsked } = Promise.withResolvers<void>()
  await using bed = await openBed('kite', {
    ...approved,
    net: {
      async send(request) {
        const reply = await systemNet.send(request)
        if (!request.url.endsWith(renewalPath)) return reply
        isAsked()
        await held
        return reply
      },
    },
  })
  await bed.domain.logIn('demo')
  const renewing = bed.domain.desk.sessions.renew(operator, 'demo')
  await asked
  await bed.domain.desk.sessions.logout(operator, 'demo').catch(() => undefined)
  release()
  await assert.rejects(renewing)
  assert.equal((await bed.account()).status, 'revoked')
  await refused(bed.handOut(), 'session_revoked')
})

test('a session that has run out can be renewed, one that was ended cannot', async () => {
  await using bed = await openBed('kite', approved)
  await bed.domain.logIn('demo')
  await bed.clock.advance(24 * 60 * 60 * 1000)
  assert.equal((await bed.account()).status, 'expired')
  // The simulator, like the broker, knows the refresh token longer than the session.
  const renewed = await bed.domain.desk.sessions.renew(operator, 'demo')
  assert.deepEqual([renewed.status, renewed.generation], ['active', 2])
  await bed.domain.desk.sessions.logout(operator, 'demo')
  await refused(bed.domain.desk.sessions.renew(operator, 'demo'), 'session_revoked')
})

test('a renewal that was told as lost while the broker answered is not stored any more', async () => {
  const meanwhile = openMeanwhile()
  await using bed = await openBed('kite', { ...approved, net: meanwhile.net })
  await bed.domain.logIn('demo')
  // Nor does the broker say what became of the session before.
  bed.simulator.faults.add({ kind: 'status', match: { path: profilePath.kite }, times: Infinity })
  meanwhile.work = async () => {
    await bed.clock.advance(180_000)
    await bed.domain.desk.keeper.look()
  }
  await refused(bed.domain.desk.sessions.renew(operator, 'demo'), 'answer_lost')
  const { generation, lastFault } = await bed.account()
  assert.deepEqual([generation, lastFault?.code], [1, 'answer_lost'])
  assert.equal(await bed.recorded('session.renew', 'ok'), 0)
})

test('a refresh token that the broker refuses leaves the session that there is', async () => {
  const refusal = { status: 'error', error_type: 'TokenException', message: 'Invalid `refresh_token`.' }
  await using bed = await openBed('kite', {
    ...approved,
    net: {
      async send(request) {
        const reply = await systemNet.send(request)
        if (!request.url.endsWith(renewalPath)) return reply
        return { ...reply, status: 403, text: JSON.stringify(refusal) }
      },
    },
  })
  await bed.domain.logIn('demo')
  await refused(bed.domain.desk.sessions.renew(operator, 'demo'), 'bad_grant')
  const session = await bed.domain.store.sessions.latest(
    (await bed.domain.store.accounts.list()).records[0]!.id,
  )
  assert.equal(session?.status, 'active')
})
