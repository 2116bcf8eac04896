import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { auditMac, ready, recordOf } from '../../test/suites/audit/samples.ts'
import { type AuditHead, type AuditRecord, type AuditVerdict, auditHeadText } from '../contracts/audit.ts'
import { link, verifyChain } from './chain.ts'

const empty = { seq: 0, mac: '', inventory: '' }
const start: AuditHead = { ...empty, headMac: auditMac(auditHeadText(empty)) }
const size = 200
const upTo = (last: number, first = 1) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index)

/** A chain of the entries with these numbers, as it is read again. */
function chained(
  from: AuditHead,
  numbers: readonly number[],
  mac = auditMac,
): { records: AuditRecord[]; head: AuditHead } {
  const { links, head } = link(from, numbers.map(ready), mac)
  return { records: links.map((one, index) => recordOf(numbers[index] as number, one)), head }
}
const whole = chained(start, upTo(size))

const verify = (records: readonly AuditRecord[], head = whole.head): Promise<AuditVerdict> =>
  verifyChain(records, () => head, { auditMac })
const renumbered = (records: readonly AuditRecord[]) =>
  records.map((record, index) => ({ ...record, seq: index + 1 }))
const at = (seq: number) => whole.records[seq - 1] as AuditRecord
const without = (seq: number) => whole.records.filter((record) => record.seq !== seq)
const put = (position: number, record: AuditRecord) => whole.records.toSpliced(position - 1, 0, record)

async function finds(
  records: readonly AuditRecord[],
  seq: number,
  faults: readonly string[],
  head?: AuditHead,
): Promise<void> {
  const verdict = await verify(records, head)
  assert.ok(!verdict.intact)
  assert.equal(verdict.seq, seq)
  assert.ok(faults.includes(verdict.fault), `${verdict.fault} is not ${faults.join(' or ')}`)
}

test('a chain that was only written is intact, however its links were grouped', async () => {
  assert.deepEqual(await verify(whole.records), { intact: true, records: size })
  assert.deepEqual(await verify([], start), { intact: true, records: 0 })
  let head = start
  const records: AuditRecord[] = []
  for (let next = 1; next <= size; ) {
    const group = upTo(Math.min(2 * next - 1, size), next)
    const part = chained(head, group)
    records.push(...part.records)
    head = part.head
    next += group.length
  }
  assert.deepEqual({ records, head }, whole)
})

test('an edit of any field of any record is found at that record', async () => {
  const edits: readonly ((record: AuditRecord) => AuditRecord)[] = [
    (r) => ({ ...r, atMs: r.atMs + 1 }),
    (r) => ({ ...r, actor: { ...r.actor, kind: 'operator' } }),
    (r) => ({ ...r, actor: { ...r.actor, id: 'key_2' } }),
    (r) => ({ ...r, action: 'session.probe' }),
    (r) => ({ ...r, accountId: 'acc_9' }),
    ({ accountId: _gone, ...r }) => r,
    (r) => ({ ...r, account: 'papa' }),
    (r) => ({ ...r, result: 'refused' }),
    (r) => ({ ...r, code: 'internal' }),
    ({ detail: _gone, ...r }) => r,
    (r) => ({ ...r, detail: { ...r.detail, number: String(r.seq) } }),
    (r) => ({ ...r, detail: { ...r.detail, more: true } }),
    (r) => ({ ...r, mac: `A${r.mac.slice(1)}` === r.mac ? `B${r.mac.slice(1)}` : `A${r.mac.slice(1)}` }),
    (r) => ({ ...r, mac: '' }),
  ]
  for (let seq = 1; seq <= size; seq++) {
    for (const edit of edits) await finds(whole.records.with(seq - 1, edit(at(seq))), seq, ['changed'])
  }
})

test('a deleted record is found, with and without renumbering', async () => {
  for (let seq = 1; seq < size; seq++) {
    await finds(without(seq), seq, ['missing'])
    await finds(renumbered(without(seq)), seq, ['changed'])
  }
})

test('an inserted record is found, with and without renumbering', async () => {
  for (let seq = 1; seq <= size; seq++) {
    const forged = { ...at(seq), account: 'nobody' }
    await finds(renumbered(put(seq, forged)), seq, ['inserted'])
    await finds(put(seq, forged), seq, ['inserted'])
  }
})

test('a record given twice is found, anywhere', async () => {
  for (let seq = 1; seq < size; seq++) {
    await finds(renumbered(put(seq + 1, at(seq))), seq + 1, ['inserted'])
    await finds(put(seq + 1, at(seq)), seq + 1, ['inserted'])
    await finds([...whole.records, at(seq)], size + 1, ['inserted'])
  }
})

test('records that changed places are found at the first of them', async () => {
  for (let seq = 1; seq < size; seq++) {
    const swapped = whole.records.with(seq - 1, at(seq + 1)).with(seq, at(seq))
    await finds(swapped, seq, ['out_of_order'])
    await finds(renumbered(swapped), seq, ['out_of_order'])
    const far = ((seq + 57) % size) + 1
    const low = Math.min(seq, far)
    const distant = whole.records.with(seq - 1, at(far)).with(far - 1, at(seq))
    await finds(renumbered(distant), low, ['changed', 'out_of_order'])
  }
})

