// Takes the pictures of the page that the README shows: npm run pictures [folder]
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { dashboardFolder } from '../src/cli/dashboard-folder.ts'
import type { AddAccount } from '../src/contracts/api.ts'
import { signInUrl } from '../src/http/routes/sign-in.ts'
import { serveDesk } from '../src/http/server.ts'
import { launchBrowser, liveCard, standStillAt } from '../test/support/browser.ts'
import { openWorld } from '../test/support/world.ts'

const folder = process.argv[2] ?? fileURLToPath(new URL('../docs/pictures/', import.meta.url))
mkdirSync(folder, { recursive: true })

/** A morning of a household: two at work, one who has not logged in yet. */
const accounts: readonly Partial<AddAccount>[] = [
  { account: 'personal' },
  { account: 'papa' },
  { account: 'demo' },
]
const pictures = [
  { name: 'today', place: 'today', viewport: { width: 1180, height: 760 } },
  { name: 'portfolio', place: 'portfolio', viewport: { width: 1180, height: 900 } },
  { name: 'phone', place: 'today', viewport: { width: 390, height: 844 } },
] as const

// Monday, 08:20 in India: the market opens in an hour.
await using world = await openWorld({ start: '2026-11-23T02:50:00Z' })
await using server = await serveDesk({ app: world.app, dashboardFolder })
for (const input of accounts) await world.addAccount(input)
for (const account of ['papa', 'demo']) await world.logIn(account)
await using browser = await launchBrowser()
for (const { name, place, viewport } of pictures)
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' })
    const page = await context.newPage()
    await standStillAt(page, world.clock.nowMs())
    await page.goto(signInUrl(server.signIns.newLink()))
    await page.locator(liveCard('papa')).waitFor()
    await goTo(page, place)
    const file = join(folder, `${name}-${colorScheme}.png`)
    await page.screenshot({ path: file })
    process.stdout.write(`${file}\n`)
    await context.close()
  }

async function goTo(page: Page, place: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash
  }, place)
  await page
    .locator(place === 'portfolio' ? '.portfolio' : '.market-phase')
    .first()
    .waitFor()
}
