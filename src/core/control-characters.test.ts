import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  controlsEscaped,
  dataWithoutControls,
  hasControls,
  linesWithoutControls,
  withoutControls,
} from './control-characters.ts'

const nasty = fc.string({ unit: 'binary', maxLength: 60 })

test('what a terminal would obey is found and taken out, wherever it stands', () => {
  for (const control of [
    ...['\u0000', '\u0007', '\u001b', '\r', '\u007f', '\u0085', '\u009b', '\u00ad', '\u061c', '\u200b'],
    ...['\u200f', '\u2028', '\u202e', '\u2066', '\ufeff', '\u{e0041}'],
  ]) {
    for (const text of [control, `${control}a`, `a${control}b`, `a${control}${control}`]) {
      assert.ok(hasControls(text))
      assert.equal(hasControls(withoutControls(text)), false)
      assert.equal(hasControls(linesWithoutControls(text)), false)
    }
  }
  assert.equal(linesWithoutControls('a\n\tb\u001b[31mc'), 'a\n\tb [31mc')
  assert.deepEqual(dataWithoutControls({ 'a\u0007': ['\u001bb', 1, null, { c: 'd\n' }] }), {
    'a ': [' b', 1, null, { c: 'd ' }],
  })
})

test('names of people stay as they are', () => {
  for (const name of ['मेरा खाता', 'क्‍ष', 'ശ്രീ‌മാൻ', 'Zoë Ångström', '💛 papa 👨‍👩‍👧', 'a – b'])
    assert.deepEqual([hasControls(name), withoutControls(name)], [false, name])
})

test('escaped JSON says the same in one line that can be looked at', () => {
  fc.assert(
    fc.property(nasty, nasty, (name, value) => {
      const json = controlsEscaped(JSON.stringify({ [name]: value }))
      assert.equal(hasControls(json), false)
      assert.deepEqual(JSON.parse(json), { [name]: value })
    }),
    { numRuns: 2_000 },
  )
})
