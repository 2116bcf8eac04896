import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Doors, openDoors } from '../../test/support/doors.ts'

const navigation = {
  'sec-fetch-site': 'cross-site',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
}

/** The path and query of a good callback of a new login. */
async function callback(doors: Doors, account = 'demo', person = {}): Promise<string> {
  const url = new URL(await doors.world.callbackFor(account, person))
  return `${url.pathname}${url.search}`
}
const go = (doors: Doors, path: string, headers = {}) =>
  doors.ask('GET', path, { headers: { ...navigation, ...headers } })
const edited = (path: string, changes: Record<string, string | undefined>) => {
  const url = new URL(path, 'http://x')
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) url.searchParams.delete(name)
    else url.searchParams.set(name, value)
  }
  return `${url.pathname}${url.search}`
}
const statusOf = async ({ world }: Doors, account = 'demo') =>
  (await world.app.desk.accounts.get(world.app.operator, account)).status

/** Kite carries the state as a parameter named by us, Upstox as `state`. */
const cases = [
  { broker: 'kite', code: 'request_token', state: 'bhor_state' },
  { broker: 'upstox', code: 'code', state: 'state' },
] as const

for (const { broker, code } of cases) {
  test(`${broker}: a good callback logs in, its page says so, and loading it again says the same`, async () => {
    await using doors = await openDoors()
    await doors.world.addAccount({ broker })
    const path = await callback(doors)
    const done = await go(doors, path)
    assert.equal(done.status, 200, done.text)
    assert.match(done.text, /You are logged in/)
    assert.match(done.text, /data-done="true"/)
    assert.equal(await statusOf(doors), 'active')
    const again = await go(doors, path)
    assert.deepEqual([again.status, again.text], [200, done.text])
    assert.equal(await statusOf(doors), 'active')
  })

  test(`${broker}: state missing, foreign, changed, of the other broker: 400, the broker is not called, the login waits on`, async () => {
    await using doors = await openDoors()
    await doors.world.addAccount({ broker })
    const path = await callback(doors)
    const state = stateName(path)
    const value = new URL(path, 'http://x').searchParams.get(state)!
    const [token = '', mac = ''] = value.split('.')
    const wrong = [
      undefined,
      '',
      'x',
      '.',
      token,
      mac,
      `${mac}.${token}`,
      `${token}.${mac}x`,
      `${token}.${mac.toUpperCase()}`,
      `${token.toLowerCase()}.${mac}`,
      `x${value}`,
      `${value}.`,
      value.slice(0, -1),
      `${'A'.repeat(43)}.${mac}`,
    ]
    doors.world.simulator.clearCalls()
    for (const changed of wrong) {
      for (const more of [{}, { error: 'access_denied' }, { status: 'failed' }, { [code]: undefined }]) {
        const answer = await go(doors, edited(path, { [state]: changed, ...more }))
        assert.equal(answer.status, 400, `${changed} ${JSON.stringify(more)}`)
        assert.match(answer.text, /not valid \(or too old\)|incomplete/)
      }
    }
    const other = broker === 'kite' ? 'upstox' : 'kite'
    const crossed = await go(doors, path.replace(`/callback/${broker}`, `/callback/${other}`))
    assert.equal(crossed.status, 400)
    assert.equal(doors.world.simulator.calls().length, 0)
    assert.equal(await statusOf(doors), 'login_pending')
    assert.equal((await go(doors, path)).status, 200)
  })

  test(`${broker}: the code missing, twice, too long, not text: 400, and the login waits on`, async () => {
    await using doors = await openDoors()
    await doors.world.addAccount({ broker })
    const path = await callback(doors)
    const value = new URL(path, 'http://x').searchParams.get(code)!
    const bad = [
      edited(path, { [code]: undefined }),
      edited(path, { [code]: '' }),
      `${path}&${code}=${value}`,
      edited(path, { [code]: 'a'.repeat(513) }),
      edited(path, { [code]: 'a'.repeat(7000) }),
      edited(path, { [code]: 'a\u0000b' }),
      edited(path, { [code]: 'a\r\nb' }),
      `${edited(path, { [code]: undefined })}&${code}=%ff%fe`,
      `${edited(path, { [code]: undefined })}&${code}[]=${value}`,
    ]
    doors.world.simulator.clearCalls()
    for (const address of bad) {
      const answer = await go(doors, address)
      assert.equal(answer.status, 400, `${address.slice(0, 200)}: ${answer.status}`)
      assert.match(answer.text, /The broker’s answer was incomplete/)
    }
    assert.equal(doors.world.simulator.calls().length, 0)
    assert.equal((await go(doors, path)).status, 200)
  })

  test(`${broker}: after ten minutes 410, also across a restart`, async () => {
    await using doors = await openDoors()
    await doors.world.addAccount({ broker })
    const path = await callback(doors)
    await doors.world.advance(10 * 60_000)
    const late = await go(doors, path)
    assert.equal(late.status, 410)
    assert.match(late.text, /older than 10 minutes/)
  })

  test(`${broker}: cancelled by the person at the broker's page: a plain page, and no session`, async () => {
    await using doors = await openDoors()
    await doors.world.addAccount({ broker })
    const answer = await go(doors, await callback(doors, 'demo', { cancels: true }))
    assert.equal(answer.status, 200)
    assert.match(answer.text, /login was refused or cancelled/)
    assert.match(answer.text, /data-done="false"/)
    assert.notEqual(await statusOf(doors), 'active')
  })

  test(`${broker}: HEAD, POST, PUT and every kind of prefetch spend nothing`, async () => {
    await using doors = await openDoors()
    await doors.world.addAccount({ broker })
    const path = await callback(doors)
    doors.world.simulator.clearCalls()
    for (const method of ['HEAD', 'POST', 'PUT', 'DELETE', 'PATCH']) {
      const answer = await doors.ask(method, path)
      assert.deepEqual([answer.status, answer.headers.allow], [405, 'GET'], method)
    }
    for (const headers of [
      { 'sec-purpose': 'prefetch' },
      { 'sec-purpose': 'prefetch;prerender' },
      { purpose: 'prefetch' },
      { 'sec-purpose': 'Prefetch' },
    ]) {
      assert.equal((await go(doors, path, headers)).status, 405)
    }
    for (const dest of ['image', 'iframe', 'script', 'empty']) {
      assert.equal((await go(doors, path, { 'sec-fetch-dest': dest })).status, 403, dest)
    }
    assert.equal(doors.world.simulator.calls().length, 0)
    assert.equal((await go(doors, path)).status, 200)
  })

  test(`${broker}: an exchange that fails says why, and what state that leaves`, async () => {
    await using doors = await openDoors()
    await doors.world.addAccount({ broker })
    const faults = [
      ['status', 503, /does not answer/],
      ['html', 502, /answer was lost|does not answer/],
      ['answer_lost', 502, /answer was lost/],
      ['reset_after', 502, /answer was lost/],
      ['garbage', 502, /answer was lost|did not succeed/],
      ['redirect', 502, /redirect/],
    ] as const
    for (const [kind, status, text] of faults) {
      const path = await callback(doors)
      doors.world.simulator.faults.add({ broker, kind, match: { method: 'POST', path: '*token*' }, times: 5 })
      const answer = await go(doors, path)
      doors.world.simulator.faults.clear()
      assert.equal(answer.status, status, `${kind}: ${answer.text}`)
      assert.match(answer.text, text, kind)
      assert.match(answer.text, /No session was stored|Something|did not/)
      assert.notEqual(await statusOf(doors), 'active')
    }
  })
}

