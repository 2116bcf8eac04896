import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { dashboardFolder } from '../../src/cli/dashboard-folder.ts'
import { signInUrl } from '../../src/http/routes/sign-in.ts'
import { serveDesk } from '../../src/http/server.ts'
import { launchBrowser, standStillAt } from '../support/browser.ts'
import { shiftsOf, watchShifts } from '../support/layout-shift.ts'
import { openWorld } from '../support/world.ts'

/** Two hundred accounts of a Monday morning, of which three have not logged in. */
const dead = ['demo7', 'demo99', 'demo163']
const accounts = Array.from({ length: 200 }, (_, at) => `demo${at + 1}`)
const world = await openWorld({ env: { BHOR_ROLL_CALL_ACCOUNTS: 'all' } })
const server = await serveDesk({ app: world.app, dashboardFolder })
const browser = await launchBrowser()
after(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
  await world[Symbol.asyncDispose]()
})
for (const [at, account] of accounts.entries()) {
  await world.addAccount({
    account,
    broker: at % 2 === 0 ? 'kite' : 'upstox',
    settings: { group: `family ${at % 4}` },
  })
  if (!dead.includes(account)) await world.logIn(account)
}

type Watched = typeof globalThis & { touched: (string | undefined)[] }

async function openPage(viewport: { width: number; height: number }): Promise<Page> {
  const page = await browser.newPage({ viewport })
  await standStillAt(page, world.clock.nowMs())
  await watchShifts(page)
  await page.goto(signInUrl(server.signIns.newLink()))
  await page.locator('[data-account="demo200"]').waitFor()
  return page
}

const names = (page: Page) =>
  page.locator('[data-account]').evaluateAll((all) => all.map((each) => each.getAttribute('data-account')))

test('of two hundred accounts the three that wait stand on the first screen of a phone, and any other is found at once', async () => {
  const page = await openPage({ width: 390, height: 844 })
  assert.deepEqual((await names(page)).slice(0, 3), dead)
  assert.equal((await names(page)).length, 200)
  assert.match(
    (await page.locator('.roll-call').textContent()) ?? '',
    /^3 of 200 are not ready yet .* demo7, demo99, demo163 to log in\.$/,
  )
  const bar = (await page.locator('.nav').boundingBox())!
  for (const account of dead) {
    const row = await page.locator(`[data-account="${account}"]`).boundingBox()
    assert.ok(row !== null && row.y + row.height <= bar.y, `${account} ends at ${row && row.y + row.height}`)
  }
  assert.ok(
    await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
    'nothing to scroll sideways',
  )
  assert.deepEqual(await shiftsOf(page), { shift: 0, moved: [] })
  const search = page.getByRole('searchbox', { name: 'Search accounts' })
  const before = await search.boundingBox()
  await search.fill('demo163')
  assert.deepEqual(await search.boundingBox(), before, 'it stays where somebody types')
  assert.deepEqual(await names(page), ['demo163'])
  await page.close()
})

test('what changes of one account changes its row and no other', async () => {
  const page = await openPage({ width: 1280, height: 900 })
  await page.evaluate(() => {
    const watched = globalThis as Watched
    watched.touched = []
    new MutationObserver((records) => {
      for (const { target } of records) {
        const near = target instanceof Element ? target : target.parentElement
        watched.touched.push(near?.closest<HTMLElement>('[data-account]')?.dataset.account ?? near?.className)
      }
    }).observe(document.querySelector('.account-list')!, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    })
  })
  const { desk, operator } = world.app
  await desk.gates.set(operator, 'demo150', { state: 'closed' })
  await page.locator('[data-account="demo150"][data-gate="closed"]').waitFor()
  await page.waitForTimeout(500)
  const touched = await page.evaluate(() => (globalThis as Watched).touched)
  // It needs a look now, and goes to the others that do.
  assert.deepEqual(
    touched.filter((name) => name !== 'demo150' && !/^rows\b/.test(name ?? '')),
    [],
  )
  assert.deepEqual((await names(page)).slice(0, 4), [...dead, 'demo150'])
  await page.close()
})
