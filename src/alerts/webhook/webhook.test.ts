import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { type Reply, startReceiver } from '../../../test/support/alerts/receiver.ts'
import type { Alert, AlertMessage } from '../../contracts/alerts.ts'
import { type Clock, systemClock } from '../../core/clock.ts'
import { isBhorError } from '../../core/errors.ts'
import { ipNetwork } from '../../core/ip-network.ts'
import { systemRandom } from '../../core/random.ts'
import { Secret } from '../../core/secret.ts'
import { Dialler } from '../dialler.ts'
import { signatureOf, webhookType } from './webhook.ts'

const dialler = new Dialler({ clock: systemClock, privateTargets: [ipNetwork('127.0.0.1')!] })
const typeAt = (clock: Pick<Clock, 'nowMs'> = systemClock) => webhookType(dialler, clock, systemRandom)
const secret = typeAt().makes!.make()
const alert = (more: Partial<Alert> = {}): Alert => ({
  kind: 'session_died',
  severity: 'critical',
  account: { id: 'acc_1', alias: 'papa', broker: 'kite', kind: 'live', generation: 4 },
  cause: '',
  title: 'The session ended before its hour',
  text: '',
  next: '',
  atMs: systemClock.nowMs(),
  event: { type: 'session.ended', data: { seq: 8, reason: 'revoked' } },
  ...more,
})
const messageOf = (...alerts: Alert[]): AlertMessage => ({
  id: 'msg_1',
  atMs: systemClock.nowMs(),
  alerts,
  leftOut: 0,
})

test('the signature is that of the specification', () => {
  const known = new Secret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
  const text = 'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}'
  assert.equal(signatureOf(known, text), 'g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

test('a receiver that checks takes what is right, and neither what is old, of tomorrow, changed, nor of another secret', async (t) => {
  await using receiver = await startReceiver()
  const url = new Secret(`${receiver.url}/hook`)
  const rounds = process.env.LONG_TESTS === '1' ? 1_000 : 25
  const refused = { late: 0, changed: 0, foreign: 0, again: 0 }
  /** What a receiver remembers, so that the same does not count twice. */
  const seen = new Set<string>()
  for (let round = 0; round < rounds; round++) {
    // A secret of its own, or the one that bhor makes.
    const own = round % 2 === 0 ? secret : typeAt().makes!.make()
    const library = new Webhook(own.reveal())
    const sent = async (clock?: Pick<Clock, 'nowMs'>) => {
      const message = { ...messageOf(alert({ text: `round ${round} “ü” \u0000` })), id: `msg_${round}` }
      assert.deepEqual(await typeAt(clock).open({}, { url, secret: own }).send(message), {
        outcome: 'delivered',
      })
      const { body, headers } = receiver.received.at(-1)!
      return { body, headers: headers as Record<string, string> }
    }
    const { body, headers } = await sent()
    assert.deepEqual(library.verify(body, headers), JSON.parse(body))
    for (const [changed, as] of [
      [body.replace('papa', 'mama'), headers],
      [`${body} `, headers],
      [body, { ...headers, 'webhook-id': 'msg_other' }],
      [body, { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) }],
    ] as const) {
      assert.throws(() => library.verify(changed, as))
      refused.changed++
    }
    assert.throws(() => new Webhook(typeAt().makes!.make().reveal()).verify(body, headers))
    refused.foreign++
    for (const minutes of [-6, 6]) {
      const off = await sent({ nowMs: () => systemClock.nowMs() + minutes * 60_000 })
      assert.throws(() => library.verify(off.body, off.headers), /timestamp/i)
      refused.late++
    }
    // Again under the same id, so that a receiver that remembers ids drops it.
    seen.add(headers['webhook-id']!)
    if (seen.has((await sent()).headers['webhook-id']!)) refused.again++
  }
  assert.deepEqual([refused.again, seen.size], [rounds, rounds])
  t.diagnostic(
    `test 132: ${rounds} messages verified; refused: ${refused.late} by a clock 6 minutes off, ${refused.changed} changed, ${refused.foreign} by another secret, ${refused.again} that came again`,
  )
})

test('one event comes by itself, several as one with each in it', async () => {
  await using receiver = await startReceiver()
  const url = new Secret(receiver.url)
  const channel = typeAt().open({}, { url, secret })
  await channel.send(
    messageOf(alert(), alert({ kind: 'disk_full', account: null, event: { type: 'alert', data: {} } })),
  )
  const { type, data } = JSON.parse(receiver.received[0]!.body) as {
    type: string
    data: { alerts: { type: string; data: Record<string, unknown> }[] }
  }
  assert.equal(type, 'alerts')
  assert.deepEqual(
    data.alerts.map((one) => [
      one.type,
      one.data.alert,
      one.data.account,
      one.data.kind,
      one.data.generation,
    ]),
    [
      ['session.ended', 'session_died', 'papa', 'live', 4],
      ['alert', 'disk_full', null, null, null],
    ],
  )
})

test('what a receiver answers is told as what it is, without its address', async () => {
  await using receiver = await startReceiver()
  const url = new Secret(`${receiver.url}/services/T0000/B0000/very-secret`)
  const answers: readonly (readonly [Reply, string, string])[] = [
    [{ status: 401 }, 'refused', 'channel_login_refused'],
    [{ status: 410 }, 'refused', 'channel_receiver_refused'],
    [{ status: 301, headers: { location: 'http://127.0.0.1/' } }, 'refused', 'channel_redirect'],
    [{ status: 429, headers: { 'retry-after': '7' } }, 'retry', 'channel_unavailable'],
    [{ status: 503 }, 'retry', 'channel_unavailable'],
  ]
  for (const [reply, outcome, code] of answers) {
    receiver.answer({ ...reply, body: `no: ${url.reveal()}` })
    const sent = await typeAt().open({}, { url, secret }).send(messageOf(alert()))
    assert.ok(sent.outcome !== 'delivered')
    assert.deepEqual([sent.outcome, sent.code], [outcome, code], JSON.stringify(reply))
    assert.doesNotMatch(JSON.stringify(sent), /very-secret|127\.0\.0\.1/)
  }
})

test('a look connects and posts nothing', async () => {
  const receiver = await startReceiver()
  const channel = typeAt().open({}, { url: new Secret(receiver.url), secret })
  assert.deepEqual(await channel.check(), { outcome: 'delivered' })
  await receiver.stop()
  assert.equal((await channel.check()).outcome, 'retry')
  assert.deepEqual(receiver.received, [])
})

test('a secret that is none is refused', async () => {
  const url = new Secret('https://hooks.example/')
  for (const text of [
    '',
    'secret',
    'whsec_',
    'whsec_AAAA',
    `whsec_${'A'.repeat(200)}`,
    `${secret.reveal()} `,
    `whsec_${'!'.repeat(40)}`,
  ])
    await assert.rejects(
      typeAt().checked({}, { url, secret: new Secret(text) }),
      (error) => isBhorError(error, 'channel_invalid'),
      text,
    )
  await typeAt().checked({}, { url, secret })
})
