import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { freeName, nameFault } from './account-name.ts'

test('names that the rule allows have no fault', () => {
  for (const name of ['a', '7', 'papa', 'demo-2', 'a_b-c', 'x'.repeat(40)])
    assert.equal(nameFault(name), null, name)
})

test('each fault is told in its own words', () => {
  assert.match(nameFault('') ?? '', /short name/)
  assert.match(nameFault('Papa') ?? '', /small letters/)
  assert.match(nameFault('my papa') ?? '', /No spaces/)
  assert.match(nameFault('-papa') ?? '', /Start with/)
  assert.match(nameFault('x'.repeat(41)) ?? '', /At most 40/)
  assert.match(nameFault('पापा') ?? '', /Only a-z/)
  assert.match(nameFault('papa\n') ?? '', /No spaces/)
})

test('whatever has no fault obeys the rule, and the other way round', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 45 }), (name) => {
      assert.equal(nameFault(name) === null, /^[a-z0-9][a-z0-9_-]{0,39}$/.test(name))
    }),
  )
})

test('the sandbox takes the first free name', () => {
  assert.equal(freeName('demo', []), 'demo')
  assert.equal(freeName('demo', ['demo']), 'demo-2')
  assert.equal(freeName('demo', ['demo', 'demo-3', 'demo-2']), 'demo-4')
})
