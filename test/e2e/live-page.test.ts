import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import type { LoginStarted } from '../../src/contracts/api.ts'
import { freePort } from '../support/at-the-terminal.ts'
import { launchBrowser, liveCard } from '../support/browser.ts'
import { type Served, serve } from '../support/served.ts'

/** What the page asks while `act` goes on, by method and path. */
async function askedDuring(page: Page, act: () => Promise<unknown>): Promise<string[]> {
  const asked: string[] = []
  const note = (request: { method(): string; url(): string }) =>
    void asked.push(`${request.method()} ${new URL(request.url()).pathname}`)
  page.on('request', note)
  await act()
  page.off('request', note)
  return asked
}

async function startLogin(server: Served, account: string): Promise<string> {
  return ((await server.ask('POST', `/v1/accounts/${account}/login`, {})) as LoginStarted).url!
}

/** What a person does at the broker, who is at another device. */
async function finishLogin(page: Page, url: string): Promise<void> {
  const broker = await page.context().browser()!.newPage()
  await broker.goto(url)
  await broker.getByRole('button', { name: /Use demo user/ }).click()
  await broker.getByText('You are logged in').waitFor()
  await broker.close()
}

test('the page asks for what has changed and nothing else, says when it hears nothing, and comes back by itself', async () => {
  const home = mkdtempSync(join(tmpdir(), 'bhor-live-'))
  const port = await freePort()
  await using browser = await launchBrowser()
  const page = await browser.newPage()
  try {
    {
      await using server = await serve(() => {}, { home, port })
      for (const account of ['demo', 'papa'])
        await server.ask('POST', '/v1/accounts', { account, broker: 'kite', kind: 'sandbox' })
      await page.goto(server.signInLink)
      await page.locator('[data-account="papa"]').waitFor()
      await page.waitForTimeout(1_000)
      assert.deepEqual(await askedDuring(page, () => page.waitForTimeout(5_000)), [], 'nobody polls')

      const url = await startLogin(server, 'demo')
      await page.locator('[data-account="demo"]').getByText('started elsewhere').waitFor()
      await page.waitForTimeout(1_000)
      const asked = await askedDuring(page, async () => {
        await finishLogin(page, url)
        await page.locator(liveCard('demo')).waitFor()
        await page.waitForTimeout(1_000)
      })
      assert.deepEqual([...new Set(asked)].toSorted(), ['GET /v1/accounts/demo', 'GET /v1/roll-call'])

      await page.locator('[data-account="demo"][data-gate="open"]').waitFor()
      await server.ask('PUT', '/v1/accounts/demo/gate', { state: 'closed' })
      await page.locator('[data-account="demo"][data-gate="closed"]').waitFor()
      await server.ask('PUT', '/v1/gate', { state: 'closed' })
      await page.locator('.stop').waitFor()
    }
    const banner = page.getByRole('alert').filter({ hasText: 'bhor does not answer' })
    await banner.waitFor()
    assert.match((await banner.textContent()) ?? '', /What stands here is of today \d\d:\d\d IST\./)
    await page.locator('.main[data-old]').waitFor()
    await page.locator(liveCard('demo')).waitFor()

    await using server = await serve(() => {}, { home, port })
    await banner.waitFor({ state: 'detached' })
    await page.locator('.main:not([data-old])').waitFor()
    await server.ask('DELETE', '/v1/accounts/papa')
    await page.locator('[data-account="papa"]').waitFor({ state: 'detached' })
    await server.ask('POST', '/v1/accounts', { account: 'personal', broker: 'kite', kind: 'sandbox' })
    await page.locator('[data-account="personal"]').waitFor()
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})

test('what could not be read is read again by itself, and a page that slept while bhor stopped and started catches up', async () => {
  const home = mkdtempSync(join(tmpdir(), 'bhor-live-'))
  const port = await freePort()
  await using browser = await launchBrowser()
  const page = await browser.newPage()
  const devtools = await page.context().newCDPSession(page)
  const fall = (state: 'frozen' | 'active') => devtools.send('Page.setWebLifecycleState', { state })
  try {
    {
      await using server = await serve(() => {}, { home, port })
      await server.ask('POST', '/v1/accounts', { account: 'demo', broker: 'kite', kind: 'sandbox' })
      const busy = {
        code: 'store_busy',
        detail: 'Another process holds the store.',
        hint: 'Wait.',
        status: 503,
      }
      let refused = 0
      await page.route('**/v1/calendar/now', (route) =>
        refused++ < 2
          ? route.fulfill({ status: 503, headers: { 'retry-after': '1' }, json: busy })
          : route.continue(),
      )
      await page.goto(server.signInLink)
      await page.locator('[data-account="demo"]').waitFor()
      assert.equal(await page.locator('.market-phase').count(), 0)
      await page.locator('.market-phase').waitFor()
      assert.equal(refused, 3)
      await fall('frozen')
      await server.ask('POST', '/v1/accounts', { account: 'papa', broker: 'kite', kind: 'sandbox' })
    }
    await using server = await serve(() => {}, { home, port })
    await server.ask('DELETE', '/v1/accounts/demo')
    await fall('active')
    await page.locator('[data-account="papa"]').waitFor()
    await page.locator('[data-account="demo"]').waitFor({ state: 'detached' })
    await page.locator('.main:not([data-old])').waitFor()
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})

test('a bhor that holds the connection and says nothing is told as one that does not answer', async () => {
  await using browser = await launchBrowser()
  await using server = await serve()
  const page = await browser.newPage()
  await page.clock.install()
  await server.ask('POST', '/v1/accounts', { account: 'demo', broker: 'kite', kind: 'sandbox' })
  await page.goto(server.signInLink)
  await page.locator('[data-account="demo"]').waitFor()
  const isGrey = () => page.locator('.cards').evaluate((cards) => getComputedStyle(cards).filter !== 'none')
  assert.equal(await isGrey(), false)
  server.child.kill('SIGSTOP')
  try {
    await page.clock.fastForward(45_000)
    const banner = page.getByRole('alert').filter({ hasText: 'bhor does not answer' })
    await banner.waitFor()
    assert.equal(await isGrey(), true)
    server.child.kill('SIGCONT')
    await server.ask('POST', '/v1/accounts', { account: 'papa', broker: 'kite', kind: 'sandbox' })
    await page.clock.fastForward(3_000)
    await page.locator('[data-account="papa"]').waitFor()
    await banner.waitFor({ state: 'detached' })
    assert.equal(await isGrey(), false)
  } finally {
    server.child.kill('SIGCONT')
  }
})

test('where bhor answers and no news come, the page says so and of when it is', async () => {
  await using browser = await launchBrowser()
  await using server = await serve()
  const page = await browser.newPage()
  await server.ask('POST', '/v1/accounts', { account: 'demo', broker: 'kite', kind: 'sandbox' })
  const full = { code: 'too_many_requests', detail: 'Too many listen.', hint: 'Close a page.', status: 429 }
  await page.route('**/v1/events*', (route) => route.fulfill({ status: 429, json: full }))
  await page.goto(server.signInLink)
  const banner = page.getByRole('alert').filter({ hasText: 'This page does not hear of changes now.' })
  await banner.filter({ hasText: /of today \d\d:\d\d IST\./ }).waitFor()
  await page.locator('.main[data-old]').waitFor()
  await page.unroute('**/v1/events*')
  await banner.waitFor({ state: 'detached' })
  await page.route('**/v1/events*', (route) => route.fulfill({ status: 200, json: {} }))
  await page.reload()
  await banner.filter({ hasText: 'Something other than bhor answered' }).waitFor()
  await page.unroute('**/v1/events*')
  await banner.waitFor({ state: 'detached' })
  await page.locator('.main:not([data-old])').waitFor()
})
