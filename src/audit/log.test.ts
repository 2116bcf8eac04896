import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { auditMac, entry } from '../../test/suites/audit/samples.ts'
import { account, app, clientKey, session } from '../../test/suites/stores/samples.ts'
import { auditHeadText } from '../contracts/audit.ts'
import type { Store, Watched } from '../contracts/store.ts'
import { ManualClock } from '../core/clock.ts'
import { BhorError } from '../core/errors.ts'
import { openStore } from '../stores/open.ts'
import { openAuditLog } from './log.ts'

const vault = { auditMac }
const clock = new ManualClock()

/** A store whose chain has begun. */
async function withStore(work: (store: Store, path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bhor-audit-'))
  const path = join(folder, 'bhor.db')
  try {
    await using store = await openStore({ url: `sqlite:${path}`, clock: new ManualClock() })
    const empty = { seq: 0, mac: '', inventory: '' }
    const head = { ...empty, headMac: auditMac(auditHeadText(empty)) }
    await store.transaction((tx) => tx.audit.append(() => ({ links: [], head })))
    await work(store, path)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The same store, telling how many records each commit had. */
function counting(store: Store, commits: number[]): Store {
  return {
    ...store,
    appendAudit: (watch, append) =>
      store.appendAudit(watch, (head, watched) => {
        const links = append(head, watched)
        commits.push(links.links.length)
        return links
      }),
  }
}

test('all calls of one turn share one commit, later ones the next', async () => {
  await withStore(async (store) => {
    const commits: number[] = []
    const log = openAuditLog({ store: counting(store, commits), vault, clock })
    await Promise.all(Array.from({ length: 64 }, (_, index) => log.record(entry(index))))
    assert.deepEqual(commits, [64])
    await log.record(entry(65))
    assert.deepEqual(commits, [64, 1])
    await Promise.all(
      Array.from({ length: 600 }, (_, index) =>
        log.recorder(entry(index), { accountIds: [], keyIds: [] }, () => undefined)(),
      ),
    )
    assert.deepEqual(commits, [64, 1, 512, 88])
    assert.deepEqual(await log.verify(), { intact: true, records: 665 })
  })
})

test('while a commit runs the next group gathers', async () => {
  await withStore(async (store) => {
    const commits: number[] = []
    const gates: (() => void)[] = []
    const slow: Store = {
      ...store,
      async appendAudit(watch, append) {
        await new Promise<void>((resolve) => gates.push(resolve))
        await store.appendAudit(watch, append)
      },
    }
    const log = openAuditLog({ store: counting(slow, commits), vault, clock })
    const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
    const first = log.record(entry(1))
    await turn()
    const others = [log.record(entry(2)), log.record(entry(3))]
    await turn()
    others.push(log.record(entry(4)))
    assert.equal(gates.length, 1)
    gates.shift()?.()
    await first
    assert.deepEqual(commits, [1])
    await turn()
    await turn()
    gates.shift()?.()
    await Promise.all(others)
    assert.deepEqual(commits, [1, 3])
  })
})

test('a promise resolves only when its record is there for others to read', async () => {
  await withStore(async (store) => {
    const log = openAuditLog({ store, vault, clock })
    await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        await log.record(entry(index, { detail: { mine: index } }))
        const stored = await store.audit.from(1, 1000)
        assert.ok(stored.some((record) => record.detail?.mine === index))
      }),
    )
  })
})

test('each caller of a group learns what was true in that commit', async () => {
  await withStore(async (store) => {
    await store.transaction(async (tx) => {
      await tx.apps.insert(app)
      await tx.accounts.insert(account('acc_1', { alias: 'personal', generation: 1 }))
      await tx.sessions.insert(session('acc_1', 1))
      await tx.accounts.insert(account('acc_2', { alias: 'papa' }))
      await tx.keys.insert(clientKey('k1', { revokedAtMs: 1 }))
      await tx.keys.insert(clientKey('k2'))
    })
    const log = openAuditLog({ store, vault, clock })
    const seen: Watched[] = []
    const look = (watched: Watched) => {
      seen.push(watched)
      return undefined
    }
    const refusal = new BhorError('key_invalid', 'This key was revoked.')
    const [first, second, third] = await Promise.allSettled([
      log.recorder(entry(1), { accountIds: ['acc_1'], keyIds: ['k1'] }, look)(),
      log.recorder(entry(2), { accountIds: ['acc_2', 'acc_9'], keyIds: ['k2'] }, look)(),
      log.recorder(entry(3), { accountIds: [], keyIds: ['k1'] }, ({ liveKeyIds }) =>
        liveKeyIds.has('k1') ? undefined : refusal,
      )(),
    ])
    const [one] = seen
    const { mac } = account('acc_1', { alias: 'personal', generation: 1 })
    assert.deepEqual(one?.accounts.get('acc_1'), { generation: 1, status: 'active', mac, houseMac: '' })
    assert.equal(one.liveKeyIds.has('k1'), false)
    assert.equal(one.accounts.get('acc_2')?.status, 'none')
    assert.equal(one.accounts.has('acc_9'), false)
    assert.ok(one.liveKeyIds.has('k2'))
    assert.deepEqual([first.status, second.status], ['fulfilled', 'fulfilled'])
    assert.equal((third as PromiseRejectedResult).reason, refusal)
    const records = await store.audit.from(1, 10)
    assert.deepEqual(
      records.map(({ result, code }) => [result, code]),
      [
        [entry(1).result, entry(1).code],
        [entry(2).result, entry(2).code],
        ['refused', 'key_invalid'],
      ],
    )
    assert.deepEqual(await log.verify(), { intact: true, records: 3 })
  })
})

