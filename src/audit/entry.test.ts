import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { entry } from '../../test/suites/audit/samples.ts'
import type { AuditEntry } from '../contracts/audit.ts'
import { entryText, recordLine, settled } from './entry.ts'

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '\r\n',
    '\n{"seq":2}',
    '\u2028',
    '\u2029',
    '\u0085',
    '\u001b[2J',
    '"',
    '\\',
    '\0',
    '\ud800',
    '\u202e',
    '\u007f',
    '\v\f',
  ),
)

/** What a store gives back: the account's id has a column of its own, in UTF-8; the rest is JSON. */
function stored(one: AuditEntry): AuditEntry {
  const { accountId, ...others } = one
  const kept = accountId === undefined ? {} : { accountId: Buffer.from(accountId, 'utf8').toString('utf8') }
  return { ...JSON.parse(JSON.stringify(others)), ...kept }
}

test('whatever stands in a field, a record is one line of JSON and is read again as it was linked', () => {
  fc.assert(
    fc.property(nasty, nasty, nasty, nasty, (id, account, name, value) => {
      const kept = settled(
        entry(1, {
          actor: { kind: 'key', id },
          accountId: account,
          account,
          detail: { [name]: value, a: 1 },
        }),
      )
      const line = recordLine({ ...kept, seq: 1, mac: 'm' })
      assert.equal(line.split(/[\r\n\v\f\u0085\u2028\u2029]/).length, 1)
      assert.equal(/\p{Cc}/u.test(line), false)
      assert.deepEqual(JSON.parse(line), { ...kept, seq: 1, mac: 'm' })
      assert.equal(entryText(stored(kept)), entryText(kept))
      assert.equal(JSON.stringify(kept).includes('\\u0000'), false)
    }),
    { numRuns: 2_000 },
  )
})

test('a megabyte in every field stays one line', () => {
  const long = '\n\u2028"'.repeat(350_000)
  const kept = settled(entry(1, { actor: { kind: 'key', id: long }, account: long, detail: { long } }))
  assert.equal(recordLine({ ...kept, seq: 1, mac: 'm' }).split(/[\r\n\u2028\u2029]/).length, 1)
})

test('different entries have different texts', () => {
  const texts = [
    entry(1),
    entry(1, { account: 'null' }),
    entry(1, { actor: { kind: 'key', id: '' } }),
    entry(1, { detail: { number: '1', kind: 'access', isShort: false } }),
    entry(1, { detail: { number: 1, kind: 'access', isShort: 'false' } }),
    entry(1, { detail: {} }),
  ].map((one) => entryText(settled(one)))
  const { detail: _none, ...bare } = entry(1)
  texts.push(entryText(settled(bare)))
  assert.equal(new Set(texts).size, texts.length)
})

test('an entry is settled when it is given: later changes, unknown fields and odd numbers do not matter', () => {
  const detail: Record<string, number | string> = { b: Number.NaN, a: Number.POSITIVE_INFINITY, c: -0 }
  const given = { ...entry(1), detail, unknown: 'field' }
  const kept = settled(given)
  detail.d = 'later'
  assert.deepEqual(kept, { ...entry(1), detail: { a: 'Infinity', b: 'NaN', c: -0 } })
  assert.equal(entryText(stored(kept)), entryText(kept))
})
