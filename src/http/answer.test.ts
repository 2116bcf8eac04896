import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInThisContext } from 'node:vm'
import { type Doors, openDoors } from '../../test/support/doors.ts'
import { addressesOf } from './addresses.ts'
import { rowOf } from './answer.ts'
import { doors as allDoors } from './doors.ts'
import { EventStreams } from './event-streams.ts'
import { HttpRequest } from './request.ts'
import { signInsOf } from './returns.ts'
import type { ListedRoute } from './routes/all.ts'
import { WrongKeys } from './wrong-keys.ts'

setFlagsFromString('--allow-natives-syntax')
const isFast = runInThisContext('(object) => %HasFastProperties(object)') as (object: unknown) => boolean

/** An object with a getter of its own is slow in V8, and what the getter holds on to stays until a whole collection. */
test('what a route is called with is an object of the fast kind', async () => {
  await using doors: Doors = await openDoors()
  const { app } = doors.world
  const calls: { request: HttpRequest }[] = []
  const route: ListedRoute = {
    method: 'GET',
    path: '/v1/accounts',
    right: 'status',
    summary: 'Keeps what it is called with.',
    query: { kind: 'Any.' },
    run: async (call) => void calls.push(call),
  }
  const addresses = addressesOf(app)
  const streams = new EventStreams(app.clock)
  const { answer } = rowOf(route, {
    app,
    ...signInsOf(app, addresses),
    addresses,
    streams,
    wrongKeys: new WrongKeys(app),
  })
  for (const search of ['', '?kind=access', '?kind=extended', '']) {
    const head = { method: 'GET', url: `/v1/accounts${search}`, rawHeaders: [] }
    await answer(new HttpRequest(allDoors.socket, head), {})
  }
  assert.equal(calls.length, 4)
  for (const call of calls) assert.ok(isFast(call) && isFast(call.request))
  const own = {
    get signal() {
      return calls
    },
  }
  assert.equal(isFast(own), false, 'the test sees what it is about')
})
