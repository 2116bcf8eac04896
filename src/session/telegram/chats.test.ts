import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPhone, type Phone } from '../../../test/support/telegram/phone.ts'

const minute = 60_000

/** Two accounts; a chat of the house, and one of papa's. */
async function openHousehold(): Promise<Phone> {
  const phone = await openPhone()
  const { house } = phone
  await house.world.addAccount()
  await house.world.addAccount({ account: 'papa', broker: 'upstox' })
  await house.world.addAccount({ account: 'mama', broker: 'upstox' })
  house.phone.chat({ id: 43, type: 'private' })
  await phone.addChannel('phone')
  await phone.addChannel('papa', { fields: { chat: '43', server: house.phone.url }, accounts: ['papa'] })
  return phone
}
const gates = async ({ house: { world } }: Phone) => {
  const { desk, operator } = world.app
  const views = await desk.accounts.list(operator)
  return Object.fromEntries(
    views.map(({ account, gate }) => [account, gate.causes.some(({ reason }) => reason === 'paused')]),
  )
}
const isKilled = async ({ house: { world } }: Phone) =>
  (await world.app.desk.gates.ofHouse(world.app.operator)).state === 'closed'

test('each command answers, in the chat in which it was given', async () => {
  await using phone = await openHousehold()
  const { house } = phone
  await house.world.logIn('demo')
  assert.deepEqual(await phone.say('/status'), [
    [
      'demo: The session is live until Tue 24 Nov 06:00 IST.',
      'mama: No session yet. Log in to start one.',
      'papa: No session yet. Log in to start one.',
    ].join('\n'),
  ])
  assert.match((await phone.say('/rollcall'))[0]!, /No account is called in the morning/)
  for (const text of ['/help', '/start', '/HELP@House_Bhor_Bot'])
    assert.match((await phone.say(text))[0]!, /^\/status – how[\s\S]*\/kill – stop/)
  assert.deepEqual(await phone.say('/help@another_bot'), [])
  assert.match((await phone.say('/sudo'))[0]!, /no such command/)
  assert.match((await phone.say('good morning'))[0]!, /no command and no address/)
  assert.match((await phone.say('/pause'))[0]!, /Name an account, or all/)
  assert.match((await phone.say('/pause nobody'))[0]!, /no account of this name/)
  assert.match((await phone.say('/login'))[0]!, /^Which account\?/)
  assert.match((await phone.tap('Log in mama'))[0]!, /^mama at Upstox/)
  assert.deepEqual(new Set(house.phone.messages.map(({ chat_id }) => chat_id)), new Set([42]))
})

test('a pause and the kill switch work at once', async () => {
  await using phone = await openHousehold()
  assert.match((await phone.say('/pause papa'))[0]!, /^papa: .*paused|since .* by somebody in Telegram/i)
  assert.deepEqual(await gates(phone), { demo: false, mama: false, papa: true })
  for (const text of ['/kill', '/pause all']) {
    assert.match((await phone.say(text))[0]!, /stopped[\s\S]*To lift it: \/resume all/)
    assert.equal(await isKilled(phone), true)
    const { desk, operator } = phone.house.world.app
    await desk.gates.setHouse(operator, { state: 'open' })
  }
  const [record] = await phone.records('gate.kill')
  const { records } = await phone.house.world.app.store.channels.list()
  assert.deepEqual(record?.actor, { kind: 'telegram', id: records.find(({ name }) => name === 'phone')?.id })
})

test('a chat that is limited sees and does only what it is limited to', async () => {
  await using phone = await openHousehold()
  const say = (text: string) => phone.say(text, { chat: 43 })
  assert.deepEqual(await say('/status'), ['papa: No session yet. Log in to start one.'])
  for (const text of ['/pause demo', '/resume demo', '/login demo'])
    assert.deepEqual(
      (await say(text)).map((said) => said.split('\n')[0]),
      ['There is no account of this name.'],
    )
  assert.deepEqual(await say('/kill'), ['Paused: papa.'])
  assert.deepEqual(
    [await gates(phone), await isKilled(phone)],
    [{ demo: false, mama: false, papa: true }, false],
  )
  await say('/resume all')
  await phone.tap('Yes, resume all')
  assert.deepEqual(await gates(phone), { demo: false, mama: false, papa: false })
  // A button of the house's chat, sent back from this one.
  const [mama] = (await phone.house.world.app.store.accounts.list()).records.filter(
    ({ alias }) => alias === 'mama',
  )
  const { message_id } = phone.house.phone.messages.at(-1)!
  assert.deepEqual(await phone.heard(() => phone.house.phone.tap(message_id, `login ${mama!.id}`)), [
    'There is no such account any more. /login',
  ])
  assert.deepEqual(await phone.records('login.start'), [])
})

