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

test('trading stopped on one server withholds on the other from the next request on, and until it is lifted', async () => {
  await using two = await openTwo()
  const { a, b } = two
  await a.addAccount()
  await a.logIn('demo')
  const closed = (error: unknown) => isBhorError(error, 'gate_closed')
  const { gates } = a.app.desk
  assert.equal((await handOut(b)).generation, 1)
  await gates.setHouse(a.app.operator, { state: 'closed' })
  await assert.rejects(handOut(b), closed)
  await gates.setHouse(a.app.operator, { state: 'open' })
  assert.equal((await handOut(b)).generation, 1)
  await gates.set(a.app.operator, 'demo', { state: 'closed', withhold: true })
  await assert.rejects(handOut(b), closed)
  await b.app.desk.gates.set(b.app.operator, 'demo', { state: 'open' })
  assert.equal((await handOut(a)).generation, 1)
  assert.equal((await a.app.desk.audit.verify(a.app.operator)).intact, true)
})

test('sealed on one server, nothing leaves on the other from the next request on, until the operator unseals', async () => {
  await using two = await openTwo()
  const { a, b } = two
  await a.addAccount()
  await a.logIn('demo')
  const sealed = (error: unknown) => isBhorError(error, 'sealed')
  assert.equal((await handOut(b)).generation, 1)
  const callback = await b.callbackFor('demo')
  await a.app.desk.house.seal(a.app.operator)
  await assert.rejects(handOut(b), sealed)
  await assert.rejects(b.arrive(callback), sealed)
  await assert.rejects(b.callbackFor('demo'), sealed)
  await assert.rejects(b.app.desk.sessions.renew(b.app.operator, 'demo'), sealed)
  assert.equal((await b.app.desk.gates.get(b.app.operator, 'demo')).reason, 'sealed')
  await b.app.desk.house.unseal(b.app.operator)
  assert.equal((await handOut(a)).generation, 1)
  assert.equal((await a.arrive(callback)).generation, 2)
  assert.equal((await a.app.desk.audit.verify(a.app.operator)).intact, true)
})

test('a data key replaced on one server: the other reads what it seals, and seals nothing by the old one', async () => {
  await using two = await openTwo()
  const { a, b } = two
  await a.addAccount()
  await a.logIn('demo')
  const given = await handOut(b)
  const old = b.app.desk.context.vault.keyId
  const { key } = await a.app.desk.vault.rotate(a.app.operator)
  // Nothing has told the other server yet.
  assert.equal(b.app.desk.context.vault.keyId, old)
  await b.addAccount({ account: 'papa', broker: 'upstox' })
  assert.equal(b.app.desk.context.vault.keyId, key, 'it has learnt the new one where it needed it')
  await b.logIn('papa')
  await a.app.desk.vault.goOn()
  assert.equal((await b.app.desk.vault.state(b.app.operator)).rotation, null)
  assert.deepEqual(await handOut(b), given)

  const second = await a.app.desk.vault.rotate(a.app.operator)
  await a.app.desk.vault.goOn()
  assert.equal(b.app.desk.context.vault.keyId, key)
  assert.deepEqual(await handOut(b), given, 'a value is opened whose key it had never seen')
  await b.logIn('demo')
  assert.equal(b.app.desk.context.vault.keyId, second.key)
  assert.deepEqual(await handOut(a), await handOut(b))
  for (const { app } of [a, b]) {
    assert.equal(app.store.rollback(), undefined)
    assert.equal((await app.desk.audit.verify(app.operator)).intact, true)
  }
})

test('one callback that reaches both servers is exchanged once', async () => {
  await using two = await openTwo()
  const { a, b } = two
  await a.addAccount()
  const address = await a.callbackFor('demo')
  a.simulator.clearCalls()
  const each = [a, b, a, b].map((world) => world.arrive(address))
  const arrivals = Promise.all(each)
  await Promise.any(each)
  // The other server hears of it as time passes.
  let isOver = false
  void arrivals.finally(() => {
    isOver = true
  })
  for (let seconds = 0; seconds < 20 && !isOver; seconds++) await a.clock.advance(1_000)
  assert.deepEqual(
    (await arrivals).map(({ generation, status }) => [generation, status]),
    [1, 2, 3, 4].map(() => [1, 'active']),
    'all are told of the one session',
  )
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

test('a key that one server remembers and the other has revoked gets nothing there, whatever it asks for', async () => {
  const databaseUrl = await postgres.freshDatabase()
  await using a = await openWorld({ databaseUrl })
  const home = mkdtempSync(join(tmpdir(), 'bhor-second-'))
  try {
    copyFileSync(join(a.home, 'master.key'), join(home, 'master.key'))
    await using b = await openDoors({ databaseUrl, home, simulator: a.simulator, clock: a.clock })
    await a.addAccount()
    await a.logIn('demo')
    const session = '/v1/accounts/demo/session'
    for (const path of [
      session,
      `${session}?min_life=24h`,
      `${session}?kind=refresh`,
      '/v1/accounts/other/session',
      '/v1/accounts',
    ]) {
      const added = await a.app.desk.keys.add(a.app.operator, {
        name: `for ${path}`,
        scopes: ['read-token', 'status'],
      })
      const key = added.key.reveal()
      const { keys } = b.world.app.desk
      // Its first use in a minute is news, of which all that is remembered is forgotten once it is heard.
      do {
        assert.equal((await b.ask('GET', session, { key })).status, 200)
        await b.world.app.desk.context.feed.follow()
      } while (keys.remembered(key) === undefined)
      assert.equal(keys.known(key), undefined, 'for nothing else')
      const before = await b.ask('GET', path, { key })
      assert.notEqual(before.code, 'key_invalid')
      await a.app.desk.keys.revoke(a.app.operator, added.view.id)
      const after = await b.ask('GET', path, { key })
      assert.deepEqual([after.status, after.code], [401, 'key_invalid'], `${path} ${before.code}`)
    }
    assert.equal((await a.app.desk.audit.verify(a.app.operator)).intact, true)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})

test('a page of one server learns within two seconds of a login on the other, and of whom it was', async () => {
  const databaseUrl = await postgres.freshDatabase()
  await using a = await openWorld({ databaseUrl })
  const home = mkdtempSync(join(tmpdir(), 'bhor-second-'))
  try {
    copyFileSync(join(a.home, 'master.key'), join(home, 'master.key'))
    await using b = await openDoors({ databaseUrl, home, simulator: a.simulator, clock: a.clock })
    await a.addAccount()
    // What happened until now is known there.
    await b.world.app.desk.context.feed.follow()
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
    await b.world.app.desk.context.feed.follow()
    assert.deepEqual(seen, [
      'login.start demo 0',
      'login.callback demo 0',
      'session.start demo 1',
      'login.finish demo 1',
      'gate.change demo 1',
    ])
    const { json } = await b.ask('GET', '/v1/accounts/demo', { headers: page })
    assert.equal((json as AccountView).generation, 1)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})
