import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { valueAt, withValue } from './json-text.ts'

const file = `{
  "type": "kite",
  "api_secret": "old",   "big": 12345678901234567890,
  "nested": { "list": [1.0, {"deep": "x"}], "empty": {} },
  "text": "a \\"}{[,: é"
}
`

test('one value is set, and every other character stays', () => {
  assert.equal(withValue(file, ['api_secret'], 'new'), file.replace('"old"', '"new"'))
  const deep = withValue(file, ['nested', 'list', 1, 'deep'], 'y "z"')
  assert.equal(deep, file.replace('"x"', '"y \\"z\\""'))
  assert.equal(valueAt(deep, ['nested', 'list', 1, 'deep']), 'y "z"')
  assert.equal(withValue(`\ufeff${file}`, ['type'], 'x'), `\ufeff${file.replace('"kite"', '"x"')}`)
})

test('what is missing is added at the end, as the members before it are laid out', () => {
  assert.equal(withValue('{\n\t"a": 1\n}', ['b'], 2), '{\n\t"a": 1,\n\t"b": 2\n}')
  assert.equal(withValue('{"a":1}', ['b', 'c'], 2), '{"a":1, "b": {"c":2}}')
  assert.equal(withValue('{}', ['b'], 2), '{ "b": 2 }')
  assert.equal(valueAt(withValue(file, ['nested', 'empty', 'x'], [1]), ['nested', 'empty', 'x', 0]), 1)
})

test('what is no JSON, or says a thing twice, is refused and not guessed at', () => {
  for (const text of ['{"a": 1', '{"a": 1, "a": 2}', 'a=1', '{"a": 1} x'])
    assert.throws(() => withValue(text, ['a'], 2), { name: 'BhorError' }, text)
})

test('for any object: the value is there, and everything else is what it was', () => {
  const json = fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('__proto__'))
  const name = fc.string().filter((text) => text !== '__proto__')
  fc.assert(
    fc.property(fc.dictionary(name, json), name, fc.string(), fc.nat(4), (object, key, value, indent) => {
      const before = JSON.stringify(object, null, indent)
      const after = JSON.parse(withValue(before, [key], value)) as object
      assert.deepEqual({ ...after }, { ...(JSON.parse(before) as object), [key]: value })
    }),
  )
})
