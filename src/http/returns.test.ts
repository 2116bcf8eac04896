import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from '../../test/support/at-the-terminal.ts'
import { type Doors, openDoors } from '../../test/support/doors.ts'
import { ask, KeyKeeper, offerReturn, startReturn } from '../../test/support/key-keeper.ts'
import type { AuditView, BrowserView, KeyFrame, Me, ReturnOffered } from '../contracts/api.ts'

/** The same desk, again and again: same folder, same port. */
async function sameDesk(env: Record<string, string> = {}) {
  const home = mkdtempSync(join(tmpdir(), 'bhor-same-'))
  const port = await freePort()
  return {
    open: () => openDoors({ home, port, env }),
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  }
}
const me = (doors: Doors, page: Parameters<typeof ask>[1]) => ask(doors, page, 'GET', '/v1/desk/me')
const listed = async ({ world: { app } }: Doors): Promise<BrowserView[]> =>
  app.desk.browsers.list(app.operator)
const told = async ({ world: { app } }: Doors, action: string): Promise<AuditView[]> =>
  (await app.desk.audit.list(app.operator, { limit: 100 })).filter((record) => record.action === action)

test('a browser with a key comes back after a stop: at a new address, with another key; what it had before opens nothing', async () => {
  using desk = await sameDesk()
  const browser = new KeyKeeper()
  let page: Awaited<ReturnType<KeyKeeper['signIn']>>
  {
    await using doors = await desk.open()
    page = await browser.signIn(doors)
    const { isKept, browser: id } = (await me(doors, page)).json as Me
    assert.deepEqual([isKept, id], [true, page.id])
  }
  const hosts = new Set([page.host])
  for (let start = 0; start < 3; start++) {
    await using doors = await desk.open()
    assert.equal((await me(doors, page)).code, 'sign_in_needed')
    const back = await browser.comeBack(doors, page)
    assert.equal((await me(doors, back)).status, 200)
    assert.equal(back.id, page.id)
    assert.equal(back.cookie, page.cookie)
    // Another tab, from whatever address the browser had before.
    const tab = await browser.comeBack(doors, page)
    for (const each of [back, tab]) assert.equal((await me(doors, each)).status, 200)
    for (const { host } of [back, tab]) {
      assert.ok(!hosts.has(host))
      hosts.add(host)
    }
    assert.deepEqual(
      (await listed(doors)).map(({ id, isKept }) => [id, isKept]),
      [[page.id, true]],
    )
    page = tab
  }
  assert.equal(browser.keys.size, 1, 'the others are forgotten')
})

test('a stolen cookie opens nothing, and what it gets to hear is good for nothing after the next start', async () => {
  using desk = await sameDesk()
  const browser = new KeyKeeper()
  const thief = new KeyKeeper()
  let page: Awaited<ReturnType<KeyKeeper['signIn']>>
  {
    await using doors = await desk.open()
    page = await browser.signIn(doors)
    const stolen = { host: page.host, cookie: page.cookie }
    assert.equal((await me(doors, stolen)).code, 'sign_in_needed')
    const heard = await startReturn(doors, stolen)
    const { frame, nextFrame, challenge } = heard.started
    assert.match(frame, /^http:\/\/[0-9a-z]{16}\.[0-9a-z]{16}\.localhost:\d+\/desk\/key\?for=/)
    // He has no key of that address, and his own does not count.
    const publicKey = thief.make(nextFrame)
    const origin = `http://${heard.host}`
    const signature = thief.sign(nextFrame, { challenge, origin, nextKey: publicKey })
    const finish = (body: object) => ask(doors, { host: heard.host }, 'POST', '/v1/desk/return/finish', body)
    const refused = await finish({ ticket: heard.ticket, publicKey, signature })
    assert.deepEqual([refused.code, refused.headers['set-cookie']], ['no_way_back', undefined])
    assert.deepEqual(
      (await told(doors, 'desk.return')).map(({ result, detail }) => [result, detail.why]),
      [['refused', 'signature']],
    )
    // While bhor runs nobody else is at any address: the browser itself still comes back, and gets another key.
    page = await browser.comeBack(doors, page)
    await startReturn(doors, page)
  }
  await using doors = await desk.open()
  const { url } = (await offerReturn(doors, page)).json as ReturnOffered
  const { host, hash } = new URL(url)
  const ticket = hash.replace('#return=', '')
  assert.equal((await ask(doors, { host }, 'POST', '/v1/desk/return/start', { ticket })).code, 'no_way_back')
  assert.deepEqual(await listed(doors), [])
  assert.deepEqual(
    (await told(doors, 'desk.revoke')).map(({ actor, detail }) => [actor, detail.why]),
    [['keeper', 'address_told']],
  )
  assert.equal((await offerReturn(doors, page)).code, 'no_way_back')
})

