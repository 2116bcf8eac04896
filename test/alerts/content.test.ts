import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Dialler } from '../../src/alerts/dialler.ts'
import { channelTypes } from '../../src/alerts/types.ts'
import type { HandOut } from '../../src/contracts/api.ts'
import { systemClock } from '../../src/core/clock.ts'
import { ipNetwork } from '../../src/core/ip-network.ts'
import { fraction, type Random, seededRandom, systemRandom } from '../../src/core/random.ts'
import { Secret } from '../../src/core/secret.ts'
import { promptOutlivesMs } from '../../src/session/morning/times.ts'
import { openAlertWorld } from '../support/alerts/house.ts'
import { startReceiver } from '../support/alerts/receiver.ts'
import { startSmtpServer } from '../support/alerts/smtp-server.ts'
import { ask } from '../support/porch.ts'
import { startBotApi, visible } from '../support/telegram/bot-api.ts'
import { handAt } from '../support/telegram/hand.ts'

const isLong = process.env.LONG_TESTS === '1'

/** What could make a tag, a link, an entity or another line, in any order. */
const pieces = [
  ...[
    '<b>',
    '</b>',
    '<a href="https://evil.example">',
    '</a>',
    '<script>',
    '<',
    '>',
    '&',
    '&amp;',
    '&#60;',
    '"',
  ],
  ...[
    "'",
    '*',
    '_',
    '`',
    '[x](https://evil.example)',
    '\\',
    '{{x}}',
    '%0d%0a',
    '$(x)',
    'papa',
    ' ',
    '₹',
    'é',
  ],
]
function hostile(random: Random): string {
  const length = 1 + Math.floor(fraction(random) * 8)
  return Array.from({ length }, () => pieces[Math.floor(fraction(random) * pieces.length)]).join('')
}

test('whatever a name or a text holds, a receiver shows it as it is, and nothing else comes of it', async (t) => {
  const texts = isLong ? 2_000 : 60
  const random = seededRandom('names')
  const dialler = new Dialler({ clock: systemClock, privateTargets: [ipNetwork('127.0.0.1')!] })
  const types = channelTypes(dialler, systemClock, systemRandom)
  await using api = await startBotApi()
  api.chat({ id: 42, type: 'private' })
  await using receiver = await startReceiver({ body: '{"healthy":true}' })
  const telegram = types.telegram.open({ chat: '42', server: api.url }, { token: new Secret(api.token) })
  const ntfy = types.ntfy.open({ server: receiver.url }, { topic: new Secret('home') })
  const secret = types.webhook.makes!.make()
  const webhook = types.webhook.open({}, { url: new Secret(receiver.url), secret })
  for (let at = 0; at < texts; at++) {
    const text = hostile(random)
    const account = { id: 'acc_1', alias: text, broker: 'kite', kind: 'live', generation: 4 } as const
    const alert = { kind: 'session_died', severity: 'critical', account, cause: '', atMs: 0 } as const
    const alerts = [
      {
        ...alert,
        title: text,
        text,
        next: text,
        links: [{ label: text, url: 'https://desk.example/', tap: 'login acc_1' }],
      },
    ]
    const message = { id: `msg_${at}`, atMs: 0, alerts, leftOut: 0 }
    for (const channel of [telegram, ntfy, webhook])
      assert.deepEqual(await channel.send(message), { outcome: 'delivered' }, text)
    const { text: shown, parse_mode, reply_markup } = api.messages.at(-1)!
    assert.ok(visible(shown, parse_mode).includes(text.trim()), `${text}\n${shown}`)
    assert.doesNotMatch(shown, /<(?!\/?b>)/, text)
    assert.deepEqual(
      (reply_markup?.inline_keyboard ?? []).flat().map(({ url, callback_data }) => url ?? callback_data),
      ['login acc_1'],
    )
    const [pushed, event] = receiver.received
      .slice(-2)
      .map(({ body }) => JSON.parse(body) as Record<string, unknown>)
    assert.ok(String(pushed!.message).includes(text.trim()), text)
    assert.deepEqual(
      (pushed!.actions as { url: string }[]).map(({ url }) => url),
      ['https://desk.example/'],
    )
    assert.equal((event!.data as { title: string }).title, text)
  }
  t.diagnostic(`test 133: ${texts} hostile texts by 3 channels, 0 that made anything but text`)
})

