import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BotApi, startBotApi, visible } from '../../../test/support/telegram/bot-api.ts'
import type { Alert, AlertMessage, ChannelSettings } from '../../contracts/alerts.ts'
import { ManualClock } from '../../core/clock.ts'
import { isBhorError } from '../../core/errors.ts'
import { ipNetwork } from '../../core/ip-network.ts'
import { Secret } from '../../core/secret.ts'
import { Dialler } from '../dialler.ts'
import { TelegramApi } from './api.ts'
import { telegramType } from './telegram.ts'

const clock = new ManualClock('2026-11-24T02:00:00Z')
const dialler = new Dialler({ clock, privateTargets: [ipNetwork('127.0.0.1')!] })
const type = telegramType(dialler)
const atMs = clock.nowMs()
const alert = (more: Partial<Alert> = {}): Alert => ({
  kind: 'session_died',
  severity: 'critical',
  account: { id: 'acc_1', alias: 'papa', broker: 'kite', kind: 'live', generation: 4 },
  cause: 'session_died',
  title: 'The session ended before its hour',
  text: 'Another login may have ended it.',
  next: 'Log in: bhor login papa.',
  atMs,
  ...more,
})
const messageOf = (...alerts: Alert[]): AlertMessage => ({ id: 'msg_1', atMs, alerts, leftOut: 0 })
const openOf = ({ url, token }: BotApi, settings: ChannelSettings = {}) =>
  type.open({ chat: '42', server: url, ...settings }, { token: new Secret(token) })

test('a message comes with its buttons, loud or quiet by its severity', async () => {
  await using api = await startBotApi()
  api.chat({ id: 42, type: 'private' })
  const links = [
    { label: 'Log papa in', url: 'http://127.0.0.1:7878/prompt/x', tap: 'login:acc_1' },
    { label: 'The desk', url: 'https://desk.example/' },
    { label: 'Here', url: 'http://127.0.0.1:7878/' },
  ]
  assert.deepEqual(await openOf(api).send(messageOf(alert({ links }))), { outcome: 'delivered' })
  assert.deepEqual(await openOf(api).send(messageOf(alert({ severity: 'info', title: 'Quiet' }))), {
    outcome: 'delivered',
  })
  const [first, second] = api.messages
  assert.equal(
    visible(first!.text, first!.parse_mode),
    '‼ papa: The session ended before its hour\nAnother login may have ended it.\nLog in: bhor login papa.\nTue 24 Nov 07:30 IST\nHere: http://127.0.0.1:7878/',
  )
  assert.deepEqual(first!.reply_markup?.inline_keyboard, [
    [{ text: 'Log papa in', callback_data: 'login:acc_1' }],
    [{ text: 'The desk', url: 'https://desk.example/' }],
  ])
  assert.deepEqual([first?.disable_notification, second?.disable_notification], [false, true])
})

test('names and texts cannot make tags, and no message is too long', async () => {
  await using api = await startBotApi()
  api.chat({ id: 42, type: 'private' })
  const hostile = [
    '<b>',
    '</b>',
    '<a href="https://evil.example">papa</a>',
    '&lt;',
    '<script>',
    '*_[x](y)`',
    '<',
    '&',
    '&#60;b&#62;',
  ]
  for (const text of hostile) {
    const account = { ...alert().account!, alias: text }
    assert.equal(
      (await openOf(api).send(messageOf(alert({ title: text, text, next: text, account })))).outcome,
      'delivered',
      text,
    )
    assert.ok(visible(api.messages.at(-1)!.text, 'HTML').includes(`${text}: ${text}\n${text}`), text)
  }
  const many = Array.from({ length: 20 }, (_, at) =>
    alert({ title: `${at} ${'<&>'.repeat(100)}`, text: 'x'.repeat(400) }),
  )
  assert.equal((await openOf(api).send(messageOf(...many))).outcome, 'delivered')
  const long = alert({ text: '&'.repeat(5_000) })
  assert.equal((await openOf(api).send(messageOf(long))).outcome, 'delivered')
})

