import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

/** How long a page is waited for: what takes so long on a busy computer does not come any more. */
const patienceMs = 120_000

/** Where a page shows this account with a session that lives: in the hours before dawn it ends soon. */
export function liveCard(account: string): string {
  return `[data-account="${account}"]:is([data-status="active"], [data-status="expiring"])`
}

/**
 * Chromium as `npm test` found or installed it; started by hand, the usual places are looked at.
 *
 * @param more switches beside the usual ones, and those of Playwright's own that are left away
 */
export async function launchBrowser(
  more: { readonly args?: readonly string[]; readonly without?: readonly string[] } = {},
): Promise<Browser> {
  const { args, ...usual } = options()
  const browser = await chromium.launch({
    ...usual,
    args: [...args, ...(more.args ?? [])],
    ignoreDefaultArgs: [...(more.without ?? [])],
  })
  const newContext = browser.newContext.bind(browser)
  browser.newContext = async (wish) => patient(await newContext(wish))
  return browser
}

/** With all that a browser keeps in a folder, to be opened again. */
export async function launchWithProfile(folder: string): Promise<BrowserContext & AsyncDisposable> {
  return patient(await chromium.launchPersistentContext(folder, options()))
}

/** Has the page's time stand still where that of a world does, though the sockets between them have the computer's. */
export async function standStillAt(page: Page, nowMs: number): Promise<void> {
  await page.clock.setFixedTime(nowMs)
  await page.addInitScript(() => {
    const { get } = Headers.prototype
    Headers.prototype.get = function (name) {
      return name === 'date' ? null : get.call(this, name)
    }
  })
}

function patient<Context extends BrowserContext>(context: Context): Context {
  context.setDefaultTimeout(patienceMs)
  for (const page of context.pages()) reloadsPatiently(page)
  context.on('page', reloadsPatiently)
  return context
}

/** While one document gives way to another, which a page of ours does by itself, Chromium refuses to reload either. */
function reloadsPatiently(page: Page): void {
  const reload = page.reload.bind(page)
  page.reload = async (wish) => {
    for (let tries = 1; ; tries++)
      try {
        return await reload(wish)
      } catch (error) {
        if (tries === 20 || !/Not attached to an active page/.test(String(error))) throw error
        await page.waitForTimeout(100)
      }
  }
}

/** Waits until the page is signed in. @throws Error with what it shows where it never is */
export async function isIn(page: Page): Promise<void> {
  try {
    await page.getByRole('heading', { level: 1 }).filter({ hasNotText: 'Sign in' }).waitFor()
  } catch (cause) {
    const shown = await page.locator('body').ariaSnapshot()
    throw new Error(`Not signed in at ${page.url()}: ${shown}`, { cause })
  }
}

function options() {
  const places = [
    process.env.BROWSER_FOR_TESTS,
    '/usr/bin/chromium',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ]
  const executablePath = places.find((place) => place && existsSync(place))
  if (!executablePath) throw new Error('No Chromium was found; npm test brings one.')
  return {
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  }
}
