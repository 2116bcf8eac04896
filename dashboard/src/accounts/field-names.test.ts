import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BrokerView, FieldView } from '../../../src/contracts/api.ts'
import { inputsOf, valuesOf } from './field-names.ts'

const field = (name: string): FieldView => ({ name, label: name, secret: false, help: '', optional: false })

test('each field of a broker has an input of its own, also where app and account call one alike', () => {
  const broker = {
    app: [field('pin')],
    account: [field('pin')],
    kept: [field('password')],
  } as Partial<BrokerView>
  const inputs = inputsOf(broker as BrokerView).map(([input]) => input)
  assert.deepEqual(inputs, ['app.pin', 'fields.pin', 'fields.password'])
  assert.deepEqual(inputsOf(undefined), [])
})

test('texts go where their input says, and what belongs to no broker stays out', () => {
  assert.deepEqual(valuesOf({ account: 'papa', 'app.pin': '1', 'fields.pin': '2' }), {
    app: { pin: '1' },
    fields: { pin: '2' },
  })
  assert.deepEqual(valuesOf({ account: 'papa', label: 'app.pin' }), {})
})
