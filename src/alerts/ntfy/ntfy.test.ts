import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Reply, startReceiver } from '../../../test/support/alerts/receiver.ts'
import type { Alert, AlertMessage } from '../../contracts/alerts.ts'
import { ManualClock } from '../../core/clock.ts'
import { isBhorError } from '../../core/errors.ts'
import { ipNetwork } from '../../core/ip-network.ts'
import { Secret } from '../../core/secret.ts'
import { Dialler } from '../dialler.ts'
import { ntfyType } from './ntfy.ts'

const clock = new ManualClock('2026-11-24T02:00:00Z')
const dialler = new Dialler({ clock, privateTargets: [ipNetwork('127.0.0.1')!] })
const type = ntfyType(dialler)
const secrets = { topic: new Secret('household-9f3k'), token: new Secret('tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2') }
const alert = (more: Partial<Alert> = {}): Alert => ({
  kind: 'session_died',
  severity: 'critical',
  account: { id: 'acc_1', alias: 'papa', broker: 'kite', kind: 'live', generation: 4 },
  cause: '',
  title: 'The session ended before its hour',
  text: 'Another login may have ended it.',
  next: '',
  atMs: clock.nowMs(),
  ...more,
})
const messageOf = (...alerts: Alert[]): AlertMessage => ({
  id: 'msg_1',
  atMs: clock.nowMs(),
  alerts,
  leftOut: 0,
})

test('a message has its title, priority and buttons, and the token in a header', async () => {
  await using receiver = await startReceiver()
  const links = [1, 2, 3, 4].map((at) => ({
    label: `Log in ${at}`,
    url: `https://desk.example/${at}`,
    tap: 'x',
  }))
  const channel = type.open({ server: receiver.url }, secrets)
  assert.deepEqual(await channel.send(messageOf(alert({ links }))), { outcome: 'delivered' })
  const { method, path, headers, body } = receiver.received[0]!
  assert.deepEqual([method, path, headers.authorization], ['POST', '/', `Bearer ${secrets.token.reveal()}`])
  const { topic, title, message, priority, actions } = JSON.parse(body) as Record<string, unknown> & {
    actions: unknown[]
  }
  assert.deepEqual(
    [topic, title, priority, actions.length],
    ['household-9f3k', 'bhor: papa: The session ended before its hour', 5, 3],
  )
  assert.match(
    String(message),
    /^papa: The session ended before its hour\nAnother login may have ended it\.\nTue 24 Nov 07:30 IST\nLog in 1: https/,
  )
  assert.equal(
    (await channel.send(messageOf(alert({ severity: 'info', text: 'भोर '.repeat(5_000) })))).outcome,
    'delivered',
  )
  const long = JSON.parse(receiver.received[1]!.body) as { message: string; priority: number }
  assert.ok(Buffer.byteLength(long.message) <= 4_000 && !long.message.includes('\ufffd'))
  assert.equal(long.priority, 2)
})

test('more links than a message carries come in several, none cut off', async () => {
  await using receiver = await startReceiver()
  const names = Array.from({ length: 60 }, (_, at) => `account-${at}`)
  const text = names.map((name) => `${name} (kite): The session ended, as it does every day.`).join('\n')
  const links = names.map((name) => ({ label: name, url: `https://desk.example/${'x'.repeat(60)}/${name}` }))
  const channel = type.open({ server: receiver.url }, secrets)
  assert.deepEqual(await channel.send(messageOf(alert({ text, links }), alert())), { outcome: 'delivered' })
  const shown = receiver.received.map(({ body }) => (JSON.parse(body) as { message: string }).message)
  assert.ok(shown.every((message) => Buffer.byteLength(message) <= 4_000))
  const lines = shown.flatMap((message) => message.split('\n'))
  for (const { label, url } of links) assert.ok(lines.includes(`${label}: ${url}`), label)
  for (const line of text.split('\n')) assert.ok(lines.includes(line), line)
})

test('a look asks for the server’s health and sends nothing', async () => {
  await using receiver = await startReceiver({ body: '{"healthy":true}' })
  const channel = type.open({ server: receiver.url }, secrets)
  assert.deepEqual(await channel.check(), { outcome: 'delivered' })
  receiver.answer({ body: '{"healthy":false}' })
  assert.equal((await channel.check()).outcome, 'retry')
  assert.deepEqual(
    receiver.received.map(({ method, path }) => `${method} ${path}`),
    ['GET /v1/health', 'GET /v1/health'],
  )
})

test('what the server answers is told as what it is', async () => {
  await using receiver = await startReceiver()
  const answers: readonly (readonly [Reply, string, string])[] = [
    [{ status: 401 }, 'refused', 'channel_login_refused'],
    [{ status: 403 }, 'refused', 'channel_login_refused'],
    [{ status: 404 }, 'refused', 'channel_receiver_refused'],
    [{ status: 302, headers: { location: 'https://other.example' } }, 'refused', 'channel_redirect'],
    [{ status: 429, headers: { 'retry-after': '20' } }, 'retry', 'channel_unavailable'],
    [{ status: 500 }, 'retry', 'channel_unavailable'],
    [{ breaks: true }, 'retry', 'channel_unavailable'],
  ]
  for (const [reply, outcome, code] of answers) {
    receiver.answer(reply)
    const sent = await type.open({ server: receiver.url }, secrets).send(messageOf(alert()))
    assert.ok(sent.outcome !== 'delivered')
    assert.deepEqual([sent.outcome, sent.code], [outcome, code], JSON.stringify(reply))
    if (reply.status === 429) assert.equal(sent.outcome === 'retry' && sent.afterMs, 20_000)
    assert.doesNotMatch(JSON.stringify(sent), /household|tk_/)
  }
})

test('what is no server, topic or token is refused, with a hint', async () => {
  const wrong = [
    [{ server: 'https://ntfy.example/topic' }, 'topic', 'tk_12345678'],
    [{ server: 'ntfy.example' }, 'topic', 'tk_12345678'],
    [{ server: 'https://user@ntfy.example' }, 'topic', 'tk_12345678'],
    [{ server: 'https://ntfy.example' }, 'a topic', 'tk_12345678'],
    [{ server: 'https://ntfy.example' }, 'topic', 'tk 12345678'],
    [{ server: 'https://ntfy.example' }, 'topic', 'tk_1234\r\nX-A: b'],
  ] as const
  for (const [settings, topic, token] of wrong)
    await assert.rejects(
      type.checked(settings, { topic: new Secret(topic), token: new Secret(token) }),
      (error) => isBhorError(error) && error.hint !== '',
      JSON.stringify([settings, topic, token]),
    )
  assert.deepEqual(await type.checked({ server: 'https://ntfy.example/' }, secrets), {
    server: 'https://ntfy.example',
  })
})
