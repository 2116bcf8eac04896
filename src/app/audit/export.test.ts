import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { type Domain, newHome, openDomain, operator } from '../../../test/support/domain.ts'
import { type Blow, Effects } from '../../../test/support/effects.ts'
import type { AuditRecord } from '../../contracts/audit.ts'
import { ManualClock } from '../../core/clock.ts'
import { iso } from '../../core/instant.ts'
import { fullRights } from '../../session/ground/rights.ts'
import { type Simulator, startSimulator } from '../../simulator/index.ts'
import { exportAudit, pruneAudit } from './export.ts'

const yearMs = 366 * 24 * 3_600_000
const clock = new ManualClock('2026-11-23T03:00:00Z')
let simulator: Simulator
before(async () => {
  simulator = await startSimulator({ port: 0, clock, rateLimits: false })
})
after(() => simulator.close())

function newFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'bhor-export-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
const open = (home: string, effects?: Effects) =>
  openDomain({ home, clock, simulator, ...(effects ? { wrap: (store) => effects.store(store) } : {}) })

/** Two years of records: `old` ones before, and some after. @returns the time in between */
async function livedIn({ desk, context }: Domain, old = 30): Promise<number> {
  const record = (count: number) =>
    Promise.all(
      Array.from({ length: count }, () =>
        context.audit.record({
          atMs: context.clock.nowMs(),
          actor: operator.actor,
          action: 'desk.sign_in',
          result: 'ok',
        }),
      ),
    )
  await desk.accounts.add(operator, { account: 'demo', broker: 'kite', kind: 'sandbox' })
  await record(old)
  await clock.advance(yearMs)
  const betweenMs = clock.nowMs()
  await record(5)
  await clock.advance(60_000)
  return betweenMs
}

const seqs = async ({ store }: Domain) => (await store.audit.from(1, 10_000)).map(({ seq }) => seq)

test('exported with a signed checkpoint, then pruned up to it and no further; the rest is whole and says so', async () => {
  using home = newHome()
  using folder = newFolder()
  const path = join(folder.path, 'audit.jsonl')
  await using domain = await open(home.home)
  const betweenMs = await livedIn(domain, 1_200)
  const { context, desk } = domain
  const all = await seqs(domain)
  await pruneAudit(context, clock.nowMs())
  assert.deepEqual(await seqs(domain), all, 'what was not exported stays')
  await assert.rejects(
    exportAudit({ context, home: home.home }, fullRights('key', 'key_1'), { path, before: iso(betweenMs) }),
    {
      code: 'scope_missing',
    },
  )
  await assert.rejects(
    exportAudit({ context, home: home.home }, operator, { path, before: '2020-01-01T00:00:00Z' }),
    {
      code: 'not_found',
    },
  )
  await assert.rejects(exportAudit({ context, home: home.home }, operator, { path, before: 'yesterday' }), {
    code: 'bad_field',
  })
  const exported = await exportAudit({ context, home: home.home }, operator, { path, before: iso(betweenMs) })
  assert.equal(exported.from, 1)
  assert.ok(exported.records >= 1_200 && exported.upTo === exported.records)
  assert.deepEqual([readdirSync(folder.path), statSync(path).mode & 0o777], [['audit.jsonl'], 0o600])
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  const records = lines.slice(0, -1).map((line) => JSON.parse(line) as AuditRecord)
  assert.deepEqual(records, await domain.store.audit.from(1, exported.upTo))
  const { checkpoint, sign } = JSON.parse(lines.at(-1)!) as {
    checkpoint: Record<string, unknown>
    sign: string
  }
  assert.equal(checkpoint.mac, records.at(-1)?.mac)
  assert.equal(
    checkpoint.sha256,
    createHash('sha256')
      .update(`${lines.slice(0, -1).join('\n')}\n`)
      .digest('hex'),
  )
  assert.equal(sign, context.vault.auditMac(JSON.stringify(['bhor-audit-export', checkpoint])))
  assert.deepEqual((await seqs(domain)).slice(0, all.length), all, 'an export prunes nothing')

  await pruneAudit(context, clock.nowMs() - 2 * yearMs)
  assert.deepEqual((await seqs(domain)).slice(0, all.length), all, 'nor does what is not old enough')
  await pruneAudit(context, clock.nowMs())
  assert.equal((await seqs(domain))[0], exported.upTo + 1)
  const verdict = await desk.audit.verify(operator)
  assert.deepEqual([verdict.intact, verdict.intact && verdict.prunedUpTo], [true, exported.upTo])
  await desk.accounts.edit(operator, 'demo', { label: 'Demo' })
  await domain.store.inspect()
  assert.equal(domain.store.rollback(), undefined)
  const second = join(folder.path, 'second.jsonl')
  await clock.advance(60_000)
  const later = await exportAudit({ context, home: home.home }, operator, {
    path: second,
    before: iso(clock.nowMs()),
  })
  assert.equal(later.from, exported.upTo + 1, 'the next one goes on where this one ended')
})

