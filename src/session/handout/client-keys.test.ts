import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { type Bed, openBed, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import type { AddKey } from '../../contracts/api.ts'
import { change } from '../ground/change.ts'
import { stamped } from '../ground/records.ts'
import type { Principal } from '../ground/rights.ts'

const dayMs = 24 * 3_600_000

test('a key that is unknown, revoked or expired gets one answer outside and three reasons in the audit', async () => {
  await using bed = await openBed('kite')
  const { desk } = bed.domain
  const revoked = await desk.keys.add(operator, { name: 'bot', scopes: ['read-token'] })
  const expired = await desk.keys.add(operator, { name: 'old', scopes: ['read-token'], expiresInDays: 1 })
  await desk.keys.authenticate(expired.key.reveal())
  await desk.keys.revoke(operator, revoked.view.id)
  await bed.clock.advance(dayMs - 1)
  await desk.keys.authenticate(expired.key.reveal())
  await bed.clock.advance(1)
  const answers = new Set<string>()
  for (const presented of [`bhor_${'A'.repeat(43)}`, revoked.key.reveal(), expired.key.reveal()]) {
    await assert.rejects(
      desk.keys.authenticate(presented),
      (error: Error & { code: string; hint: string }) => {
        answers.add(JSON.stringify([error.code, error.message, error.hint]))
        assert.equal(error.code, 'key_invalid')
        return true
      },
    )
  }
  assert.equal(answers.size, 1)
  const records = await desk.audit.list(operator, { limit: 10 })
  const reasons = records.filter((r) => r.action === 'key.refused').map((r) => r.detail.why)
  assert.deepEqual(reasons, ['expired', 'revoked', 'unknown'])
})

test('what is no key at all is malformed, and never quoted', async () => {
  await using bed = await openBed('kite')
  const bad = ['', 'bhor_', `bhor_${'A'.repeat(42)}`, `bhor_${'A'.repeat(44)}`, `Bhor_${'A'.repeat(43)}`]
  for (const presented of [...bad, ` bhor_${'A'.repeat(43)}`, `bhor_${'A'.repeat(42)}\n`, 'mypassword123']) {
    await assert.rejects(bed.domain.desk.keys.authenticate(presented), (error: Error & { code: string }) => {
      assert.equal(error.code, 'key_malformed')
      if (presented.length > 5) assert.ok(!error.message.includes(presented))
      return true
    })
  }
})

test('a revoked key is refused at once, and stays so after a restart', async () => {
  await using bed = await openBed('kite')
  const { view, key } = await bed.domain.desk.keys.add(operator, { name: 'bot', scopes: ['status'] })
  const presented = key.reveal()
  assert.deepEqual((await bed.domain.desk.keys.authenticate(presented)).actor, { kind: 'key', id: view.id })
  await bed.domain.desk.keys.revoke(operator, view.id)
  await refused(bed.domain.desk.keys.authenticate(presented), 'key_invalid')
  const again = await bed.domain.desk.keys.revoke(operator, view.id)
  assert.equal(await bed.recorded('key.revoke'), 1, 'revoking twice is one revocation')
  assert.equal(again.revokedAt, (await bed.domain.desk.keys.list(operator))[0]?.revokedAt)
  await bed.reopen()
  await refused(bed.domain.desk.keys.authenticate(presented), 'key_invalid')
  await refused(bed.domain.desk.keys.revoke(operator, 'key_none'), 'key_not_found')
})

test('a key that was seen is known by its text, until its end, its revocation or any change', async () => {
  await using bed = await openBed('kite')
  const { desk } = bed.domain
  const { view, key } = await desk.keys.add(operator, { name: 'bot', scopes: ['status'], expiresInDays: 1 })
  const presented = key.reveal()
  assert.equal(desk.keys.known(presented), undefined, 'nobody has presented it yet')
  const principal = await desk.keys.authenticate(presented)
  assert.equal(desk.keys.known(presented), principal)
  for (const other of ['', presented.slice(0, -1), `${presented}A`, view.id])
    assert.equal(desk.keys.known(other), undefined)
  await refused(desk.keys.authenticate(`bhor_${'A'.repeat(43)}`), 'key_invalid')
  assert.equal(desk.keys.known(`bhor_${'A'.repeat(43)}`), undefined, 'what is refused is never known')

  await bed.clock.advance(dayMs - 1)
  assert.equal(desk.keys.known(presented), principal)
  await bed.clock.advance(1)
  assert.equal(desk.keys.known(presented), undefined, 'its day is over')

  const { view: second, key: lasting } = await desk.keys.add(operator, { name: 'other', scopes: ['status'] })
  await desk.keys.authenticate(lasting.reveal())
  assert.ok(desk.keys.known(lasting.reveal()))
  await desk.keys.add(operator, { name: 'third', scopes: ['status'] })
  assert.equal(desk.keys.known(lasting.reveal()), undefined, 'any change is looked at anew')
  await desk.keys.authenticate(lasting.reveal())
  await desk.keys.revoke(operator, second.id)
  assert.equal(desk.keys.known(lasting.reveal()), undefined)
  await refused(desk.keys.authenticate(lasting.reveal()), 'key_invalid')
  assert.equal(desk.keys.known(lasting.reveal()), undefined)
})

/** A key that `maker` makes, and who presents it. */
async function make({ domain }: Bed, maker: Principal, name: string, more: Partial<AddKey> = {}) {
  const { view, key } = await domain.desk.keys.add(maker, { name, scopes: ['admin'], ...more })
  return { view, key, who: await domain.desk.keys.authenticate(key.reveal()) }
}

test('a revoked key takes with it what it made, and what that made, in one step', async () => {
  await using bed = await openBed('kite')
  const { keys } = bed.domain.desk
  const parent = await make(bed, operator, 'parent')
  const child = await make(bed, parent.who, 'child')
  const grandchild = await make(bed, child.who, 'grandchild', { scopes: ['status'] })
  const gone = await make(bed, parent.who, 'gone')
  await keys.revoke(operator, gone.view.id)
  const sibling = await make(bed, operator, 'sibling')
  assert.equal(parent.view.madeBy, null)
  assert.deepEqual([child.view.madeBy, grandchild.view.madeBy], [parent.view.id, child.view.id])
  await bed.reopen()
  const again = bed.domain.desk.keys
  const { alsoRevoked, ...view } = await again.revoke(operator, parent.view.id)
  assert.deepEqual(
    alsoRevoked.map(({ name, revokedAt }) => [name, revokedAt]),
    [
      ['child', view.revokedAt],
      ['grandchild', view.revokedAt],
    ],
  )
  for (const { key } of [parent, child, grandchild])
    await refused(again.authenticate(key.reveal()), 'key_invalid')
  await again.authenticate(sibling.key.reveal())
  const told = (await bed.domain.desk.audit.list(operator, { limit: 20 })).filter(
    ({ action }) => action === 'key.revoke',
  )
  assert.deepEqual(
    told.slice(0, 3).map(({ detail }) => detail),
    [
      { key: grandchild.view.id, with: parent.view.id },
      { key: child.view.id, with: parent.view.id },
      { key: parent.view.id },
    ],
  )
  const { seq } = await bed.domain.store.audit.head()
  assert.deepEqual((await again.revoke(operator, parent.view.id)).alsoRevoked, [])
  assert.equal((await bed.domain.store.audit.head()).seq, seq)
})

test('what a key made is kept where that is asked for, and can be revoked with it later', async () => {
  await using bed = await openBed('kite')
  const { keys } = bed.domain.desk
  const parent = await make(bed, operator, 'parent')
  const child = await make(bed, parent.who, 'child')
  assert.deepEqual((await keys.revoke(operator, parent.view.id, { keepsMade: true })).alsoRevoked, [])
  await keys.authenticate(child.key.reveal())
  const listed = (await keys.list(operator)).find(({ id }) => id === child.view.id)
  assert.equal(listed?.madeBy, parent.view.id)
  const { alsoRevoked } = await keys.revoke(operator, parent.view.id)
  assert.deepEqual(
    alsoRevoked.map(({ id }) => id),
    [child.view.id],
  )
})

test('a damaged key takes with it what it made, also through other damaged ones', async () => {
  await using bed = await openBed('kite')
  const parent = await make(bed, operator, 'parent')
  const child = await make(bed, parent.who, 'child')
  const grandchild = await make(bed, child.who, 'grandchild')
  using database = new DatabaseSync(join(bed.home, 'bhor.db'))
  for (const [column, { id }] of [
    ['created_at_ms', parent.view],
    ['expires_at_ms', child.view],
  ] as const)
    database.prepare(`update client_keys set ${column} = 17 where id = ?`).run(id)
  await bed.reopen()
  const { alsoRevoked } = await bed.domain.desk.keys.revoke(operator, parent.view.id)
  assert.deepEqual(
    alsoRevoked.map(({ name }) => name),
    ['grandchild'],
  )
  await refused(bed.domain.desk.keys.authenticate(grandchild.key.reveal()), 'key_invalid')
  await refused(bed.domain.desk.keys.authenticate(child.key.reveal()), 'store_damaged')
})

test('no key outlives the one that made it', async () => {
  await using bed = await openBed('kite')
  const { keys } = bed.domain.desk
  const parent = await make(bed, operator, 'parent', { expiresInDays: 2 })
  const unsaid = await make(bed, parent.who, 'unsaid')
  assert.equal(unsaid.view.expiresAt, parent.view.expiresAt)
  const shorter = await make(bed, parent.who, 'shorter', { expiresInDays: 1 })
  assert.ok(Date.parse(shorter.view.expiresAt!) < Date.parse(parent.view.expiresAt!))
  await refused(keys.add(parent.who, { name: 'longer', scopes: ['status'], expiresInDays: 3 }), 'bad_field')
  const lasting = await make(bed, operator, 'lasting')
  assert.equal((await make(bed, lasting.who, 'lasting too')).view.expiresAt, null)
})

test('a key that was revoked after it was let in makes no other one', async () => {
  await using bed = await openBed('kite')
  const { keys } = bed.domain.desk
  const parent = await make(bed, operator, 'parent', { expiresInDays: 1 })
  await keys.revoke(operator, parent.view.id)
  await refused(keys.add(parent.who, { name: 'late', scopes: ['admin'] }), 'key_invalid')
  const other = await make(bed, operator, 'other', { expiresInDays: 1 })
  await bed.clock.advance(dayMs)
  await refused(keys.add(other.who, { name: 'late', scopes: ['admin'] }), 'key_invalid')
  assert.equal((await keys.list(operator)).length, 2)
})

test('a chain of thousands of keys is revoked like any other', async () => {
  await using bed = await openBed('kite')
  const { store, context, desk } = bed.domain
  const { view: first } = await desk.keys.add(operator, { name: 'first', scopes: ['admin'] })
  const template = (await store.keys.byId(first.id))!
  const chain = 3000
  await change(context, async (c) => {
    const tx = c.tell({ actor: operator.actor, action: 'key.add', result: 'ok' })
    for (let at = 1; at <= chain; at++) {
      const madeBy = at === 1 ? first.id : `key_${at - 1}`
      const record = { ...template, id: `key_${at}`, hash: `${at}`.padStart(64, '0'), madeBy }
      await tx.keys.insert(stamped(context.vault, 'client_keys', record))
    }
  })
  assert.equal((await desk.keys.revoke(operator, first.id)).alsoRevoked.length, chain)
})

test('a key carries its scopes and accounts, and no account that it cannot see', async () => {
  await using bed = await openBed('kite')
  const papa = await bed.domain.addAccount({ account: 'papa' })
  const { key, view } = await bed.domain.desk.keys.add(operator, {
    name: 'bot',
    scopes: ['read-token', 'read-token', 'status'],
    accounts: ['papa'],
  })
  const principal = await bed.domain.desk.keys.authenticate(key.reveal())
  assert.deepEqual([...principal.rights], ['read-token', 'status'])
  assert.deepEqual([...(principal.accountIds ?? [])], [papa.id])
  assert.deepEqual(view.accounts, ['papa'])
  // An account that is made later under the same name is another one.
  await bed.domain.desk.accounts.remove(operator, 'papa')
  await bed.domain.addAccount({ account: 'papa' })
  await refused(bed.domain.desk.accounts.get(principal, 'papa'), 'account_not_found')
  assert.deepEqual((await bed.domain.desk.keys.list(operator))[0]?.accounts, [])
})

test('a key is not made of wrong fields', async () => {
  await using bed = await openBed('kite')
  const good: AddKey = { name: 'bot', scopes: ['status'] }
  const add = (change: object) => bed.domain.desk.keys.add(operator, { ...good, ...change })
  for (const change of [
    { scopes: [] },
    { scopes: ['root'] },
    { scopes: ['__proto__'] },
    { expiresInDays: 0 },
    { expiresInDays: 1.5 },
    { expiresInDays: 3651 },
    { expiresInDays: Number.NaN },
    { name: 'two\nlines' },
    { name: 'x'.repeat(61) },
  ])
    await refused(add(change), 'bad_field')
  await refused(add({ accounts: ['nobody'] }), 'account_not_found')
  assert.deepEqual(await bed.domain.desk.keys.list(operator), [])
})

test('of the keys that count no two have one name; one that is over leaves its name to the next', async () => {
  await using bed = await openBed('kite')
  const { desk } = bed.domain
  const add = (more: object = {}) => desk.keys.add(operator, { name: 'bot', scopes: ['read-token'], ...more })
  const first = await add({ expiresInDays: 1 })
  await refused(add(), 'already_exists')
  const parent = await make(bed, operator, 'parent')
  await refused(desk.keys.add(parent.who, { name: 'bot', scopes: ['status'] }), 'already_exists')
  assert.equal((await desk.keys.list(operator)).length, 2)
  await bed.clock.advance(dayMs)
  const second = await add()
  await refused(add(), 'already_exists')
  await desk.keys.revoke(operator, second.view.id)
  const third = await add()
  assert.equal(new Set([first, second, third].map(({ view }) => view.id)).size, 3)
  // Those of runs are named by what they run, as often as it runs.
  const runs = [
    await desk.runs.start(operator, 'demo', 'bot'),
    await desk.runs.start(operator, 'demo', 'bot'),
  ]
  assert.notEqual(runs[0]!.run, runs[1]!.run)
  await refused(add(), 'already_exists')
  await desk.keys.revoke(operator, third.view.id)
  await add()
})

test('neither a key, nor a token, secret, code or state stands in the files of the store', async () => {
  await using bed = await openBed('upstox')
  const callback = await bed.domain.callbackFor('demo')
  await bed.domain.arrive(callback)
  const { accessToken } = await bed.handOut()
  const { accessToken: extended } = await bed.handOut('extended')
  const { key } = await bed.domain.desk.keys.add(operator, { name: 'bot', scopes: ['read-token'] })
  const principal = await bed.domain.desk.keys.authenticate(key.reveal())
  await bed.domain.desk.sessions.handOut(principal, 'demo', {})
  await refused(bed.domain.desk.keys.authenticate(`bhor_${'Z'.repeat(43)}`), 'key_invalid')
  await bed.domain.desk.accounts.edit(operator, 'demo', {
    password: 'pass-word-1',
    phoneNumber: '9876543210',
  })
  const { code = '', state = '' } = Object.fromEntries(new URL(callback).searchParams)
  const secrets = [
    key.reveal(),
    accessToken,
    extended,
    code,
    state,
    'upstoxdemosecret',
    'pass-word-1',
    '9876543210',
  ]
  const files = readdirSync(bed.home).map((name) => readFileSync(join(bed.home, name)))
  assert.ok(
    files.some((file) => file.includes('upstoxdemokey')),
    'the search finds what is there',
  )
  for (const secret of [...secrets, `bhor_${'Z'.repeat(43)}`]) {
    assert.ok(secret.length >= 6)
    for (const form of [secret, Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('hex')])
      assert.ok(!files.some((file) => file.includes(form)), `${secret.length} characters stand in the clear`)
  }
})
