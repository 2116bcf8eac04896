import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { GateView, LoginStarted } from '../../src/contracts/api.ts'
import type { MirrorView } from '../../src/contracts/mirrors.ts'
import { launchBrowser, liveCard } from '../support/browser.ts'
import { type Served, serve } from '../support/served.ts'

const phone = { viewport: { width: 390, height: 844 } }

async function addAccounts(server: Served, names: readonly string[], group?: string): Promise<void> {
  const settings = group === undefined ? {} : { settings: { group } }
  for (const account of names)
    await server.ask('POST', '/v1/accounts', { account, broker: 'kite', kind: 'sandbox', ...settings })
}

async function logIn(server: Served, browser: Browser, account: string): Promise<void> {
  const { url } = (await server.ask('POST', `/v1/accounts/${account}/login`, {})) as LoginStarted
  const broker = await browser.newPage()
  await broker.goto(url!)
  await allow(broker)
  await broker.close()
}

/** What the person does at the broker. */
async function allow(broker: Page): Promise<void> {
  await broker.getByRole('button', { name: /Use demo user/ }).click()
  // A window that the page has opened closes by itself.
  const closed = broker.isClosed() ? Promise.resolve() : broker.waitForEvent('close')
  await Promise.race([closed, broker.getByText('You are logged in').waitFor()])
}

const names = async (page: Page) =>
  page.locator('[data-account]').evaluateAll((all) => all.map((each) => each.getAttribute('data-account')))

test('of many accounts those that need a login stand on the first screen of a phone; the rest can be searched', async () => {
  await using server = await serve()
  await using browser = await launchBrowser()
  await addAccounts(server, ['demo', 'papa', 'personal'])
  await addAccounts(server, ['demo2', 'demo10', 'demo3'], 'family')
  for (const account of ['demo2', 'demo10', 'demo3']) await logIn(server, browser, account)
  const page = await browser.newPage(phone)
  await page.goto(server.signInLink)
  await page.locator('[data-account="demo10"]').waitFor()
  assert.deepEqual(await names(page), ['demo', 'papa', 'personal', 'demo2', 'demo3', 'demo10'])
  for (const account of ['demo', 'papa', 'personal']) {
    const row = await page.locator(`[data-account="${account}"]`).boundingBox()
    assert.ok(row !== null && row.y + row.height <= 844, `${account} ends at ${row && row.y + row.height}`)
  }
  assert.match((await page.locator('.market').textContent()) ?? '', /IST/)

  await page.getByRole('searchbox', { name: 'Search accounts' }).fill('kite fam')
  assert.deepEqual(await names(page), ['demo2', 'demo3', 'demo10'])
  await page.getByRole('searchbox', { name: 'Search accounts' }).fill('')
  await page.getByRole('button', { name: 'Needs you' }).click()
  assert.deepEqual(await names(page), ['demo', 'papa', 'personal'])
  await page.getByRole('button', { name: 'All', exact: true }).click()
  await page.getByRole('button', { name: 'demo3', exact: true }).click()
  await page.locator('.row-card').getByRole('button', { name: 'Test connection' }).waitFor()
  await page.getByRole('button', { name: 'Close demo3' }).click()
  assert.equal(await page.locator('.row-card').count(), 0)
})

test('log in all: one broker page after another, until everybody is in', async () => {
  await using server = await serve()
  await using browser = await launchBrowser()
  await addAccounts(server, ['demo', 'papa'])
  const context = await browser.newContext(phone)
  const page = await context.newPage()
  await page.goto(server.signInLink)
  const first = context.waitForEvent('page')
  await page.getByRole('button', { name: 'Log in all 2, one after another' }).click()
  await page.getByText('is at the broker now. Then papa.').waitFor()
  const second = first.then(() => context.waitForEvent('page'))
  await allow(await first)
  await page.locator(liveCard('demo')).waitFor()
  // A browser that opens no window without a click: the bar asks for one.
  const broker = await second
  await page.getByText('papa is at the broker now. It is the last one.').waitFor()
  await allow(broker)
  await page.locator(liveCard('papa')).waitFor()
  await page.locator('.rest').waitFor({ state: 'detached' })
})

test('the one switch closes every gate after a question, says what it did, and is lifted where that is told', async () => {
  await using server = await serve()
  await using browser = await launchBrowser()
  await addAccounts(server, ['demo'])
  await logIn(server, browser, 'demo')
  const gate = async () => (await server.ask('GET', '/v1/accounts/demo/gate')) as GateView
  const page = await browser.newPage(phone)
  await page.goto(server.signInLink)
  await page.getByRole('button', { name: 'Stop all trading' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Stop all trading' }).click()
  await page.locator('.stop[data-gate="killed"]').waitFor()
  assert.equal((await gate()).reason, 'killed')
  await page.getByRole('button', { name: 'Let them trade again' }).click()
  await page.locator('.stop').waitFor({ state: 'detached' })
  assert.notEqual((await gate()).reason, 'killed')
})

test('below the accounts stand a file that does not follow, and the last alert that somebody got', async () => {
  await using server = await serve((home) =>
    writeFileSync(join(home, 'config.toml'), 'alerts_private_targets = "127.0.0.0/8"\n', { mode: 0o600 }),
  )
  await using browser = await launchBrowser()
  const folder = mkdtempSync(join(tmpdir(), 'bhor-today-'))
  await using receiver = createServer((_, response) => response.writeHead(200).end())
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done))
  try {
    await addAccounts(server, ['demo'])
    await logIn(server, browser, 'demo')
    const path = join(folder, 'token.env')
    const mirror = { account: 'demo', path, format: 'env' }
    const { id } = (await server.ask('POST', '/v1/mirrors', mirror)) as MirrorView
    const page = await browser.newPage(phone)
    await page.goto(server.signInLink)
    const troubles = page.locator('.troubles')
    await troubles.getByText('Nobody is told of anything yet.').waitFor()
    assert.equal(await troubles.locator('.note').count(), 0)

    writeFileSync(path, 'KITE_ACCESS_TOKEN=PUTBYHANDPUTBYHANDPUTBYHAND\n', { mode: 0o600 })
    await assert.rejects(server.ask('POST', `/v1/mirrors/${id}/sync`, {}), { code: 'mirror_conflict' })
    const told = troubles.locator('.note', {
      hasText: `The file ${path} does not follow the session of demo.`,
    })
    await told.waitFor()
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
    await server.ask('POST', '/v1/alerts', { name: 'hook', kind: 'webhook', secrets: { url } })
    await server.ask('POST', '/v1/alerts/hook/test', {})
    await troubles.getByText(/^Last alert by hook, today \d\d:\d\d IST\.$/).waitFor()

    await told.getByRole('link', { name: 'Look at it' }).click()
    await page.locator('[data-state="conflict"]').waitFor()
    assert.match(page.url(), /#accounts\/demo\/mirrors$/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