test('a tail cut at any place is found by the end', async () => {
  for (let kept = 0; kept < size; kept++) {
    const cut = whole.records.slice(0, kept)
    await finds(cut, kept + 1, ['tail_cut'])
    const forged = { ...whole.head, seq: kept, mac: cut.at(-1)?.mac ?? '' }
    await finds(cut, kept, ['head_changed'], forged)
    await finds(cut, kept, ['head_changed'], { ...forged, headMac: '' })
  }
})

test('without the key no tail is cut, nothing is stamped anew or grown to the same length unseen, at any place', async (t) => {
  const length = process.env.LONG_TESTS === '1' ? 1_000 : 150
  const all = chained(start, upTo(length))
  /** Of somebody who can write the database and has another key. */
  const ownMac = (text: string) => auditMac(`mine ${text}`)
  let tries = 0
  const found = async (records: readonly AuditRecord[], head: AuditHead, seq: number) => {
    const verdict = await verify(records, head)
    assert.ok(!verdict.intact, `${seq}`)
    assert.ok(verdict.seq <= seq, `${verdict.seq} is not up to ${seq}`)
    tries++
  }
  for (let kept = 0; kept < length; kept++) {
    const before = all.records.slice(0, kept)
    const last = { ...all.head, seq: kept, mac: before.at(-1)?.mac ?? '' }
    const end = { ...last, headMac: ownMac(auditHeadText(last)) }
    await found(before, all.head, kept + 1)
    await found(before, end, kept + 1)
    const grown = chained(end, upTo(length, kept + 1), ownMac)
    await found([...before, ...grown.records], all.head, kept + 1)
    await found([...before, ...grown.records], grown.head, kept + 1)
  }
  t.diagnostic(`test 57: ${length} records, ${tries} ways to cut, stamp anew and regrow them, ${tries} found`)
})

test('a changed or older end is found', async () => {
  const { head } = whole
  await finds(whole.records, size + 1, ['head_changed'], { ...head, seq: size + 1 })
  await finds(whole.records, size, ['head_changed'], { ...head, mac: 'x' })
  await finds(whole.records, size, ['head_changed'], { ...head, headMac: 'x' })
  await finds(whole.records, 0, ['head_changed'], start)
  const older = chained(start, upTo(5)).head
  await finds(whole.records, 5, ['head_changed'], older)
})

test('a sound record of another course of the same log does not fit, at any place', async () => {
  const { records, head } = chained(start, [500, ...upTo(size, 2)])
  assert.deepEqual(await verify(records, head), { intact: true, records: size })
  for (let seq = 2; seq <= size; seq++)
    await finds(whole.records.with(seq - 1, records[seq - 1] as AuditRecord), seq, ['changed'])
})

test('nobody goes on from an end that was changed', () => {
  for (const head of [
    { ...empty, headMac: '' },
    { ...start, seq: 1 },
    { ...whole.head, seq: 3 },
    { ...whole.head, headMac: start.headMac },
  ]) {
    assert.throws(() => link(head, [ready(1)], auditMac), { code: 'audit_broken' })
  }
})

test('any mixture of tampering is found at or before its first place', async () => {
  const operation = fc.record({
    kind: fc.constantFrom('edit', 'delete', 'insert', 'duplicate', 'swap'),
    seq: fc.integer({ min: 1, max: size - 1 }),
    other: fc.integer({ min: 1, max: size }),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(operation, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      async (operations, renumber) => {
        let records = [...whole.records]
        for (const { kind, seq, other } of operations) {
          const index = Math.min(seq, records.length) - 1
          const one = records[index] as AuditRecord
          if (kind === 'edit') records[index] = { ...one, result: one.result === 'ok' ? 'failed' : 'ok' }
          if (kind === 'delete') records.splice(index, 1)
          if (kind === 'insert') records.splice(index, 0, { ...one, detail: { forged: other } })
          if (kind === 'duplicate') records.splice(Math.min(other, records.length), 0, one)
          if (kind === 'swap')
            [records[index], records[other % records.length]] = [
              records[other % records.length] as AuditRecord,
              one,
            ]
        }
        if (renumber) records = renumbered(records)
        const firstOdd = records.findIndex((record, index) => {
          const { seq: _n, ...rest } = record
          const { seq: _m, ...original } = whole.records[index] ?? record
          return (
            index >= size || JSON.stringify(rest) !== JSON.stringify(original) || record.seq !== index + 1
          )
        })
        const verdict = await verify(records)
        if (firstOdd < 0 && records.length === size) return assert.ok(verdict.intact)
        assert.ok(!verdict.intact)
        if (firstOdd >= 0) assert.equal(verdict.seq, firstOdd + 1)
      },
    ),
    { numRuns: 400 },
  )
})
