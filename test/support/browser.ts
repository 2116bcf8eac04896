import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium } from 'playwright-core'

/** Where a page shows this account with a session that lives: in the hours before dawn it ends soon. */
export function liveCard(account: string): string {
  return `[data-account="${account}"]:is([data-status="active"], [data-status="expiring"])`
}

/** Chromium as `npm test` found or installed it; started by hand, the usual places are looked at. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch(options())
}

/** With all that a browser keeps in a folder, to be opened again. */
export async function launchWithProfile(folder: string): Promise<BrowserContext & AsyncDisposable> {
  return chromium.launchPersistentContext(folder, options())
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
