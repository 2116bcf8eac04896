import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { openPhone, type Phone } from '../../../test/support/telegram/phone.ts'
import { isBhorError } from '../../core/errors.ts'
import { chatRights } from '../ground/rights.ts'

async function openStopped(): Promise<Phone> {
  const phone = await openPhone()
  await phone.house.world.addAccount()
  phone.house.phone.chat({ id: 43, type: 'private' })
  await phone.addChannel('phone')
  await phone.addChannel('other', { fields: { chat: '43', server: phone.house.phone.url } })
  await phone.say('/pause demo')
  await phone.say('/kill')
  return phone
}
async function stops({ house: { world } }: Phone) {
  const { desk, operator } = world.app
  const { causes } = await desk.gates.get(operator, 'demo')
  return causes.map(({ reason }) => reason).filter((reason) => reason === 'paused' || reason === 'killed')
}

test('what opens asks once more, and opens only what was asked', async () => {
  await using phone = await openStopped()
  assert.deepEqual(await stops(phone), ['killed', 'paused'])
  assert.match(
    (await phone.say('/resume demo'))[0]!,
    /^demo: [\s\S]*Resume\? The button works once, for 2 minutes\./,
  )
  assert.deepEqual(await stops(phone), ['killed', 'paused'])
  await phone.tap('Yes, resume demo')
  assert.deepEqual(await stops(phone), ['killed'])
  assert.match((await phone.say('/resume demo'))[0]!, /is not paused/)
  await phone.say('/resume all')
  await phone.tap('Yes, resume all')
  assert.deepEqual(await stops(phone), [])
  assert.match((await phone.say('/resume all'))[0]!, /Nothing is stopped/)
  const said = (await phone.records('chat.hear')).map(({ detail }) => detail?.said)
  assert.equal(said.filter((text) => text === 'yes to /resume').length, 2)
})

test('a button works once, for two minutes, in its own chat, and not after a restart', async () => {
  await using phone = await openStopped()
  const { world, phone: api } = phone.house
  const yes = /^Yes/
  await phone.say('/resume all')
  await phone.tap(yes)
  assert.deepEqual(await stops(phone), ['paused'])
  await phone.say('/kill')
  assert.deepEqual(await phone.tap(yes), [])
  assert.match([...api.answers.values()].at(-1)!, /too old, or was used/)
  assert.deepEqual(await stops(phone), ['killed', 'paused'])

  await phone.say('/resume all')
  await world.advance(2 * 60_000 - 1)
  await phone.tap(yes)
  assert.deepEqual(await stops(phone), ['paused'])
  await phone.say('/kill')
  await phone.say('/resume all')
  await world.advance(2 * 60_000)
  assert.deepEqual(await phone.tap(yes), [])
  assert.deepEqual(await stops(phone), ['killed', 'paused'])

  await phone.say('/resume all')
  const data = api.messages.at(-1)!.reply_markup!.inline_keyboard[0]![0]!.callback_data!
  await phone.say('/status', { chat: 43 })
  const elsewhere = api.messages.at(-1)!.message_id
  assert.deepEqual(await phone.heard(() => api.tap(elsewhere, data)), [])
  assert.deepEqual(await stops(phone), ['killed', 'paused'])
  await world.restart()
  await world.advance(60_000)
  assert.deepEqual(await phone.tap(yes), [])
  assert.deepEqual(await stops(phone), ['killed', 'paused'])
})

test('a yes lifts the stop that was shown, and no later or stricter one', async () => {
  await using phone = await openStopped()
  const { desk, operator } = phone.house.world.app
  await phone.say('/resume demo')
  const wish = { state: 'closed', withhold: true, reason: 'stolen laptop' } as const
  await desk.gates.set(operator, 'demo', wish)
  const [refused] = await phone.tap('Yes, resume demo')
  assert.match(refused!, /^demo: Somebody has stopped trading again since you were asked; that stands\./)
  assert.match((await desk.gates.get(operator, 'demo')).text, /stolen laptop/)
  await phone.say('/resume demo')
  await phone.tap('Yes, resume demo')
  assert.deepEqual(await stops(phone), ['killed'])

  // Lifted and stopped anew, in the same minute and with the same words.
  await phone.say('/resume all')
  await desk.gates.setHouse(operator, { state: 'open' })
  await phone.house.world.advance(1_000)
  await phone.say('/kill')
  assert.match((await phone.tap('Yes, resume all'))[0]!, /^all: Somebody has stopped trading again/)
  assert.deepEqual(await stops(phone), ['killed'])
})

