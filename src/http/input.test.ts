import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Answer, type Doors, openDoors } from '../../test/support/doors.ts'
import { BhorError, type ErrorCode, errorTable } from '../core/errors.ts'
import { securityHeaders } from './reply.ts'

let doors: Doors
let admin: string
before(async () => {
  doors = await openDoors()
  await doors.world.addAccount()
  admin = await doors.key(['admin'])
})
after(() => doors[Symbol.asyncDispose]())

const json = { 'content-type': 'application/json' }
const add = (bytes: string | Uint8Array, headers: Record<string, string> = json): Promise<Answer> =>
  doors.ask('POST', '/v1/accounts', { key: admin, bytes, headers })
const canary = 'SUPERSECRETVALUE'

/** One shape everywhere, and nothing of what was sent in it. */
function assertProblem(answer: Answer, status: number, code: string): void {
  const problem = answer.json as Record<string, unknown>
  assert.deepEqual([answer.status, answer.code], [status, code], answer.text)
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
  assert.equal(problem.type, `urn:bhor:error:${code}`)
  assert.equal(problem.status, status)
  for (const field of ['title', 'detail', 'hint', 'requestId'])
    assert.ok(String(problem[field] ?? '').length > 3, field)
  assert.ok(!answer.text.includes(canary), answer.text)
  assert.doesNotMatch(answer.text, /\bat .*\.(ts|js):\d|node:internal/)
  for (const [name, value] of Object.entries(securityHeaders)) assert.equal(answer.headers[name], value)
}

test('a text beyond ASCII comes back whole, with its length in bytes', async () => {
  for (const label of ['पापा का खाता', 'Größe', 'plain', '💛']) {
    await doors.ask('PATCH', '/v1/accounts/demo', {
      key: admin,
      bytes: JSON.stringify({ label }),
      headers: json,
    })
    const answer = await doors.ask('GET', '/v1/accounts/demo', { key: admin })
    assert.equal((answer.json as { label: string }).label, label)
    assert.equal(Number(answer.headers['content-length']), Buffer.byteLength(answer.text))
  }
})

test('a body of another type than JSON is refused, also an empty one', async () => {
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'text/json',
    'application/json, text/plain',
    'application/json; charset=latin1',
    'application/json;x=y',
    '',
  ]
  for (const type of types) {
    assertProblem(await add('{"account":"x","broker":"kite"}', { 'content-type': type }), 415, 'json_only')
    if (type !== '') assertProblem(await add('', { 'content-type': type }), 415, 'json_only')
  }
  assertProblem(await add('{"account":"x"}', {}), 415, 'json_only')
  assert.notEqual((await add('{}', { 'content-type': 'Application/JSON; Charset=UTF-8' })).code, 'json_only')
})

test('a body above 64 KiB is refused, whether it says so before or not', async () => {
  const big = JSON.stringify({ account: 'x', broker: 'kite', label: canary.repeat(5000) })
  assertProblem(await add(big), 413, 'too_large')
  assertProblem(await add(big, { ...json, 'transfer-encoding': 'chunked' }), 413, 'too_large')
  const said = await doors.raw(
    `POST /v1/accounts HTTP/1.1\r\nHost: ${doors.host}\r\nAuthorization: Bearer ${admin}\r\nContent-Type: application/json\r\nContent-Length: 9999999\r\nConnection: close\r\n\r\n{`,
  )
  assert.match(said, /^HTTP\/1\.1 413 /)
  const edge = `{"account":"x","broker":"kite","label":"${'a'.repeat(64 * 1024 - 42)}"}`
  assert.equal(edge.length, 64 * 1024)
  assert.equal((await add(edge)).code, 'bad_field')
})

test('a stranger’s body is not even read', async () => {
  const { code } = await doors.ask('POST', '/v1/accounts', { bytes: 'x'.repeat(100_000), headers: json })
  assert.equal(code, 'key_missing')
})

test('not UTF-8, not JSON, too deep, twice, __proto__: each by its name, without an excerpt', async () => {
  assertProblem(await add(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])), 400, 'not_utf8')
  assertProblem(await add(Buffer.from('{"label":"\xe9"}', 'latin1')), 400, 'not_utf8')
  assertProblem(await add(Buffer.from([0xed, 0xa0, 0x80])), 400, 'not_utf8')
  const broken = [
    `{"apiSecret": ${canary}}`,
    `{"apiSecret":"${canary}`,
    `{"apiSecret":"${canary}",}`,
    `{'apiSecret':'${canary}'}`,
    canary,
    `{"a":1}${canary}`,
    `[${canary}`,
    '{',
    '\u0000',
    '{"a":NaN}',
    '{"a":"\t"}',
    '{"a":01}',
  ]
  for (const text of broken) {
    const answer = await add(text)
    assertProblem(answer, 400, 'bad_json')
    assert.match((answer.json as { detail: string }).detail, /line \d+, column \d+/)
  }
  const placed = await add(`{\n  "account": "x",\n  "apiSecret": ${canary}\n}`)
  assert.deepEqual((placed.json as { facts: object }).facts, { line: 3, column: 16 })
  for (const depth of [21, 100, 10_000])
    assertProblem(await add(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`), 400, 'too_deep')
  assertProblem(await add(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`), 400, 'too_deep')
  for (const text of [
    `{"label":"${canary}","label":"y"}`,
    `{"label":1,"\\u006cabel":2}`,
    `{"__proto__":{"kind":"live"}}`,
    `{"\\u005f_proto__":1}`,
    `{"x":{"__proto__":1}}`,
  ])
    assertProblem(await add(text), 400, 'duplicate_field')
})

