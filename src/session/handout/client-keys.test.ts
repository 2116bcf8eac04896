import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openBed, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import type { AddKey } from '../../contracts/api.ts'

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
