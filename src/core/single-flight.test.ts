import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SingleFlight } from './single-flight.ts'

test('callers with one key share one piece of work, others have their own', async () => {
  const flights = new SingleFlight<number>()
  let runs = 0
  const work = async () => {
    const run = ++runs
    await new Promise((resolve) => setImmediate(resolve))
    return run
  }
  const results = await Promise.all([
    ...Array.from({ length: 1000 }, () => flights.run('a', work)),
    flights.run('b', work),
  ])
  assert.equal(runs, 2)
  assert.deepEqual([...new Set(results)].sort(), [1, 2])
  assert.equal(await flights.run('a', work), 3, 'a finished one is not remembered')
})

test('a failure reaches everybody who waits, and nobody after', async () => {
  const flights = new SingleFlight<string>()
  const failing = () => Promise.reject(new Error('broken'))
  const results = await Promise.allSettled([
    flights.run('a', failing),
    flights.run('a', async () => 'unused'),
  ])
  assert.deepEqual(
    results.map((r) => r.status),
    ['rejected', 'rejected'],
  )
  assert.equal(await flights.run('a', async () => 'good'), 'good')
})
