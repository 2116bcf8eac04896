import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { test } from 'node:test'
import { openBed, refused } from '../../test/support/bed.ts'
import { operator } from '../../test/support/domain.ts'
import { callbackOf } from './login/callback.ts'

/** Somebody with write access to the file, but without the key, changes it under the running bhor. */
function edit(home: string, sql: string, ...values: SQLInputValue[]): void {
  using database = new DatabaseSync(join(home, 'bhor.db'), { timeout: 5000 })
  const { changes } = database.prepare(sql).run(...values)
  assert.ok(Number(changes) >= 1, `nothing changed: ${sql}`)
}

const later = 4_000_000_000_000

for (const broker of ['kite', 'upstox']) {
  const deciding: readonly (readonly [column: string, value: SQLInputValue])[] = [
    ['status', 'ended'],
    ['end_reason', 'revoked'],
    ['expires_at_ms', later],
    ['token_expiries_json', `{"access":${later}}`],
    ['granted_at_ms', 1],
    ['generation', 2],
    ['user_id', 'DM0042'],
    ['base_url', 'https://example.com'],
    ['user_name', 'Somebody Else'],
    ['ended_at_ms', 1],
    ['mac', 'AAAA'],
  ]
  for (const [column, value] of deciding) {
    test(`${broker}: a session whose ${column} was changed is not served`, async () => {
      await using bed = await openBed(broker)
      await bed.domain.logIn('demo')
      edit(bed.home, `update sessions set ${column} = ?`, value)
      await bed.reopen()
      await refused(bed.handOut(), 'store_damaged')
      await refused(bed.account(), 'store_damaged')
      await refused(bed.domain.desk.sessions.test(operator, 'demo'), 'store_damaged')
      await refused(bed.domain.desk.sessions.renew(operator, 'demo'), 'store_damaged')
      await refused(bed.domain.desk.sessions.logout(operator, 'demo'), 'store_damaged')
      // A login would replace the row: refused before the code is spent.
      const callback = await bed.domain.desk.logins.start(operator, 'demo', { via: 'api' })
      const exchanges = bed.exchanges()
      await refused(bed.domain.arrive(bed.simulator.logIn(broker, callback.url!)), 'store_damaged')
      assert.equal(bed.exchanges(), exchanges)
      const [view] = await bed.domain.desk.accounts.list(operator)
      assert.equal(view?.lastFault?.code, 'store_damaged')
      assert.equal(view?.session, null)
      assert.equal(view?.apiKey, '')
    })
  }
}

const cases: readonly (readonly [table: string, column: string, value: SQLInputValue])[] = [
  ['accounts', 'user_id', 'DM0042'],
  ['accounts', 'generation', 0],
  ['accounts', 'generation', 7],
  ['accounts', 'kind', 'live'],
  ['accounts', 'last_egress_json', '{"atMs":1,"addresses":["192.0.2.7"],"code":""}'],
  ['accounts', 'settings_json', '{"egress":{"proxy":"http://127.0.0.1:1"}}'],
  ['accounts', 'broker', 'upstox'],
  ['accounts', 'redirect_url', 'https://example.com/callback/kite'],
  ['accounts', 'label', 'papa'],
  ['accounts', 'fields_json', '{"host":"other"}'],
  ['accounts', 'settings_json', '{"egress":{"from":"192.0.2.7"}}'],
  ['accounts', 'postback_url', 'https://example.com'],
  ['accounts', 'last_probe_json', '{"atMs":4000000000000,"verdict":"valid","code":"ok"}'],
  ['accounts', 'last_fault_json', '{"atMs":1,"code":"answer_lost","detail":"x"}'],
  ['accounts', 'last_login_at_ms', 1],
  ['apps', 'api_key', 'otherkey'],
  ['apps', 'broker', 'upstox'],
  ['apps', 'fields_json', '{"apiSecret":"mine"}'],
  ['apps', 'sealed_secrets', ''],
]
for (const [table, column, value] of cases) {
  test(`an account of which ${table}.${column} was set to ${value || 'nothing'} is not served`, async () => {
    await using bed = await openBed('kite')
    await bed.domain.logIn('demo')
    edit(bed.home, `update ${table} set ${column} = ?`, value)
    await bed.reopen()
    if (column === 'sealed_secrets') {
      // No secret is left: nothing to sign a login with.
      await assert.rejects(bed.domain.logIn('demo'))
      return
    }
    await refused(bed.handOut(), 'store_damaged')
    await refused(bed.account(), 'store_damaged')
    await refused(bed.domain.desk.logins.start(operator, 'demo', { via: 'api' }), 'store_damaged')
    await refused(bed.domain.desk.accounts.edit(operator, 'demo', { apiSecret: 'another1' }), 'store_damaged')
  })
}

test('two accounts that are exchanged under each other’s names are not served', async () => {
  await using bed = await openBed('kite')
  await bed.domain.addAccount({ account: 'papa' })
  await bed.domain.logIn('demo')
  await bed.domain.logIn('papa')
  edit(bed.home, `update accounts set alias = 'x' where alias = 'demo'`)
  edit(bed.home, `update accounts set alias = 'demo' where alias = 'papa'`)
  await bed.reopen()
  await refused(bed.handOut(), 'store_damaged')
})

test('a session that was moved to another account, or its tokens to another row, does not open', async () => {
  await using bed = await openBed('kite')
  const papa = await bed.domain.addAccount({ account: 'papa' })
  await bed.domain.logIn('demo')
  await bed.domain.logIn('papa')
  edit(
    bed.home,
    `update sessions set sealed_tokens = (select sealed_tokens from sessions where account_id = ?) where account_id <> ?`,
    papa.id,
    papa.id,
  )
  await bed.reopen()
  await refused(bed.handOut(), 'store_damaged')
  edit(bed.home, 'delete from sessions where account_id = ?', papa.id)
  edit(bed.home, 'update sessions set account_id = ?', papa.id)
  await bed.reopen()
  // A row is gone: nothing leaves at all.
  await refused(bed.domain.desk.sessions.handOut(operator, 'papa', {}), 'store_rolled_back')
})

