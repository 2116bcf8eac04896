import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { after, test } from 'node:test'
import { provenMigrated, rowsOfVersion1 } from '../../test/suites/stores/old-schema.ts'
import { withAccounts } from '../../test/suites/stores/record-cases.ts'
import { account, adds, feedRow, intent, session } from '../../test/suites/stores/samples.ts'
import { rejectsWith } from '../../test/suites/stores/store-case.ts'
import { storeSuite } from '../../test/suites/stores/suite.ts'
import { startPostgres } from '../../test/support/postgres.ts'
import { type AuditHead, auditHeadText } from '../contracts/audit.ts'
import type { AppendAudit, Store } from '../contracts/store.ts'
import { ManualClock } from '../core/clock.ts'
import type { BhorError } from '../core/errors.ts'
import { openStore } from './open.ts'
import { postgresFault } from './postgres/faults.ts'
import { openPostgres } from './postgres/open.ts'
import { migrations } from './schema.ts'

after(async () => (await startPostgres())[Symbol.asyncDispose]())

storeSuite('postgres', async () => {
  const url = await (await startPostgres()).freshDatabase()
  const open = () => openStore({ url, clock: new ManualClock(), poolSize: 3 })
  let store = await open()
  return {
    store,
    async reopen() {
      await store[Symbol.asyncDispose]()
      store = await open()
      return store
    },
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
    },
  }
})

const nothing = { accountIds: [], keyIds: [] }
const clock = new ManualClock()
const cutOthers =
  'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'

async function two(work: (url: string, one: Store, other: Store) => Promise<void>): Promise<void> {
  const url = await (await startPostgres()).freshDatabase()
  const [one, other] = await Promise.all([
    openStore({ url, clock, poolSize: 3 }),
    openStore({ url, clock, poolSize: 3 }),
  ])
  try {
    await work(url, one, other)
  } finally {
    await one[Symbol.asyncDispose]()
    await other[Symbol.asyncDispose]()
  }
}

test('postgres: two servers that start at once on an empty database make one schema', async () => {
  await two(async (url, one) => {
    const versions = await (await startPostgres()).run(url, 'select version from schema_version')
    assert.equal(versions.length, migrations.length)
    await one.check()
  })
})

test('postgres: two servers append and change at once, and the chain has neither gap nor branch', async () => {
  await two(async (_url, one, other) => {
    await withAccounts(one)
    const vault = { auditMac: (text: string) => hash('sha256', text, 'base64url') }
    const empty = { seq: 0, mac: '', inventory: '' }
    const headMac = vault.auditMac(auditHeadText(empty))
    await one.transaction((tx) => tx.audit.append(() => ({ links: [], head: { ...empty, headMac } })))
    const append = (head: AuditHead): ReturnType<AppendAudit> => {
      let before = head.mac
      const links = adds(2)(head).links.map((one) => {
        before = vault.auditMac(`${one.seq} after ${before}`)
        return { ...one, mac: before }
      })
      return { links, head: { ...head, seq: head.seq + 2, mac: before, headMac: 'x' } }
    }
    const bump = (store: Store) =>
      store.transaction(async (tx) => {
        const generation = (await tx.accounts.byId('acc_1'))?.generation ?? 0
        await tx.accounts.update(
          account('acc_1', { alias: 'personal', generation: generation + 1 }),
          generation,
        )
        await tx.sessions.insert(session('acc_1', generation + 1))
        await tx.audit.append(append)
      })
    const rounds = Array.from({ length: 25 }, (_, index) => index)
    const all = [one, other].flatMap((store) =>
      rounds.flatMap(() => [store.appendAudit({ accountIds: ['acc_1'], keyIds: [] }, append), bump(store)]),
    )
    await Promise.all(all)
    assert.equal((await other.accounts.byId('acc_1'))?.generation, 50)
    const records = await other.audit.from(1, 1000)
    assert.equal(records.length, 200)
    let before = ''
    for (const [index, record] of records.entries()) {
      before = vault.auditMac(`${index + 1} after ${before}`)
      assert.deepEqual([record.seq, record.mac], [index + 1, before])
    }
    assert.equal((await one.audit.head()).mac, before)
  })
})

test('postgres: rows, references, checks and indices of version 1 survive the steps after it', async () => {
  const server = await startPostgres()
  const url = await server.freshDatabase()
  await (await openPostgres({ url, clock, steps: migrations.slice(0, 1) }))[Symbol.asyncDispose]()
  for (const statement of rowsOfVersion1) await server.run(url, statement)
  const names = async () =>
    (await server.run(url, `select indexname from pg_indexes where schemaname = 'public'`)).map(
      (row) => row.indexname,
    )
  const before = await names()
  await using store = await openPostgres({ url, clock })
  await provenMigrated(store)
  const after = await names()
  assert.deepEqual(
    before.filter((name) => !after.includes(name)),
    [],
  )
})