test('in a chat that is limited, a yes to all lifts the pauses that were shown', async () => {
  await using phone = await openPhone()
  const { world } = phone.house
  const { desk, operator } = world.app
  for (const account of ['demo', 'mama', 'papa']) await world.addAccount({ account })
  await phone.addChannel('phone', { accounts: ['demo', 'mama', 'papa'] })
  const pause = (account: string) => desk.gates.set(operator, account, { state: 'closed' })
  const open = async () => {
    const views = await desk.accounts.list(operator)
    return views.flatMap(({ account, gate }) =>
      gate.causes.some(({ reason }) => reason === 'paused') ? [] : account,
    )
  }
  await pause('demo')
  await pause('mama')
  const [asked] = await phone.say('/resume all')
  assert.doesNotMatch(asked!, /papa/)
  await world.advance(1_000)
  await pause('mama')
  await pause('papa')
  const [said] = await phone.tap('Yes, resume all')
  assert.match(said!, /^demo: .*\nmama: Somebody has stopped trading again/)
  assert.deepEqual(await open(), ['demo'])
})

test('the domain decides: without the confirmation a chat opens nothing, and it does nothing else of a person’s', async () => {
  await using phone = await openStopped()
  const { desk } = phone.house.world.app
  const chat = chatRights({ id: 'chan_x', accountIds: null })
  const confirmed = chatRights({ id: 'chan_x', accountIds: null }, true)
  const limited = chatRights({ id: 'chan_x', accountIds: ['acc_other'] }, true)
  const refused = async (work: Promise<unknown>, code: 'scope_missing' | 'account_not_found') =>
    assert.ok(isBhorError(await work.catch((error: unknown) => error), code))
  await refused(desk.gates.set(chat, 'demo', { state: 'open' }), 'scope_missing')
  await refused(desk.gates.setHouse(chat, { state: 'open' }), 'scope_missing')
  await refused(desk.gates.setHouse(limited, { state: 'open' }), 'scope_missing')
  await refused(desk.gates.set(limited, 'demo', { state: 'open' }), 'account_not_found')
  for (const someone of [chat, confirmed]) {
    await refused(desk.keys.add(someone, { name: 'x', scopes: ['status'] }), 'scope_missing')
    await refused(desk.alerts.add(someone, { name: 'x', kind: 'ntfy' }), 'scope_missing')
    await refused(desk.logins.confirm(someone, 'demo', 'x'), 'scope_missing')
    await refused(desk.accounts.remove(someone, 'demo'), 'scope_missing')
  }
  assert.deepEqual(await stops(phone), ['killed', 'paused'])
})

test('in a chat that is limited, an account whose row is damaged keeps no other one from being paused and resumed', async () => {
  await using phone = await openPhone()
  const { world } = phone.house
  const { desk, operator } = world.app
  const names = ['demo', 'mama', 'papa']
  for (const account of names) await world.addAccount({ account })
  await phone.addChannel('phone', { accounts: names })
  const file = new DatabaseSync(join(world.home, 'bhor.db'))
  file.exec("update accounts set user_id = 'ZZ9999' where alias = 'mama'")
  const sound = async () => {
    const states = ['demo', 'papa'].map(async (name) => (await desk.gates.get(operator, name)).causes)
    return (await Promise.all(states)).map((causes) => causes.some(({ reason }) => reason === 'paused'))
  }
  const damaged = /^mama: The row .* is damaged\./m
  const [paused] = await phone.say('/pause all')
  assert.match(paused!, /^Paused: demo, papa\.$/m)
  assert.match(paused!, damaged)
  assert.deepEqual(await sound(), [true, true])
  const [asked] = await phone.say('/resume all')
  assert.match(asked!, damaged)
  assert.match(asked!, /Resume\? The button works once/)
  await phone.tap('Yes, resume all')
  assert.deepEqual(await sound(), [false, false])
  assert.match((await phone.say('/resume all'))[0]!, damaged)

  file.exec("update accounts set user_id = 'ZZ9999'")
  file.close()
  const [none] = await phone.say('/pause all')
  assert.doesNotMatch(none!, /Paused/)
  assert.equal(none!.split('\n').length, 3)
})
