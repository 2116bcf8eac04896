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

test('cookies are found by how their name begins, each of a name that comes several times', () => {
  const cookies = (text: string) =>
    request('/', 'Cookie', text)
      .cookies('bhor_desk_')
      .map(({ name, value }) => `${name} ${value}`)
  assert.deepEqual(cookies('bhor_desk_1=a'), ['bhor_desk_1 a'])
  assert.deepEqual(cookies('x=y; bhor_desk_1=a=b ;z=1'), ['bhor_desk_1 a=b'])
  assert.deepEqual(cookies('bhor_desk_1=a; bhor_desk_1=; bhor_desk_2=c'), [
    'bhor_desk_1 a',
    'bhor_desk_1 ',
    'bhor_desk_2 c',
  ])
  for (const text of [
    '',
    'xbhor_desk_1=a',
    'bhor_desk=a',
    'bhor_desk_1',
    'BHOR_DESK_1=a',
    'x="bhor_desk_1=a"',
  ])
    assert.deepEqual(cookies(text), [], text)
  assert.deepEqual(request('/').cookies('bhor_desk_'), [])
})

test('of a header that stands twice the first counts, and one that may not stand twice is told', () => {
  const twice = request('/', 'Accept', 'a', 'ACCEPT', 'b')
  assert.deepEqual([twice.header('accept'), twice.isAmbiguous], ['a', false])
  assert.equal(request('/', 'Cookie', 'a', 'cookie', 'a').isAmbiguous, true)
  for (const name of ['__proto__', 'constructor']) assert.equal(twice.header(name), undefined)
})
