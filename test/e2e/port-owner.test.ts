import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { BrowserContext, Page } from 'playwright-core'
import type { KeyView, Link } from '../../src/contracts/api.ts'
import { freePort } from '../support/at-the-terminal.ts'
import { launchBrowser } from '../support/browser.ts'
import { startImpostor } from '../support/impostor.ts'
import { canBeAnother, otherUser } from '../support/other-user.ts'
import { type Served, serve } from '../support/served.ts'

/** Names that everybody knows who has bhor. */
const files = [
  '/',
  '/index.html',
  '/login/page.js',
  '/login/page.css',
  ...readdirSync(fileURLToPath(new URL('../../dist/dashboard/assets', import.meta.url))).map(
    (name) => `/assets/${name}`,
  ),
]

/** What an impostor leaves: answers everything, or scripts only, or looks on, so or so, or nothing but files. */
const workers = ['full', 'scripts', 'passive', 'updating', 'none'] as const

/** Looks once at what an impostor serves there: a browser keeps what it is told to. */
async function look(context: BrowserContext, origin: string, worker: (typeof workers)[number]) {
  const page = await context.newPage()
  await page.goto(`${origin}/?worker=${worker}&also=${files.join()}`)
  await page.waitForFunction('document.title === "planted"')
  await page.close()
}

const isIn = (page: Page) => page.getByRole('button', { name: 'Try it with the sandbox' }).waitFor()

const plainLink = async (server: Served) =>
  ((await server.ask('POST', '/v1/desk/link', { plain: true })) as Link).url

async function assertNothingStolen(server: Served): Promise<void> {
  assert.deepEqual(
    ((await server.ask('GET', '/v1/keys')) as KeyView[]).map(({ name }) => name),
    [],
  )
}

test('who served the desk’s port while it was down, and a browser looked once, owns nothing of its page', async (t) => {
  if (!canBeAnother(t)) return
  const port = await freePort()
  const plain = `http://127.0.0.1:${port}`
  await using browser = await launchBrowser()
  const under = {
    full: await browser.newContext(),
    scripts: await browser.newContext(),
    passive: await browser.newContext(),
    updating: await browser.newContext(),
    none: await browser.newContext(),
  }
  {
    await using impostor = await startImpostor({ port, uid: otherUser })
    for (const worker of workers) await look(under[worker], plain, worker)
    await look(under.full, `http://localhost:${port}`, 'full')
    assert.ok(impostor.heard().some((line) => line.startsWith('GET /login/page.js')))
  }
  await using server = await serve(() => {}, { port })

  // The page has an address that nobody knew.
  const page = await under.full.newPage()
  await page.goto(server.signInLink)
  await isIn(page)
  assert.ok(!page.url().startsWith(plain), page.url())
  await page.reload()
  await isIn(page)

  // At the address that everybody knows: poisoned files are not run, ...
  const cached = await under.none.newPage()
  await cached.goto(await plainLink(server))
  await isIn(cached)
  await cached.reload()
  await isIn(cached)

  // ... nor is what a worker puts in the place of a script, ...
  const swapped = await under.scripts.newPage()
  const refused = swapped.waitForEvent('console', (message) => message.text().includes('integrity'))
  await swapped.goto(await plainLink(server))
  await refused
  await swapped.getByText('This page has not started').waitFor()

  // ... and the page does not work under a worker that only watches. The next time it is gone.
  const watched = await under.passive.newPage()
  await watched.goto(await plainLink(server))
  await watched.getByRole('heading', { name: 'This address is not safe' }).waitFor()
  assert.ok(!watched.url().includes('sign-in='))
  await watched.close()
  const again = await under.passive.newPage()
  await again.goto(await plainLink(server))
  await isIn(again)

  // A worker that lets itself be renewed ends with the first visit, also where nothing of bhor's runs.
  const renewed = await under.updating.newPage()
  await renewed.goto(`${plain}/healthz`)
  await renewed.waitForFunction(() =>
    navigator.serviceWorker.getRegistrations().then((all) => all.length === 0),
  )

  await assertNothingStolen(server)
})

test('a tab that stayed open tells its address to whoever listens while the desk is down: the next page has another', async () => {
  const port = await freePort()
  const home = mkdtempSync(join(tmpdir(), 'bhor-down-'))
  await using browser = await launchBrowser()
  const context = await browser.newContext()
  const tab = await context.newPage()
  try {
    {
      await using server = await serve(() => {}, { port, home })
      await tab.goto(server.signInLink)
      await isIn(tab)
    }
    const { origin } = new URL(tab.url())
    await tab.getByText('bhor does not answer').first().waitFor()
    {
      await using impostor = await startImpostor({ port })
      await look(context, origin, 'full')
      assert.ok(impostor.heard().some((line) => line.includes(new URL(origin).host)))
    }
    await using server = await serve(() => {}, { port, home })
    await tab.goto(origin)
    assert.equal(await tab.title(), 'owned', 'the old address is his')
    const page = await context.newPage()
    await page.goto(server.signInLink)
    await isIn(page)
    const now = new URL(page.url())
    assert.notEqual(now.origin, origin)
    // All of the name but what is new with each link.
    assert.equal(now.host.slice(17), new URL(origin).host.slice(17))
    await assertNothingStolen(server)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})
