import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../core/clock.ts'
import { seededRandom } from '../core/random.ts'
import { demoUsers, type SimulatedUser, type Simulator, startSimulator, totpCode } from './index.ts'

const redirectUrl = 'http://127.0.0.1:9/callback?from=app'

async function start(options: { userIds?: string[]; userId?: string } = {}): Promise<Simulator> {
  const simulator = await startSimulator({ port: 0, clock: new ManualClock(), random: seededRandom('login') })
  for (const broker of ['kite', 'upstox']) {
    simulator.registerApp({ broker, apiKey: 'the-key', apiSecret: 'the-secret', redirectUrl, ...options })
  }
  return simulator
}

const loginUrls: Record<string, (simulator: Simulator) => string> = {
  kite: (simulator) =>
    `${simulator.hosts('kite').login}/connect/login?v=3&api_key=the-key&redirect_params=${encodeURIComponent('state=a b&more=1')}`,
  upstox: (simulator) =>
    `${simulator.hosts('upstox').api}/v2/login/authorization/dialog?response_type=code&client_id=the-key&redirect_uri=${encodeURIComponent(redirectUrl)}&state=s%26t`,
}

/** A browser that follows nothing by itself: one page, its form, one submit. */
class Browser {
  address = ''
  html = ''
  status = 0

  async open(url: string, init: RequestInit = {}): Promise<this> {
    const response = await fetch(url, { ...init, redirect: 'manual' })
    this.status = response.status
    const location = response.headers.get('location')
    this.address = location ? new URL(location, url).href : url
    this.html = await response.text()
    return location && this.address.includes('/connect/finish') ? this.open(this.address) : this
  }
  submit(fields: Record<string, string>): Promise<this> {
    const [, id = ''] = /name="sess_id" value="([^"]+)"/.exec(this.html) ?? []
    const [, action = ''] = /<form method="post" action="([^"]+)"/.exec(this.html) ?? []
    const target = new URL(action, this.address).href
    return this.open(target, { method: 'POST', body: new URLSearchParams({ sess_id: id, ...fields }) })
  }
  get landed(): [string, string][] {
    assert.equal(this.status, 302, this.html)
    assert.ok(this.address.startsWith('http://127.0.0.1:9/callback?'), this.address)
    return [...new URL(this.address).searchParams]
  }
}