test('what is prepared once is recorded as of its commit, and as refused only where it was', async () => {
  await withStore(async (store) => {
    await store.transaction((tx) => tx.keys.insert(clientKey('k1')))
    const moved = new ManualClock()
    const startMs = moved.nowMs()
    const log = openAuditLog({ store, vault, clock: moved })
    const refusal = new BhorError('key_invalid', 'This key was revoked.')
    const record = log.recorder(entry(1), { accountIds: [], keyIds: ['k1'] }, ({ liveKeyIds }) =>
      liveKeyIds.has('k1') ? undefined : refusal,
    )
    const asked = record()
    await moved.advance(3)
    await Promise.all([asked, log.record(entry(2))])
    await moved.advance(1)
    await record()
    await store.transaction((tx) => tx.keys.update(clientKey('k1', { revokedAtMs: 1 })))
    const [late, other] = await Promise.allSettled([record(), log.record(entry(3))])
    assert.equal((late as PromiseRejectedResult).reason, refusal)
    assert.equal(other.status, 'fulfilled')
    const records = await store.audit.from(1, 10)
    assert.deepEqual(
      records.map(({ atMs, result, code }) => [atMs, result, code]),
      [
        [startMs + 3, 'ok', undefined],
        [entry(2).atMs, 'ok', undefined],
        [startMs + 4, 'ok', undefined],
        [startMs + 4, 'refused', 'key_invalid'],
        [entry(3).atMs, 'ok', undefined],
      ],
    )
    const { atMs: _atMs, ...expected } = entry(1)
    const { seq: _seq, mac: _mac, atMs: _time, ...first } = records[0]!
    assert.deepEqual(first, expected)
    assert.deepEqual(await log.verify(), { intact: true, records: 5 })
  })
})

test('everybody who waits for the same commit has a record of his own, by who asks and for what he gets', async () => {
  await withStore(async (store) => {
    await store.transaction((tx) => tx.keys.insert(clientKey('k1')))
    const log = openAuditLog({ store, vault, clock })
    const refusal = new BhorError('key_invalid', 'This key was revoked.')
    const detail = { generation: 3 }
    const bot = log.recorder(entry(1, { detail }), { accountIds: [], keyIds: ['k1'] }, ({ liveKeyIds }) =>
      liveKeyIds.has('k1') ? undefined : refusal,
    )
    const { detail: _none, ...bare } = entry(2)
    const sheet = log.recorder(bare, { accountIds: [], keyIds: [] }, () => undefined)
    await Promise.all([bot(), sheet(), bot(), sheet(), bot()])
    await Promise.all([bot(), sheet()])
    await store.transaction((tx) => tx.keys.update(clientKey('k1', { revokedAtMs: 1 })))
    const outcomes = await Promise.allSettled([bot(), bot(), sheet()])
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason : 'recorded')),
      [refusal, refusal, 'recorded'],
    )
    const records = await store.audit.from(1, 20)
    assert.deepEqual(
      records.map((record) => [record.result, record.detail]),
      [
        ['ok', { generation: 3 }],
        ['ok', undefined],
        ['ok', { generation: 3 }],
        ['ok', undefined],
        ['ok', { generation: 3 }],
        ['ok', { generation: 3 }],
        ['ok', undefined],
        ['refused', { generation: 3 }],
        ['refused', { generation: 3 }],
        ['ok', undefined],
      ],
    )
    assert.deepEqual(await log.verify(), { intact: true, records: 10 })
  })
})

