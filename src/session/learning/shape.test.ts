import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { shapeOf } from './shape.ts'

const nobody = () => false

test('the shape of an answer: names of fields and types, a line each', () => {
  const answer = {
    status: 'success',
    data: [
      {
        tradingsymbol: 'INFY',
        quantity: 5,
        average_price: 1500.5,
        t1_quantity: 0,
        mtf: null,
        at: '2026-11-24 09:15:00',
      },
      {
        tradingsymbol: 'TCS',
        quantity: '5',
        isin: '',
        orderTypes: ['MARKET'],
        is_open: true,
        tags: [],
        meta: {},
      },
    ],
  }
  assert.deepEqual(shapeOf(answer, nobody), [
    'data[].at: day or time in text',
    'data[].average_price: number',
    'data[].is_open: boolean',
    'data[].isin: empty text',
    'data[].meta: empty object',
    'data[].mtf: null',
    'data[].orderTypes[]: text',
    'data[].quantity: number in text or whole number',
    'data[].t1_quantity: whole number',
    'data[].tags: empty list',
    'data[].tradingsymbol: text',
    'status: text',
  ])
  assert.deepEqual(
    [shapeOf('', nobody), shapeOf([], nobody)],
    [['all of it: empty text'], ['all of it: empty list']],
  )
})

test('names that are no field’s are one line for all: instruments, segments, what is private', () => {
  const data = {
    'NSE:INFY': { ltp: 1 },
    NSE: { ltp: 2 },
    AB1234: 3,
    'papa@example.com': 4,
    secretword: 5,
    ok: 6,
  }
  assert.deepEqual(
    shapeOf(data, (name) => name === 'secretword'),
    ['*.ltp: whole number', '*: whole number', 'ok: whole number'],
  )
})

test('whatever the answer: no value of it, no end to it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), fc.stringMatching(/^[A-Z0-9]{12}$/), (value, planted) => {
      const lines = shapeOf({ value, [planted]: [planted, { deep: planted }] }, nobody)
      assert.ok(lines.length <= 400 && lines.every((line) => !line.includes(planted)))
    }),
  )
  let deep: unknown = 1
  for (let depth = 0; depth < 10_000; depth++) deep = [deep]
  assert.equal(shapeOf(deep, nobody).length, 1)
})
