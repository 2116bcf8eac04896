import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Bed, openBed, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import { ownApp } from '../../../test/support/own-app.ts'
import type { Learnt } from '../../contracts/api.ts'
import type { Net, NetReply } from '../../contracts/net.ts'
import { systemNet } from '../../net/system.ts'

/** The real way, with answers to reads as `change` makes them. */
function changed(change: (reply: NetReply, url: string) => NetReply): Net {
  return {
    async send(request) {
      const reply = await systemNet.send(request)
      return request.method === 'GET' ? change(reply, request.url) : reply
    },
  }
}

async function learnAll(bed: Bed): Promise<Learnt[]> {
  const { learning } = bed.domain.desk
  const learnt: Learnt[] = []
  for (const { question } of await learning.questions(operator, 'demo')) {
    await bed.clock.advance(1_000)
    learnt.push(await learning.ask(operator, 'demo', question))
  }
  return learnt
}

for (const broker of ['kite', 'upstox']) {
  test(`${broker}: everything that is open is asked by reads, each once, and told with status and shape`, async () => {
    await using bed = await openBed(broker, { app: { approvedForRefresh: true } })
    await bed.domain.logIn('demo')
    bed.simulator.clearCalls()
    const questions = await bed.domain.desk.learning.questions(operator, 'demo')
    const learnt = await learnAll(bed)
    const calls = bed.simulator.calls()
    assert.equal(calls.length, questions.length)
    assert.ok(calls.every(({ method }) => method === 'GET'))
    assert.deepEqual(
      learnt.map(({ call }) => call),
      questions.map(({ call }) => call),
    )
    const of = (id: string) => learnt.find(({ question }) => question === id)!
    assert.deepEqual([of('profile').status, of('profile').meaning, of('profile').failure], [200, 'ok', null])
    assert.ok(of('profile').shape.includes('data.user_id: text'), of('profile').shape.join('\n'))
    assert.match(of('dead-token').code ?? '', /^(TokenException|UDAPI100050)$/)
    assert.equal((await bed.account()).status, 'active')
    assert.equal(await bed.recorded('account.learn', 'ok'), questions.length)
  })

  test(`${broker}: secrets, persons and amounts that stand anywhere in an answer stay here`, async () => {
    /** Of the account; and what else an answer names. */
    const own: string[] = [ownApp(broker).apiSecret]
    // Of letters alone, as the name of a field is.
    const piece = ownApp(broker).apiSecret.slice(1, -3)
    const others = ['INFY', 'NSE:INFY', '4711.25', '9876543210']
    let isArmed = false
    const net = changed((reply, url) => {
      if (!isArmed) return reply
      const [secret = '', person] = own
      const code = url.includes('profile') ? person : 'Sold 5 INFY'
      const planted = [...own, ...own.map((text) => text.toLowerCase()), ...others]
      const holder = Object.fromEntries(planted.map((text) => [text, { [text]: text, list: planted }]))
      const body = {
        ...holder,
        [`of_${piece}`]: piece,
        data: { ...holder, user_id: secret },
        status: secret,
        error_type: code,
        message: planted.join(' '),
        errors: [{ errorCode: code, error_code: code, message: planted.join(' ') }],
      }
      const headers = Object.fromEntries([...own, piece].map((text) => [`x-${text.toLowerCase()}`, text]))
      const type = `text/${secret.toLowerCase()}`
      const status = url.includes('orders') ? 200 : 403
      return { status, headers: { ...headers, 'content-type': type }, text: JSON.stringify(body) }
    })
    await using bed = await openBed(broker, { net, app: { approvedForRefresh: true } })
    const { session, userId } = await bed.domain.logIn('demo')
    const { accessToken } = await bed.handOut()
    const { userName, email } = session!
    own.push(userId!, accessToken, accessToken.slice(3, 20), userName, email)
    isArmed = true
    const learnt = await learnAll(bed)
    assert.ok(learnt.every(({ shape }) => shape.length > 0))
    const told = JSON.stringify(learnt).toLowerCase()
    for (const text of [...own, ...others, piece])
      assert.ok(!told.includes(text.toLowerCase()), `It tells ${text}`)
  })
}

test('an answer that is none is told as such; a redirect is not followed', async () => {
  await using bed = await openBed('kite')
  await bed.domain.logIn('demo')
  const { learning } = bed.domain.desk
  const ask = async () => {
    await bed.clock.advance(1_000)
    const { status, failure, shape } = await learning.ask(operator, 'demo', 'profile')
    return [status, failure, shape]
  }
  bed.simulator.faults.add({ kind: 'reset_before' })
  assert.deepEqual(await ask(), [null, 'reset', []])
  bed.simulator.faults.add({ kind: 'redirect' })
  assert.deepEqual(await ask(), [null, 'broker_redirect', []])
  bed.simulator.faults.add({ kind: 'html' })
  assert.deepEqual(await ask(), [503, null, ['no JSON']])
})

test('politely: the second question waits, whoever asks', async () => {
  await using bed = await openBed('kite')
  await bed.domain.logIn('demo')
  bed.simulator.clearCalls()
  const asked = () => bed.simulator.calls({ method: 'GET' }).length
  const { learning } = bed.domain.desk
  const both = [learning.ask(operator, 'demo', 'profile'), learning.ask(operator, 'demo', 'margins')]
  await Promise.race(both)
  await bed.clock.advance(499)
  assert.equal(asked(), 1)
  await bed.clock.advance(1)
  await Promise.all(both)
  assert.equal(asked(), 2)
})

test('what cannot be asked: without a session, what there is no token for, what nobody wonders about', async () => {
  await using bed = await openBed('kite')
  const { learning } = bed.domain.desk
  await refused(learning.questions(operator, 'demo'), 'session_none')
  await bed.domain.logIn('demo')
  await refused(learning.ask(operator, 'demo', 'profile-extended'), 'not_found')
  const program = {
    actor: { kind: 'key', id: 'key_1' },
    rights: new Set(['read-token'] as const),
    accountIds: null,
  } as const
  await refused(learning.questions(program, 'demo'), 'scope_missing')
})