test('more buttons and links than a message carries come in several, none cut off', async () => {
  await using api = await startBotApi()
  api.chat({ id: 42, type: 'private' })
  const names = Array.from({ length: 150 }, (_, at) => `account-${at}`)
  const text = names.map((name) => `${name} (kite): The session ended, as it does every day.`).join('\n')
  const links = names.map((name) => ({ label: name, url: `http://127.0.0.1/${name}`, tap: `login ${name}` }))
  assert.deepEqual(await openOf(api).send(messageOf(alert({ text, links }))), { outcome: 'delivered' })
  const keyboards = api.messages.map(({ reply_markup }) => reply_markup?.inline_keyboard.flat() ?? [])
  assert.ok(keyboards.every(({ length }) => length > 0 && length <= 80))
  assert.deepEqual(
    keyboards.flat().map((button) => button.text),
    names,
  )
  const shown = api.messages.map(({ text: html }) => visible(html, 'HTML')).join('\n')
  for (const name of names) assert.ok(shown.includes(`${name} (kite)`), name)
  const written = links.map(({ label, url }) => ({ label, url }))
  api.messages.length = 0
  assert.deepEqual(await openOf(api).send(messageOf(alert({ text, links: written }))), {
    outcome: 'delivered',
  })
  const lines = api.messages.flatMap(({ text: html }) => visible(html, 'HTML').split('\n'))
  for (const { label, url } of written) assert.ok(lines.includes(`${label}: ${url}`), label)
})

/** What Telegram answers, and what is said of it. */
const faults: readonly (readonly [
  what: string,
  arrange: (api: BotApi) => ChannelSettings | undefined,
  outcome: 'retry' | 'refused',
  code: string,
  says: RegExp,
])[] = [
  ['an unknown chat', () => ({ chat: '43' }), 'refused', 'channel_receiver_refused', /no such chat/],
  [
    'a blocked bot',
    (api) => void Object.assign(api.chat({ id: 42, type: 'private' }), { isBlocked: true }),
    'refused',
    'channel_receiver_refused',
    /blocked/,
  ],
  [
    'a topic that is closed',
    () => ({ topic: '7' }),
    'refused',
    'channel_receiver_refused',
    /no such open topic/,
  ],
  [
    'a server in front that is broken',
    (api) => api.breakDown(502) as undefined,
    'retry',
    'channel_unavailable',
    /502/,
  ],
  [
    'something else at that address',
    (api) => api.breakDown(200) as undefined,
    'retry',
    'channel_unavailable',
    /no Bot API/,
  ],
]
for (const [what, arrange, outcome, code, says] of faults) {
  test(`${what} is told as what it is`, async () => {
    await using api = await startBotApi()
    api.chat({ id: 42, type: 'private' })
    const sent = await openOf(api, arrange(api) ?? {}).send(messageOf(alert()))
    assert.ok(sent.outcome !== 'delivered')
    assert.deepEqual([sent.outcome, sent.code], [outcome, code])
    assert.match(sent.text, says)
    assert.equal(JSON.stringify(sent).includes(api.token), false)
    assert.equal(api.messages.length, 0)
  })
}

test('a wrong token is told as that, by a message and by a look', async () => {
  await using api = await startBotApi()
  for (const token of [`987654321:${'B'.repeat(35)}`, `987654321:${'B'.repeat(40)}`]) {
    const channel = type.open({ chat: '42', server: api.url }, { token: new Secret(token) })
    for (const ended of [await channel.send(messageOf(alert())), await channel.check()]) {
      assert.equal(ended.outcome === 'refused' && ended.code, 'channel_login_refused')
      assert.equal(JSON.stringify(ended).includes(token), false)
    }
  }
})

test('Telegram says how long to wait', async () => {
  await using api = await startBotApi()
  api.chat({ id: 42, type: 'private' })
  api.slowDown(35, 1)
  const sent = await openOf(api).send(messageOf(alert()))
  assert.deepEqual([sent.outcome, sent.outcome === 'retry' && sent.afterMs], ['retry', 35_000])
  assert.deepEqual(await openOf(api).send(messageOf(alert())), { outcome: 'delivered' })
})

