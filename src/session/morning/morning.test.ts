import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDoors } from '../../../test/support/doors.ts'
import { openWorld, type World } from '../../../test/support/world.ts'
import type { RollCallEntry, Scope } from '../../contracts/api.ts'
import { isBhorError } from '../../core/errors.ts'
import { shippedLists } from '../calendar/known.ts'
import { chatRights, fullRights } from '../ground/rights.ts'
import { morningOf, nextMorning, usualMorning } from './times.ts'

const minute = 60_000
const hour = 60 * minute
/** Sandbox accounts are called, too: there are no others in a test. */
const env = { BHOR_ROLL_CALL_ACCOUNTS: 'all' }
const at = (text: string) => Temporal.Instant.from(text).epochMilliseconds

async function states({ app }: World): Promise<Record<string, RollCallEntry['state']>> {
  const { accounts } = await app.desk.rollCall.view(app.operator)
  return Object.fromEntries(accounts.map(({ account, state }) => [account, state]))
}

test('the morning of a day is its own until midnight in India; on a holiday, that of the next trading day', () => {
  const of = (text: string) => morningOf(shippedLists, usualMorning, at(text))
  assert.equal(of('2026-11-25T03:00:00Z').date, '2026-11-25')
  // 23:59 and 00:01 in India.
  assert.equal(of('2026-11-25T18:29:00Z').date, '2026-11-25')
  assert.equal(of('2026-11-25T18:31:00Z').date, '2026-11-26')
  // A Tuesday on which no shares are traded, and a Saturday.
  assert.equal(of('2026-11-24T03:00:00Z').date, '2026-11-25')
  assert.equal(of('2026-11-28T03:00:00Z').date, '2026-11-30')
  assert.equal(of('2026-11-25T03:00:00Z').deadlineMs, at('2026-11-25T03:25:00Z'))
  assert.deepEqual(of('2026-11-25T03:00:00Z').callsMs, [
    at('2026-11-25T02:00:00Z'),
    at('2026-11-25T02:45:00Z'),
    at('2026-11-25T03:05:00Z'),
    at('2026-11-25T03:20:00Z'),
  ])
  const next = (text: string) => nextMorning(shippedLists, usualMorning, at(text)).date
  assert.deepEqual([next('2026-11-23T03:24:59Z'), next('2026-11-23T03:25:00Z')], ['2026-11-23', '2026-11-25'])
})

test('the roll-call: who is ready, who needs a login, who does not last until the deadline', async () => {
  await using world = await openWorld({ env })
  await world.addAccount()
  await world.addAccount({ account: 'papa', broker: 'upstox' })
  assert.deepEqual(await states(world), { demo: 'login', papa: 'login' })
  await world.logIn('demo')
  await world.logIn('papa')
  assert.deepEqual(await states(world), { demo: 'ready', papa: 'ready' })
  const { app } = world
  const view = await app.desk.rollCall.view(app.operator)
  assert.deepEqual(
    [view.date, view.deadline, view.next, view.ready, view.missing, view.text],
    ['2026-11-23', '2026-11-23T03:25:00Z', '2026-11-23T03:05:00Z', 2, 0, 'All 2 are ready.'],
  )
  // After midnight the next morning counts, and both sessions end before its deadline.
  await world.advance(16 * hour)
  assert.deepEqual(await states(world), { demo: 'login', papa: 'login' })
  const { accounts, date, text } = await app.desk.rollCall.view(app.operator)
  assert.equal(date, '2026-11-25')
  assert.match(accounts[0]!.text, /^The session ends Tue 24 Nov 06:00 IST, before the deadline\.$/)
  assert.equal(text, '2 of 2 not ready: demo, papa. The deadline is Wed 25 Nov 08:55 IST.')
})

test('the roll-call tells a key of its own accounts only, and takes the names of the configuration', async () => {
  await using world = await openWorld({ env: { BHOR_ROLL_CALL_ACCOUNTS: 'papa, personal' } })
  for (const account of ['demo', 'papa', 'personal']) await world.addAccount({ account })
  assert.deepEqual(await states(world), { papa: 'login', personal: 'login' })
  const { desk } = world.app
  const papa = await desk.accounts.get(world.app.operator, 'papa')
  const limited = {
    actor: { kind: 'key', id: 'key_x' },
    rights: new Set<Scope>(['status']),
    accountIds: new Set([papa.id]),
  } as const
  const view = await desk.rollCall.view(limited)
  assert.deepEqual([view.accounts.map(({ account }) => account), view.missing], [['papa'], 1])
})

