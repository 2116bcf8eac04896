import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Reply, startReceiver } from '../../test/support/alerts/receiver.ts'
import { recordingWires } from '../../test/support/alerts/recording-wires.ts'
import type { AlertMessage, ChannelKind, ChannelSettings } from '../contracts/alerts.ts'
import { systemClock } from '../core/clock.ts'
import { ipNetwork } from '../core/ip-network.ts'
import { systemRandom } from '../core/random.ts'
import { Secret } from '../core/secret.ts'
import { Dialler } from './dialler.ts'
import { channelTypes } from './types.ts'

const canaries = {
  token: `123456789:${'CanaryOfTheBot'.padEnd(35, 'x')}`,
  path: 'canary-of-the-path',
  secret: `whsec_${Buffer.from('canary-of-the-signing-secret!!!!').toString('base64')}`,
  topic: 'canary-of-the-topic',
  access: 'tk_canary_of_the_access',
  password: 'canary-of-the-password',
}
const message: AlertMessage = {
  id: 'msg_1',
  atMs: 0,
  leftOut: 0,
  alerts: [
    {
      kind: 'test',
      severity: 'info',
      account: null,
      cause: '',
      title: 'Canary title',
      text: '',
      next: '',
      atMs: 0,
    },
  ],
}
type Given = readonly [ChannelSettings, Record<string, Secret>]
const given = (url: string): Readonly<Record<ChannelKind, Given>> => ({
  telegram: [{ chat: '42', server: url }, { token: new Secret(canaries.token) }],
  webhook: [{}, { url: new Secret(`${url}/${canaries.path}`), secret: new Secret(canaries.secret) }],
  ntfy: [{ server: url }, { topic: new Secret(canaries.topic), token: new Secret(canaries.access) }],
  email: [
    {
      server: url.replace(/^\w+:\/\//, ''),
      tls: 'starttls',
      from: 'a@example.com',
      to: 'b@example.com',
      user: 'me',
    },
    { password: new Secret(canaries.password) },
  ],
})

test('however sending fails, what is said of it holds no secret and nothing of the message', async (t) => {
  const dialler = new Dialler({ clock: systemClock, privateTargets: [ipNetwork('127.0.0.1')!] })
  const types = channelTypes(dialler, systemClock, systemRandom)
  // A receiver that says everything it knows.
  const echo =
    (status: number, more: Reply = {}) =>
    (request: object) => ({
      status,
      body: JSON.stringify({ ok: false, description: JSON.stringify(request), ...canaries }),
      ...more,
    })
  await using receiver = await startReceiver()
  let failures = 0
  const fail = async (kind: ChannelKind, [settings, secrets]: Given, what: string) => {
    const opened = types[kind].open(settings, secrets)
    for (const ended of [await opened.send(message), ...(kind === 'webhook' ? [] : [await opened.check()])]) {
      assert.notEqual(ended.outcome, 'delivered', `${kind} ${what}`)
      assert.doesNotMatch(JSON.stringify(ended), /canary/i, `${kind} ${what}`)
      failures++
    }
  }
  for (let status = 300; status < 512; status += 2) {
    receiver.answer(echo(status, { headers: { location: `${receiver.url}/${canaries.path}` } }))
    for (const kind of ['telegram', 'webhook', 'ntfy'] as const)
      await fail(kind, given(receiver.url)[kind], String(status))
  }
  receiver.answer({ breaks: true })
  for (const kind of ['telegram', 'ntfy'] as const) await fail(kind, given(receiver.url)[kind], 'breaks')
  // No TLS where TLS is wanted, nobody there, and a name that nobody knows.
  const secure = receiver.url.replace('http:', 'https:')
  for (const kind of ['telegram', 'ntfy'] as const) await fail(kind, given(secure)[kind], 'no TLS')
  await receiver.stop()
  for (const kind of ['telegram', 'ntfy', 'email'] as const)
    await fail(kind, given(receiver.url)[kind], 'nobody there')
  const nowhere = new Dialler({ clock: systemClock, privateTargets: [], wires: recordingWires(() => []) })
  for (const [kind, [settings, secrets]] of Object.entries(given('https://canary-of-the-name.example:443'))) {
    const ended = await channelTypes(nowhere, systemClock, systemRandom)
      [kind as ChannelKind].open(settings, secrets)
      .send(message)
    assert.doesNotMatch(JSON.stringify(ended), /canary/i, kind)
    failures++
  }
  assert.ok(failures >= 500, String(failures))
  t.diagnostic(`test 70: ${failures} failures told, 0 secrets in them`)
})
