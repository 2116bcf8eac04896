import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Receiver, startReceiver } from '../../test/support/alerts/receiver.ts'
import { type Bed, openBed } from '../../test/support/document-004.ts'
import { signatureOf } from '../alerts/webhook/webhook.ts'
import { systemClock } from '../core/clock.ts'
import { Secret } from '../core/secret.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const minute = 60_000

/** Lets the bed's time pass until so many messages have come: what is sent takes real time. */
async function passUntil(bed: Bed, receiver: Receiver, count: number): Promise<void> {
  const until = systemClock.monotonicMs() + 10_000
  while (receiver.received.length < count && systemClock.monotonicMs() < until) {
    await bed.clock.advance(minute / 2)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  assert.equal(receiver.received.length, count)
}

test('the webhook is told once that a session ended by its hour, signed, and again until it has it', async () => {
  await using bed = await openBed('2026-11-23T21:00:00Z')
  await using receiver = await startReceiver({ status: 503 })
  const expiryWebhook = { url: `${receiver.url}/hook`, secret, privateTargets: ['127.0.0.1'] }
  await using auth = bed.auth({ expiryWebhook })
  await bed.logIn(auth)
  const { user_id: userId } = (await auth.tokenManager.getTokenInfo())!
  await bed.clock.advance(59 * minute)
  assert.equal(receiver.received.length, 0)
  await passUntil(bed, receiver, 1)
  receiver.answer({ status: 200 })
  await passUntil(bed, receiver, 2)
  for (let at = 0; at < 20; at++) {
    await bed.clock.advance(minute)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  assert.equal(receiver.received.length, 2)
  const [first, { body, headers }] = receiver.received as [Receiver['received'][0], Receiver['received'][0]]
  assert.equal(first.body, body)
  assert.equal(first.headers['webhook-id'], headers['webhook-id'])
  const { type, data } = JSON.parse(body) as { type: string; data: Record<string, unknown> }
  assert.equal(type, 'session.ended')
  assert.deepEqual([data.reason, data.userId], ['expired', userId])
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`
  assert.equal(headers['webhook-signature'], `v1,${signatureOf(new Secret(secret), signed)}`)
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
  for (let at = 0; at < 10; at++) {
    await bed.clock.advance(5 * 60 * minute)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  assert.deepEqual(receiver.received, [])
})
