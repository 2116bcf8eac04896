import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPhone, type Phone } from '../../../test/support/telegram/phone.ts'
import type { Broker } from '../../contracts/broker.ts'

const encoded = encodeURIComponent
const cut = (text: string, width: number) => text.match(new RegExp(`.{1,${width}}`, 'g'))!.join('\n')

/** What phones and chats make of an address that is shared. */
const shapes: Readonly<Record<string, (address: string) => string>> = {
  'as it is': (a) => a,
  'below the title of the page': (a) => `Webpage not available\n${a}`,
  'broken into lines': (a) => cut(a, 40),
  'in angle brackets': (a) => `<${a}>`,
  'as an Android intent': (a) => `${a.replace('http:', 'intent:')}#Intent;scheme=http;end`,
  'with tracking': (a) => `${a}&utm_source=telegram&fbclid=IwAR0x`,
  'in a chat quote': (a) => `> ${cut(a, 60).replaceAll('\n', '\n> ')}`,
  'with entities': (a) => a.replaceAll('&', '&amp;'),
  'in typographic quotes': (a) => `“${a}”`,
  'without http://': (a) => a.replace('http://', ''),
  'inside another link': (a) => `https://www.google.com/url?q=${encoded(a)}&sa=D`,
}

async function openPinned(): Promise<Phone> {
  const phone = await openPhone()
  const { world, phone: api } = phone.house
  for (const [account, broker] of [
    ['demo', 'kite'],
    ['papa', 'upstox'],
    ['mama', 'upstox'],
  ] as const) {
    await world.addAccount({ account, broker })
    await world.logIn(account)
  }
  api.chat({ id: 43, type: 'private' })
  await phone.addChannel('phone')
  await phone.addChannel('papa', { fields: { chat: '43', server: api.url }, accounts: ['papa'] })
  return phone
}
async function addressOf(phone: Phone, account: string, person = {}): Promise<string> {
  await phone.say(`/login ${account}`)
  const { broker } = await phone.house.world.app.desk.accounts.get(phone.house.world.app.operator, account)
  return phone.house.world.simulator.logIn(broker, phone.loginUrl(), person)
}
const generation = async ({ house: { world } }: Phone, account: string) =>
  (await world.app.desk.accounts.get(world.app.operator, account)).generation

test('an address finishes its login in whatever shape it comes, and is taken away', async () => {
  await using phone = await openPinned()
  let made = 1
  for (const [name, made_] of Object.entries(shapes)) {
    const account = made % 2 === 0 ? 'demo' : 'papa'
    const before = await generation(phone, account)
    const address = await addressOf(phone, account)
    const [said] = await phone.say(made_(address))
    assert.match(
      said!,
      new RegExp(`^${account}: The session is live until Tue 24 Nov 0\\d:\\d0 IST\\.$`),
      name,
    )
    assert.equal(await generation(phone, account), before + 1, name)
    assert.equal(phone.house.phone.deleted.length, made++, name)
  }
  const link = await addressOf(phone, 'demo')
  assert.match(
    (await phone.say('here', { entities: [{ type: 'text_link', url: link }] }))[0]!,
    /^demo: .* live/,
  )
  const quoted = await addressOf(phone, 'demo')
  assert.match((await phone.say('here', { quotes: quoted }))[0]!, /^demo: .* live/)
  const forwarded = await addressOf(phone, 'demo')
  assert.match((await phone.say(forwarded, { isForwarded: true }))[0]!, /^demo: .* live/)
})

test('an old address, somebody else’s, a cut one and the same twice are told apart', async () => {
  await using phone = await openPinned()
  const { world, phone: api } = phone.house
  const address = await addressOf(phone, 'papa')
  const first = await phone.say(address)
  const before = await generation(phone, 'papa')
  assert.deepEqual(await phone.say(address), first)
  assert.equal(await generation(phone, 'papa'), before)

  const late = await addressOf(phone, 'papa')
  await world.advance(5 * 60_000)
  await world.advance(6 * 60_000)
  assert.match((await phone.say(late))[0]!, /expired|too long|10 minutes/i)

  const mamas = await addressOf(phone, 'mama')
  assert.match((await phone.say(mamas, { chat: 43 }))[0]!, /belongs to no login that was started from here/)
  assert.equal(await generation(phone, 'mama'), 1)
  assert.match((await phone.say(mamas))[0]!, /^mama: The session is live/)

  const cutOff = await addressOf(phone, 'papa')
  assert.match((await phone.say(cutOff.slice(0, -5)))[0]!, /changed or cut off/)
  const { operator, desk } = world.app
  const { userId } = await desk.accounts.get(operator, 'mama')
  const person = await addressOf(phone, 'papa', { userId: userId! })
  assert.match((await phone.say(person))[0]!, /different user than this account/)
  const refused = await addressOf(phone, 'papa', { cancels: true })
  assert.match((await phone.say(refused))[0]!, /did not grant/)
  assert.match(
    (await phone.say('https://kite.zerodha.com/connect/login?x=y'))[0]!,
    /not the page that the broker/,
  )
  assert.equal(await generation(phone, 'papa'), before)
  // Each message that could hold a code is gone; what the bot said holds none.
  assert.equal(api.deleted.length, 8)
  for (const { text } of api.messages) assert.doesNotMatch(text, /[?&](?:amp;)?(?:code|request_token)=/)
})

test('a broker whose callback holds tokens is refused in a chat, before anything is made or sent', async () => {
  await using phone = await openPinned()
  const { world, phone: api } = phone.house
  const address = await addressOf(phone, 'papa')
  const { context } = world.app.desk
  const real = context.broker
  // The registry of this world: one of its brokers is such a one from now on.
  Object.assign(context, {
    broker: async (id: string): Promise<Broker> => {
      const broker = await real(id)
      const bringsTokens = id === 'upstox' ? ({ bringsTokens: true } as const) : {}
      const logins = broker.logins.map((login) =>
        login.kind === 'redirect' ? { ...login, ...bringsTokens } : login,
      )
      return { ...broker, logins }
    },
  })
  const before = await generation(phone, 'papa')
  const started = (await phone.records('login.start')).length
  for (const text of ['/login papa', address]) {
    const [said] = await phone.say(text)
    assert.match(
      said!,
      /^A login at Upstox cannot be made in a chat: .* holds the session itself\.\nLog in at the desk/,
    )
  }
  assert.equal(await generation(phone, 'papa'), before)
  assert.equal((await phone.records('login.start')).length, started)
  assert.equal(api.deleted.length, 1)
  assert.match((await phone.say('/login demo'))[0]!, /^demo at/)
  // At the desk it is as any other.
  const { desk, operator } = world.app
  assert.equal((await desk.logins.paste(operator, 'papa', address)).generation, before + 1)
})
