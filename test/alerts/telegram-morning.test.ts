import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPhone } from '../support/telegram/phone.ts'

const accounts = [
  ['demo', 'kite'],
  ['papa', 'upstox'],
] as const
/** A Wednesday, 07:29 in India, for sandbox accounts, too. */
const morning = { start: '2026-11-25T01:59:00Z', env: { BHOR_ROLL_CALL_ACCOUNTS: 'all' } }

test('a whole morning: reminder, tap, login, pasted address, “all ready”', async () => {
  await using phone = await openPhone({ ...morning, start: '2026-11-24T05:00:00Z' })
  const { house } = phone
  const { world } = house
  for (const [account, broker] of accounts) {
    await world.addAccount({ account, broker })
    await world.logIn(account)
  }
  // Yesterday's sessions ended at dawn.
  for (let passed = 0; passed < 21; passed++) await world.advance(60 * 60_000 - 10_000)
  world.clock.set('2026-11-25T01:59:00Z')
  await phone.addChannel('phone')
  await house.pass(2)
  const first = house.said()
  assert.match(first.at(-1)!, /^! 2 accounts are not ready; deadline 08:55 IST/)
  for (const [account, broker] of accounts) {
    const [offer, ...more] = await phone.tap(`Log in ${account}`)
    assert.match(offer!, /ends at an address that does not open:\nit begins with http:\/\/127\.0\.0\.1/)
    assert.deepEqual(more, [])
    const address = world.simulator.logIn(broker, phone.loginUrl())
    const [done, ...rest] = await phone.say(address)
    assert.equal(
      done,
      `${account}: The session is live until Thu 26 Nov ${broker === 'kite' ? '06:00' : '03:30'} IST.`,
    )
    assert.deepEqual(rest, [])
  }
  assert.equal(house.phone.answers.size, 2)
  assert.equal(house.phone.deleted.length, 2)
  await house.pass(3)
  assert.equal(house.said().length, first.length + 5)
  assert.match(house.said().at(-1)!, /^✓ All 2 accounts are ready/)
  // No answer held a code, and the desk knows who it was.
  for (const { text } of house.phone.messages) assert.doesNotMatch(text, /request_token|[?&]code=/)
  const heard = await phone.records('chat.hear')
  assert.deepEqual(
    heard.map(({ actor, detail }) => [actor.kind, detail?.sender, detail?.said]),
    accounts.flatMap(() => [
      ['telegram', '7001', 'the button of a login'],
      ['telegram', '7001', 'an address'],
    ]),
  )
})

test('a first login by Telegram is not ready before somebody at the desk has confirmed who it is', async () => {
  await using phone = await openPhone(morning)
  const { house } = phone
  const { world } = house
  const { app } = world
  await world.addAccount()
  await phone.addChannel('phone')
  await phone.say('/login demo')
  const [done] = await phone.say(world.simulator.logIn('kite', phone.loginUrl()))
  assert.match(done!, /Is this the right person\? bhor accounts confirm demo/)
  await house.pass(2)
  assert.match(
    house.said().at(-1)!,
    /^! 1 account is not ready.*\ndemo \(kite\): Somebody logged in from outside/,
  )
  const { unconfirmed } = await app.desk.accounts.get(app.operator, 'demo')
  await app.desk.logins.confirm(app.operator, 'demo', unconfirmed!.userId)
  await house.pass(3)
  assert.match(house.said().at(-1)!, /^✓ demo is ready/)
})