test('twelve tabs at the same moment all come in by the key that they were told of, and one key is left', async () => {
  using desk = await sameDesk()
  const browser = new KeyKeeper()
  let page: Awaited<ReturnType<KeyKeeper['signIn']>>
  {
    await using doors = await desk.open()
    page = await browser.signIn(doors)
    const tabs = []
    for (let tab = 0; tab < 12; tab++) tabs.push(await startReturn(doors, page))
    const frames = tabs.map(({ started }) => new URL(started.frame).host)
    assert.equal(new Set(frames).size, 1)
    const back = []
    for (const tab of tabs) {
      assert.ok(
        browser.keys.has(frames[0]!),
        'no tab takes the key away from those that still want to sign with it',
      )
      back.push(await browser.finish(doors, tab))
    }
    assert.deepEqual(
      back.map(({ answer }) => answer.status),
      tabs.map(() => 200),
    )
    for (const { page: each } of back) assert.equal((await me(doors, each!)).status, 200)
    assert.equal(browser.keys.size, 1)
    assert.equal((await listed(doors)).length, 1)
  }
  await using doors = await desk.open()
  assert.equal((await me(doors, await browser.comeBack(doors, page))).status, 200)
})

test('a key that another tab has replaced counts for those that were told of it before, for two minutes', async () => {
  await using doors = await openDoors()
  const browser = new KeyKeeper()
  const page = await browser.signIn(doors)
  const [first, second, closed] = [
    await startReturn(doors, page),
    await startReturn(doors, page),
    await startReturn(doors, page),
  ]
  assert.equal((await browser.finish(doors, first)).answer.status, 200)
  const later = await startReturn(doors, page)
  assert.notEqual(later.started.frame, first.started.frame)
  // By the key of before nobody finishes what was begun with the one of now.
  const publicKey = browser.make(later.started.nextFrame)
  const wish = { challenge: later.started.challenge, origin: `http://${later.host}`, nextKey: publicKey }
  const body = { ticket: later.ticket, publicKey, signature: browser.sign(second.started.frame, wish) }
  const refused = await ask(doors, { host: later.host }, 'POST', '/v1/desk/return/finish', body)
  assert.equal(refused.code, 'no_way_back')
  await doors.world.advance(120_000 - 1)
  assert.equal((await browser.finish(doors, second)).answer.status, 200)
  await doors.world.advance(1)
  assert.equal((await browser.finish(doors, closed)).answer.code, 'no_way_back')
})

test('a ticket counts at its own address, for two minutes, until it was used; each start of it has its own challenge', async () => {
  await using doors = await openDoors()
  const browser = new KeyKeeper()
  const page = await browser.signIn(doors)
  const start = async (host: string, ticket: string) =>
    (await ask(doors, { host }, 'POST', '/v1/desk/return/start', { ticket })).code
  const first = await startReturn(doors, page)
  const elsewhere = await startReturn(doors, page)
  assert.equal(await start(elsewhere.host, first.ticket), 'no_way_back')
  assert.equal(await start(doors.host, first.ticket), 'no_way_back')
  assert.equal(await start(first.host, first.ticket), '')
  // What the first start was told is over.
  assert.equal((await browser.finish(doors, first)).answer.code, 'no_way_back')
  const second = await startReturn(doors, page)
  assert.equal((await browser.finish(doors, second)).answer.status, 200)
  assert.equal(await start(second.host, second.ticket), 'no_way_back')
  const late = await startReturn(doors, page)
  await doors.world.advance(120_000 - 1)
  assert.equal(await start(late.host, late.ticket), '')
  await doors.world.advance(1)
  assert.equal(await start(late.host, late.ticket), 'no_way_back')
})

test('a signature counts for one challenge, one address and one next key', async () => {
  await using doors = await openDoors()
  const browser = new KeyKeeper()
  const page = await browser.signIn(doors)
  const wrong = {
    challenge: { challenge: 'x'.repeat(43) },
    origin: { origin: `http://${page.host}` },
    'next key': { nextKey: new KeyKeeper().make('http://x') },
  }
  for (const [name, change] of Object.entries(wrong)) {
    const { host, ticket, started } = await startReturn(doors, page)
    const publicKey = browser.make(started.nextFrame)
    const wish = { challenge: started.challenge, origin: `http://${host}`, nextKey: publicKey, ...change }
    const body = { ticket, publicKey, signature: browser.sign(started.frame, wish) }
    const { code } = await ask(doors, { host }, 'POST', '/v1/desk/return/finish', body)
    assert.equal(code, 'no_way_back', name)
  }
  assert.equal((await me(doors, await browser.comeBack(doors, page))).status, 200)
})

