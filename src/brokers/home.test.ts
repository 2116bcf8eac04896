import assert from 'node:assert/strict'
import { test } from 'node:test'
import { headerFormatOf, probePathOf } from '../contracts/broker-facts.ts'
import { kite } from './kite/index.ts'
import { upstox } from './upstox/index.ts'

test('how an authenticated request looks and the cheapest one are read from the adapter itself', () => {
  assert.equal(headerFormatOf(kite), 'X-Kite-Version: 3\nAuthorization: token <api key>:<access token>')
  assert.equal(headerFormatOf(upstox), 'Accept: application/json\nAuthorization: Bearer <access token>')
  assert.equal(headerFormatOf({ ...kite, handsOut: 'proxy only' }), undefined)
  assert.deepEqual([probePathOf(kite), probePathOf(upstox)], ['/user/profile', '/v2/user/profile'])
})

test('every adapter of bhor’s own has a home: links, snippets, variables, files, error bodies', () => {
  for (const broker of [kite, upstox]) {
    assert.ok(broker.links.length > 0 && broker.recognises.length > 0, broker.id)
    assert.ok(broker.environment.names.accessToken.length > 0, broker.id)
    assert.match(broker.snippets.python.use, /session\["baseUrl"\]/, broker.id)
    assert.ok(broker.errorReply('session_expired', 'It has ended.').status < 500, broker.id)
  }
})