test('unknown fields, privileged fields and wrong types are refused by name, and nothing is set', async () => {
  const base = { account: 'extra', broker: 'kite', kind: 'sandbox' }
  for (const field of [
    'id',
    'generation',
    'status',
    'session',
    'sealedSecrets',
    'mac',
    'createdAt',
    'hasSecret',
    'constructor',
    'prototype',
    'toString',
    'appId',
    'Account',
    'api_secret',
  ]) {
    const answer = await add(JSON.stringify({ ...base, [field]: canary }))
    assertProblem(answer, 400, 'unknown_field')
    assert.ok((answer.json as { detail: string }).detail.includes(field))
  }
  for (const [field, value] of [
    ['label', 7],
    ['label', null],
    ['label', [canary]],
    ['kind', canary],
    ['broker', { id: 'kite' }],
    ['account', true],
    ['apiSecret', 1],
  ] as const) {
    const answer = await add(JSON.stringify({ ...base, [field]: value }))
    assertProblem(answer, 422, 'bad_field')
    assert.equal((answer.json as { facts: { field: string } }).facts.field, field)
  }
  for (const text of ['null', '[]', '7', '"x"', 'true', `["${canary}"]`])
    assertProblem(await add(text), 422, 'bad_field')
  assertProblem(await add('{"broker":"kite"}'), 422, 'bad_field')
  assertProblem(
    await add(JSON.stringify({ ...base, apiKey: 'k', apiSecret: ` ${canary} `, kind: 'live' })),
    422,
    (await add(JSON.stringify({ ...base, apiKey: 'k', apiSecret: ` ${canary} `, kind: 'live' }))).code,
  )
  const names = (await doors.world.app.desk.accounts.list(doors.world.app.operator)).map(
    ({ account }) => account,
  )
  assert.deepEqual(names, ['demo'])
})

test('account names that are none: the same code whether they come in a body or in an address', async () => {
  for (const name of [
    '',
    ' ',
    'a b',
    'A',
    'a/b',
    '..',
    'a\u0000',
    'ａｂｃ',
    'раpa',
    '-x',
    'x'.repeat(41),
    'x'.repeat(300),
    "x'; drop table accounts",
    '<b>',
  ]) {
    assertProblem(
      await add(JSON.stringify({ account: name, broker: 'kite', kind: 'sandbox' })),
      422,
      'bad_alias',
    )
  }
  for (const name of ['nobody', '%20', '%E0%A4%AD', 'x'.repeat(300), '%3Cb%3E'])
    assertProblem(await doors.ask('GET', `/v1/accounts/${name}`, { key: admin }), 404, 'account_not_found')
  for (const name of ['%C3%28', '%', '%zz', '%e', 'a%ff'])
    assertProblem(await doors.ask('GET', `/v1/accounts/${name}`, { key: admin }), 400, 'bad_target')
})

test('queries: unknown, twice, wrong; and nothing hides behind __proto__', async () => {
  const ask = (query: string) => doors.ask('GET', `/v1/audit?${query}`, { key: admin })
  for (const query of [
    'x=1',
    'Limit=5',
    'limit[]=5',
    '__proto__=x',
    'constructor=x',
    'limit=5&y',
    '=',
    `${encodeURIComponent('<b>')}=1`,
  ])
    assertProblem(await ask(query), 400, 'unknown_field')
  assertProblem(await ask('limit=5&limit=6'), 400, 'duplicate_field')
  assertProblem(await ask('limit=5&%6cimit=5'), 400, 'duplicate_field')
  for (const limit of ['', '0', '1001', '-1', '5.5', '1e3', ' 5', '5;', 'x', '9'.repeat(30), '0x5'])
    assertProblem(await ask(`limit=${encodeURIComponent(limit)}`), 422, 'bad_field')
  for (const life of ['5', '20', '20 m', '25h', '-5m', 'm', '5d', '1h30m'])
    assertProblem(
      await doors.ask('GET', `/v1/accounts/demo/session?min_life=${encodeURIComponent(life)}`, {
        key: admin,
      }),
      422,
      'bad_field',
    )
  assert.equal((await ask('limit=5')).status, 200)
})

