import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDoors } from '../../test/support/doors.ts'
import type { WorldOptions } from '../../test/support/world.ts'
import { isBhorError } from '../core/errors.ts'
import { cookieName, type PageSignIn, type SignInLink } from './sign-ins.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** As it was before browsers stayed signed in. */
const strict = { BHOR_TRUST_BROWSERS: 'false', BHOR_SIGN_IN_HOURS: '12', BHOR_SIGN_IN_IDLE_MINUTES: '30' }

async function open(options: WorldOptions = {}) {
  const doors = await openDoors(options)
  const { signIns } = doors.server
  const follow = (link: SignInLink) => signIns.signIn(link.token.reveal(), new URL(link.page).origin)
  const signIn = async () => {
    const link = signIns.newLink()
    return { ...halvesOf(await follow(link)), origin: new URL(link.page).origin }
  }
  const isIn = ({ id, cookie, page, origin }: Halves, isActivity = true) =>
    isInWith([[cookieName(id), cookie]], page, origin, isActivity)
  const isInWith = async (
    cookies: readonly (readonly [string, string])[],
    page: string,
    origin: string,
    isActivity = true,
  ) => {
    try {
      const all = cookies.map(([name, value]) => ({ name, value }))
      await signIns.check(all, page, origin, isActivity)
      return true
    } catch (error) {
      assert.ok(isBhorError(error, 'sign_in_needed'), String(error))
      return false
    }
  }
  const { advance } = doors.world
  return {
    doors,
    signIns,
    follow,
    signIn,
    isIn,
    isInWith,
    advance,
    [Symbol.asyncDispose]: () => doors[Symbol.asyncDispose](),
  }
}
interface Halves {
  readonly id: string
  readonly cookie: string
  readonly page: string
  readonly origin: string
}
const halvesOf = ({ browser, cookie, page }: PageSignIn) => ({
  id: browser.id,
  cookie: cookie.reveal(),
  page: page.reveal(),
})
const code = (wanted: string) => (error: unknown) => (error as { code?: string }).code === wanted

test('a link works once', async () => {
  await using desk = await open()
  const link = desk.signIns.newLink()
  await desk.follow(link)
  await assert.rejects(desk.follow(link), code('sign_in_link_invalid'))
})

test('a link lives ten minutes, to the millisecond', async () => {
  await using desk = await open()
  const [early, late] = [desk.signIns.newLink(), desk.signIns.newLink()]
  await desk.advance(10 * minuteMs - 1)
  await desk.follow(early)
  await desk.advance(1)
  await assert.rejects(desk.follow(late), code('sign_in_link_invalid'))
})

test('each link names an origin of its own, and counts at that one alone', async () => {
  await using desk = await open()
  const { signIns, follow, doors } = desk
  const origins = Array.from({ length: 10 }, () => new URL(signIns.newLink().page).origin)
  assert.equal(new Set(origins).size, 10)
  for (const origin of origins)
    assert.match(origin, new RegExp(`^http://[0-9a-z]{16}\\.[0-9a-z]{16}\\.localhost:${doors.port}$`))
  const plain = `http://${doors.host}`
  const asked = signIns.newLink(true)
  assert.match(asked.page, new RegExp(`^${plain}/enter/[\\w-]{43}$`))
  await follow(asked)
  for (const [isPlain, at] of [
    [false, plain],
    [false, origins[0]!],
    [true, origins[0]!],
    [true, ''],
  ] as const) {
    const link = signIns.newLink(isPlain)
    await assert.rejects(signIns.signIn(link.token.reveal(), at), code('sign_in_link_invalid'), at)
    // What was tried at another address is spent: somebody else has seen it.
    await assert.rejects(follow(link), code('sign_in_link_invalid'))
  }
})