test('an earlier session is not brought back by an earlier copy of its row', async () => {
  await using bed = await openBed('kite')
  await bed.domain.logIn('demo')
  using database = new DatabaseSync(join(bed.home, 'bhor.db'))
  const kept = database.prepare('select * from sessions').get() as Record<string, SQLInputValue>
  await bed.domain.logIn('demo')
  database.exec('delete from sessions where generation = 2')
  const columns = Object.keys(kept)
  const assignments = columns.map((column) => `${column} = ?`).join(', ')
  database.prepare(`update sessions set ${assignments}`).run(...Object.values(kept))
  await bed.reopen()
  await refused(bed.handOut(), 'store_rolled_back')
  await refused(bed.account(), 'store_damaged')
  await refused(bed.domain.desk.sessions.test(operator, 'demo'), 'store_rolled_back')
  database.exec('delete from sessions')
  await refused(bed.handOut(), 'store_rolled_back')
  assert.equal(await bed.recorded('session.handout', 'ok'), 0)
})

for (const [column, value] of [
  ['status', 'open'],
  ['expires_at_ms', later],
  ['redirect_url', 'https://example.com/callback/kite'],
  ['account_id', 'other'],
] as const) {
  test(`a login whose ${column} was changed finishes nothing`, async () => {
    await using bed = await openBed('kite')
    const papa = await bed.domain.addAccount({ account: 'papa' })
    const started = await bed.domain.desk.logins.start(operator, 'demo', { via: 'api' })
    const callback = bed.simulator.logIn('kite', started.url!)
    if (column === 'status') await bed.domain.desk.logins.cancel(operator, 'demo', started.login)
    edit(bed.home, `update logins set ${column} = ?`, column === 'account_id' ? papa.id : value)
    await refused(bed.domain.arrive(callback), 'store_damaged')
    assert.equal(bed.exchanges(), 0)
    const of = column === 'account_id' ? 'papa' : 'demo'
    await refused(bed.domain.desk.logins.get(operator, of, started.login), 'store_damaged')
  })
}

for (const [column, value] of [
  ['scopes_json', '["admin"]'],
  ['account_ids_json', 'null'],
  ['account_ids_json', '[]'],
  ['made_by', 'key_x'],
  ['expires_at_ms', later],
  ['expires_at_ms', null],
  ['revoked_at_ms', null],
  ['name', 'bot of somebody else'],
  ['hash', '0'.repeat(64)],
] as const) {
  test(`a client key whose ${column} was set to ${value} opens nothing`, async () => {
    await using bed = await openBed('kite')
    const { key, view } = await bed.domain.desk.keys.add(operator, {
      name: 'bot',
      scopes: ['status'],
      accounts: ['demo'],
      expiresInDays: 1,
    })
    if (column === 'revoked_at_ms') await bed.domain.desk.keys.revoke(operator, view.id)
    edit(bed.home, `update client_keys set ${column} = ?`, value)
    await bed.reopen()
    const code = column === 'hash' ? 'key_invalid' : 'store_damaged'
    await refused(bed.domain.desk.keys.authenticate(key.reveal()), code)
    const others = [await bed.domain.desk.keys.add(operator, { name: 'other', scopes: ['status'] })]
    const name = column === 'name' ? value : 'bot'
    const damaged = { id: view.id, name: `${name} (damaged)`, scopes: [] }
    assert.partialDeepStrictEqual(await bed.domain.desk.keys.list(operator), [others[0]?.view, damaged])
    await bed.domain.desk.keys.revoke(operator, view.id)
    assert.deepEqual(await bed.domain.desk.keys.list(operator), [others[0]?.view])
  })
}

for (const [mac, how] of [
  [undefined, 'with the MAC of another'],
  ['AAAA', 'with a MAC of somebody’s making'],
  ['', 'as bhor 0.1 wrote them, without a MAC'],
] as const) {
  test(`an open intent ${how} holds up no login`, async () => {
    await using bed = await openBed('kite')
    await bed.domain.logIn('demo')
    edit(
      bed.home,
      `update intents set state = 'open', finished_at_ms = null, mac = coalesce(?, mac)`,
      mac ?? null,
    )
    assert.equal((await bed.domain.logIn('demo')).generation, 2)
    assert.equal((await bed.account()).lastFault, null)
    await bed.reopen()
    // Only an old one may be what a crash has left behind.
    assert.equal((await bed.account()).lastFault?.code, mac === '' ? 'answer_lost' : undefined)
    const { records } = await bed.domain.store.intents.open()
    assert.equal(records.length, mac === '' ? 0 : 1)
    assert.equal((await bed.domain.logIn('demo')).generation, 3)
  })
}

test('a callback cannot name a login by anything but its whole state', async () => {
  await using bed = await openBed('kite')
  const callback = await bed.domain.callbackFor('demo')
  // The hash of the state is what the file holds; it opens nothing.
  using database = new DatabaseSync(join(bed.home, 'bhor.db'))
  const { state_hash: stateHash } = database.prepare('select state_hash from logins').get() as {
    state_hash: string
  }
  const url = new URL(callback)
  url.searchParams.set('state', stateHash)
  await refused(
    bed.domain.desk.logins.complete(operator, 'kite', callbackOf(url.search.slice(1))),
    'login_state_invalid',
  )
})
