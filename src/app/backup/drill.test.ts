import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openWorld } from '../../../test/support/world.ts'
import { fullRights } from '../../session/ground/rights.ts'

const passphrase = 'six random words for the backup'
// Of its own, since other tests try backups out, too.
process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'bhor-drills-'))
process.once('exit', () => rmSync(tmpdir(), { recursive: true, force: true }))
const drillsLeft = () => readdirSync(tmpdir()).filter((name) => name.startsWith('bhor-check-'))

test('a backup is tried out beside a running bhor: what was found is told and remembered, and nothing else changes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bhor-drill-'))
  try {
    const file = join(folder, 'passphrase')
    writeFileSync(file, passphrase, { mode: 0o600 })
    const place = { BHOR_BACKUP_DIR: join(folder, 'backups'), BHOR_BACKUP_PASSPHRASE_FILE: file }
    await using world = await openWorld({ env: place })
    const drill = (wish: Parameters<typeof world.app.backups.drill>[1] = {}) =>
      world.app.backups.drill(world.app.operator, wish)
    await assert.rejects(drill(), { code: 'not_found' })
    await world.addAccount()
    await world.logIn('demo')
    await world.app.backups.daily()
    const { last } = await world.app.backups.state(world.app.operator)
    const { records } = (await world.app.desk.audit.verify(world.app.operator)) as { records: number }

    // The last one, with the passphrase that it was made with.
    const { drilling, drilled } = await drill()
    assert.equal(drilling, null)
    assert.equal(drilled?.path, last?.path)
    assert.deepEqual(drilled?.found, {
      at: last?.at,
      bhor: drilled?.found?.bhor,
      rows: last?.rows,
      // What the backup itself left in the record came later.
      records: records - 1,
      isIntact: true,
    })
    const afterwards = await world.app.desk.audit.verify(world.app.operator)
    assert.deepEqual(afterwards, { intact: true, records: records + 1 }, 'only that it was tried out')

    const path = last?.path ?? ''
    await assert.rejects(drill({ path, passphrase: 'some other words than those' }), {
      code: 'backup_passphrase_wrong',
    })
    const wrong = (await world.app.backups.state(world.app.operator)).drilled
    assert.deepEqual([wrong?.found, wrong?.failure?.code], [null, 'backup_passphrase_wrong'])

    const cut = join(folder, 'cut.backup')
    writeFileSync(cut, readFileSync(path).subarray(0, -5))
    await assert.rejects(drill({ path: cut }), { code: 'backup_truncated' })
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    for (const foreign of [pipe, folder, join(folder, 'nothing'), file])
      await assert.rejects(drill({ path: foreign }), { code: 'backup_foreign' }, foreign)
    await assert.rejects(drill({ path: 'one.backup' }), { code: 'bad_field' })
    const both = await Promise.allSettled([drill(), drill()])
    assert.deepEqual(
      both.map((each) => (each.status === 'fulfilled' ? 'done' : (each.reason as { code: string }).code)),
      ['done', 'store_busy'],
    )
    await assert.rejects(world.app.backups.drill(fullRights('key', 'key_1'), {}), { code: 'scope_missing' })
    assert.deepEqual(drillsLeft(), [], 'nothing is left')
    const told = (await world.app.desk.audit.list(world.app.operator, { limit: 50 })).filter(
      ({ action }) => action === 'store.drill',
    )
    assert.equal(told.filter(({ result }) => result === 'ok').length, 2)
    assert.ok(told.some(({ code }) => code === 'backup_passphrase_wrong'))
    assert.ok(!JSON.stringify(told).includes('words'))
    await world.restart()
    assert.equal((await world.app.backups.state(world.app.operator)).drilled?.found?.isIntact, true)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('without a passphrase of its own one has to be given', async () => {
  await using world = await openWorld()
  const { backups, operator } = world.app
  const path = join(world.home, 'one.backup')
  await backups.make(operator, { path, passphrase })
  await assert.rejects(backups.drill(operator, {}), { code: 'bad_field', facts: { field: 'passphrase' } })
  const { drilled } = await backups.drill(operator, { passphrase })
  assert.equal(drilled?.found?.isIntact, true)
})