test('a name that is no account’s is missing, for whoever sees all accounts', async () => {
  await using world = await openWorld({ env: { BHOR_ROLL_CALL_ACCOUNTS: 'papaa,demo' } })
  const { desk, operator } = world.app
  const demo = await world.addAccount()
  await world.logIn('demo')
  const view = await desk.rollCall.view(operator)
  assert.deepEqual([view.unknown, view.ready, view.missing], [['papaa'], 1, 1])
  assert.equal(
    view.text,
    '1 of 2 not ready: papaa. The deadline is Mon 23 Nov 08:55 IST. roll_call_accounts has papaa, and no account is named so. Correct roll_call_accounts and restart bhor.',
  )
  const limited = {
    actor: { kind: 'key', id: 'key_x' },
    rights: new Set<Scope>(['status']),
    accountIds: new Set([demo.id]),
  } as const
  const own = await desk.rollCall.view(limited)
  assert.deepEqual([own.unknown, own.missing, own.text], [[], 0, 'Ready.'])
})

test('a prompt: one for an account, used once, for that account alone, until it ends', async () => {
  await using world = await openWorld({ env })
  const demo = await world.addAccount()
  await world.addAccount({ account: 'papa', broker: 'upstox' })
  const { desk, store } = world.app
  const record = async (id: string) => (await store.accounts.byId(id))!
  const endsAtMs = world.clock.nowMs() + hour
  const token = await desk.prompts.tokenFor(await record(demo.id), endsAtMs)
  assert.equal(await desk.prompts.tokenFor(await record(demo.id), endsAtMs + hour), token)
  const view = await desk.prompts.view(token)
  assert.deepEqual([view.account, view.expiresAt], ['demo', '2026-11-23T04:00:00Z'])

  const cut = token.slice(0, -1)
  for (const wrong of ['', 'x', cut, token.replace('prompt_', 'prompt_x')])
    await assert.rejects(desk.prompts.use(wrong), (error) => isBhorError(error, 'prompt_invalid'))

  const both = await Promise.allSettled([desk.prompts.use(token), desk.prompts.use(token)])
  const [won, lost] = both.toSorted((a, b) => (a.status < b.status ? -1 : 1))
  assert.ok(won?.status === 'fulfilled' && lost?.status === 'rejected')
  assert.ok(isBhorError(lost.reason, 'prompt_over'))
  assert.equal((await store.logins.open(world.clock.nowMs())).records.length, 1)
  await world.arrive(world.simulator.logIn('kite', won.value.url!))
  assert.deepEqual(await states(world), { demo: 'ready', papa: 'login' })

  const next = await desk.prompts.tokenFor(await record(demo.id), endsAtMs)
  assert.notEqual(next, token)
  await world.advance(hour)
  await assert.rejects(desk.prompts.use(next), (error) => isBhorError(error, 'prompt_over'))
  const ready = await desk.prompts.tokenFor(await record(demo.id), world.clock.nowMs() + hour)
  await desk.prompts.withdraw(await record(demo.id))
  await assert.rejects(desk.prompts.view(ready), (error) => isBhorError(error, 'prompt_over'))
})