test('postgres: a number that nobody can have written damages its row alone', async () => {
  await two(async (url, one) => {
    await withAccounts(one)
    const server = await startPostgres()
    await server.run(url, `update accounts set generation = ${2n ** 60n} where id = 'acc_1'`)
    const { records, damaged } = await one.accounts.list()
    assert.deepEqual(
      [records.map(({ id }) => id), damaged.map(({ table, id, name }) => [table, id, name])],
      [['acc_2'], [['accounts', 'acc_1', 'personal']]],
    )
    await rejectsWith('store_damaged', one.accounts.byAlias('personal'))
  })
})

test('postgres: the feed’s numbers rise in commit order while two servers write and a third follows', async () => {
  await two(async (url, one, other) => {
    await using follower = await openStore({ url, clock, poolSize: 1 })
    const rounds = 60
    let isDone = false
    const writing = Promise.all(
      Array.from({ length: rounds }, (_, round) =>
        (round % 2 ? one : other).transaction(async (tx) => {
          await tx.audit.append(adds(1 + (round % 3)))
          const { seq } = await tx.audit.head()
          await tx.feed.insert([feedRow(seq)])
          if (round % 5 === 0) await tx.accounts.list()
        }),
      ),
    ).finally(() => {
      isDone = true
    })
    const seen: number[] = []
    for (let wasDone = false; !wasDone; ) {
      wasDone = isDone
      for (const { seq } of (await follower.feed.after(seen.at(-1) ?? 0, 7)).records) seen.push(seq)
      if ((await follower.feed.range()).newest > (seen.at(-1) ?? 0)) wasDone = false
    }
    await writing
    // Whoever follows misses nothing: no number appears below one that was seen.
    assert.equal(seen.length, rounds)
    assert.deepEqual(
      seen,
      (await one.feed.after(0, 100)).records.map(({ seq }) => seq),
    )
  })
})

test('postgres: a grant is spent once by two servers', async () => {
  await two(async (_url, one, other) => {
    await withAccounts(one)
    const won = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 ? one : other).transaction((tx) =>
          tx.intents.insert(intent(`i${index}`, 'acc_1', { grantHash: 'code' })),
        ),
      ),
    )
    assert.equal(won.filter(Boolean).length, 1)
  })
})

test('postgres: a connection cut in a transaction changes nothing, cut at the commit is unknown, and both heal', async () => {
  const server = await startPostgres()
  await two(async (url, one) => {
    await withAccounts(one)
    const early = one.transaction(async (tx) => {
      await tx.sessions.insert(session('acc_1', 1))
      await server.run(url, cutOthers)
      await tx.accounts.list()
    })
    await assert.rejects(
      early,
      (error: BhorError) => error.code === 'store_unavailable' && error.facts.outcome === undefined,
    )
    const late = one.transaction(async (tx) => {
      await tx.sessions.insert(session('acc_1', 1))
      await server.run(url, cutOthers)
    })
    await assert.rejects(
      late,
      (error: BhorError) => error.code === 'store_unavailable' && error.facts.outcome === 'unknown',
    )
    await one.transaction((tx) => tx.sessions.insert(session('acc_1', 1)))
    await one.appendAudit(nothing, adds(1))
    assert.equal((await one.sessions.latest('acc_1'))?.generation, 1)
  })
})

test('postgres: a failure that the work swallows does not pass for a commit', async () => {
  await two(async (_url, one) => {
    await withAccounts(one)
    const work = one.transaction(async (tx) => {
      await tx.sessions.insert(session('acc_2', 1))
      await tx.sessions.insert(session('acc_9', 1)).catch(() => {})
    })
    await assert.rejects(work, { code: 'internal' })
    assert.equal(await one.sessions.latest('acc_2'), undefined)
  })
})