test('a group that became a supergroup gets the message at its new id, which is kept', async () => {
  await using api = await startBotApi()
  api.chat({ id: -42, type: 'group', movedTo: -1001234567890 })
  api.chat({ id: -1001234567890, type: 'supergroup', topics: new Set([7]) })
  const sent = await openOf(api, { chat: '-42', topic: '7' }).send(messageOf(alert()))
  assert.deepEqual(sent, {
    outcome: 'delivered',
    moved: { chat: '-1001234567890', server: api.url, topic: '7' },
  })
  assert.deepEqual(
    [api.messages.length, api.messages[0]?.chat_id, api.messages[0]?.message_thread_id],
    [1, -1001234567890, 7],
  )
})

test('a look asks who the bot is, and nobody sees anything', async () => {
  await using api = await startBotApi()
  assert.deepEqual(await openOf(api).check(), { outcome: 'delivered' })
  assert.deepEqual([api.calls.map(({ method }) => method), api.messages], [['getMe'], []])
})

test('what is no token or chat is refused before anything is stored, with a hint', async () => {
  const right = new Secret(`123456789:${'A'.repeat(35)}`)
  const wrong: readonly (readonly [ChannelSettings, string, RegExp])[] = [
    [{ chat: '42' }, `123456789:${'A'.repeat(20)} ${'A'.repeat(14)}`, /without spaces/],
    [{ chat: '42' }, ` ${right.reveal()}`, /without spaces/],
    [{ chat: '42' }, `${right.reveal()}\n`, /without spaces/],
    [{ chat: '42' }, 'bot123456789', /BotFather/],
    [{ chat: '-1001234567890/42' }, right.reveal(), /--topic 42/],
    [{ chat: '-1001234567890_42' }, right.reveal(), /--topic 42/],
    [{ chat: 'papa' }, right.reveal(), /number/],
    [{ chat: '4 2' }, right.reveal(), /number/],
    [{ chat: '0' }, right.reveal(), /number/],
    [{ chat: '42', topic: 'general' }, right.reveal(), /number/],
    [{ chat: '42', server: 'https://10.0.0.1' }, right.reveal(), /alerts_private_targets/],
    [{ chat: '42', server: 'https://me:x@bots.example' }, right.reveal(), /before the @/],
  ]
  for (const [settings, token, hint] of wrong) {
    const error: unknown = await type
      .checked(settings, { token: new Secret(token) })
      .catch((cause: unknown) => cause)
    assert.ok(isBhorError(error), JSON.stringify(settings))
    assert.match(error.hint, hint)
    assert.equal(`${error.message}${error.hint}`.includes(token), false)
  }
  assert.deepEqual(await type.checked({ chat: '-1001234567890', topic: '42' }, { token: right }), {
    chat: '-1001234567890',
    topic: '42',
  })
})

test('the double polls as Telegram does: one at a time, again until confirmed, changed and repeated ones too', async () => {
  await using api = await startBotApi({ clock })
  api.chat({ id: 42, type: 'private' })
  const bot = new TelegramApi(dialler, api.url, new Secret(api.token))
  type Updates = readonly {
    readonly update_id: number
    readonly edited_message?: object
    readonly callback_query?: object
  }[]
  const poll = (offset?: number) =>
    bot.call<Updates>('getUpdates', { timeout: 30, ...(offset ? { offset } : {}) }, { timeoutMs: 60_000 })
  const first = poll()
  await api.polled()
  const second = poll()
  await assert.rejects(
    first,
    (error) => isBhorError(error, 'channel_receiver_refused') && /Another program/.test(error.message),
  )
  const written = api.write(42, '/status')
  assert.deepEqual(
    (await second).map(({ update_id }) => update_id),
    [written],
  )
  assert.deepEqual(
    (await poll()).map(({ update_id }) => update_id),
    [written],
  )
  const edited = api.edit(42, 1, '/status again')
  assert.ok((await poll(written + 1))[0]?.edited_message)
  api.repeat(written)
  assert.deepEqual(
    (await poll(written)).map(({ update_id }) => update_id),
    [written, edited],
  )
  await openOf(api).send(messageOf(alert({ links: [{ label: 'x', tap: 'y' }] })))
  api.tap(api.messages[0]!.message_id, 'y')
  assert.ok((await poll(edited + 1))[0]?.callback_query)
  const empty = poll(edited + 2)
  await api.polled()
  await clock.advance(30_000)
  assert.deepEqual(await empty, [])
  api.setWebhook(true)
  await assert.rejects(poll(), (error) => isBhorError(error, 'channel_receiver_refused'))
})