test('the page writes where bhor says, and never over a file', async () => {
  using home = newHome()
  await using domain = await open(home.home)
  const betweenMs = await livedIn(domain)
  const { context } = domain
  const means = { context, home: home.home }
  const page = { ...fullRights('desk', 'tab'), freshUntilMs: clock.nowMs() + 1 }
  const before = iso(betweenMs)
  for (const wish of [
    { before, path: join(home.home, 'x.jsonl') },
    { before, replace: true },
  ])
    await assert.rejects(exportAudit(means, page, wish), { code: 'scope_missing' })
  await assert.rejects(exportAudit(means, { ...page, freshUntilMs: 0 }, { before }), {
    code: 'confirmation_needed',
  })
  const { path, records } = await exportAudit(means, page, { before })
  assert.match(path, /\/exports\/audit-before-\d{8}-\d{6}\.jsonl$/)
  assert.equal(path.startsWith(home.home), true)
  assert.deepEqual([statSync(path).mode & 0o777, statSync(join(path, '..')).mode & 0o777], [0o600, 0o700])
  assert.equal(readFileSync(path, 'utf8').split('\n').length, records + 2)
  await assert.rejects(exportAudit(means, page, { before }), { code: 'output_exists' })
})

test('nobody but bhor moves the start of the chain', async () => {
  using home = newHome()
  using folder = newFolder()
  let upTo: number
  {
    await using domain = await open(home.home)
    const betweenMs = await livedIn(domain)
    const { context } = domain
    ;({ upTo } = await exportAudit({ context, home: home.home }, operator, {
      path: join(folder.path, 'a'),
      before: iso(betweenMs),
    }))
    await pruneAudit(context, clock.nowMs())
  }
  const attacks = [
    `delete from meta where name = 'audit.start'`,
    `update meta set value = (select value from meta where name = 'audit.exported') where name = 'audit.start'`,
    `update meta set value = replace(value, '"seq":${upTo}', '"seq":${upTo + 1}') where name = 'audit.start'; delete from audit where seq = ${upTo + 1}`,
    `delete from audit where seq = ${upTo + 1}`,
  ]
  for (const sql of attacks) {
    using copy = newHome(home.home)
    {
      using raw = new DatabaseSync(join(copy.home, 'bhor.db'))
      raw.exec(sql)
    }
    await using domain = await open(copy.home)
    const verdict = await domain.desk.audit.verify(operator)
    assert.equal(verdict.intact, false, sql)
  }
})

for (const blow of ['crash', 'error'] satisfies Blow[]) {
  test(`${blow} at every effect of an export and a pruning: no record is lost`, async (t) => {
    using template = newHome()
    let betweenMs: number
    {
      await using domain = await open(template.home)
      betweenMs = await livedIn(domain, 600)
    }
    let points = 0
    for (let at = 0; at === 0 || at <= points; at++) {
      using home = newHome(template.home)
      using folder = newFolder()
      const path = join(folder.path, 'audit.jsonl')
      const effects = new Effects()
      let before: readonly AuditRecord[]
      {
        await using domain = await open(home.home, effects)
        before = await domain.store.audit.from(1, 10_000)
        effects.arm(at === 0 ? undefined : at, blow)
        try {
          await exportAudit({ context: domain.context, home: home.home }, operator, {
            path,
            before: iso(betweenMs),
          })
          await pruneAudit(domain.context, clock.nowMs())
        } catch (error) {
          if (at === 0) throw error
        }
        effects.disarm()
      }
      if (at === 0) points = effects.points.length
      await using domain = await open(home.home)
      const kept = await domain.store.audit.from(1, 10_000)
      const filed = readdirSync(folder.path).includes('audit.jsonl')
        ? readFileSync(path, 'utf8')
            .split('\n')
            .slice(0, -2)
            .map((line) => JSON.parse(line) as AuditRecord)
        : []
      const there = new Set([...kept, ...filed].map(({ seq, mac }) => `${seq} ${mac}`))
      for (const { seq, mac } of before)
        assert.ok(there.has(`${seq} ${mac}`), `${effects.points[at - 1]}: record ${seq} is lost`)
      const verdict = await domain.desk.audit.verify(operator)
      assert.equal(verdict.intact, true, `${effects.points[at - 1]}`)
      await pruneAudit(domain.context, clock.nowMs())
      assert.equal((await domain.desk.audit.verify(operator)).intact, true)
    }
    assert.ok(points >= 10)
    t.diagnostic(`${points} ${blow} points, 0 records lost`)
  })
}