for (const user of Object.values(demoUsers) as SimulatedUser[]) {
  const { broker } = user
  const loginUrl = loginUrls[broker]!
  const granted = broker === 'kite' ? 'request_token' : 'code'

  test(`${broker}: user id and password, then TOTP, end at the app with a code`, async () => {
    await using simulator = await start()
    const browser = await new Browser().open(loginUrl(simulator))
    assert.equal(browser.status, 200)
    await browser.submit({ user_id: user.userId.toLowerCase(), password: user.password })
    assert.match(browser.html, /TOTP/)
    await browser.submit({ totp: totpCode(user.totpSeed, simulator.clock.now()) })
    const params = browser.landed
    const token = params.find(([name]) => name === granted)?.[1] ?? ''
    const expected =
      broker === 'kite'
        ? [
            ['from', 'app'],
            ['action', 'login'],
            ['type', 'login'],
            ['status', 'success'],
            ['request_token', token],
            ['state', 'a b'],
            ['more', '1'],
          ]
        : [
            ['from', 'app'],
            ['code', token],
            ['state', 's&t'],
          ]
    assert.deepEqual(params, expected)
    assert.match(token, broker === 'kite' ? /^[A-Za-z0-9]{32}$/ : /^[A-Za-z0-9]{6}$/)
  })

  test(`${broker}: one tap as the demo user logs in`, async () => {
    await using simulator = await start()
    const browser = await new Browser().open(loginUrl(simulator))
    await browser.submit({ demo: user.userId })
    assert.ok(browser.landed.some(([name]) => name === granted))
  })

  test(`${broker}: a wrong password, user id or TOTP is told on the page, and the login can go on`, async () => {
    await using simulator = await start()
    const browser = await new Browser().open(loginUrl(simulator))
    for (const wrong of [
      { user_id: user.userId, password: 'wrong' },
      { user_id: 'ZZ9999', password: user.password },
      { user_id: user.userId },
    ]) {
      await browser.submit(wrong)
      assert.match(browser.html, /role="alert">Invalid user id or password/)
    }
    await browser.submit({ user_id: user.userId, password: user.password })
    await browser.submit({ totp: '000000' })
    assert.match(browser.html, /role="alert">Invalid TOTP/)
    await browser.submit({ totp: totpCode(user.totpSeed, simulator.clock.now().subtract({ minutes: 5 })) })
    assert.match(browser.html, /role="alert">Invalid TOTP/)
    await browser.submit({ totp: totpCode(user.totpSeed, simulator.clock.now()) })
    assert.ok(browser.landed.some(([name]) => name === granted))
  })

  test(`${broker}: the TOTP follows the movable clock`, async () => {
    await using simulator = await start()
    simulator.clock.advance(3_600_000)
    const browser = await new Browser().open(loginUrl(simulator))
    await browser.submit({ user_id: user.userId, password: user.password })
    await browser.submit({ totp: totpCode(user.totpSeed, new ManualClock().now()) })
    assert.match(browser.html, /Invalid TOTP/)
  })

  test(`${broker}: a user with a PIN is asked for it too`, async () => {
    await using simulator = await start()
    simulator.addUser({ ...user, userId: 'PN0001', pin: '4711' })
    const browser = await new Browser().open(loginUrl(simulator))
    await browser.submit({ user_id: 'PN0001', password: user.password })
    const totp = totpCode(user.totpSeed, simulator.clock.now())
    await browser.submit({ totp, pin: '1234' })
    assert.match(browser.html, /Invalid PIN/)
    await browser.submit({ totp, pin: '4711' })
    assert.ok(browser.landed.some(([name]) => name === granted))
  })

  test(`${broker}: cancel ends at the app without a code, at either step`, async () => {
    await using simulator = await start()
    for (const before of [[], [{ user_id: user.userId, password: user.password }]]) {
      const browser = await new Browser().open(loginUrl(simulator))
      for (const step of before) await browser.submit(step)
      await browser.submit({ cancel: '1' })
      const params = browser.landed
      assert.ok(!params.some(([name]) => name === granted))
      assert.deepEqual(
        params.slice(1),
        broker === 'kite'
          ? [
              ['action', 'login'],
              ['type', 'login'],
              ['status', 'cancelled'],
              ['state', 'a b'],
              ['more', '1'],
            ]
          : [
              ['error', 'access_denied'],
              ['state', 's&t'],
            ],
      )
    }
  })

  test(`${broker}: a submitted form works once, and an abandoned one dies after 10 minutes`, async () => {
    await using simulator = await start()
    const once = await new Browser().open(loginUrl(simulator))
    const { html, address } = once
    await once.submit({ demo: user.userId })
    const again = Object.assign(new Browser(), { html, address })
    assert.equal((await again.submit({ demo: user.userId })).status, 400)
    const late = await new Browser().open(loginUrl(simulator))
    simulator.clock.advance(10 * 60_000)
    assert.equal((await late.submit({ demo: user.userId })).status, 400)
  })

  test(`${broker}: the pages warn, show the credentials, fit a phone and load nothing from outside`, async () => {
    await using simulator = await start({ userId: user.userId })
    const response = await fetch(loginUrl(simulator))
    const html = await response.text()
    for (const shown of [
      'bhor simulator – not a broker, no real money',
      user.userId,
      user.password,
      user.totpSeed,
    ]) {
      assert.ok(html.includes(shown), shown)
    }
    assert.match(html, /name="viewport"/)
    assert.doesNotMatch(html, /<script|<link|<img|@import|url\(|\son\w+=|https?:\/\//i)
    assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'/)
    assert.equal(response.headers.get('x-bhor-simulator'), 'not a broker')
  })

  test(`${broker}: names are text, whatever is in them`, async () => {
    await using simulator = await start({ userId: 'XS0001' })
    simulator.addUser({ ...user, userId: 'XS0001', name: '<script>alert(1)</script>' })
    const html = await (await fetch(loginUrl(simulator))).text()
    assert.ok(!html.includes('<script>'))
    assert.ok(html.includes('&#60;script&#62;'))
  })

  test(`${broker}: logIn walks the pages in process`, async () => {
    await using simulator = await start()
    const landed = new URL(simulator.logIn(broker, loginUrl(simulator)))
    assert.ok(landed.searchParams.get(granted))
    assert.ok(
      !new URL(simulator.logIn(broker, loginUrl(simulator), { cancels: true })).searchParams.has(granted),
    )
    assert.throws(() => simulator.logIn(broker, 'http://127.0.0.1:1/elsewhere'), { code: 'login_refused' })
    assert.deepEqual(simulator.calls(), [])
  })
}

test('kite: a user who is not enabled for the app gets the JSON page and no redirect', async () => {
  await using simulator = await start({ userIds: ['AB1234'] })
  const browser = await new Browser().open(loginUrls.kite!(simulator))
  await browser.submit({ demo: demoUsers.kite.userId })
  assert.equal(browser.status, 400)
  assert.deepEqual(JSON.parse(browser.html), {
    status: 'error',
    message: 'The user is not enabled for the app.',
    error_type: 'InputException',
  })
  assert.throws(() => simulator.logIn('kite', loginUrls.kite!(simulator)), /not enabled for the app/)
})

test('kite: an unknown app and an unfinished login get no redirect', async () => {
  await using simulator = await start()
  const { login } = simulator.hosts('kite')
  const unknown = await fetch(`${login}/connect/login?v=3&api_key=unknown`)
  assert.equal(unknown.status, 400)
  assert.equal(((await unknown.json()) as { error_type: string }).error_type, 'InputException')
  const browser = await new Browser().open(loginUrls.kite!(simulator))
  const [, id] = /name="sess_id" value="([^"]+)"/.exec(browser.html) ?? []
  const finish = async () =>
    (await fetch(`${login}/connect/finish?api_key=the-key&sess_id=${id}`, { redirect: 'manual' })).status
  assert.equal(await finish(), 400)
  await browser.submit({ user_id: demoUsers.kite.userId, password: demoUsers.kite.password })
  assert.equal(await finish(), 400)
})