test('the seal: at once, for a chat of the whole house, and lifted by no chat', async () => {
  await using phone = await openHousehold()
  const { desk, operator } = phone.house.world.app
  assert.match((await phone.say('/seal', { chat: 43 }))[0]!, /over all accounts\.\nDo it in a chat for all/)
  assert.equal((await desk.house.sealed(operator)).sealed, false)
  assert.match(
    (await phone.say('/seal'))[0]!,
    /^bhor is sealed since .* by somebody in Telegram[\s\S]*bhor unseal/,
  )
  assert.match((await phone.say('/login demo'))[0]!, /^bhor is sealed/)
  assert.match((await phone.say('/resume all'))[0]!, /Nothing is stopped as a whole/)
  assert.match((await phone.say('/status'))[0]!, /sealed/)
  assert.equal((await desk.house.sealed(operator)).sealed, true)
})

test('strangers, other topics and other bots get no answer, and are counted', async () => {
  await using phone = await openHousehold()
  const { house } = phone
  const { world } = house
  house.phone.chat({ id: 66, type: 'private' })
  house.phone.chat({ id: -1009, type: 'supergroup', topics: new Set([7, 8]) })
  await phone.addChannel('group', { fields: { chat: '-1009', topic: '7', server: house.phone.url } })
  for (let at = 0; at < 25; at++) assert.deepEqual(await phone.say('/kill', { chat: 66 }), [])
  for (const more of [{ topic: 8 }, {}])
    assert.deepEqual(await phone.say('/kill', { chat: -1009, ...more }), [])
  assert.deepEqual(await phone.say('/kill', { from: { id: 9, first_name: 'bot', is_bot: true } }), [])
  assert.equal(await isKilled(phone), false)
  const ignored = await phone.records('chat.hear')
  assert.deepEqual(
    [ignored.length, ignored[0]?.result, ignored[0]?.code, ignored[0]?.actor.id],
    [10, 'refused', 'chat_unknown', ''],
  )
  await world.app.desk.context.refusals.end()
  assert.equal((await phone.records('chat.hear')).at(-1)?.detail?.times, 17)
  assert.equal((await phone.say('/kill', { chat: -1009, topic: 7 })).length, 1)
  assert.equal(house.phone.messages.at(-1)?.message_thread_id, 7)
  assert.equal(await isKilled(phone), true)
})

test('in a group only commands and addresses are answered', async () => {
  await using phone = await openHousehold()
  const { house } = phone
  house.phone.chat({ id: -77, type: 'group' })
  await phone.addChannel('group', { fields: { chat: '-77', server: house.phone.url } })
  for (const text of ['good morning', '/roll', 'see https://example.com/a?b=c&d=e'])
    assert.deepEqual(await phone.say(text, { chat: -77 }), [])
  const [offer] = await phone.say('/login demo', { chat: -77 })
  assert.match(offer!, /as an answer to this message/)
  const address = house.world.simulator.logIn('kite', phone.loginUrl())
  assert.match((await phone.say(address, { chat: -77 }))[0]!, /^demo: .*\nDelete your message/)
  house.phone.chat({ id: -77, type: 'group', mayDelete: true })
  assert.doesNotMatch((await phone.say(address, { chat: -77 }))[0]!, /Delete your message/)
  assert.deepEqual(house.phone.deleted, [house.phone.lastMessageId() - 1])
})

test('what was changed afterwards, forwarded or written long ago is not obeyed', async () => {
  await using phone = await openHousehold()
  const { house } = phone
  await phone.say('/status')
  assert.deepEqual(await phone.heard(() => house.phone.edit(42, 101, '/kill')), [])
  assert.match((await phone.say('/kill', { isForwarded: true }))[0]!, /no command/)
  assert.equal(await isKilled(phone), false)
  // Nobody listens for eleven minutes.
  house.phone.breakDown(502)
  await house.pass(2)
  house.phone.write(42, '/kill')
  house.phone.write(42, '/status')
  await house.pass(11)
  house.phone.breakDown(0)
  const before = house.phone.messages.length
  await house.pass(20)
  await phone.house.phone.polled()
  const said = house.said().slice(before)
  assert.match(
    said.find((text) => /too old/.test(text))!,
    /^That was written at 08:3\d IST, while I was away/,
  )
  assert.equal(said.filter((text) => /^demo: No session yet/.test(text)).length, 1)
  assert.equal(await isKilled(phone), false)
  // A button that was tapped then: only Telegram knows when that was.
  await phone.say('/login')
  house.phone.breakDown(502)
  await house.pass(2)
  const { message_id, reply_markup } = house.phone.messages.findLast((sent) => sent.reply_markup)!
  const tapped = house.phone.messages.length
  house.phone.tap(message_id, reply_markup!.inline_keyboard[0]![0]!.callback_data!)
  await world(phone).advance(11 * minute)
  house.phone.breakDown(0)
  await house.pass(20)
  await house.phone.polled()
  const answers = house.said().slice(tapped)
  assert.equal(answers.filter((text) => /tapped too long ago/.test(text)).length, 1)
  assert.deepEqual(await phone.records('login.start'), [])
})
const world = ({ house }: Phone) => house.world

test('names of people and accounts make no markup', async () => {
  await using phone = await openHousehold()
  const { desk, operator } = phone.house.world.app
  await desk.gates.set(operator, 'demo', { state: 'closed', reason: '<b>x</b> & <a href="http://evil">y' })
  await phone.house.world.logIn('demo')
  assert.match((await phone.say('/status'))[0]!, /“<b>x<\/b> & <a href="http:\/\/evil">y”/)
})
