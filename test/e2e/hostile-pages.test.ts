import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { BrowserContext, Page, Request } from 'playwright-core'
import { dashboardFolder } from '../../src/cli/dashboard-folder.ts'
import { Addresses } from '../../src/http/addresses.ts'
import { doors } from '../../src/http/doors.ts'
import { type DeskParts, rowsOf } from '../../src/http/parts.ts'
import { signInUrl } from '../../src/http/routes/sign-in.ts'
import { serveDesk } from '../../src/http/server.ts'
import { freePort } from '../support/at-the-terminal.ts'
import { isIn, launchBrowser } from '../support/browser.ts'
import { knockFrom, startStranger, type Target, type Vector, vectors } from '../support/hostile-page.ts'
import { openWorld, type World } from '../support/world.ts'

const browser = await launchBrowser({ args: ['--host-resolver-rules=MAP evil.test 127.0.0.1'] })
after(() => browser.close())

/** What each route takes that changes something, as somebody who may do it would send it. */
const bodies: Readonly<Record<string, object>> = {
  'POST /v1/accounts': { account: 'his', broker: 'kite', kind: 'sandbox' },
  'PATCH /v1/accounts/{account}': { label: 'his' },
  'POST /v1/accounts/{account}/login': { via: 'api' },
  'POST /v1/accounts/{account}/report': { generation: 1, status: 403 },
  'POST /v1/accounts/{account}/runs': { name: 'his' },
  'PUT /v1/accounts/{account}/gate': { state: 'closed' },
  'PUT /v1/gate': { state: 'closed' },
  'PUT /v1/seal': { reason: 'his' },
  'POST /v1/keys': { name: 'his', scopes: ['admin'] },
  'POST /v1/alerts': {
    name: 'his',
    kind: 'ntfy',
    fields: { server: 'https://ntfy.example' },
    secrets: { topic: 'his' },
  },
  'PATCH /v1/alerts/{id}': { leastSeverity: 'critical' },
  'POST /v1/calendar': { days: [{ date: '2026-12-01', kind: 'holiday' }] },
  'POST /v1/calendar/{day}/move': { to: '2026-12-30' },
  'POST /v1/activity/export': { format: 'csv' },
  'POST /v1/vault/master': { source: 'file' },
  'POST /v1/audit/export': { before: '2026-11-01T00:00:00Z' },
  'PUT /v1/desk/passphrase': { passphrase: 'correct horse battery staple' },
  'POST /v1/desk/confirmation': { act: 'account.remove' },
  'POST /v1/desk/return': { nonce: '0123456789abcdef' },
  'PUT /v1/desk/drafts/{form}': { fields: { label: 'his' } },
}

const isFile = (path: string) => path.startsWith('/assets/')

/** Every row that the desk serves, as requests. */
function targetsOf({ app }: World): Target[] {
  const addresses = new Addresses(() => 'a1b2c3d4e5f6g7h8')
  const parts = { app, dashboardFolder, addresses } as DeskParts
  const params: Record<string, string> = { account: 'demo', broker: 'kite', day: '2026-11-24', id: 'home' }
  return (
    doors.desk.serves
      .flatMap((part) => rowsOf[part](parts))
      // The files of the page are served alike: one stands for them.
      .filter(({ path }, at, rows) => !isFile(path) || rows.findIndex((row) => isFile(row.path)) === at)
      .map(({ method, path }) => ({
        method,
        path: path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? 'one'),
        body: JSON.stringify(bodies[`${method} ${path}`] ?? {}),
      }))
  )
}

/** All that a request could have changed, and how often anything was done at all. */
async function stateOf({ clock, app: { desk, operator, store } }: World): Promise<unknown> {
  return {
    head: await store.audit.head(),
    accounts: await desk.accounts.list(operator),
    gate: await desk.gates.ofHouse(operator),
    keys: await desk.keys.list(operator),
    alerts: await desk.alerts.list(operator),
    mirrors: await desk.mirrors.list(operator),
    calendar: await desk.calendar.days(operator, {}),
    browsers: await desk.browsers.list(operator),
    logins: await store.logins.open(clock.nowMs()),
  }
}