test('the frame with a key is there for the page that was told of it, and in no other place', async () => {
  await using doors = await openDoors()
  const browser = new KeyKeeper()
  const page = await browser.signIn(doors)
  const { host, started } = await startReturn(doors, page)
  const [frame, next] = [new URL(started.frame), new URL(started.nextFrame)]
  const inFrame = { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }
  const look = (at: string, path: string, headers: Record<string, string> = inFrame) =>
    doors.ask('GET', path, { headers: { ...headers, host: at } })
  for (const { host: at } of [frame, next]) {
    const answer = await look(at, `/desk/key?for=${host}`)
    assert.equal(answer.status, 200)
    const policy = String(answer.headers['content-security-policy'])
    assert.match(policy, new RegExp(`; frame-ancestors http://${host};`))
    assert.equal(answer.headers['x-frame-options'], undefined)
    assert.match(answer.text, new RegExp(`data-parent="http://${host}"`))
  }
  for (const at of [host, page.host, doors.host])
    assert.equal((await look(at, `/desk/key?for=${host}`)).status, 404, at)
  for (const query of ['', `?for=${doors.host}`, `?for=${host};x`, `?for=${frame.host}`, '?for=*'])
    assert.equal((await look(frame.host, `/desk/key${query}`)).status, 404, query)
  for (const path of ['/', '/index.html', '/v1/desk/me', '/callback/kite'])
    assert.equal((await look(frame.host, path)).code, 'cross_site_blocked', path)
  assert.equal(
    (await look(frame.host, `/desk/key?for=${host}`, { ...inFrame, 'sec-fetch-site': 'cross-site' })).status,
    403,
  )
  assert.match(
    String((await doors.ask('GET', '/')).headers['content-security-policy']),
    /frame-src http:\/\/\*\.\w+\.localhost:\d+$/,
  )
  await doors.world.advance(120_000)
  assert.equal((await look(frame.host, `/desk/key?for=${host}`)).status, 404)
})

test('where to go on is said by this desk, and proven with what only an open page and the desk know', async () => {
  using desk = await sameDesk()
  const browser = new KeyKeeper()
  const nonce = 'n'.repeat(32)
  const offered = async (doors: Doors, page: { host: string; cookie: string }) =>
    (await ask(doors, page, 'POST', '/v1/desk/return', { nonce })).json as ReturnOffered
  let page: Awaited<ReturnType<KeyKeeper['signIn']>>
  let key: string
  {
    await using doors = await desk.open()
    page = await browser.signIn(doors)
    key = ((await me(doors, page)).json as Me).proofKey!
  }
  await using doors = await desk.open()
  const { url, proof } = await offered(doors, page)
  const expected = createHmac('sha256', Buffer.from(key, 'hex')).update(`${nonce}\n${url}`).digest('hex')
  assert.equal(proof, expected)
  const other = await browser.signIn(doors)
  assert.notEqual(((await me(doors, other)).json as Me).proofKey, key)
})

test('strict, or at the plain address: no browser gets a key, and a stop ends the sign-in', async () => {
  using desk = await sameDesk({ BHOR_TRUST_BROWSERS: 'false' })
  const browser = new KeyKeeper()
  let page: Awaited<ReturnType<KeyKeeper['signIn']>>
  {
    await using doors = await desk.open()
    page = await browser.signIn(doors)
    assert.equal(browser.keys.size, 0)
    assert.equal((await offerReturn(doors, page)).code, 'no_way_back')
    assert.equal((await listed(doors)).length, 1)
  }
  await using doors = await desk.open()
  assert.deepEqual(await listed(doors), [])
  assert.equal((await offerReturn(doors, page)).code, 'no_way_back')

  await using usual = await openDoors()
  const link = usual.server.signIns.newLink(true)
  const plain = await usual.server.signIns.signIn(link.token.reveal(), `http://${usual.host}`)
  const at = {
    host: usual.host,
    cookie: `bhor_${plain.browser.id}=${plain.cookie.reveal()}`,
    half: plain.page.reveal(),
  }
  assert.deepEqual((await ask(usual, at, 'POST', '/v1/desk/key', {})).json as KeyFrame, { frame: null })
})

test('a browser that comes back in a loop is held up', async () => {
  await using doors = await openDoors()
  const page = await new KeyKeeper().signIn(doors)
  const codes: string[] = []
  for (let i = 0; i < 31; i++) codes.push((await offerReturn(doors, page)).code)
  assert.deepEqual([...new Set(codes.slice(0, 30)), codes[30]], ['', 'rate_limited'])
})
