import assert from 'node:assert/strict'
import { test } from 'node:test'
import { doors } from './doors.ts'
import { HttpRequest } from './request.ts'

const request = (url: string, ...rawHeaders: string[]) =>
  new HttpRequest(doors.desk, { method: 'GET', url, rawHeaders })

test('path and query are cut at the first question mark', () => {
  for (const [url, path, search] of [
    ['/', '/', ''],
    ['/x?', '/x', ''],
    ['/x?a=1?b', '/x', 'a=1?b'],
    ['?x', '', 'x'],
  ] as const)
    assert.deepEqual([request(url).path, request(url).search], [path, search], url)
})

test('a cookie is found by its whole name, the first of that name', () => {
  const cookie = (text: string) => request('/', 'Cookie', text).cookie('bhor_desk')
  assert.equal(cookie('bhor_desk=a'), 'a')
  assert.equal(cookie('x=y; bhor_desk=a=b ;z=1'), 'a=b')
  assert.equal(cookie('bhor_desk=a; bhor_desk=b'), 'a')
  for (const text of ['', 'xbhor_desk=a', 'bhor_desk_=a', 'bhor_desk', 'BHOR_DESK=a', 'x="bhor_desk=a"'])
    assert.equal(cookie(text), undefined, text)
  assert.equal(request('/').cookie('bhor_desk'), undefined)
})

test('of a header that stands twice the first counts, and one that may not stand twice is told', () => {
  const twice = request('/', 'Accept', 'a', 'ACCEPT', 'b')
  assert.deepEqual([twice.header('accept'), twice.isAmbiguous], ['a', false])
  assert.equal(request('/', 'Cookie', 'a', 'cookie', 'a').isAmbiguous, true)
  for (const name of ['__proto__', 'constructor']) assert.equal(twice.header(name), undefined)
})