test('it takes both halves, both of the same sign-in, at the address where it was made', async () => {
  await using desk = await open()
  const { signIn, isIn } = desk
  const [a, b] = [await signIn(), await signIn()]
  assert.equal(await isIn(a), true)
  for (const wrong of ['', 'x', a.cookie, b.page, `${a.page} `, a.page.toUpperCase(), a.page.slice(0, -1)])
    assert.equal(await isIn({ ...a, page: wrong }), false)
  for (const wrong of ['', a.page, b.cookie]) assert.equal(await isIn({ ...a, cookie: wrong }), false)
  assert.equal(await isIn({ ...a, id: b.id }), false)
  for (const origin of [b.origin, '', `http://${desk.doors.host}`])
    assert.equal(await isIn({ ...a, origin }), false)
})

test('cookies that others put beside ours, under any name and as often as they like, throw nobody out', async () => {
  await using desk = await open()
  const { signIn, isInWith } = desk
  const [a, b] = [await signIn(), await signIn()]
  const junk = ['', 'x', b.cookie, 'A'.repeat(43), `${a.cookie} `].flatMap((value) =>
    [cookieName(a.id), cookieName(b.id), 'bhor_desk_', 'bhor_desk_x'].map((name) => [name, value] as const),
  )
  const own = [cookieName(a.id), a.cookie] as const
  for (let at = 0; at <= junk.length; at++)
    assert.equal(await isInWith([...junk.slice(0, at), own, ...junk.slice(at)], a.page, a.origin), true)
  assert.equal(await isInWith(junk, a.page, a.origin), false)
  assert.equal(await isInWith([[cookieName(b.id), a.cookie]], a.page, a.origin), false)
})

for (const [name, env, idleMs, longestMs] of [
  ['usual', {}, 7 * dayMs, 30 * dayMs],
  ['strict', strict, 30 * minuteMs, 12 * hourMs],
] as const) {
  test(`${name}: a sign-in without use ends, and a page that only waits is no use`, async () => {
    await using desk = await open({ env })
    const { signIn, isIn, advance } = desk
    const [used, waiting] = [await signIn(), await signIn()]
    for (let i = 0; i < 9; i++) {
      desk.doors.world.clock.set(desk.doors.world.clock.now().add({ milliseconds: idleMs / 10 }))
      assert.equal(await isIn(used), true)
      assert.equal(await isIn(waiting, false), true)
    }
    desk.doors.world.clock.set(desk.doors.world.clock.now().add({ milliseconds: idleMs / 10 }))
    assert.equal(await isIn(used), true)
    assert.equal(await isIn(waiting, false), false)
    await advance(0)
  })

  test(`${name}: a sign-in ends at its hour, however busy it is`, async () => {
    await using desk = await open({ env })
    const { clock } = desk.doors.world
    const session = await desk.signIn()
    const step = longestMs / 36
    for (let passed = step; passed < longestMs; passed += step) {
      clock.set(clock.now().add({ milliseconds: step }))
      assert.equal(await desk.isIn(session), true)
    }
    clock.set(clock.now().add({ milliseconds: step - 1 }))
    assert.equal(await desk.isIn(session), true)
    clock.set(clock.now().add({ milliseconds: 1 }))
    assert.equal(await desk.isIn(session), false)
  })
}

test('200 sign-ins: twenty stay, and the one not used for longest makes room', async () => {
  await using desk = await open()
  const { browsers } = desk.doors.world.app.desk
  const [first, busy] = [await desk.signIn(), await desk.signIn()]
  const sessions: Halves[] = []
  for (let i = 0; i < 199; i++) {
    await desk.advance(1)
    sessions.push(await desk.signIn())
    assert.equal(await desk.isIn(busy), true)
  }
  assert.equal((await browsers.list(desk.doors.world.app.operator)).length, 20)
  assert.equal(await desk.isIn(first), false)
  const standing = await Promise.all(sessions.map((session) => desk.isIn(session, false)))
  assert.deepEqual(
    standing,
    sessions.map((_, at) => at >= 180),
  )
})

