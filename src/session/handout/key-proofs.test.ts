import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { openBed, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'

const origin = 'http://127.0.0.1:7878'
const nonce = 'n'.repeat(22)
const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest()
/** As the contract says it, for whoever writes a client. */
const fingerprint = (key: string) => sha256(sha256(key)).toString('hex').slice(0, 8)
const proofOf = (key: string, at = origin, asked = nonce) =>
  createHmac('sha256', sha256(key)).update(`${asked}\n${at}`).digest('hex')
const add = { name: 'bot', scopes: ['status'] } as const

test('whoever holds a key can tell that the server knows it: for this nonce and this origin, also a revoked one', async () => {
  await using bed = await openBed('kite')
  const { keys } = bed.domain.desk
  const { key, view } = await keys.add(operator, { ...add, scopes: ['status'] })
  const mine = key.reveal()
  const prove = (more: Partial<{ asked: string; at: string }> = {}) =>
    keys.prove(fingerprint(mine), more.asked ?? nonce, more.at ?? origin)
  assert.equal(await prove(), proofOf(mine))
  assert.equal(await prove({ asked: 'm'.repeat(64) }), proofOf(mine, origin, 'm'.repeat(64)))
  // An impostor at another port who passes the question on gets an answer that does not hold there.
  assert.equal(await prove({ at: 'http://127.0.0.1:9999' }), proofOf(mine, 'http://127.0.0.1:9999'))
  assert.notEqual(await prove({ at: 'http://127.0.0.1:9999' }), await prove())
  await keys.revoke(operator, view.id)
  assert.equal(await prove(), proofOf(mine))
  await bed.reopen()
  assert.equal(await bed.domain.desk.keys.prove(fingerprint(mine), nonce, origin), proofOf(mine))
  const next = (await bed.domain.desk.keys.add(operator, { ...add, scopes: ['status'] })).key.reveal()
  assert.equal(await bed.domain.desk.keys.prove(fingerprint(next), nonce, origin), proofOf(next), 'at once')
})

test('a fingerprint that no key has gets an answer like any other, the same each time, also after a restart', async () => {
  await using bed = await openBed('kite')
  const { key } = await bed.domain.desk.keys.add(operator, { ...add, scopes: ['status'] })
  const unknown = ['00000000', 'ffffffff', fingerprint(`${key.reveal()}x`)]
  const ask = (each: string, asked = nonce) => bed.domain.desk.keys.prove(each, asked, origin)
  const first = await Promise.all(unknown.map((each) => ask(each)))
  for (const answer of first) assert.match(answer, /^[0-9a-f]{64}$/)
  assert.equal(new Set(first).size, first.length)
  assert.deepEqual(await Promise.all(unknown.map((each) => ask(each))), first)
  for (const [at, each] of unknown.entries()) assert.notEqual(await ask(each, 'm'.repeat(22)), first[at])
  await bed.reopen()
  assert.deepEqual(await Promise.all(unknown.map((each) => ask(each))), first)
})

test('whatever is no fingerprint and no nonce is refused', async () => {
  await using bed = await openBed('kite')
  const { keys } = bed.domain.desk
  for (const each of [
    '',
    '0123456',
    '012345678',
    '0123456G',
    'ABCDEF01',
    `bhor_${'k'.repeat(43)}`,
    '0123456\n',
  ])
    await refused(keys.prove(each, nonce, origin), 'bad_field')
  for (const each of ['', 'n'.repeat(15), 'n'.repeat(65), `${nonce} `, `${nonce}\n`, `${nonce}é`])
    await refused(keys.prove('01234567', each, origin), 'bad_field')
})

test('a flood of questions reads the store once after each change; a row of a stranger proves nothing', async () => {
  let reads = 0
  await using bed = await openBed('kite', {
    wrap: (store) => ({
      ...store,
      keys: {
        ...store.keys,
        list: () => {
          reads++
          return store.keys.list()
        },
      },
    }),
  })
  const { keys } = bed.domain.desk
  const { key } = await keys.add(operator, { ...add, scopes: ['status'] })
  reads = 0
  const flood = Array.from({ length: 500 }, (_, at) =>
    keys.prove(at.toString(16).padStart(8, '0'), nonce, origin),
  )
  await Promise.all(flood)
  for (let at = 0; at < 500; at++) await keys.prove('01234567', nonce, origin)
  assert.equal(reads, 1)
  assert.equal(await keys.prove(fingerprint(key.reveal()), nonce, origin), proofOf(key.reveal()))

  const forged = `bhor_${'F'.repeat(43)}`
  {
    using database = new DatabaseSync(join(bed.home, 'bhor.db'), { timeout: 5000 })
    database.exec(`create temp table forged as select * from client_keys limit 1;
      update forged set id = 'key_forged', hash = '${sha256(forged).toString('hex')}';
      insert into client_keys select * from forged`)
  }
  bed.domain.context.feed.stir()
  assert.notEqual(await keys.prove(fingerprint(forged), nonce, origin), proofOf(forged))
  assert.equal(await keys.prove(fingerprint(key.reveal()), nonce, origin), proofOf(key.reveal()))
})
