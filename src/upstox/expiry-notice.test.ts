import assert from 'node:assert/strict'
import { renameSync, rmSync, symlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import { type TestContext, test } from 'node:test'
import {
  type Received,
  type Receiver,
  type Reply,
  startReceiver,
} from '../../test/support/alerts/receiver.ts'
import { type Bed, openBed } from '../../test/support/document-004.ts'
import { signatureOf } from '../alerts/webhook/webhook.ts'
import { ManualClock, systemClock } from '../core/clock.ts'
import { Secret } from '../core/secret.ts'
import { Logger } from './logger.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const minute = 60_000

/** What must come, as soon as it does: without it a test ends, and all that it has opened. */
async function comes<T>(awaited: Promise<T>): Promise<T> {
  const given = new AbortController()
  const over = systemClock.sleep(60_000, given.signal).then(
    () => assert.fail('It never came.'),
    () => awaited,
  )
  return await Promise.race([awaited, over]).finally(() => given.abort())
}

/** Each pause between two attempts as it begins, with its length: time passes only when nothing is under way. */
function pausesOf(t: TestContext, { clock }: Bed) {
  let begun = Promise.withResolvers<number>()
  t.mock.method(clock, 'sleep', (ms: number, signal?: AbortSignal) => {
    const slept = ManualClock.prototype.sleep.call(clock, ms, signal)
    begun.resolve(ms)
    return slept
  })
  return {
    async next(): Promise<number> {
      const ms = await comes(begun.promise)
      begun = Promise.withResolvers()
      return ms
    },
  }
}

/** The next message that this receiver gets; it answers so from now on. */
function next(receiver: Receiver, reply: Reply): Promise<Received> {
  return new Promise((resolve) =>
    receiver.answer((message) => {
      resolve(message)
      return reply
    }),
  )
}

/** What the log says last of all: until then time stands still for what is under way. */
function lastWord(t: TestContext, level: 'info' | 'error', text: string): Promise<void> {
  return new Promise((resolve) => {
    t.mock.method(Logger.prototype, level, (said: string) => {
      if (said === text) resolve()
    })
  })
}

/** So long nothing happens, hour by hour. */
async function stayQuiet(bed: Bed, hours: number): Promise<void> {
  for (let at = 0; at < hours; at++) {
    await bed.clock.advance(60 * minute)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

/** A session that ends in an hour, and a webhook that is told of it. */
async function openEnding(t: TestContext) {
  await using opening = new AsyncDisposableStack()
  const bed = opening.use(await openBed('2026-11-23T21:00:00Z'))
  const receiver = opening.use(await startReceiver())
  const expiryWebhook = { url: `${receiver.url}/hook`, secret, privateTargets: ['127.0.0.1'] }
  const auth = opening.use(bed.auth({ expiryWebhook }))
  await bed.logIn(auth)
  const parts = opening.move()
  return {
    ...{ bed, receiver, auth, pauses: pausesOf(t, bed) },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

test('the webhook is told once that a session ended by its hour, signed, and again until it has it', async (t) => {
  await using ending = await openEnding(t)
  const { bed, receiver, auth, pauses } = ending
  const { user_id: userId } = (await auth.tokenManager.getTokenInfo())!
  await bed.clock.advance(59 * minute)
  assert.equal(receiver.received.length, 0)
  const refused = next(receiver, { status: 503 })
  await bed.clock.advance(minute)
  const first = await comes(refused)
  assert.equal(await pauses.next(), minute / 2)
  const taken = next(receiver, { status: 200 })
  const over = lastWord(t, 'info', 'The webhook was told that the session ended.')
  await bed.clock.advance(minute / 2)
  const { body, headers } = await comes(taken)
  await comes(over)
  await stayQuiet(bed, 3)
  assert.equal(receiver.received.length, 2)
  assert.equal(first.body, body)
  assert.equal(first.headers['webhook-id'], headers['webhook-id'])
  const { type, data } = JSON.parse(body) as { type: string; data: Record<string, unknown> }
  assert.equal(type, 'session.ended')
  assert.deepEqual([data.reason, data.userId], ['expired', userId])
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`
  assert.equal(headers['webhook-signature'], `v1,${signatureOf(new Secret(secret), signed)}`)
})

test('a receiver that asks for no pause gets one, and is not told without end', async (t) => {
  await using ending = await openEnding(t)
  const { bed, receiver, pauses } = ending
  const reply = { status: 503, headers: { 'retry-after': '0' } }
  const over = lastWord(t, 'error', 'The webhook is not tried any more.')
  let told = next(receiver, reply)
  await bed.clock.advance(60 * minute)
  for (let attempt = 1; attempt < 10; attempt++) {
    await comes(told)
    assert.equal(await pauses.next(), 1000)
    told = next(receiver, reply)
    await bed.clock.advance(1000)
  }
  await comes(over)
  await stayQuiet(bed, 24)
  assert.equal(receiver.received.length, 10)
})

test('whoever has closed it has nothing told any more, and a token file that cannot be looked at ends no program', async (t) => {
  await using ending = await openEnding(t)
  const { bed, receiver, auth, pauses } = ending
  const folder = dirname(bed.tokenFile)
  renameSync(folder, `${folder}.away`)
  symlinkSync(folder, folder)
  await bed.clock.advance(minute)
  assert.throws(() => auth.isAuthenticated(), { code: 'system_refused' })
  rmSync(folder)
  renameSync(`${folder}.away`, folder)
  const told = next(receiver, { status: 503 })
  await bed.clock.advance(59 * minute)
  await comes(told)
  await pauses.next()
  await auth.close()
  await stayQuiet(bed, 2)
  assert.equal(receiver.received.length, 1)
})

test('whoever has logged out is not told of, and an address that is not public is refused', async () => {
  await using bed = await openBed()
  await using receiver = await startReceiver()
  const url = `${receiver.url}/hook`
  const here = ['127.0.0.1']
  assert.throws(() => bed.auth({ expiryWebhook: { url, secret } }), { code: 'channel_target_refused' })
  assert.throws(() => bed.auth({ expiryWebhook: { url, secret, privateTargets: ['here'] } }), {
    code: 'channel_invalid',
  })
  assert.throws(() => bed.auth({ expiryWebhook: { url, secret: 'whsec_x', privateTargets: here } }), {
    code: 'channel_invalid',
  })
  assert.throws(() => bed.auth({ account: 'papa', expiryWebhook: { url, secret } }), { code: 'bad_field' })
  await using auth = bed.auth({ expiryWebhook: { url, secret, privateTargets: here } })
  await bed.logIn(auth)
  await bed.clock.advance(minute)
  await auth.logout()
  await stayQuiet(bed, 50)
  assert.deepEqual(receiver.received, [])
})