test('a thousand tries with values that were planted before a sign-in: none is in by it', async (t) => {
  await using desk = await open()
  const { signIn, isIn, isInWith } = desk
  const plant = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url')
  const ids = new Set<string>()
  let [tries, fixed] = [0, 0]
  const look = async (isFixed: Promise<boolean>) => {
    tries++
    if (await isFixed) fixed++
  }
  for (let round = 0; round < 200; round++) {
    const [cookie, page] = [plant(), plant()]
    const before = await signIn()
    const own = await signIn()
    assert.equal(await isIn(own), true)
    await look(isIn({ ...own, cookie, page }))
    await look(isIn({ ...own, page }))
    await look(isIn({ ...own, cookie }))
    // His own sign-in under the other's name, and the other's page beside his cookie.
    await look(isIn({ ...own, cookie: before.cookie, page: before.page }))
    const both = [cookieName(own.id), cookieName(before.id)].map((name) => [name, before.cookie] as const)
    await look(isInWith(both, own.page, own.origin))
    for (const { id } of [before, own]) ids.add(id)
  }
  assert.deepEqual([fixed, tries, ids.size], [0, 1_000, 400])
  t.diagnostic(`test 96: 0 of ${tries} planted values were in`)
})

test('a flood of links keeps only the latest twenty', async () => {
  await using desk = await open()
  const { signIns, follow } = desk
  const first = signIns.newLink()
  const links = Array.from({ length: 20 }, () => signIns.newLink())
  await assert.rejects(follow(first), code('sign_in_link_invalid'))
  await follow(links[0]!)
})

test('over HTTP: sign-in gives new values whatever the browser brought, sign-out ends them and takes the cookie back', async () => {
  await using doors = await openDoors()
  const planted = 'A'.repeat(43)
  const link = (await doors.ask('POST', '/v1/desk/link', { overSocket: true, body: {} })).json as {
    url: string
  }
  const { host, search, hash } = new URL(link.url)
  assert.equal(search, '')
  const token = hash.replace('#sign-in=', '')
  const own = { host, 'sec-fetch-site': 'same-origin' }
  const signIn = (headers: Record<string, string> = {}) =>
    doors.ask('POST', '/v1/desk/sign-in', {
      body: { token },
      headers: { 'content-type': 'application/json', ...own, ...headers },
    })
  const answer = await signIn({ cookie: `bhor_desk_x=${planted}`, 'x-bhor-session': planted })
  assert.equal(answer.status, 200)
  const { id, csrf } = answer.json as { id: string; csrf: string }
  const [setCookie = ''] = answer.headers['set-cookie'] ?? []
  assert.match(
    setCookie,
    new RegExp(`^bhor_${id}=[A-Za-z0-9_-]{43}; HttpOnly; SameSite=Strict; Path=/; Max-Age=2592000$`),
  )
  assert.ok(!setCookie.includes(planted))
  const cookie = setCookie.split(';')[0]!
  assert.notEqual(cookie.split('=')[1], csrf)
  const signedIn = { ...own, cookie: `bhor_${id}=${planted}; ${cookie}`, 'x-bhor-session': csrf }
  assert.equal((await doors.ask('GET', '/v1/desk/me', { headers: signedIn })).status, 200)
  const fixed = { ...own, cookie: `bhor_${id}=${planted}`, 'x-bhor-session': planted }
  assert.equal((await doors.ask('GET', '/v1/desk/me', { headers: fixed })).code, 'sign_in_needed')
  assert.equal((await signIn()).code, 'sign_in_link_invalid')
  const out = await doors.ask('POST', '/v1/desk/sign-out', { headers: signedIn })
  assert.deepEqual(
    [out.status, out.json, out.headers['set-cookie']],
    [200, { frame: null }, [`bhor_${id}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0`]],
  )
  assert.equal((await doors.ask('GET', '/v1/desk/me', { headers: signedIn })).code, 'sign_in_needed')
  const actions = (await doors.world.app.desk.audit.list(doors.world.app.operator, { limit: 2 })).map(
    ({ action }) => action,
  )
  assert.deepEqual(actions, ['desk.sign_out', 'desk.sign_in'])
})