function stateName(path: string): string {
  const { searchParams } = new URL(path, 'http://x')
  const found = [...searchParams].find(([, value]) => /^[A-Za-z0-9_-]{43}\./.test(value))
  assert.ok(found, path)
  return found[0]
}

test('kite: a status that is not success and an action that is not login are incomplete answers', async () => {
  await using doors = await openDoors()
  await doors.world.addAccount()
  const path = await callback(doors)
  for (const changes of [
    { status: 'failure' },
    { status: '' },
    { status: 'SUCCESS' },
    { action: 'basket' },
    { action: '' },
  ]) {
    const answer = await go(doors, edited(path, changes))
    assert.equal(answer.status, 400, JSON.stringify(changes))
    assert.match(answer.text, /answer was incomplete/)
    assert.equal(await statusOf(doors), 'login_pending')
  }
  assert.equal((await go(doors, path)).status, 200)
})

test('another person than the account’s: 403, nothing stored', async () => {
  await using doors = await openDoors()
  await doors.world.addAccount()
  await doors.world.logIn('demo')
  const path = await callback(doors)
  doors.world.simulator.faults.add({ broker: 'kite', kind: 'wrong_user' })
  const answer = await go(doors, path)
  assert.equal(answer.status, 403)
  assert.match(answer.text, /different user than this account expects. Nothing was stored/)
})