test('postgres: what is wrong with the database is told apart, never with its address', async () => {
  const server = await startPostgres()
  const url = await server.freshDatabase()
  const address = (changes: { username?: string; password?: string; pathname?: string; port?: string }) =>
    Object.assign(new URL(url), changes).href
  await server.run(url, `create role reader login password 'hunter22'`)
  await server.run(url, 'revoke all on schema public from public')
  const cases = [
    [address({ password: 'hunter22' }), 'store_unavailable'],
    [address({ pathname: '/hunter22' }), 'store_unavailable'],
    [address({ port: '1' }), 'store_unavailable'],
    [address({ username: 'reader', password: 'hunter22' }), 'store_unavailable'],
    ['postgres://demo:hunter22@db.demo.example/bhor', 'config_invalid'],
    ['postgres://demo:hunter22@db.demo.example/bhor?sslmode=disable', 'config_invalid'],
    ['postgres://demo:hunter22@db.demo.example/bhor?sslmode=no-verify', 'config_invalid'],
    ['postgres://demo:hunter22@[', 'config_invalid'],
  ] as const
  for (const [to, code] of cases) {
    await assert.rejects(openStore({ url: to, clock }), (error: BhorError) => {
      assert.equal(error.code, code)
      assert.equal(
        /hunter22|127\.0\.0\.1/.test(`${error.message} ${error.hint} ${JSON.stringify(error.facts)}`),
        false,
      )
      return true
    })
  }
})

test('postgres: no piece of a malformed address stands in what is said', async () => {
  const addresses = [
    'postgres://bob:Left@Right9#zz@127.0.0.1/x',
    'postgres://bob:Left@Right9#zz@127.0.0.1/x?sslmode=require',
    'postgres://bob:Left/Right9@127.0.0.1/x',
    'postgres://bob:1234/Right9@127.0.0.1/x?sslmode=require',
    'postgres://bob:1234?Right9@127.0.0.1/x',
    'postgres://localhost:1?Left=Right9@127.0.0.1/x',
    'postgres://bob:Left%zzRight9@127.0.0.1/x',
    'postgres://bob:Left%E0%A4%ARight9@127.0.0.1/x',
    'postgres://bob:Left Right9@[127.0.0.1/x',
    'postgres://bob:Left@Right9/x',
    'postgres://bob:Left@Right9:Right9/x',
    'postgres://Right9/x?host=Left',
    'postgres://bob@%E0%A4%A/Right9',
  ]
  for (const url of addresses) {
    await assert.rejects(openStore({ url, clock }), (error: BhorError) => {
      assert.equal(error.code, 'config_invalid', url)
      const told = `${error.message} ${error.hint} ${JSON.stringify(error.facts)} ${String(error.cause)}`
      assert.equal(/bob|Left|Right9|127\.0/.test(told), false, told)
      return true
    })
  }
})

test('postgres: a database that cannot keep every text is refused with the way to one that can', async () => {
  const server = await startPostgres()
  for (const encoding of ['LATIN1', 'SQL_ASCII']) {
    const url = await server.freshDatabase(encoding)
    await assert.rejects(openStore({ url, clock }), (error: BhorError) => {
      assert.equal(error.code, 'store_foreign')
      assert.equal(error.message, `The database keeps text as ${encoding}; bhor needs UTF8.`)
      return error.hint.includes('createdb --encoding=UTF8')
    })
  }
})

test('postgres: a key whose store is gone does not get a new one', async () => {
  const server = await startPostgres()
  const url = await server.freshDatabase()
  await assert.rejects(openStore({ url, clock, isExpected: true }), (error: BhorError) => {
    assert.equal(error.code, 'store_unavailable')
    return error.message.includes('is gone')
  })
  assert.deepEqual(await server.run(url, `select * from pg_tables where schemaname = 'public'`), [])
  await (await openStore({ url, clock }))[Symbol.asyncDispose]()
  await (await openStore({ url, clock, isExpected: true }))[Symbol.asyncDispose]()
})

test('postgres: only what the database itself said has an SQLSTATE', () => {
  for (const code of ['EPIPE', 'EBUSY', 'EPERM', 'ECONNRESET'])
    assert.equal(
      (postgresFault(Object.assign(new Error('x'), { code })) as BhorError).code,
      'store_unavailable',
    )
  for (const code of ['25P03', '57P03', '57P01', '08006'])
    assert.equal(
      (postgresFault(Object.assign(new Error('x'), { code, severity: 'FATAL' })) as BhorError).code,
      'store_unavailable',
    )
})

test('postgres: a database that takes no writes is read-only, a newer one is refused', async () => {
  const server = await startPostgres()
  const url = await server.freshDatabase()
  await using store = await openStore({ url, clock })
  const name = new URL(url).pathname.slice(1)
  await server.run(url, `alter database ${name} set default_transaction_read_only = on`)
  await server.run(url, cutOthers)
  await assert.rejects(
    store.check().catch(() => store.check()),
    { code: 'store_readonly' },
  )
  assert.deepEqual((await store.accounts.list()).records, [])
  await server.run(url, `set transaction read write; alter database ${name} reset all`)
  await server.run(url, `insert into schema_version values (${migrations.length + 1}, 'later', 0)`)
  await assert.rejects(openStore({ url, clock }), { code: 'store_newer' })
})
