import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInThisContext } from 'node:vm'
import { type Doors, openDoors } from '../../test/support/doors.ts'
import { answerOf, type RouteRequest } from './answer.ts'
import type { DeskSessions } from './desk-sessions.ts'
import type { Call, Route } from './routes.ts'
import { WrongKeys } from './wrong-keys.ts'

setFlagsFromString('--allow-natives-syntax')
const isFast = runInThisContext('(object) => %HasFastProperties(object)') as (object: unknown) => boolean

/** An object with a getter of its own is slow in V8, and what the getter holds on to stays until a whole collection. */
test('what a route is called with is an object of the fast kind', async () => {
  await using doors: Doors = await openDoors()
  const { app } = doors.world
  const calls: Call[] = []
  const route: Route = {
    method: 'GET',
    path: '/v1/accounts',
    scope: 'status',
    summary: 'Keeps what it is called with.',
    query: ['kind'],
    run: async (call) => void calls.push(call),
  }
  const parts = { app, sessions: {} as DeskSessions, wrongKeys: new WrongKeys(app) }
  for (const search of ['', 'kind=access', 'kind=extended', '']) {
    const request: RouteRequest = {
      door: 'library',
      path: '/v1/accounts',
      search,
      params: {},
      cookie: undefined,
      signal: new AbortController().signal,
      header: () => undefined,
      readBody: async () => ({}),
    }
    await answerOf(request, route, parts)
  }
  assert.equal(calls.length, 4)
  for (const call of calls) assert.ok(isFast(call))
  const own = {
    get signal() {
      return calls
    },
  }
  assert.equal(isFast(own), false, 'the test sees what it is about')
})
