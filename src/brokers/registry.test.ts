import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kite } from './kite/index.ts'
import { openRegistry } from './registry.ts'

const registry = openRegistry()

test('every listed broker loads, under its own id', async () => {
  assert.deepEqual(registry.ids(), ['kite', 'upstox'])
  for (const id of registry.ids()) assert.equal((await registry.load(id)).id, id)
})

test('an unknown broker is refused, naming the known ones', async () => {
  for (const id of ['', 'KITE', 'zerodha', '__proto__', 'constructor', '../kite/index']) {
    await assert.rejects(registry.load(id), (error) => {
      assert.ok(error instanceof Error && 'code' in error && 'hint' in error)
      assert.equal(error.code, 'broker_not_found')
      assert.match(`${error.message} ${error.hint}`, /kite, upstox/)
      return true
    })
  }
})

test('the name of an unknown broker is shown on one line, and short', async () => {
  await assert.rejects(registry.load(`a\u001b[31m\n${'b'.repeat(500)}`), (error) => {
    assert.ok(error instanceof Error)
    assert.ok(!error.message.includes('\n') && !error.message.includes('\u001b'))
    return error.message.length < 120
  })
})

test('the configuration adds brokers, and they are found by their ids', async () => {
  const demo = { ...kite, id: 'demo-broker' }
  const more = openRegistry({ configured: [demo] })
  assert.deepEqual(more.ids(), ['demo-broker', 'kite', 'upstox'])
  assert.equal(await more.load('demo-broker'), demo)
  assert.deepEqual(openRegistry({ builtIn: {} }).ids(), [])
})