test('no message of a morning holds a secret; its links work once, a prompt until half an hour after the deadline, a login for ten minutes', async (t) => {
  const mornings = isLong ? 20 : 2
  const env = { BHOR_ROLL_CALL_ACCOUNTS: 'all' }
  let [messages, links] = [0, 0]
  for (let morning = 0; morning < mornings; morning++) {
    await using house = await openAlertWorld({ start: '2026-11-24T11:00:00Z', env })
    await using mail = await startSmtpServer()
    const { world, phone, hook } = house
    const { app, simulator } = world
    const { desk, operator } = app
    const { serveDesk } = await import('../../src/http/server.ts')
    await using server = await serveDesk({ app, dashboardFolder: world.home })
    const redirectUrl = `${server.origin}/callback/kite`
    for (const account of ['demo', 'papa']) {
      await world.addAccount({ account, redirectUrl })
      await world.logIn(account)
    }
    const { key } = await desk.keys.add(operator, { name: 'bot', scopes: ['read-token'] })
    const tokenOf = async (account: string) =>
      (JSON.parse((await desk.sessions.handOut(operator, account)).reveal()) as HandOut).accessToken
    const secrets = [
      key.reveal(),
      phone.token,
      phone.token.split(':')[1]!,
      await tokenOf('demo'),
      await tokenOf('papa'),
    ]
    await house.addPhone()
    await house.addHook()
    const password = 'app-password-of-the-house'
    await desk.alerts.add(operator, {
      name: 'mail',
      kind: 'email',
      fields: {
        server: `127.0.0.1:${mail.port}`,
        tls: 'none',
        from: 'bhor@example.com',
        to: 'papa@example.com',
      },
      leastSeverity: 'info',
    })
    secrets.push(password)
    world.clock.set('2026-11-25T01:57:00Z')
    await house.pass(4)
    // Trouble, of which everybody is told.
    simulator.faults.add({ kind: 'html', match: { method: 'POST' } })
    await world.logIn('papa').catch(() => {})
    await house.pass(2)
    const hand = handAt(phone)
    await hand.tap('Log in demo')
    const offered = new URL(hand.loginUrl())
    const callback = simulator.logIn('kite', offered.href)
    const [done] = await hand.say(callback)
    assert.match(done!, /^demo: The session is live/)
    secrets.push(await tokenOf('demo'), new URL(callback).searchParams.get('request_token')!)
    const generation = async () => (await desk.accounts.get(operator, 'demo')).generation
    const before = await generation()
    await hand.say(callback)
    assert.equal(await generation(), before, 'once')
    await mail.seen()

    const said = [
      ...phone.messages.map((one) => JSON.stringify(one)),
      ...hook.received.map(({ body }) => body),
      ...mail.mails.map(({ data }) => data),
    ]
    for (const text of said)
      for (const one of secrets) assert.ok(!text.includes(one), `a secret of ${one.length} characters`)
    messages += said.length

    // The prompt of papa, from the webhook.
    const [, address = ''] =
      /(http:[^"]*\/hooks\/login\/[^"]+)"/.exec(said.filter((text) => text.includes('"papa"')).join('\n')) ??
      []
    const prompt = new URL(address)
    const view = async () => (await ask(server.origin, 'GET', prompt.pathname)).status
    const press = async () =>
      (await ask(server.origin, 'POST', prompt.pathname, { headers: { origin: server.origin } })).text
    const { deadline } = await desk.rollCall.view(operator)
    const endsMs = Date.parse(deadline) + promptOutlivesMs
    assert.equal(promptOutlivesMs, 30 * 60_000)
    world.clock.set(Temporal.Instant.fromEpochMilliseconds(endsMs - 1))
    assert.equal(await view(), 200)
    const isUsed = morning % 2 === 0
    if (isUsed) {
      const pressed = await press()
      const to = /http-equiv="refresh" content="0; url=([^"]+)"/.exec(pressed)?.[1] ?? ''
      const login = to.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
      assert.match(await press(), /used already/)
      // A login lives for ten minutes, whatever made it.
      const late = simulator.logIn('kite', login)
      world.clock.set(Temporal.Instant.fromEpochMilliseconds(endsMs - 1 + 10 * 60_000))
      await assert.rejects(world.arrive(late), { code: 'login_expired' })
    } else {
      world.clock.set(Temporal.Instant.fromEpochMilliseconds(endsMs))
      assert.equal(await view(), 410)
    }
    links += 2
  }
  t.diagnostic(
    `test 133: ${mornings} mornings, ${messages} messages, 0 secrets; ${links} links, each used once and in its time`,
  )
})
