import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { AccountView, HandOut } from '../../src/contracts/api.ts'
import { isBhorError } from '../../src/core/errors.ts'
import { openDoors } from '../support/doors.ts'
import { startPostgres } from '../support/postgres.ts'
import { openWorld, type World } from '../support/world.ts'

const postgres = await startPostgres()
after(() => postgres[Symbol.asyncDispose]())

/** Two bhors with one database and one master key, each with caches of its own. */
async function openTwo(): Promise<{ a: World; b: World } & AsyncDisposable> {
  await using opening = new AsyncDisposableStack()
  const databaseUrl = await postgres.freshDatabase()
  const a = opening.use(await openWorld({ databaseUrl }))
  const home = mkdtempSync(join(tmpdir(), 'bhor-second-'))
  opening.defer(() => rmSync(home, { recursive: true, force: true }))
  copyFileSync(join(a.home, 'master.key'), join(home, 'master.key'))
  const b = opening.use(await openWorld({ databaseUrl, home, simulator: a.simulator, clock: a.clock }))
  const parts = opening.move()
  return { a, b, [Symbol.asyncDispose]: () => parts.disposeAsync() }
}

async function handOut({ app }: World, principal = app.operator): Promise<HandOut> {
  return JSON.parse((await app.desk.sessions.handOut(principal, 'demo', {})).reveal()) as HandOut
}

test('what one server logs in, the other hands out; a new login there ends the old token here', async () => {
  await using two = await openTwo()
  const { a, b } = two
  await a.addAccount()
  await a.logIn('demo')
  const first = await handOut(b)
  assert.deepEqual(first, await handOut(a))
  await a.logIn('demo')
  const second = await handOut(b)
  assert.equal(second.generation, first.generation + 1)
  assert.notEqual(second.accessToken, first.accessToken)
  await b.app.desk.sessions.logout(b.app.operator, 'demo')
  await assert.rejects(handOut(a), (error) => isBhorError(error, 'session_revoked'))
  assert.equal((await a.app.desk.audit.verify(a.app.operator)).intact, true)
})

test('a key revoked on one server opens nothing on the other from the next request on', async () => {
  await using two = await openTwo()
  const { a, b } = two
  await a.addAccount()
  await a.logIn('demo')
  const { key, view } = await a.app.desk.keys.add(a.app.operator, { name: 'bot', scopes: ['read-token'] })
  const holder = await b.app.desk.keys.authenticate(key.reveal())
  assert.equal((await handOut(b, holder)).generation, 1)
  await a.app.desk.keys.revoke(a.app.operator, view.id)
  await assert.rejects(handOut(b, holder), (error) => isBhorError(error, 'key_invalid'))
})

test('one callback that reaches both servers is exchanged once', async () => {
  await using two = await openTwo()
  const { a, b } = two
  await a.addAccount()
  const address = await a.callbackFor('demo')
  a.simulator.clearCalls()
  const outcomes = await Promise.allSettled([
    a.arrive(address),
    b.arrive(address),
    a.arrive(address),
    b.arrive(address),
  ])
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected')
      assert.ok(isBhorError(outcome.reason, 'login_used'), String(outcome.reason))
  }
  assert.equal(a.simulator.calls({ broker: 'kite', path: '/session/token' }).length, 1)
})

test('a second server with another master key is told so, and nothing changes', async () => {
  const databaseUrl = await postgres.freshDatabase()
  await using a = await openWorld({ databaseUrl })
  await a.addAccount()
  await assert.rejects(
    openWorld({ databaseUrl, simulator: a.simulator, clock: a.clock }),
    (error) => isBhorError(error, 'key_unusable') || isBhorError(error, 'key_wrong'),
  )
  assert.equal((await a.app.desk.audit.verify(a.app.operator)).intact, true)
})

test('accounts that change names on one server are not mixed up on the other', async () => {
  await using two = await openTwo()
  const { a, b } = two
  await a.addAccount({ account: 'demo', broker: 'kite' })
  await a.addAccount({ account: 'papa', broker: 'upstox' })
  await a.logIn('demo')
  await a.logIn('papa')
  assert.equal((await handOut(b)).broker, 'kite')
  const edit = (from: string, to: string) => a.app.desk.accounts.edit(a.app.operator, from, { account: to })
  await edit('demo', 'old')
  await edit('papa', 'demo')
  assert.equal((await handOut(b)).broker, 'upstox')
})

test('a revoked key is nobody on the other server, not only for hand-outs', async () => {
  await using two = await openTwo()
  const { a, b } = two
  const { key, view } = await a.app.desk.keys.add(a.app.operator, { name: 'admin', scopes: ['admin'] })
  assert.equal((await b.app.desk.keys.authenticate(key.reveal())).actor.id, view.id)
  await a.app.desk.keys.revoke(a.app.operator, view.id)
  await assert.rejects(b.app.desk.keys.authenticate(key.reveal()), (error) =>
    isBhorError(error, 'key_invalid'),
  )
})

test('a page of one server learns within two seconds of a login on the other, and of whom it was', async () => {
  const databaseUrl = await postgres.freshDatabase()
  await using a = await openWorld({ databaseUrl })
  const home = mkdtempSync(join(tmpdir(), 'bhor-second-'))
  try {
    copyFileSync(join(a.home, 'master.key'), join(home, 'master.key'))
    await using b = await openDoors({ databaseUrl, home, simulator: a.simulator, clock: a.clock })
    await a.addAccount()
    await a.clock.advance(1_000)
    const page = await b.signIn()
    const versionPast = async (after: number) =>
      (
        (await b.ask('GET', `/v1/changes?after=${after}`, { headers: page })).json as {
          version: number
        }
      ).version
    const before = await versionPast(0)
    const seen: string[] = []
    using _subscription = b.world.app.desk.context.feed.subscribe((events) => {
      for (const { action, account } of events)
        seen.push(`${action} ${account?.alias} ${account?.generation}`)
    })
    const waiting = versionPast(before)
    await a.logIn('demo')
    await a.clock.advance(2_000)
    assert.ok((await waiting) > before)
    assert.deepEqual(seen, ['login.start demo 0', 'login.callback demo 0', 'session.start demo 1'])
    const { json } = await b.ask('GET', '/v1/accounts/demo', { headers: page })
    assert.equal((json as AccountView).generation, 1)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})