test('over HTTP: a link of the page counts neither at 127.0.0.1 nor at another page', async () => {
  await using doors = await openDoors()
  const linkOf = async (body: object) =>
    new URL(
      ((await doors.ask('POST', '/v1/desk/link', { overSocket: true, body })).json as { url: string }).url,
    )
  const signIn = async (link: URL, host: string) =>
    doors.ask('POST', '/v1/desk/sign-in', {
      body: { token: link.hash.replace('#sign-in=', '') },
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', host },
    })
  const other = await linkOf({})
  for (const host of [doors.host, other.host]) {
    const refused = await signIn(await linkOf({}), host)
    assert.deepEqual([refused.code, refused.headers['set-cookie']], ['sign_in_link_invalid', undefined])
  }
  const plain = await linkOf({ plain: true })
  assert.equal(plain.host, doors.host)
  assert.equal((await signIn(plain, doors.host)).status, 200)
  assert.equal((await signIn(await linkOf({ plain: true }), other.host)).code, 'sign_in_link_invalid')
})

test('over HTTP: a page that polls for changes is signed out after 30 minutes all the same', async () => {
  await using doors = await openDoors({ env: strict })
  const headers = await doors.signIn()
  for (let i = 0; i < 6; i++) {
    assert.equal((await doors.ask('GET', '/v1/changes?after=1', { headers })).status, 200)
    await doors.world.advance(5 * minuteMs)
  }
  assert.equal((await doors.ask('GET', '/v1/changes?after=1', { headers })).code, 'sign_in_needed')
})

test('a waiting page is answered when something changes, and after 25 seconds anyway', async () => {
  await using doors = await openDoors()
  const key = await doors.key(['status'])
  const { version } = (await doors.ask('GET', '/v1/changes', { key })).json as { version: number }
  const waiting = doors.ask('GET', `/v1/changes?after=${version}`, { key })
  await doors.world.addAccount()
  const next = ((await waiting).json as { version: number }).version
  assert.ok(next > version)
})

test('signing out late: the cookie ends the sign-in that it is of, and no other; it does nothing else', async () => {
  await using doors = await openDoors()
  const [mine, other] = [await doors.signIn(), await doors.signIn()] as Record<string, string>[]
  const idOf = ({ cookie = '' }) => /bhor_(desk_\w+)=/.exec(cookie)?.[1] ?? ''
  const isIn = async (page: Record<string, string>) =>
    (await doors.ask('GET', '/v1/desk/me', { headers: page })).status === 200
  const late = ({ host, cookie, 'sec-fetch-site': site }: Record<string, string>, browser: string) =>
    doors.ask('POST', '/v1/desk/sign-out/late', {
      headers: { host: host!, cookie: cookie!, 'sec-fetch-site': site! },
      body: { browser },
    })
  const stranger = { ...mine!, cookie: `bhor_${idOf(mine!)}=${'A'.repeat(43)}` }
  for (const tried of [await late(mine!, idOf(other!)), await late(stranger, idOf(mine!))])
    assert.deepEqual(
      [tried.status, tried.json, tried.headers['set-cookie']],
      [200, { frame: null }, undefined],
    )
  assert.deepEqual([await isIn(mine!), await isIn(other!)], [true, true])
  const foreign = await late({ ...mine!, 'sec-fetch-site': 'same-site' }, idOf(mine!))
  assert.equal(foreign.code, 'cross_site_blocked')

  const out = await late(mine!, idOf(mine!))
  assert.match(String(out.headers['set-cookie']), new RegExp(`^bhor_${idOf(mine!)}=; .*Max-Age=0`))
  assert.deepEqual([await isIn(mine!), await isIn(other!)], [false, true])
  assert.deepEqual((await late(mine!, idOf(mine!))).json, { frame: null }, 'once more changes nothing')
  const [record] = await doors.world.app.desk.audit.list(doors.world.app.operator, { limit: 1 })
  assert.deepEqual([record?.action, record?.actor], ['desk.sign_out', `desk:${idOf(mine!)}`])
})
