import assert from 'node:assert/strict'
import { test } from 'node:test'
import { doors } from './doors.ts'
import { HttpRequest } from './request.ts'
import { type Method, matcherOf, type Row } from './table.ts'

const row = (method: Method, path: string, hasHead?: true): Row => ({
  method,
  path,
  ...(hasHead ? { hasHead } : {}),
  answer: () => ({ status: 200, headers: [], body: null }),
})
const match = matcherOf([
  row('GET', '/', true),
  row('GET', '/v1/things'),
  row('POST', '/v1/things'),
  row('GET', '/v1/things/{thing}'),
  row('DELETE', '/v1/things/{id}'),
  row('POST', '/v1/things/all'),
  row('GET', '/v1/things/{thing}/parts/{part}'),
])
const ask = (method: string, url: string) =>
  match(new HttpRequest(doors.socket, { method, url, rawHeaders: [] }))
const found = (method: string, url: string) => {
  const { row: one, params } = ask(method, url)
  return one && [`${one.method} ${one.path}`, params]
}

test('a path is matched by its segments as sent, and a parameter is decoded once', () => {
  assert.deepEqual(found('GET', '/'), ['GET /', {}])
  assert.deepEqual(found('GET', '/v1/things?x=/y'), ['GET /v1/things', {}])
  assert.deepEqual(found('GET', '/v1/things/a%20b'), ['GET /v1/things/{thing}', { thing: 'a b' }])
  assert.deepEqual(found('GET', '/v1/things/%E0%A4%AD/parts/%2541'), [
    'GET /v1/things/{thing}/parts/{part}',
    { thing: 'भ', part: '%41' },
  ])
  for (const path of [
    '/v1',
    '/v1/',
    '/v1/things/',
    '/v1//things',
    '/V1/things',
    '/v1/%74hings',
    '/v1/things/a/',
  ])
    assert.deepEqual(ask('GET', path), { params: {}, allowed: [] }, path)
  for (const path of ['/v1/things/%', '/v1/things/%C3%28', '/v1/things/a/parts/%ff'])
    assert.throws(() => ask('GET', path), { code: 'bad_target' }, path)
})

test('two routes of one path name their parameters each in its own way', () => {
  assert.deepEqual(found('DELETE', '/v1/things/7'), ['DELETE /v1/things/{id}', { id: '7' }])
})

test('a segment that is spelled out goes before a parameter, and hides no other method of it', () => {
  assert.deepEqual(found('POST', '/v1/things/all'), ['POST /v1/things/all', {}])
  assert.deepEqual(found('GET', '/v1/things/all'), ['GET /v1/things/{thing}', { thing: 'all' }])
  assert.deepEqual(ask('PATCH', '/v1/things/all').allowed, ['POST', 'GET', 'DELETE'])
})

test('HEAD only where a row says so; what names no row of ours is no row', () => {
  assert.deepEqual(found('HEAD', '/'), ['GET /', {}])
  assert.deepEqual(ask('HEAD', '/v1/things').allowed, ['GET', 'POST'])
  assert.deepEqual(ask('POST', '/').allowed, ['GET', 'HEAD'])
  for (const name of ['__proto__', 'constructor', 'toString'])
    assert.equal(found('GET', `/${name}`), undefined, name)
})