test('upstox: client_id, redirect_uri and response_type must be exact', async () => {
  await using simulator = await start()
  const good = new URL(loginUrls.upstox!(simulator))
  for (const [name, value] of [
    ['client_id', 'other'],
    ['redirect_uri', `${redirectUrl}/`],
    ['redirect_uri', ''],
    ['response_type', 'token'],
  ] as const) {
    const url = new URL(good)
    url.searchParams.set(name, value)
    const response = await fetch(url)
    assert.equal(response.status, 401)
    const body = (await response.json()) as { status: string; errors: Record<string, unknown>[] }
    assert.deepEqual(body, {
      status: 'error',
      errors: [
        {
          errorCode: 'UDAPI100068',
          message: "Check your 'client_id' and 'redirect_uri'; one or both are incorrect.",
          propertyPath: null,
          invalidValue: null,
          error_code: 'UDAPI100068',
          property_path: null,
          invalid_value: null,
        },
      ],
    })
  }
})

test('upstox: without a state, none comes back; a user who is not enabled gets UDAPI100016', async () => {
  await using simulator = await start()
  const url = new URL(loginUrls.upstox!(simulator))
  url.searchParams.delete('state')
  assert.ok(!new URL(simulator.logIn('upstox', url.href)).searchParams.has('state'))
  simulator.registerApp({ broker: 'upstox', apiKey: 'the-key', apiSecret: 's', redirectUrl, userIds: [] })
  assert.throws(() => simulator.logIn('upstox', url.href), /UDAPI100016/)
})