/** What these hosts answered to the newest page and what it opens: statuses, and whose it is where that is no refusal. */
function watchAnswers(context: BrowserContext, hosts: readonly string[]) {
  const statuses = new Map<string, number>()
  const others = context.pages().slice(0, -1)
  let open = 0
  const isAsked = (request: Request) =>
    hosts.includes(new URL(request.url()).host) &&
    !(request.serviceWorker() === null && others.includes(request.frame().page()))
  const counting = (step: number) => (request: Request) => {
    if (isAsked(request)) open += step
  }
  context.on('request', counting(1))
  context.on('requestfailed', counting(-1))
  context.on('requestfinished', counting(-1))
  context.on('response', (answer) => {
    if (!isAsked(answer.request())) return
    const isRefused = [403, 405, 421].includes(answer.status())
    const name = isRefused ? String(answer.status()) : `${answer.status()} ${new URL(answer.url()).pathname}`
    statuses.set(name, (statuses.get(name) ?? 0) + 1)
  })
  return {
    statuses,
    settled: async (page: Page) => {
      for (let looks = 0; looks < 100 && open > 0; looks++) await page.waitForTimeout(20)
    },
  }
}

const blank = '<!doctype html><title>his</title><body>'

test('each vector works: at a server without a guard every one arrives, most with the cookie of another port', async () => {
  const arrived = new Map<string, string>()
  await using open = await startStranger((asked, answer) => {
    const [, vector = ''] = asked.url!.split(/[/?]/).map(decodeURIComponent)
    arrived.set(vector, `${arrived.get(vector) ?? ''} ${asked.headers.cookie ?? 'none'}`)
    const origin = asked.headers.origin ?? '*'
    answer
      .setHeader('access-control-allow-origin', origin)
      .setHeader('access-control-allow-credentials', 'true')
      .setHeader('access-control-allow-headers', 'content-type')
      .setHeader('access-control-allow-methods', '*')
      .setHeader('content-type', 'text/html')
      .end(blank)
  })
  await using his = await startStranger((_, answer) =>
    answer.setHeader('content-type', 'text/html').end(blank),
  )
  await using context = await browser.newContext()
  await context.addCookies([
    {
      name: 'bhor_desk_x',
      value: 'half',
      url: `http://127.0.0.1:${open.port}`,
      sameSite: 'Strict',
      httpOnly: true,
    },
  ])
  const page = await context.newPage()
  await page.goto(`http://127.0.0.1:${his.port}`)
  const origin = `http://127.0.0.1:${open.port}`
  for (const vector of vectors.all) {
    const target = { method: 'POST', path: `/${encodeURIComponent(vector)}`, body: '{"a":"b"}' }
    await knockFrom(page, { origin, targets: [target], by: [vector] })
  }
  // Scripts of workers must be of the page's own origin.
  const own: readonly Vector[] = ['fetch same-origin', 'worker', 'service worker']
  const missing = vectors.all.filter((vector) => !arrived.has(vector))
  assert.deepEqual(missing, own)
  const withCookie = [...arrived].filter(([, cookies]) => cookies.includes('bhor_desk_x=half'))
  assert.ok(withCookie.length >= 20, [...arrived.entries()].join('\n'))
})