test('who asks while a commit runs is recorded by the next one', async () => {
  await withStore(async (store) => {
    const gates: (() => void)[] = []
    const slow: Store = {
      ...store,
      appendAudit: (watch, append) =>
        store.appendAudit(watch, append).then(() => new Promise<void>((resolve) => gates.push(resolve))),
    }
    const log = openAuditLog({ store: slow, vault, clock })
    const record = log.recorder(entry(1), { accountIds: [], keyIds: [] }, () => undefined)
    const first = record()
    while (gates.length === 0) await new Promise<void>((resolve) => setImmediate(resolve))
    let isRecorded = false
    const second = record().then(() => {
      isRecorded = true
    })
    gates.shift()?.()
    await first
    assert.equal(isRecorded, false)
    while (gates.length === 0) await new Promise<void>((resolve) => setImmediate(resolve))
    gates.shift()?.()
    await second
    assert.equal((await store.audit.from(1, 10)).length, 2)
  })
})

test('a failed commit fails its whole group, keeps the cause, and heals', async () => {
  await withStore(async (store) => {
    const fault = new BhorError('store_full', 'There is no space left.', { facts: { outcome: 'unknown' } })
    let isFull = true
    const log = openAuditLog({
      store: {
        ...store,
        appendAudit: (watch, append) => (isFull ? Promise.reject(fault) : store.appendAudit(watch, append)),
      },
      vault,
      clock,
    })
    const all = await Promise.allSettled([
      log.record(entry(1)),
      log.recorder(entry(2), { accountIds: [], keyIds: [] }, () => undefined)(),
    ])
    for (const one of all) {
      assert.equal(one.status, 'rejected')
      const error = (one as PromiseRejectedResult).reason as BhorError
      assert.equal(error.code, 'audit_unavailable')
      assert.equal(error.cause, fault)
      assert.equal(error.facts.outcome, 'unknown')
    }
    isFull = false
    await log.record(entry(3))
    assert.equal((await store.audit.head()).seq, 1)
  })
})

test('an entry that is no entry fails alone', async () => {
  await withStore(async (store) => {
    const log = openAuditLog({ store, vault, clock })
    const broken = { ...entry(1), actor: undefined } as unknown as Parameters<typeof log.record>[0]
    const [bad, good] = await Promise.allSettled([log.record(broken), log.record(entry(2))])
    assert.deepEqual([bad?.status, good?.status], ['rejected', 'fulfilled'])
  })
})

test('records in transactions and of their own make one chain; a rolled back one leaves no gap', async () => {
  await withStore(async (store) => {
    const log = openAuditLog({ store, vault, clock })
    const changes = Array.from({ length: 30 }, (_, index) =>
      index % 3 === 0
        ? store.transaction(async (tx) => {
            await log.within(tx, [entry(index), entry(index)])
            if (index % 2 === 0) throw new Error('rolled back')
          })
        : log.record(entry(index)),
    )
    await Promise.allSettled(changes)
    assert.deepEqual(await log.verify(), { intact: true, records: 30 })
    assert.deepEqual(
      (await log.latest(2)).map((record) => record.seq),
      [30, 29],
    )
  })
})

test('whatever stands in a record’s fields, the stored chain verifies', async () => {
  await withStore(async (store) => {
    const log = openAuditLog({ store, vault, clock })
    for (const text of ['\r\n', '\0', '\ud800', 'a\ud83d', '\u2028', '"\\', '__proto__', '10', '💛', '']) {
      const detail = { [text]: text, b: -0, a: 1e21 }
      await log.record(
        entry(1, { actor: { kind: 'broker', id: text }, accountId: text, account: text, detail }),
      )
    }
    assert.deepEqual(await log.verify(), { intact: true, records: 10 })
  })
})

test('verifying while records are appended finds no fault', async () => {
  await withStore(async (store) => {
    const log = openAuditLog({ store, vault, clock })
    await Promise.all(Array.from({ length: 1500 }, (_, index) => log.record(entry(index))))
    let pages = 0
    const busy: Store = {
      ...store,
      audit: {
        ...store.audit,
        async from(from, limit) {
          const page = await store.audit.from(from, limit)
          if (pages++ < 12) await openAuditLog({ store, vault, clock }).record(entry(from))
          return page
        },
      },
    }
    assert.ok((await openAuditLog({ store: busy, vault, clock }).verify()).intact)
  })
})

