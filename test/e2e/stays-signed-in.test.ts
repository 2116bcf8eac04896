import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { dashboardFolder } from '../../src/cli/dashboard-folder.ts'
import type { BrowserView } from '../../src/contracts/api.ts'
import { BhorError } from '../../src/core/errors.ts'
import { problemOf } from '../../src/http/problem.ts'
import { signInUrl } from '../../src/http/routes/sign-in.ts'
import { serveDesk } from '../../src/http/server.ts'
import { freePort } from '../support/at-the-terminal.ts'
import { isIn, launchBrowser, launchWithProfile } from '../support/browser.ts'
import { startImpostor } from '../support/impostor.ts'
import { type Served, serve } from '../support/served.ts'
import { openWorld } from '../support/world.ts'

const browser = await launchBrowser()
after(() => browser.close())

const hourMs = 60 * 60_000
const dayMs = 24 * hourMs

const isOut = (page: Page) => page.getByRole('heading', { name: 'Sign in' }).waitFor()
const isOffline = (page: Page) => page.getByText('bhor does not answer').first().waitFor()

async function open(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(url)
  return page
}

/** A desk on one folder and one port, with a clock that only tests move; and its page. */
async function openDesk() {
  const home = mkdtempSync(join(tmpdir(), 'bhor-stays-'))
  const parts = new AsyncDisposableStack()
  parts.defer(() => rmSync(home, { recursive: true, force: true }))
  const world = parts.use(await openWorld({ home, port: await freePort() }))
  const server = parts.use(await serveDesk({ app: world.app, dashboardFolder }))
  const { desk, operator } = world.app
  const context = parts.adopt(await browser.newContext(), (each) => each.close())
  return {
    world,
    desk,
    operator,
    context,
    newLink: () => signInUrl(server.signIns.newLink()),
    list: () => desk.browsers.list(operator),
    /** Signs in, and waits until the browser has its key. */
    async signIn(): Promise<Page> {
      const kept = context.waitForEvent('response', isKeyKept)
      const page = await open(context, signInUrl(server.signIns.newLink()))
      await isIn(page)
      await kept
      return page
    },
    /** Lets time pass at one go: nothing but the clock has to go on meanwhile. */
    pass(ms: number) {
      world.clock.set(world.clock.now().add({ milliseconds: ms }))
      desk.context.feed.stir()
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}
const isKeyKept = (response: { url(): string; request(): { method(): string } }) =>
  response.url().endsWith('/v1/desk/key') && response.request().method() === 'PUT'

const browsersOf = async (server: Served) => (await server.ask('GET', '/v1/desk/browsers')) as BrowserView[]

async function signInTo(server: Served, context: BrowserContext): Promise<Page> {
  const kept = context.waitForEvent('response', isKeyKept)
  const page = await open(context, server.signInLink)
  await isIn(page)
  await kept
  return page
}

test('a start of the server: the open tab comes back by itself, where it was; a new one, and the browser itself opened again', async () => {
  const home = mkdtempSync(join(tmpdir(), 'bhor-again-'))
  const profile = mkdtempSync(join(tmpdir(), 'bhor-profile-'))
  const port = await freePort()
  let first: string
  try {
    {
      await using context = await launchWithProfile(profile)
      let tab: Page
      {
        await using server = await serve(() => {}, { home, port })
        tab = await signInTo(server, context)
        await tab.getByRole('link', { name: 'Audit' }).click()
        await tab.getByRole('heading', { name: 'Audit' }).waitFor()
        first = tab.url()
      }
      await isOffline(tab)
      await using server = await serve(() => {}, { home, port })
      await tab.waitForURL((url) => url.host !== new URL(first).host)
      await tab.getByRole('heading', { name: 'Audit' }).waitFor()
      assert.match(tab.url(), /\/#audit$/)
      const second = await open(context, new URL('/', first).href)
      await isIn(second)
      assert.notEqual(new URL(second.url()).host, new URL(tab.url()).host)
      const [only, ...others] = await browsersOf(server)
      assert.deepEqual(others, [])
      assert.equal(only?.name, 'Chrome on Linux')
      assert.equal(only?.isKept, true)
      await tab.reload()
      await isIn(tab)
    }
    await using server = await serve(() => {}, { home, port })
    await using context = await launchWithProfile(profile)
    const page = await open(context, new URL('/', first).href)
    await isIn(page)
    assert.equal((await browsersOf(server)).length, 1)
  } finally {
    for (const folder of [home, profile]) rmSync(folder, { recursive: true, force: true })
  }
})

test('ten tabs one after the other, and five at the same moment, all come in by one sign-in; one key is left of it', async () => {
  await using desk = await openDesk()
  const first = await desk.signIn()
  const address = first.url()
  for (let tabs = 0; tabs < 10; tabs++) {
    const page = await open(desk.context, address)
    await isIn(page)
    await page.close()
  }
  const frames = new Set<string>()
  desk.context.on('request', (request) => {
    const { origin, pathname } = new URL(request.url())
    if (pathname === '/desk/key') frames.add(origin)
  })
  const pages = await Promise.all(Array.from({ length: 5 }, () => open(desk.context, address)))
  for (const page of pages) await isIn(page)
  assert.equal(new Set(pages.map((page) => new URL(page.url()).host)).size, 5)
  assert.equal((await desk.list()).length, 1)
  // A key is forgotten behind the page's back.
  for (let looks = 0; looks < 1_000 && (await keysAt(first, frames)).length > 1; looks++)
    await first.waitForTimeout(100)
  const [{ host = '' } = {}] = (await desk.world.app.store.browsers.list()).records
  assert.deepEqual(await keysAt(first, frames), [`http://${host}`])
})
/** Those of these origins at which this page's browser keeps something. */
async function keysAt(page: Page, origins: Iterable<string>): Promise<string[]> {
  const inside = await page.context().newCDPSession(page)
  const kept: string[] = []
  for (const origin of origins)
    if ((await inside.send('Storage.getUsageAndQuota', { origin })).usage > 0) kept.push(origin)
  await inside.detach()
  return kept
}

test('a page that is told to wait says so, and goes on by itself', async () => {
  await using desk = await openDesk()
  const first = await desk.signIn()
  const statuses = await first.evaluate(() =>
    Promise.all(
      Array.from({ length: 30 }, async () => {
        const headers = { 'content-type': 'application/json' }
        const body = '{"nonce":"0123456789abcdef"}'
        return (await fetch('/v1/desk/return', { method: 'POST', headers, body })).status
      }),
    ),
  )
  assert.deepEqual(new Set(statuses), new Set([200]))
  const page = await open(desk.context, first.url())
  await page.getByText('This browser comes back too often.').waitFor()
  await page.getByText('Opening…').waitFor()
  // The same behind each further step.
  const busy = { ...problemOf(new BhorError('store_busy'), 'req_x'), detail: 'The store is busy just now.' }
  for (const path of ['/v1/desk/return/start', '/v1/desk/return/finish', '/v1/desk/me'])
    await page.route(
      `**${path}`,
      (route) => route.fulfill({ status: 503, headers: { 'retry-after': '5' }, json: busy }),
      { times: 1 },
    )
  await desk.world.advance(10_000)
  await page.getByText('The store is busy just now.').waitFor()
  await isIn(page)
  assert.equal(await page.getByText('The store is busy just now.').count(), 0)
})

test('three hours, and six days between two uses, keep it; eight days without use end it, and so do 31 days with use', async () => {
  await using desk = await openDesk()
  const page = await desk.signIn()
  const address = page.url()
  desk.pass(3 * hourMs)
  await page.reload()
  await isIn(page)
  const comesBack = async () => {
    const again = await open(desk.context, address)
    await isIn(again)
    await again.close()
  }
  await comesBack()
  for (let days = 6; days <= 24; days += 6) {
    desk.pass(6 * dayMs)
    await comesBack()
  }
  desk.pass(6 * dayMs - 4 * hourMs)
  await comesBack()
  desk.pass(hourMs)
  await isOut(await open(desk.context, address))
  await isOut(page)
  const other = await desk.signIn()
  desk.pass(8 * dayMs)
  await isOut(other)
  await isOut(await open(desk.context, other.url()))
})

test('signed out everywhere: every tab is out at once, and nothing of it is left in page, storage, cache or history', async () => {
  await using desk = await openDesk()
  await desk.world.addAccount({ account: 'papa', label: 'The secret label' })
  const page = await desk.signIn()
  const address = page.url()
  const other = await open(desk.context, address)
  await isIn(other)
  desk.pass(6 * 60_000)
  await page.getByText('The secret label').waitFor()
  await page.goto(`${new URL(page.url()).origin}/#settings/browsers`)
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click()
  const command = await page
    .getByRole('dialog')
    .getByText(/^bhor desk confirm/)
    .textContent()
  await desk.desk.confirmations.byOperator(desk.operator, command!.split(' ').at(-1)!)
  for (const each of [page, other]) await isOut(each)
  assert.deepEqual(await desk.list(), [])
  assert.deepEqual(await desk.context.cookies(), await cookiesOfOthers(desk.context, page))
  for (const each of [page, other]) {
    assert.doesNotMatch(await each.content(), /secret label|papa/)
    const left = await each.evaluate(async () => ({
      session: sessionStorage.length,
      local: localStorage.length,
      databases: (await indexedDB.databases()).length,
      caches: (await caches.keys()).length,
      workers: (await navigator.serviceWorker.getRegistrations()).length,
    }))
    assert.deepEqual(left, { session: 0, local: 0, databases: 0, caches: 0, workers: 0 })
  }
  await page.goto('about:blank')
  for (let back = 0; back < 3; back++) {
    await page.goBack()
    assert.doesNotMatch(await page.content(), /secret label|papa/)
  }
  await isOut(await open(desk.context, address))
})
/** What belongs to addresses that have not answered since: good for nothing. */
const cookiesOfOthers = async (context: BrowserContext, page: Page) =>
  (await context.cookies()).filter(({ domain }) => domain !== new URL(page.url()).hostname)

test('signed out: the key that the browser kept is gone', async () => {
  await using desk = await openDesk()
  const page = await desk.signIn()
  const [{ host = '' } = {}] = (await desk.world.app.store.browsers.list()).records
  const frame = desk.context.waitForEvent('response', (response) => response.url().includes(host))
  await page.getByRole('button', { name: 'Sign out' }).click()
  await frame
  await isOut(page)
  const look = await open(desk.context, `http://${host}/healthz`)
  assert.deepEqual(await look.evaluate(() => indexedDB.databases()), [])
})

test('signed out while bhor is down: the door says so, and bhor hears of it when it answers, by the tab or by the next one at its address', async () => {
  const home = mkdtempSync(join(tmpdir(), 'bhor-owed-'))
  const port = await freePort()
  const owed = /bhor could not be told yet/
  try {
    for (const isClosed of [false, true]) {
      const context = await browser.newContext()
      let tab: Page
      {
        await using server = await serve(() => {}, { home, port })
        tab = await signInTo(server, context)
      }
      const address = new URL('/', tab.url()).href
      await isOffline(tab)
      await tab.getByRole('button', { name: 'Sign out', exact: true }).click()
      await isOut(tab)
      await tab.getByText(owed).waitFor()
      if (isClosed) await tab.close()
      await using server = await serve(() => {}, { home, port })
      if (isClosed) tab = await open(context, address)
      await isOut(tab)
      await tab.getByText(owed).waitFor({ state: 'detached' })
      assert.deepEqual(await browsersOf(server), [])
      await tab.reload()
      await isOut(tab)
      await context.close()
    }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})

test('a browser that is revoked while its tab is open is out, and so is one whose row somebody removed', async () => {
  await using desk = await openDesk()
  const page = await desk.signIn()
  const [{ id = '' } = {}] = await desk.list()
  await desk.desk.browsers.revoke(desk.operator, id)
  await isOut(page)
  await page.getByText('You are not signed in, or not any more.').waitFor()
  await isOut(await open(desk.context, page.url()))
})

test('an impostor at the port while bhor is down, with the cookie and all of an address: nothing of it counts afterwards', async () => {
  const home = mkdtempSync(join(tmpdir(), 'bhor-impostor-'))
  const port = await freePort()
  const context = await browser.newContext()
  try {
    let tab: Page
    {
      await using server = await serve(() => {}, { home, port })
      tab = await signInTo(server, context)
    }
    const { origin, host } = new URL(tab.url())
    await isOffline(tab)
    let heard: readonly string[]
    {
      // He tells an open tab that it is out, and where to go on: it stays where it is.
      const out = { status: 401, json: { code: 'sign_in_needed', detail: 'x', hint: '' } }
      const on = { status: 200, json: { url: `http://${host}/?his#return=x`, proof: '0'.repeat(64) } }
      const answers = { '/v1/desk/proof': out, '/v1/desk/return': on }
      await using impostor = await startImpostor({ port, answers })
      for (let times = 0; times < 2; times++)
        await tab.waitForResponse((answer) => answer.url().endsWith('/v1/desk/return'))
      await isOffline(tab)
      assert.equal(new URL(tab.url()).origin, origin)
      heard = impostor.heard()
      assert.ok(heard.some((line) => line.includes('x-bhor-session') && line.includes('bhor_desk_')))
    }
    {
      // He plays the desk, and says that there is nothing: it is not believed, and nothing else is asked of him.
      const nothing = { status: 200, json: [] }
      const proof = { status: 200, json: { proof: '0'.repeat(64) } }
      const answers = { '/v1/accounts': nothing, '/v1/desk/proof': proof }
      await using impostor = await startImpostor({ port, answers })
      for (let times = 0; times < 2; times++)
        await tab.waitForResponse((answer) => answer.url().endsWith('/v1/desk/proof'))
      await isOffline(tab)
      const asked = impostor.heard().filter((line) => !line.includes('/v1/desk/proof'))
      assert.deepEqual(asked, [])
    }
    {
      await using impostor = await startImpostor({ port })
      const planted = await open(context, `${origin}/?worker=full&also=/`)
      await planted.waitForFunction('document.title === "planted"')
      await planted.close()
      heard = [...heard, ...impostor.heard()]
    }
    await using server = await serve(() => {}, { home, port })
    const line = heard.find((each) => each.includes('x-bhor-session'))!
    const headers = JSON.parse(/\{[^}]*\}/.exec(line)![0]) as Record<string, string>
    const stolen = {
      host,
      cookie: headers.cookie!,
      'sec-fetch-site': 'same-origin',
      'x-bhor-session': headers['x-bhor-session']!,
    }
    const asked = await askAs(port, stolen, 'GET', '/v1/accounts')
    assert.equal(asked.code, 'sign_in_needed')

    // The address is his: what he serves there has the browser's cookie too, and shows what the desk tells whoever has it.
    const his = await open(context, origin)
    assert.equal(await his.title(), 'owned')
    const offered = await his.evaluate(async () => {
      const answer = await fetch('/v1/desk/return', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"nonce":"0123456789abcdef"}',
      })
      return (await answer.json()) as { url: string }
    })
    const next = new URL(offered.url)
    const ticket = next.hash.replace('#return=', '')
    const own = { host: next.host, 'sec-fetch-site': 'same-origin' }
    const started = await askAs(port, own, 'POST', '/v1/desk/return/start', { ticket })
    const { frame } = started.json as { frame: string }
    const signedForHim = await his.evaluate(
      (src) =>
        new Promise<boolean>((resolve) => {
          const shown = document.createElement('iframe')
          addEventListener('message', ({ origin }) => resolve(origin === new URL(src).origin))
          shown.onload = () => setTimeout(() => resolve(false), 1_000)
          shown.src = src
          document.documentElement.append(shown)
        }),
      frame,
    )
    assert.equal(signedForHim, false)

    // Nor does he get the browser's own key when the browser goes on by itself: what comes is the desk's page, at an address of its own.
    const page = await open(context, offered.url)
    await isIn(page)
    const there = { ...own, cookie: headers.cookie!, 'x-bhor-session': headers['x-bhor-session']! }
    assert.equal((await askAs(port, there, 'GET', '/v1/accounts')).code, 'sign_in_needed')
    const keys = await server.ask('GET', '/v1/keys')
    assert.deepEqual(keys, [])
  } finally {
    await context.close()
    rmSync(home, { recursive: true, force: true })
  }
})

/** A request as any program of this computer can make it. */
function askAs(
  port: number,
  headers: Record<string, string>,
  method: string,
  path: string,
  body?: object,
): Promise<{ code: string; json: unknown }> {
  const text = body === undefined ? '' : JSON.stringify(body)
  const type = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': text.length }
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method, path, headers: { ...headers, ...type } }
    request(options, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => {
        const json = JSON.parse(Buffer.concat(chunks).toString()) as { code?: string }
        resolve({ code: json.code ?? '', json })
      })
    })
      .on('error', reject)
      .end(text)
  })
}