test('an unknown broker is a constant 404', async () => {
  await using doors = await openDoors()
  const texts = new Set<string>()
  for (const broker of ['zerodha', 'angelone', 'x', 'constructor', 'prototype']) {
    const answer = await go(doors, `/callback/${broker}?state=x`)
    assert.equal(answer.status, 404)
    texts.add(answer.text)
  }
  assert.equal(texts.size, 1)
})

test('hundreds of attacks in every parameter never appear in the page, which could run none of them', async () => {
  await using doors = await openDoors()
  await doors.world.addAccount()
  await doors.world.addAccount({ account: 'papa', broker: 'upstox' })
  const openers = [
    '<script>',
    '"><script>',
    "'><svg onload=",
    '</title><img src=x onerror=',
    '<iframe srcdoc=',
    '{{',
    '${',
    '<a href=javascript:',
    '"-',
    "'-",
    '`',
    '<!--',
    ']]>',
    '</style><x>',
    '%3Cscript%3E',
    '\u2028',
    'javascript:',
    'data:text/html,',
    '<math><mi xlink:href=',
    '&lt;script&gt;',
    '\\u003cscript\\u003e',
    '<base href=',
    '<meta http-equiv=refresh content=',
    '<form action=',
    'onfocus=',
  ]
  const names = [
    'state',
    'code',
    'request_token',
    'status',
    'action',
    'error',
    'error_description',
    'bhor_state',
    'next',
    'redirect',
    'redirect_uri',
    'type',
  ]
  const payloads = openers.flatMap((opener, i) =>
    names.map((name, j) => ({ name, text: `${opener}zq${i}x${j}zq` })),
  )
  assert.ok(payloads.length >= 300)
  for (const [i, { name, text }] of payloads.entries()) {
    const [broker, account] = i % 2 === 0 ? ['kite', 'demo'] : ['upstox', 'papa']
    // Half of them on top of a valid state, where more code runs.
    const base = i % 20 < 2 ? await callback(doors, account) : `/callback/${broker}?x=y`
    const answer = await go(doors, edited(base, { [name]: text }))
    assert.doesNotMatch(answer.text, /zq\d+x\d+zq/, `${name} ${text}`)
    assert.equal(answer.headers.location, undefined)
    assert.doesNotMatch(JSON.stringify(answer.headers), /zq\d+x\d+zq/)
    assert.match(
      String(answer.headers['content-security-policy']),
      /^default-src 'none'; script-src 'self'; style-src 'self'/,
    )
    assert.equal(answer.headers['cache-control'], 'no-store')
    assert.equal(answer.headers['referrer-policy'], 'no-referrer')
    assert.equal(answer.headers['x-content-type-options'], 'nosniff')
    await doors.world.advance(i % 20 < 2 ? 10 * 60_000 : 0)
  }
})

test('an error that a stranger sends cannot break off a login', async () => {
  await using doors = await openDoors()
  await doors.world.addAccount({ broker: 'upstox' })
  const path = await callback(doors)
  for (let i = 0; i < 200; i++) {
    const answer = await go(doors, `/callback/upstox?error=access_denied&state=${'x'.repeat(i)}`)
    assert.equal(answer.status, 400)
  }
  assert.equal((await go(doors, path)).status, 200)
})

test('fifty arrivals of one address at once: one session', async () => {
  await using doors = await openDoors()
  await doors.world.addAccount()
  const path = await callback(doors)
  doors.world.simulator.clearCalls()
  const answers = await Promise.all(Array.from({ length: 50 }, () => go(doors, path)))
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
  assert.equal((await doors.world.app.desk.accounts.get(doors.world.app.operator, 'demo')).generation, 1)
  assert.equal(
    doors.world.simulator.calls().filter(({ path: at }) => at.includes('/session/token')).length,
    1,
  )
})