test('somebody at the desk makes a prompt by hand: at the porch, until the end of the next morning’s, the one that reminders carry', async () => {
  await using world = await openWorld({ env: { ...env, BHOR_PORCH_URL: 'https://bhor.example' } })
  const { desk, store, operator } = world.app
  const account = await world.addAccount()
  await world.addAccount({ account: 'papa', broker: 'upstox' })
  const person = fullRights('desk', 'desk_x')
  // At 08:30 in India, before the deadline of this very morning. Tuesday is no trading day.
  const early = await desk.prompts.make(person, 'demo')
  assert.match(early.url, /^https:\/\/bhor\.example\/hooks\/login\/prompt_\w+\.[\w-]+$/)
  assert.deepEqual([early.account, early.kind, early.expiresAt], ['demo', 'sandbox', '2026-11-23T03:55:00Z'])
  assert.deepEqual(await desk.prompts.make(operator, 'demo'), early, 'an account has one at a time')
  const record = (await store.accounts.byId(account.id))!
  const carried = await desk.prompts.tokenFor(record, at(early.expiresAt))
  assert.equal(`https://bhor.example/hooks/login/${carried}`, early.url)
  const made = (await desk.audit.list(operator, { limit: 20 })).filter(
    ({ action }) => action === 'prompt.create',
  )
  assert.deepEqual(
    made.map(({ actor, detail }) => [actor, detail.until]),
    [['desk:desk_x', early.expiresAt]],
  )
  assert.ok(!JSON.stringify(made).includes(early.url.split('.').at(-1)!), 'the link stands nowhere')
  await world.advance(hour)
  await assert.rejects(desk.prompts.use(carried), (error) => isBhorError(error, 'prompt_over'))
  const late = await desk.prompts.make(person, 'demo')
  assert.equal(late.expiresAt, '2026-11-25T03:55:00Z')

  const key = {
    actor: { kind: 'key', id: 'key_x' },
    rights: new Set<Scope>(['admin']),
    accountIds: null,
  } as const
  for (const other of [key, chatRights({ id: 'c', accountIds: null }), fullRights('prompt', 'prompt_x')])
    await assert.rejects(desk.prompts.make(other, 'papa'), (error) => isBhorError(error, 'scope_missing'))
  await assert.rejects(desk.prompts.make(person, 'nobody'), (error) =>
    isBhorError(error, 'account_not_found'),
  )
})

test('without a porch no link is made that only this computer could open', async () => {
  await using world = await openWorld({ env })
  await world.addAccount()
  const { desk, operator } = world.app
  await assert.rejects(desk.prompts.make(operator, 'demo'), (error) => isBhorError(error, 'porch_needed'))
})

test('a prompt is not spent where the login could not begin', async () => {
  await using world = await openWorld({ env })
  const demo = await world.addAccount()
  const { desk, store } = world.app
  const token = await desk.prompts.tokenFor((await store.accounts.byId(demo.id))!, world.clock.nowMs() + hour)
  const start = desk.logins.start.bind(desk.logins)
  desk.logins.start = () => Promise.reject(new Error('not now'))
  await assert.rejects(desk.prompts.use(token), /not now/)
  desk.logins.start = start
  assert.match((await desk.prompts.use(token)).url!, /^http:\/\/127\.0\.0\.1/)
})

test('the page of a prompt: opening it does nothing, its button leads to the broker', async () => {
  await using doors = await openDoors({ env })
  const { world } = doors
  const demo = await world.addAccount({ label: '<b>My & account</b>' })
  const { desk, store } = world.app
  const token = await desk.prompts.tokenFor((await store.accounts.byId(demo.id))!, world.clock.nowMs() + hour)
  const url = `${doors.server.origin}/hooks/login/${token}`
  for (let times = 0; times < 3; times++) {
    const asked = await fetch(url)
    const text = await asked.text()
    assert.equal(asked.status, 200)
    assert.match(text, /<form method="post"><button>Log in at Zerodha Kite Connect<\/button>/)
    assert.ok(!text.includes('<b>My'), text)
    assert.match(asked.headers.get('content-security-policy') ?? '', /form-action 'self'/)
  }
  assert.equal((await store.logins.open(world.clock.nowMs())).records.length, 0)
  const pressed = await fetch(url, { method: 'POST' })
  const text = await pressed.text()
  const page = /http-equiv="refresh" content="0; url=([^"]+)"/.exec(text)?.[1] ?? ''
  const to = page.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
  await world.arrive(world.simulator.logIn('kite', to))
  assert.deepEqual(await states(world), { demo: 'ready' })
  const again = await fetch(url, { method: 'POST' })
  assert.deepEqual([again.status, /used already/.test(await again.text())], [410, true])
  const wrong = await fetch(`${doors.server.origin}/hooks/login/nothing`)
  assert.deepEqual([wrong.status, /not one of bhor/.test(await wrong.text())], [400, true])
})