test('while the log is verified, others get their turn after each page', async () => {
  await withStore(async (store) => {
    const log = openAuditLog({ store, vault, clock })
    await Promise.all(Array.from({ length: 5000 }, (_, index) => log.record(entry(index))))
    let isDone = false
    let turns = 0
    let handOuts = 0
    const turn = () => {
      turns++
      if (!isDone) setImmediate(turn)
    }
    const handOut = async () => {
      for (; !isDone; handOuts++) await log.record(entry(handOuts))
    }
    setImmediate(turn)
    const others = handOut()
    const verdict = await log.verify()
    isDone = true
    await others
    assert.ok(verdict.intact)
    assert.ok(turns >= 50, `${turns} turns`)
    assert.ok(handOuts >= 20, `${handOuts} hand-outs`)
  })
})

test('tampering in the database file is found and named', async () => {
  const tampers: readonly (readonly [string, number, string])[] = [
    [`update audit set at_ms = at_ms + 1 where seq = 700`, 700, 'changed'],
    [`update audit set account_id = 'acc_9' where seq = 700`, 700, 'changed'],
    [`update audit set entry_json = replace(entry_json, 'personal', 'papa') where seq = 700`, 700, 'changed'],
    [`update audit set entry_json = '{' where seq = 700`, 700, 'changed'],
    [`update audit set entry_json = 'null' where seq = 700`, 700, 'changed'],
    [`update audit set mac = '' where seq = 700`, 700, 'changed'],
    [`delete from audit where seq = 700`, 700, 'missing'],
    [`delete from audit where seq >= 700`, 700, 'tail_cut'],
    [`delete from audit; update audit_head set seq = 0, mac = '', head_mac = ''`, 0, 'head_changed'],
    [
      `insert into audit select 1001, at_ms, account_id, entry_json, mac from audit where seq = 1000`,
      1001,
      'changed',
    ],
    [
      `delete from audit where seq > 600; update audit_head set seq = 600, mac = (select mac from audit where seq = 600)`,
      600,
      'head_changed',
    ],
  ]
  for (const [sql, seq, fault] of tampers) {
    await withStore(async (store, path) => {
      const log = openAuditLog({ store, vault, clock })
      await Promise.all(Array.from({ length: 1000 }, (_, index) => log.record(entry(index))))
      {
        using database = new DatabaseSync(path)
        database.exec(sql)
      }
      const verdict = await log.verify()
      assert.ok(!verdict.intact, sql)
      assert.deepEqual([verdict.seq, verdict.fault], [seq, fault], sql)
      if (fault === 'head_changed') {
        const next = log.record(entry(1))
        await assert.rejects(next, (error: BhorError) => (error.cause as BhorError).code === 'audit_broken')
      }
    })
  }
})

for (const isShared of [true, false]) {
  test(`whoever asks again while the end of the chain is waited for ${isShared ? 'joins the group, where others write too' : 'is in the next group, where nobody else writes'}`, async () => {
    await withStore(async (store) => {
      await store.transaction(async (tx) => {
        await tx.keys.insert(clientKey('key_1'))
        await tx.keys.insert(clientKey('key_2', { hash: 'h2' }))
      })
      const commits: number[] = []
      const gates: (() => void)[] = []
      const slow: Store = {
        ...store,
        isShared,
        async appendAudit(watch, append) {
          await new Promise<void>((resolve) => gates.push(resolve))
          await store.appendAudit(watch, append)
        },
      }
      const log = openAuditLog({ store: counting(slow, commits), vault, clock })
      const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
      const open = async () => {
        while (gates.length === 0) await turn()
        gates.shift()?.()
      }
      const byKey = (id: string) =>
        log.recorder(entry(1), { accountIds: [], keyIds: [id] }, ({ liveKeyIds }) =>
          liveKeyIds.has(id) ? undefined : new BhorError('key_invalid', 'This key was revoked.'),
        )
      const [one, two, gone, fresh] = [byKey('key_1'), byKey('key_2'), byKey('key_9'), byKey('key_2')]
      const first = Promise.allSettled([one(), two(), gone()])
      await open()
      await first
      const waiting = one()
      await turn()
      const later = Promise.allSettled([two(), gone(), log.record(entry(2)), fresh()])
      await open()
      await waiting
      assert.deepEqual(commits, isShared ? [3, 4] : [3, 1])
      await open()
      assert.deepEqual(
        (await later).map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
        'what was never watched waits, and nobody joins past what was read',
      )
      assert.deepEqual(commits, isShared ? [3, 4, 1] : [3, 1, 4])
      assert.deepEqual(await log.verify(), { intact: true, records: 8 })
    })
  })
}
