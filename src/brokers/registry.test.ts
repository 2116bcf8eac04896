import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brokerIds, loadBroker } from './registry.ts'

test('every listed broker loads, under its own id', async () => {
  assert.deepEqual(brokerIds, ['kite', 'upstox'])
  for (const id of brokerIds) assert.equal((await loadBroker(id)).id, id)
})

test('an unknown broker is refused, naming the known ones', async () => {
  for (const id of ['', 'KITE', 'zerodha', '__proto__', 'constructor', '../kite/index']) {
    await assert.rejects(loadBroker(id), (error) => {
      assert.ok(error instanceof Error && 'code' in error && 'hint' in error)
      assert.equal(error.code, 'broker_not_found')
      assert.match(`${error.message} ${error.hint}`, /kite, upstox/)
      return true
    })
  }
})

test('the name of an unknown broker is shown on one line, and short', async () => {
  await assert.rejects(loadBroker(`a\u001b[31m\n${'b'.repeat(500)}`), (error) => {
    assert.ok(error instanceof Error)
    assert.ok(!error.message.includes('\n') && !error.message.includes('\u001b'))
    return error.message.length < 120
  })
})
