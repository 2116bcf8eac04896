import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { dashboardFolder } from '../../src/cli/dashboard-folder.ts'
import type { HandOut, KeyAdded, Me } from '../../src/contracts/api.ts'
import { signInUrl } from '../../src/http/routes/sign-in.ts'
import { serveDesk } from '../../src/http/server.ts'
import { freePort } from '../support/at-the-terminal.ts'
import { isIn, launchBrowser } from '../support/browser.ts'
import { startStranger } from '../support/hostile-page.ts'
import { openWorld } from '../support/world.ts'

// As people have it: a page that is left is kept as it is, to be there at once when somebody goes back.
const browser = await launchBrowser({ without: ['--disable-back-forward-cache'] })
after(() => browser.close())

interface Restored {
  /** What the document said when it came back as it was left; undefined where it was loaded anew. */
  readonly restored?: string
}
/** No document is loaded where one comes back. */
const goBack = (page: Page) => page.goBack({ waitUntil: 'commit' })
const restoredOf = (page: Page) => page.evaluate(() => (globalThis as Restored).restored)

/** All strings that live in the memory of a tab's scripts. */
async function heapOf(page: Page): Promise<string> {
  const inside = await page.context().newCDPSession(page)
  const chunks: string[] = []
  inside.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => void chunks.push(chunk))
  await inside.send('HeapProfiler.collectGarbage')
  await inside.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  await inside.detach()
  return chunks.join('')
}

/** What a tab keeps beside its memory. */
const keptBy = (page: Page) =>
  page.evaluate(async () => {
    const cached = await Promise.all(
      (await caches.keys()).map(async (name) => [name, (await (await caches.open(name)).keys()).length]),
    )
    return {
      html: document.documentElement.outerHTML,
      values: [...document.querySelectorAll('input, textarea')].map(
        (each) => (each as HTMLInputElement).value,
      ),
      session: { ...sessionStorage },
      local: { ...localStorage },
      databases: await indexedDB.databases(),
      cached,
      history: [history.state as unknown, location.href],
      name: window.name,
      cookie: document.cookie,
    }
  })

test('signed out, with a token and a new key on the screen: they are in no tab any more, neither in its page, storage, history and memory nor in what a way back brings', async (t) => {
  await using other = await startStranger((_, answer) =>
    answer.setHeader('content-type', 'text/html').end('<!doctype html><title>another</title>'),
  )
  const elsewhere = `http://127.0.0.1:${other.port}`
  await using context = await browser.newContext()
  await context.addInitScript(() => {
    addEventListener('pageshow', ({ persisted }) => {
      if (persisted) Object.assign(globalThis, { restored: document.body.textContent })
    })
  })
  const control = await context.newPage()
  await control.goto(`${elsewhere}/one`)
  await control.goto(`${elsewhere}/two`)
  await goBack(control)
  assert.notEqual(await restoredOf(control), undefined, 'this browser keeps pages for the way back')
  await control.close()

  await using world = await openWorld({ start: new Date().toISOString(), port: await freePort() })
  await using server = await serveDesk({ app: world.app, dashboardFolder })
  const { desk, operator } = world.app
  await world.addAccount({ label: 'The label of a secret' })
  await world.logIn('demo')
  const { accessToken } = JSON.parse((await desk.sessions.handOut(operator, 'demo')).reveal()) as HandOut
  const link = signInUrl(server.signIns.newLink())
  const page = await context.newPage()
  const me = page.waitForResponse((answer) => answer.url().endsWith('/v1/desk/me') && answer.ok())
  const kept = page.waitForResponse(
    (answer) => answer.url().endsWith('/v1/desk/key') && answer.request().method() === 'PUT',
  )
  await page.goto(link)
  await isIn(page)
  const { proofKey } = (await (await me).json()) as Me
  await kept
  const address = page.url()

  const goTo = async (tab: Page, place: string) => {
    await tab.evaluate((hash) => {
      location.hash = hash
    }, place)
  }
  // What a test looks for by its text is in the tab's memory by that alone.
  const showToken = async (tab: Page) => {
    await goTo(tab, 'accounts/demo/credentials')
    await tab.getByRole('button', { name: 'Show the token' }).click()
    await tab.locator('.token[data-shown="true"]').waitFor()
  }
  const makeKey = async (tab: Page, name: string) => {
    await goTo(tab, 'programs/new')
    const made = tab.waitForResponse((answer) => answer.url().endsWith('/v1/keys') && answer.status() === 201)
    await tab.getByLabel('Name').fill(name)
    await tab.getByRole('button', { name: 'Create key' }).click()
    const { key } = (await (await made).json()) as KeyAdded
    await tab
      .getByRole('dialog')
      .getByText(/^Copy it now/)
      .waitFor()
    return key
  }
  const openTab = async () => {
    const tab = await context.newPage()
    await tab.goto(address)
    await isIn(tab)
    return tab
  }
  const halfOf = (tab: Page) => tab.evaluate(() => sessionStorage.getItem('bhor-session')!)
  const [second, third, fourth] = [await openTab(), await openTab(), await openTab()]
  await showToken(page)
  await showToken(third)
  const keys = [await makeKey(second, 'one'), await makeKey(fourth, 'two')]
  const halves = await Promise.all([page, second, third, fourth].map(halfOf))
  const cookies = (await context.cookies()).map(({ value }) => value)
  const secrets = [
    accessToken,
    ...keys,
    ...halves,
    ...cookies,
    proofKey ?? '',
    new URL(link).hash.replace('#sign-in=', ''),
    'The label of a secret',
  ].filter((secret) => secret !== '')
  const found = (text: string) => secrets.filter((secret) => text.includes(secret))
  assert.ok(found(await heapOf(page)).includes(accessToken), 'what is there is found')
  assert.ok(found(await heapOf(second)).includes(keys[0]!))
  // Two of them are left as they are, for the way back.
  for (const tab of [third, fourth]) await tab.goto(elsewhere)

  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  for (const tab of [page, second]) await tab.getByRole('heading', { name: 'Sign in' }).waitFor()
  const restored: (string | undefined)[] = []
  for (const tab of [third, fourth]) {
    await goBack(tab)
    await tab.getByRole('heading', { name: 'Sign in' }).waitFor()
    restored.push(await restoredOf(tab))
  }
  assert.deepEqual(found(restored.join()), [])
  for (const [at, tab] of [page, second, third, fourth].entries()) {
    assert.deepEqual(found(JSON.stringify(await keptBy(tab))), [], `tab ${at}`)
    // What nobody holds any more may wait for a later round of the collector.
    let left = found(await heapOf(tab))
    for (let rounds = 0; rounds < 3 && left.length > 0; rounds++) left = found(await heapOf(tab))
    assert.deepEqual(left, [], `the memory of tab ${at}`)
  }
  await page.goto(elsewhere)
  await goBack(page)
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  assert.deepEqual(found(JSON.stringify(await keptBy(page))), [])
  t.diagnostic(
    `test 73: 0 of ${secrets.length} secrets left in 4 tabs, ${restored.filter((text) => text !== undefined).length} of 2 came back as they were left`,
  )
})