test('a credential in an address: refused, named in the audit log, and not repeated', async () => {
  const { app } = doors.world
  const key = await doors.key(['status'])
  const paths = [
    `/v1/accounts?key=${canary}`,
    `/v1/accounts?access_token=${canary}`,
    `/v1/accounts?x=${key}`,
    `/v1/accounts?${key}=x`,
    `/v1/accounts/${key}`,
    `/v1/accounts?x=${encodeURIComponent(key).replace('bhor', '%62hor')}`,
    '/v1/accounts?Authorization=x',
    '/metrics?api_key=x',
  ]
  for (const path of paths) {
    const answer = await doors.ask('GET', path)
    assertProblem(answer, 400, 'credential_in_url')
    assert.ok(!answer.text.includes(key))
    const [latest] = await app.desk.audit.list(app.operator, { limit: 1 })
    assert.deepEqual(
      [latest?.action, latest?.code, latest?.detail],
      ['key.refused', 'credential_in_url', { why: 'in_url' }],
    )
    if (path.includes(key)) assert.match(latest?.actor ?? '', /^key:? ?key_|^key/)
  }
  assert.ok(doors.logged.every((line) => !line.includes(canary) && !line.includes(key)))
})

test('404 is one and the same answer, 405 names what is served', async () => {
  const texts = new Set<string>()
  for (const path of [
    '/nothing',
    '/v1',
    '/v1/',
    '/v1/nothing',
    '/v1/accounts/',
    '/callback',
    '/callback/',
    '/callback/KITE',
    '/admin',
    '/.env',
    '/.git/config',
    '/index.php',
    '/assets/none.js',
    '/assets/',
    '/package.json',
    '/login/none',
    `/${canary}`,
  ]) {
    const answer = await doors.ask('GET', path)
    assertProblem(answer, 404, 'not_found')
    texts.add(JSON.stringify({ ...(answer.json as object), requestId: '' }))
  }
  assert.equal(texts.size, 1)
  const wrong: [string, string, string][] = [
    ['PUT', '/v1/accounts', 'GET, POST'],
    ['POST', '/v1/accounts/demo', 'GET, PATCH, DELETE'],
    ['DELETE', '/v1/audit', 'GET'],
    ['POST', '/healthz', 'GET, HEAD'],
    ['POST', '/openapi.json', 'GET, HEAD'],
    ['POST', '/', 'GET, HEAD'],
    ['PUT', '/v1/accounts/demo/login/complete', 'POST, GET, DELETE'],
    ['HEAD', '/v1/accounts/demo/session', 'GET, DELETE'],
    ['HEAD', '/v1/accounts', 'GET, POST'],
    ['OPTIONS', '/v1/accounts', 'GET, POST, PUT, PATCH, DELETE'],
  ]
  for (const [method, path, allow] of wrong) {
    const answer = await doors.ask(method, path, { key: admin })
    assert.deepEqual([answer.status, answer.headers.allow], [405, allow], `${method} ${path}`)
  }
})

test('HEAD on a hand-out records nothing, since nothing leaves', async () => {
  const { app, logIn } = doors.world
  await logIn('demo')
  const { seq } = await app.store.audit.head()
  assert.equal((await doors.ask('HEAD', '/v1/accounts/demo/session', { key: admin })).status, 405)
  assert.equal((await app.store.audit.head()).seq, seq)
})

test('every error of the table leaves as problem+json with its status, its hint and no cause', async () => {
  const { desk } = doors.world.app
  const original = desk.accounts.list
  try {
    for (const code of Object.keys(errorTable) as ErrorCode[]) {
      desk.accounts.list = async () => {
        throw new BhorError(code, 'What is so.', { cause: new Error(canary) })
      }
      const answer = await doors.ask('GET', '/v1/accounts', { key: admin })
      assertProblem(answer, errorTable[code].http, code)
      assert.equal((answer.json as { hint: string }).hint, errorTable[code].hint)
      assert.equal(answer.headers['retry-after'], errorTable[code].retryable ? '5' : undefined)
    }
    desk.accounts.list = async () => {
      throw new TypeError(`Headers.append: "${canary}" is an invalid header value.`)
    }
    assertProblem(await doors.ask('GET', '/v1/accounts', { key: admin }), 500, 'internal')
  } finally {
    desk.accounts.list = original
  }
})

test('store and audit that fail below: 503 and 507 by name, nothing handed out', async () => {
  const { store, desk } = doors.world.app
  const { audit } = desk.context
  const original = audit.recorder
  try {
    audit.recorder = () => async () => {
      throw new BhorError('audit_unavailable', 'The audit log cannot be written.')
    }
    // What was prepared before is forgotten with every change.
    desk.context.feed.stir()
    const answer = await doors.ask('GET', '/v1/accounts/demo/session', { key: admin })
    assertProblem(answer, 503, 'audit_unavailable')
  } finally {
    audit.recorder = original
    desk.context.feed.stir()
  }
  const list = store.accounts.list
  try {
    for (const code of [
      'store_busy',
      'store_full',
      'store_readonly',
      'store_damaged',
      'store_unavailable',
    ] as const) {
      store.accounts.list = async () => {
        throw new BhorError(code, 'The store has a fault.')
      }
      assertProblem(
        await doors.ask('GET', '/v1/accounts', { key: admin }),
        code === 'store_full' ? 507 : 503,
        code,
      )
    }
  } finally {
    store.accounts.list = list
  }
})
