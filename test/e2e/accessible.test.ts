import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { manageTabs } from '../../dashboard/src/accounts/manage/tabs.ts'
import { sectionNames } from '../../dashboard/src/settings/sections.ts'
import type { LoginStarted } from '../../src/contracts/api.ts'
import { launchBrowser, liveCard } from '../support/browser.ts'
import { shiftsOf, watchShifts } from '../support/layout-shift.ts'
import { serve } from '../support/served.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const phone = { width: 390, height: 844 }
const desktop = { width: 1280, height: 900 }
const forms = [
  { colorScheme: 'light', viewport: phone },
  { colorScheme: 'dark', viewport: desktop },
  { colorScheme: 'dark', viewport: phone },
  { colorScheme: 'light', viewport: desktop },
] as const
/** What a person would look at, made anew by each run; nobody commits it. */
const pictures = fileURLToPath(new URL('../../test-results/pictures/', import.meta.url))
/** Where the Web Vitals call a page good. Above all else, nothing moves under a thumb. */
const mostShift = 0.1

const [server, browser] = await Promise.all([serve(), launchBrowser()])
after(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

/** What axe finds wrong with the page as it stands, in short. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async (values) => {
    type Result = {
      violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[]
    }
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<Result> } }
    // What stands behind # is an address here, and no place to skip to.
    const rules = { 'skip-link': { enabled: false } }
    const { violations } = await axe.run({ runOnly: { type: 'tag', values }, rules })
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
    )
  }, tags)
}

async function openPage(form: (typeof forms)[number], reducedMotion: 'reduce' = 'reduce'): Promise<Page> {
  const context = await browser.newContext({ ...form, reducedMotion })
  const page = await context.newPage()
  await watchShifts(page)
  const { url } = (await server.ask('POST', '/v1/desk/link', {})) as { url: string }
  await page.goto(url)
  await page.getByRole('heading', { level: 1 }).filter({ hasNotText: 'Sign in' }).waitFor()
  return page
}

const places: readonly (readonly [place: string, shows: (page: Page) => Promise<void>])[] = [
  ['today', (page) => page.locator(liveCard('demo')).waitFor()],
  ['accounts', (page) => page.locator(liveCard('demo')).waitFor()],
  ...manageTabs.map(
    (tab) =>
      [
        `accounts/demo/${tab}`,
        (page: Page) => page.getByRole('heading', { name: 'demo', level: 1 }).waitFor(),
      ] as const,
  ),
  ['portfolio', (page) => page.locator('.portfolio').waitFor()],
  ['settings', (page) => page.getByRole('heading', { name: 'Settings' }).waitFor()],
  ...sectionNames.map(
    (section) =>
      [
        `settings/${section}`,
        (page: Page) => page.locator('.setting:has(h1):not(:has(.loading))').waitFor(),
      ] as const,
  ),
  ['doctor', (page) => page.locator('[data-gravity="fine"]').waitFor()],
  ['programs', (page) => page.getByRole('button', { name: 'How to connect my-bot' }).waitFor()],
  ['programs/new', (page) => page.getByRole('dialog').waitFor()],
  ['audit', (page) => page.locator('.audit-entry').first().waitFor()],
  ['audit/account/demo/kind/gate', (page) => page.locator('.audit-entry').first().locator('summary').click()],
]

test('before anything is there, and signed out, every page can be used by everybody', async () => {
  const page = await openPage(forms[0])
  await page.getByRole('button', { name: 'Try it with the sandbox' }).waitFor()
  assert.deepEqual(await faultsOf(page), [])
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  assert.deepEqual(await faultsOf(page), [])
  await page.context().close()
})

test('with accounts, so can each page and dialog, on phones and desktops, light and dark, and nothing moves by itself', async () => {
  await server.ask('POST', '/v1/keys', { name: 'my-bot', scopes: ['read-token'] })
  for (const account of ['demo', 'papa', 'personal'])
    await server.ask('POST', '/v1/accounts', { account, broker: 'kite', kind: 'sandbox' })
  const { url } = (await server.ask('POST', '/v1/accounts/demo/login', {})) as LoginStarted
  const broker = await browser.newPage()
  await broker.goto(url!)
  await broker.getByRole('button', { name: /Use demo user/ }).click()
  await broker.getByText('You are logged in').waitFor()
  await broker.close()
  const faults: string[] = []
  for (const form of forms) {
    const page = await openPage(form)
    const { colorScheme, viewport } = form
    for (const [place, shows] of places) {
      const name = `${place}, ${colorScheme}, ${viewport.width} px`
      await page.evaluate((hash) => {
        location.hash = hash
      }, place)
      await shows(page)
      // Its two halves: colours do not depend on the width, nor sizes on the colours.
      if (form === forms[0] || form === forms[1])
        for (const fault of await faultsOf(page)) faults.push(`${name}: ${fault}`)
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      if (wide > 0) faults.push(`${name}: ${wide} px stand out to the right`)
      const { shift, moved } = await shiftsOf(page)
      if (shift > mostShift) faults.push(`${name}: moved by ${shift}, ${moved.join('; ')}`)
      const file = `${place.replaceAll('/', '-')}-${viewport.width}-${colorScheme}.png`
      await page.screenshot({ path: join(pictures, file) })
    }
    await page.context().close()
  }
  assert.deepEqual(faults, [])
})

/** What stands above or within a page only after somebody has done something, and where the focus is then. */
const states: readonly (readonly [
  name: string,
  place: string,
  reach: (page: Page) => Promise<void>,
  focus?: string,
])[] = [
  ['a new account', 'accounts', (page) => opens(page, 'Add account'), 'input'],
  [
    'what is missing of it',
    'accounts',
    async (page) => {
      await press(page, 'Add account')
      await page.getByRole('dialog').getByRole('button', { name: 'Save account' }).click()
      await page.locator('.field-error').first().waitFor()
    },
    'input',
  ],
  ['whether to stop', 'today', (page) => opens(page, 'Stop all trading')],
  ['a new channel', 'settings/alerts', (page) => opens(page, 'Add a channel'), 'input'],
  ['a day', 'settings/calendar', (page) => opens(page, 'Add a day'), 'input'],
  [
    'a token',
    'accounts/demo/credentials',
    async (page) => {
      await press(page, 'Show the token')
      await page.getByRole('button', { name: 'Copy Access token' }).waitFor()
    },
  ],
  [
    'a pause',
    'accounts/demo/gate',
    async (page) => {
      await press(page, 'Pause')
      await page.locator('[data-reason="paused"]').waitFor()
    },
  ],
  [
    'a login',
    'accounts/papa',
    async (page) => {
      const opening = page.waitForEvent('popup')
      await press(page, 'Log in')
      await (await opening).close()
      await page.getByRole('button', { name: 'Cancel login' }).waitFor()
    },
  ],
  [
    'accounts as a table',
    'accounts',
    async (page) => {
      await press(page, 'Table')
      await page.locator('.account-row').first().waitFor()
    },
  ],
  [
    'a stop',
    'audit',
    async (page) => {
      await server.ask('PUT', '/v1/gate', { state: 'closed' })
      await page.locator('.stop').waitFor()
    },
  ],
]

function press(page: Page, name: string): Promise<void> {
  return page.getByRole('button', { name, exact: true }).first().click()
}

async function opens(page: Page, name: string): Promise<void> {
  await press(page, name)
  await page.getByRole('dialog').waitFor()
}

test('so can what comes while somebody does something; a form begins in its first field', async () => {
  const faults: string[] = []
  for (const form of forms.slice(0, 2)) {
    const page = await openPage(form)
    for (const [name, place, reach, focus] of states) {
      await page.goto(`${new URL(page.url()).origin}/#${place}`)
      await page.reload()
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      await reach(page)
      for (const fault of await faultsOf(page)) faults.push(`${name}, ${form.colorScheme}: ${fault}`)
      const focused = await page.evaluate(() => document.activeElement?.tagName.toLowerCase())
      if (focus !== undefined && focused !== focus) faults.push(`${name}: the focus is on ${focused}`)
      const file = `state-${name.replaceAll(' ', '-')}-${form.viewport.width}-${form.colorScheme}.png`
      await page.screenshot({ path: join(pictures, file) })
    }
    await server.ask('PUT', '/v1/gate', { state: 'open' })
    await page.goto(`${new URL(page.url()).origin}/#accounts/papa`)
    await press(page, 'Cancel login')
    await page.getByRole('button', { name: 'Cancel login' }).waitFor({ state: 'detached' })
    await page.context().close()
  }
  assert.deepEqual(faults, [])
})

test('keys: search, log in, read again, the help sheet that turns them off; none while somebody types', async () => {
  const page = await openPage(forms[1])
  await page.locator(liveCard('demo')).waitFor()
  await page.keyboard.press('?')
  const sheet = page.getByRole('dialog', { name: 'Keys' })
  await sheet.waitFor()
  assert.deepEqual(await faultsOf(page), [])
  await page.keyboard.press('2')
  assert.match(page.url(), /#?(today)?$/, 'not behind a dialog')
  await page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'detached' })
  await page.keyboard.press('2')
  await page.getByRole('heading', { name: 'Accounts', level: 1 }).waitFor()
  await page.keyboard.press('1')
  const opening = page.waitForEvent('popup')
  await page.keyboard.press('l')
  await (await opening).close()
  await page.locator('[data-account="papa"]').getByRole('button', { name: 'Cancel login' }).click()
  const asked = page.waitForRequest('**/v1/accounts')
  await page.keyboard.press('r')
  await asked
  await page.locator('.toast').getByText('Everything is read again.').waitFor()
  await page.keyboard.press('?')
  await sheet.getByLabel('Use these keys').uncheck()
  await page.keyboard.press('Escape')
  await page.keyboard.press('2')
  await page.reload()
  await page.locator(liveCard('demo')).waitFor()
  await page.keyboard.press('2')
  assert.doesNotMatch(page.url(), /accounts/)
  await page.context().close()
})

test('it can be put on the home screen, by an icon of its own', async () => {
  const page = await openPage(forms[0])
  const manifest = await page.evaluate(async () => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="manifest"]')
    const answer = await fetch(link!.href)
    return { type: answer.headers.get('content-type'), ...((await answer.json()) as object) }
  })
  const { type, display, icons } = manifest as unknown as {
    type: string
    display: string
    icons: { src: string; purpose: string }[]
  }
  assert.deepEqual([type, display], ['application/manifest+json; charset=utf-8', 'standalone'])
  assert.deepEqual(
    icons.map(({ purpose }) => purpose),
    ['any', 'maskable'],
  )
  for (const { src } of icons) {
    const size = await page.evaluate(async (address) => {
      const image = new Image()
      image.src = address
      await image.decode()
      return image.naturalWidth
    }, src)
    assert.ok(size > 0, src.slice(0, 60))
  }
  await page.context().close()
})
