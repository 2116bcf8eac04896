import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseJson, tryParseJson } from './json.ts'

const strict = { strictFields: true }

test('what is JSON is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json(), (text) => assert.deepEqual(parseJson(text), JSON.parse(text))),
    { numRuns: 2000 },
  )
})

test('what is no JSON is refused with line and column, and never quoted', () => {
  const canary = 'SUPERSECRETVALUE'
  const broken = [
    `{"api_secret": ${canary}}`,
    `{"api_secret": "${canary}`,
    `${canary}`,
    `{"a":1}${canary}`,
    `{"a":1,\n "b": ${canary}}`,
    `["${canary}\n"]`,
    `{${canary}: 1}`,
    `{"a":"${canary}\\q"}`,
  ]
  for (const text of broken) {
    assert.throws(
      () => parseJson(text),
      (error: Error & { code: string; facts: { line: number; column: number } }) => {
        assert.equal(error.code, 'bad_json')
        assert.ok(
          !JSON.stringify([error.message, error.facts, error.stack, error.cause]).includes(
            canary.slice(0, 6),
          ),
        )
        assert.ok(error.facts.line >= 1 && error.facts.column >= 1)
        return true
      },
    )
    assert.equal(tryParseJson(text), undefined)
  }
  assert.throws(() => parseJson(`{"a":1,\n "b": ${canary}}`), /line 2, column 7/)
})

test('a field that is there twice is refused, however it is written and wherever it stands', () => {
  const twice = [
    '{"a":1,"a":2}',
    '{"a":1,"b":{"x":1},"a":2}',
    '{"x":{"a":1,"a":2}}',
    '[{"a":1},{"a":1,"a":1}]',
    '{"a":1,"\\u0061":2}',
    '{ "a" : [ {"b":[]} ] , "a" : 1}',
    '{"":1,"":2}',
    '{"__proto__":{}}',
    '{"\\u005f_proto__":{}}',
  ]
  for (const text of twice) {
    assert.throws(() => parseJson(text, strict), { code: 'duplicate_field' }, text)
    parseJson(text)
  }
  for (const text of [
    '{"a":"a","b":"a"}',
    '[{"a":1},{"a":2}]',
    '{"a":{"a":{"a":1}}}',
    '{"a":["a","a"],"b":"\\"a\\""}',
  ])
    parseJson(text, strict)
})

test('objects without twins pass, and any twin is found', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), (object) => {
      const { __proto__: _none, ...plain } = object
      const text = JSON.stringify(plain)
      const hasProto = text.includes('"__proto__"')
      if (!hasProto) assert.deepEqual(parseJson(text, strict), JSON.parse(text))
      const [name] = Object.keys(plain)
      if (name === undefined) return
      const twin = `${text.slice(0, -1)},${JSON.stringify(name)}:0}`
      assert.throws(() => parseJson(twin, strict), { code: 'duplicate_field' })
    }),
    { numRuns: 1000 },
  )
})

test('nesting has an end, brackets in texts do not count, and a million of them are no crash', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  parseJson(nested(64))
  assert.throws(() => parseJson(nested(65)), { code: 'too_deep' })
  assert.throws(() => parseJson('['.repeat(1_000_000)), { code: 'too_deep' })
  parseJson(nested(3), { maxDepth: 3 })
  assert.throws(() => parseJson(nested(4), { maxDepth: 3 }), { code: 'too_deep' })
  parseJson(JSON.stringify('['.repeat(500)))
  parseJson(JSON.stringify({ a: '{"[\\"'.repeat(100) }), { maxDepth: 1 })
})