test('rebinding: a page whose name leads to this computer now reads no route of the desk and changes nothing, whatever it knows', async (t) => {
  const port = await freePort()
  await using context = await browser.newContext()
  const page = await context.newPage()
  {
    await using _ = await startStranger(
      (_, answer) => answer.setHeader('content-type', 'text/html').end(blank),
      port,
    )
    await page.goto(`http://evil.test:${port}/`)
  }
  await using world = await openWorld({ port })
  await using server = await serveDesk({ app: world.app, dashboardFolder })
  await world.addAccount()
  await world.logIn('demo')
  const { app } = world
  await app.desk.calendar.change(app.operator, { days: [{ date: '2026-11-24', kind: 'holiday' }] })
  // Even somebody who has a key and both halves of a sign-in has to come under a name that is the desk's.
  const { key } = await app.desk.keys.add(app.operator, { name: 'known', scopes: ['admin'] })
  const link = server.signIns.newLink()
  const {
    browser: signedIn,
    cookie,
    page: half,
  } = await server.signIns.signIn(link.token.reveal(), new URL(link.page).origin)
  const url = `http://evil.test:${port}`
  await context.addCookies([{ name: `bhor_${signedIn.id}`, value: cookie.reveal(), url }])
  const headers = { authorization: `Bearer ${key.reveal()}`, 'x-bhor-session': half.reveal() }
  const answers = watchAnswers(context, [`evil.test:${port}`])
  const before = await stateOf(world)
  const targets = targetsOf(world)
  const knocks = await knockFrom(page, { origin: `http://evil.test:${port}`, targets, headers })
  await answers.settled(page)
  const read = knocks.filter(({ read }) => read !== '' && !/^(421 )?\{.*"code":"host_not_allowed"/.test(read))
  assert.deepEqual(read, [])
  assert.deepEqual(await stateOf(world), before)
  assert.deepEqual([...answers.statuses.keys()], ['421'])
  const asked = answers.statuses.get('421')!
  assert.ok(asked > targets.length * 9, `${asked} requests arrived`)
  t.diagnostic(
    `test 79: 0 of ${targets.length} routes and ${vectors.all.length} vectors read or changed anything, ${asked} requests arrived`,
  )
})

test('another page, at another port of the same host and at another host, beside one that is signed in: reads nothing and changes nothing', async (t) => {
  await using world = await openWorld({ port: await freePort() })
  await using server = await serveDesk({ app: world.app, dashboardFolder })
  await world.addAccount()
  await world.logIn('demo')
  const { app } = world
  await app.desk.calendar.change(app.operator, { days: [{ date: '2026-11-24', kind: 'holiday' }] })
  await using context = await browser.newContext()
  const own = await context.newPage()
  const kept = context.waitForEvent(
    'response',
    (answer) => answer.url().endsWith('/v1/desk/key') && answer.request().method() === 'PUT',
  )
  await own.goto(signInUrl(server.signIns.newLink()))
  await isIn(own)
  await kept
  const { origin, hostname, host } = new URL(own.url())
  const cookies: string[] = []
  await using his = await startStranger((asked, answer) => {
    cookies.push(asked.headers.cookie ?? '')
    answer.setHeader('content-type', 'text/html').end(blank)
  })
  const all = targetsOf(world)
  const changing = all.filter(({ method }) => method !== 'GET')
  const reading = all.filter(({ method }) => method === 'GET')
  const few: readonly Vector[] = ['fetch without preflight', 'XMLHttpRequest', 'form plain text']
  const tries = [
    { at: hostname, origin, targets: changing, by: vectors.sending, headers: { 'x-bhor-session': 'x' } },
    { at: hostname, origin, targets: reading },
    { at: '127.0.0.1', origin: server.origin, targets: changing, by: few },
    { at: 'evil.test', origin, targets: changing },
  ]
  const before = await stateOf(world)
  let count = 0
  for (const { at, ...tried } of tries) {
    const page = await context.newPage()
    await page.goto(`http://${at}:${his.port}/`)
    const answers = watchAnswers(context, [host, new URL(server.origin).host])
    const knocks = await knockFrom(page, tried)
    await answers.settled(page)
    assert.deepEqual(
      knocks.filter(({ read }) => read !== ''),
      [],
      at,
    )
    // A page of the desk may show a frame of it; to any other there is none.
    const told = [...answers.statuses.keys()].filter((status) => !/^(?:403|405)$/.test(status))
    assert.deepEqual(told, tried.targets === reading ? ['404 /desk/key'] : [], at)
    count += knocks.length
    await page.close()
  }
  assert.match(cookies[0]!, /^bhor_desk_\w+=[\w-]{43}$/, 'a browser tells ports not apart')
  assert.deepEqual(await stateOf(world), before)
  await own.reload()
  await isIn(own)
  t.diagnostic(`test 81: 0 of ${count} requests from other pages read or changed anything`)
})
