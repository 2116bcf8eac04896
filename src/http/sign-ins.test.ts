import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDoors } from '../../test/support/doors.ts'
import { ManualClock } from '../core/clock.ts'
import { seededRandom } from '../core/random.ts'
import { SignIns } from './sign-ins.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

function open() {
  const clock = new ManualClock()
  const signIns = new SignIns(clock, seededRandom('desk'))
  const signIn = () => {
    const { cookie, page, id } = signIns.signIn(signIns.newLink().token.reveal())
    return { id, cookie: cookie.reveal(), page: page.reveal() }
  }
  const isIn = ({ cookie, page }: { cookie: string; page: string }, isActivity = true) => {
    try {
      signIns.check(cookie, page, isActivity)
      return true
    } catch {
      return false
    }
  }
  return { clock, signIns, signIn, isIn }
}
const code = (wanted: string) => (error: unknown) => (error as { code?: string }).code === wanted

test('a link works once', () => {
  const { signIns } = open()
  const token = signIns.newLink().token.reveal()
  signIns.signIn(token)
  assert.throws(() => signIns.signIn(token), code('sign_in_link_invalid'))
})

test('a link lives ten minutes, to the millisecond', async () => {
  const { signIns, clock } = open()
  const [early, late] = [signIns.newLink().token.reveal(), signIns.newLink().token.reveal()]
  await clock.advance(10 * minuteMs - 1)
  signIns.signIn(early)
  await clock.advance(1)
  assert.throws(() => signIns.signIn(late), code('sign_in_link_invalid'))
})

test('it takes both halves, and both of the same session', () => {
  const { signIn, isIn } = open()
  const [a, b] = [signIn(), signIn()]
  assert.equal(isIn(a), true)
  for (const wrong of ['', 'x', a.cookie, b.page, `${a.page} `, a.page.toUpperCase(), a.page.slice(0, -1)]) {
    assert.equal(isIn({ cookie: a.cookie, page: wrong }), false)
  }
  for (const wrong of ['', a.page, b.cookie]) assert.equal(isIn({ cookie: wrong, page: a.page }), false)
})

test('a session without use ends after 30 minutes, and a page that only waits is no use', async () => {
  const { clock, signIn, isIn } = open()
  const [used, waiting] = [signIn(), signIn()]
  for (let i = 0; i < 29; i++) {
    await clock.advance(minuteMs)
    assert.equal(isIn(used), true)
    assert.equal(isIn(waiting, false), true)
  }
  await clock.advance(minuteMs)
  assert.equal(isIn(used), true)
  assert.equal(isIn(waiting, false), false)
})

test('a session ends after 12 hours, however busy it is', async () => {
  const { clock, signIn, isIn } = open()
  const session = signIn()
  for (let passed = 0; passed < 12 * hourMs - 20 * minuteMs; passed += 20 * minuteMs) {
    await clock.advance(20 * minuteMs)
    assert.equal(isIn(session), true)
  }
  await clock.advance(20 * minuteMs)
  assert.equal(isIn(session), false)
})

test('at most five at once: the sixth ends the oldest', () => {
  const { signIn, isIn } = open()
  const sessions = Array.from({ length: 6 }, signIn)
  assert.deepEqual(
    sessions.map((session) => isIn(session)),
    [false, true, true, true, true, true],
  )
})

test('a flood of links keeps only the latest twenty', () => {
  const { signIns } = open()
  const first = signIns.newLink().token.reveal()
  const links = Array.from({ length: 20 }, () => signIns.newLink().token.reveal())
  assert.throws(() => signIns.signIn(first), code('sign_in_link_invalid'))
  signIns.signIn(links[0]!)
})

test('over HTTP: sign-in gives new values whatever the browser brought, sign-out ends them', async () => {
  await using doors = await openDoors()
  const { signIns } = doors.server
  const planted = 'A'.repeat(43)
  const link = (await doors.ask('POST', '/v1/desk/link', { overSocket: true, body: {} })).json as {
    url: string
  }
  const token = link.url.split('#sign-in=')[1]!
  assert.ok(!new URL(link.url).search)
  const own = { 'sec-fetch-site': 'same-origin' }
  const answer = await doors.ask('POST', '/v1/desk/sign-in', {
    body: { token },
    headers: {
      'content-type': 'application/json',
      ...own,
      cookie: `bhor_desk=${planted}`,
      'x-bhor-session': planted,
    },
  })
  assert.equal(answer.status, 200)
  const [setCookie = ''] = answer.headers['set-cookie'] ?? []
  assert.match(setCookie, /^bhor_desk=[A-Za-z0-9_-]{43}; HttpOnly; SameSite=Strict; Path=\/; Max-Age=43200$/)
  assert.ok(!setCookie.includes(planted))
  const cookie = setCookie.split(';')[0]!
  const page = (answer.json as { csrf: string }).csrf
  assert.notEqual(cookie.split('=')[1], page)
  const signedIn = { ...own, cookie, 'x-bhor-session': page }
  assert.equal((await doors.ask('GET', '/v1/desk/me', { headers: signedIn })).status, 200)
  assert.throws(() => signIns.check(planted, planted, true), code('sign_in_needed'))
  assert.equal(
    (
      await doors.ask('POST', '/v1/desk/sign-in', {
        body: { token },
        headers: { 'content-type': 'application/json', ...own },
      })
    ).code,
    'sign_in_link_invalid',
  )
  assert.equal((await doors.ask('POST', '/v1/desk/sign-out', { headers: signedIn })).status, 204)
  assert.equal((await doors.ask('GET', '/v1/desk/me', { headers: signedIn })).code, 'sign_in_needed')
  const actions = (await doors.world.app.desk.audit.list(doors.world.app.operator, { limit: 2 })).map(
    ({ action }) => action,
  )
  assert.deepEqual(actions, ['desk.sign_out', 'desk.sign_in'])
})

test('over HTTP: a page that polls for changes is signed out after 30 minutes all the same', async () => {
  await using doors = await openDoors()
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
