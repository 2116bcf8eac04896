import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { AccountView, HookAdded, LoginStarted, RollCallView } from '../../src/contracts/api.ts'
import { ManualClock } from '../../src/core/clock.ts'
import { startSimulator } from '../../src/simulator/index.ts'
import { phoneChat } from '../support/alerts/house.ts'
import { startSmtpServer } from '../support/alerts/smtp-server.ts'
import { freePort } from '../support/at-the-terminal.ts'
import { type MovedServer, passTogether, startMoved } from '../support/moved-server.ts'
import { ask } from '../support/porch.ts'
import { selfSigned } from '../support/self-signed.ts'
import { startBotApi, visible } from '../support/telegram/bot-api.ts'
import { handAt } from '../support/telegram/hand.ts'

/** Three are logged in by a pasted address, one over the porch, one by an approval. */
const household = [
  ['personal', 'kite'],
  ['mama', 'kite'],
  ['papa', 'upstox'],
  ['papa-2', 'kite'],
  ['papa-3', 'upstox'],
] as const
const pasted = ['personal', 'mama', 'papa'] as const
const minuteMs = 60_000

test('the morning of a household: a night with a restart, reminders by Telegram and mail, five logins by three ways, “all ready”', async () => {
  await using opened = new AsyncDisposableStack()
  const home = mkdtempSync(join(tmpdir(), 'bhor-morning-'))
  opened.defer(() => rmSync(home, { recursive: true, force: true }))
  // The evening of Tuesday, 24 November, in India.
  const clock = new ManualClock('2026-11-24T11:00:00Z')
  const simulator = opened.use(await startSimulator({ port: 0, clock, rateLimits: false }))
  const bot = opened.use(await startBotApi({ clock }))
  bot.chat({ id: phoneChat, type: 'private' })
  const mail = opened.use(await startSmtpServer())
  const certificate = join(home, 'mail.pem')
  writeFileSync(certificate, selfSigned.cert)
  const hosts = ['kite', 'upstox'].map((broker) => {
    const lines = Object.entries(simulator.hosts(broker)).map(([role, url]) => `${role} = "${url}"`)
    return `[hosts.${broker}]\n${lines.join('\n')}\n`
  })
  writeFileSync(join(home, 'config.toml'), hosts.join('\n'), { mode: 0o600 })
  const env = {
    NODE_EXTRA_CA_CERTS: certificate,
    BHOR_ALERTS_PRIVATE_TARGETS: '127.0.0.1',
    BHOR_PORT: String(await freePort()),
    BHOR_PORCH_PORT: String(await freePort()),
  }
  let server: MovedServer
  const start = async () => {
    server = opened.use(await startMoved(home, clock.nowMs(), env))
  }
  await start()
  const asked = async <T>(method: string, path: string, body?: object) =>
    (await server.ask(method, path, body)) as T
  const pass = (minutes: number) => passTogether(clock, server, minutes * minuteMs)
  const porch = server!.porch!
  const { origin } = server!
  const hand = handAt(bot)
  const said = () =>
    bot.messages.map(({ text, parse_mode }) =>
      visible(text, parse_mode).replace(/\n?\w{3} \d+ \w{3} \d\d:\d\d IST$/gm, ''),
    )
  const subjects = async () => {
    await mail.seen()
    return mail.mails.map(({ data }) => /^Subject: (.*)\r$/m.exec(data)?.[1])
  }
  /** Where the browser ends, followed as a browser does. */
  const arrive = async (address: string) => {
    const url = new URL(address)
    return (await ask(url.origin, 'GET', url.pathname + url.search)).text
  }

  for (const [account, broker] of household) {
    const redirectUrl = `${account === 'papa-2' ? porch : origin}/callback/${broker}`
    const app = { apiKey: `key-of-${account}`, apiSecret: `secret-of-${account}` }
    simulator.registerApp({ broker, ...app, redirectUrl })
    await asked('POST', '/v1/accounts', { account, broker, kind: 'live', app, redirectUrl })
    const { url } = await asked<LoginStarted>('POST', `/v1/accounts/${account}/login`, { via: 'api' })
    assert.match(await arrive(simulator.logIn(broker, url!)), /You are logged in/)
    const view = await asked<AccountView>('GET', `/v1/accounts/${account}`)
    // Who came over the porch for the first time is looked at before anybody gets his session.
    assert.equal(view.unconfirmed?.via, account === 'papa-2' ? 'porch' : undefined)
    if (view.unconfirmed)
      await asked('POST', `/v1/accounts/${account}/confirm`, { userId: view.unconfirmed.userId })
  }
  const hook = await asked<HookAdded>('POST', '/v1/accounts/papa-3/hook', {})
  simulator.notifyAt({ broker: 'upstox', apiKey: 'key-of-papa-3', notifierUrl: hook.url })
  await asked('POST', '/v1/alerts', {
    name: 'phone',
    kind: 'telegram',
    fields: { chat: String(phoneChat), server: bot.url },
    secrets: { token: bot.token },
    accounts: ['personal', 'mama', 'papa'],
  })
  await asked('POST', '/v1/alerts', {
    name: 'mail',
    kind: 'email',
    fields: {
      server: `127.0.0.1:${mail.port}`,
      tls: 'starttls',
      from: 'bhor@example.com',
      to: 'papa@example.com',
      user: 'bhor',
    },
    secrets: { password: 'app-password-of-the-house' },
    accounts: ['papa-2', 'papa-3'],
    leastSeverity: 'info',
  })
  await pass(5)

  // A reboot at night: Upstox's sessions end while nobody is there, Kite's when bhor is up again.
  await server!.stop('SIGTERM')
  const before = { said: said().length, mails: (await subjects()).length }
  await clock.advance(Temporal.Instant.from('2026-11-25T00:15:00Z').epochMilliseconds - clock.nowMs())
  await start()
  assert.deepEqual([server!.origin, server!.porch], [origin, porch])
  await pass(104)
  assert.equal(Temporal.Instant.fromEpochMilliseconds(clock.nowMs()).toString(), '2026-11-25T01:59:00Z')
  // Whoever wants to hear everything hears what ended; the phone stays quiet.
  assert.deepEqual(said().slice(before.said), [])
  const ended = mail.mails.slice(before.mails).map(({ data }) => data.match(/^papa-\d: .*(?=\r)/gm))
  assert.deepEqual(ended, [
    ['papa-3: The session ended', 'papa-3: A login is needed', 'papa-2: The session ends soon'],
    ['papa-2: The session ended', 'papa-2: A login is needed'],
  ])
  before.mails = mail.mails.length
  await pass(2)
  const [reminder, ...none] = said().slice(before.said)
  assert.deepEqual(none, [])
  assert.match(
    reminder!,
    /^! 3 accounts are not ready; deadline 08:55 IST\nmama \(kite\): .*\npapa \(upstox\): .*\npersonal \(kite\)/,
  )
  assert.doesNotMatch(reminder!, /papa-[23]/)
  assert.deepEqual((await subjects()).slice(before.mails), [
    'bhor: 2 accounts are not ready; deadline 08:55 IST',
  ])
  const letter = mail.mails.at(-1)!
  assert.ok(letter.isProtected, 'over TLS')
  const text = letter.data.replaceAll('=\r\n', '').replaceAll('=3D', '=')
  const link = new RegExp(`Log in papa-2: ${porch}(/hooks/login/\\S+)`).exec(text)?.[1]
  assert.ok(link, text)

  for (const account of pasted) {
    const broker = household.find(([name]) => name === account)![1]
    await hand.tap(`Log in ${account}`)
    const [done] = await hand.say(simulator.logIn(broker, hand.loginUrl()))
    assert.match(done!, new RegExp(`^${account}: The session is live until Thu 26 Nov`))
  }
  const headers = { origin: porch }
  assert.match((await ask(porch, 'GET', link)).text, /<button>Log in at Zerodha Kite Connect<\/button>/)
  const pressed = await ask(porch, 'POST', link, { headers })
  const page = /http-equiv="refresh" content="0; url=([^"]+)"/.exec(pressed.text)?.[1] ?? ''
  const to = page.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
  const arrived = simulator.logIn('kite', to)
  assert.equal(new URL(arrived).origin, porch)
  assert.match(await arrive(arrived), /You are logged in/)

  await asked('POST', '/v1/accounts/papa-3/login', { via: 'api', method: 'approval' })
  const wish = simulator.approvals('upstox').at(-1)!
  const { api = '' } = simulator.hosts('upstox')
  await fetch(`${api}/approvals/${wish.id}`, {
    method: 'POST',
    body: new URLSearchParams({ answer: 'approve' }),
  })
  assert.deepEqual(await simulator.posted(), [200])

  const roll = await asked<RollCallView>('GET', '/v1/roll-call')
  assert.deepEqual([roll.ready, roll.missing, roll.text], [5, 0, 'All 5 are ready.'])
  await pass(3)
  // One reminder, an offer and an answer for each login, and that all is well; by mail the same without the talk.
  const heard = said().slice(before.said)
  assert.equal(heard.length, 1 + 2 * pasted.length + 1, heard.join('\n---\n'))
  assert.match(heard.at(-1)!, /^✓ All 5 accounts are ready/)
  const mails = ['bhor: 2 accounts are not ready; deadline 08:55 IST', 'bhor: All 5 accounts are ready']
  assert.deepEqual((await subjects()).slice(before.mails), mails)
  // Until after the deadline nobody hears anything more.
  await pass(90)
  assert.deepEqual([said().length - before.said, (await subjects()).length - before.mails], [heard.length, 2])
  await server!.stop('SIGTERM')
})
