import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import type { BrowserContext, Page, Request } from 'playwright-core'
import type { Link } from '../../src/contracts/api.ts'
import { isIn, launchBrowser } from '../support/browser.ts'
import { type Served, serve } from '../support/served.ts'

const [server, browser] = await Promise.all([serve(), launchBrowser()])
after(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

const linkOf = async (desk: Served, plain: boolean) =>
  ((await desk.ask('POST', '/v1/desk/link', { plain })) as Link).url

async function openLink(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(url)
  await isIn(page)
  return page
}

test('two links and two desks in one browser, each at its own or all at the plain address: none throws another out', async () => {
  await using other = await serve()
  for (const isPlain of [false, true]) {
    const context = await browser.newContext()
    const pages = []
    for (const desk of [server, server, other, other])
      pages.push(await openLink(context, await linkOf(desk, isPlain)))
    for (const page of pages) {
      await page.reload()
      await isIn(page)
    }
    await pages[0]!.getByRole('button', { name: 'Sign out' }).click()
    await pages[0]!.getByRole('heading', { name: 'Sign in' }).waitFor()
    for (const page of pages.slice(1)) {
      await page.reload()
      await isIn(page)
    }
    await context.close()
  }
})

test('cookies that another program of this computer sets under our names sign nobody out', async () => {
  const context = await browser.newContext()
  const page = await openLink(context, await linkOf(server, true))
  const [own] = await context.cookies()
  assert.match(own?.name ?? '', /^bhor_desk_/)
  const stranger = createServer((_request, response) => {
    const junk = [own!.name, 'bhor_desk_x', 'bhor_desk']
    const paths = ['/v1', '/v1/desk', '/v1/accounts', '/x']
    response.setHeader(
      'set-cookie',
      junk.flatMap((name) => paths.map((path) => `${name}=${'A'.repeat(43)}; Path=${path}`)),
    )
    response.end('hello')
  })
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
  const visitor = await context.newPage()
  await visitor.goto(`http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`)
  stranger.close()
  assert.ok((await context.cookies()).length >= 12)
  await page.reload()
  await isIn(page)
  await context.close()
})

test('seven tabs of one sign-in wait for news over one connection, and all hear; when the first is closed, another asks', async () => {
  const context = await browser.newContext()
  const asked = new Set<Request>()
  context.on('request', (request) => {
    if (request.url().includes('/v1/events')) asked.add(request)
  })
  context.on('requestfinished', (request) => void asked.delete(request))
  const waiting = () =>
    [...asked].filter((request) => request.failure() === null && !request.frame().page().isClosed()).length
  const first = await openLink(context, await linkOf(server, false))
  const tabs: Page[] = []
  for (let at = 0; at < 6; at++) {
    const opening = context.waitForEvent('page')
    await first.evaluate(() => void open('/'))
    const tab = await opening
    tabs.push(tab)
    // Far less than the 25 seconds that a request for news waits.
    await tab.getByRole('button', { name: 'Try it with the sandbox' }).waitFor({ timeout: 15_000 })
  }
  assert.equal(waiting(), 1)
  const addAccount = (account: string) =>
    server.ask('POST', '/v1/accounts', { account, broker: 'kite', kind: 'sandbox' })
  await addAccount('papa')
  for (const tab of [first, ...tabs]) await tab.locator('[data-account="papa"]').waitFor()
  await first.close()
  await addAccount('personal')
  for (const tab of tabs) await tab.locator('[data-account="personal"]').waitFor()
  assert.equal(waiting(), 1)
  for (const account of ['papa', 'personal']) await server.ask('DELETE', `/v1/accounts/${account}`)
  await context.close()
})

test('a page that is reloaded knows its own login; that of somebody else it tells as such', async () => {
  const context = await browser.newContext()
  const page = await openLink(context, await linkOf(server, false))
  await server.ask('POST', '/v1/accounts', { account: 'papa', broker: 'kite', kind: 'sandbox' })
  const card = page.locator('[data-account="papa"]')
  const opening = page.waitForEvent('popup')
  await card.getByRole('button', { name: 'Log in', exact: true }).click()
  const popup = await opening
  await popup.waitForURL('**/login**')
  await page.reload()
  await card.getByRole('link', { name: 'Open the login page' }).waitFor()
  assert.equal(await card.getByText('started elsewhere').count(), 0)
  await popup.close()
  await card.getByRole('button', { name: 'Cancel login' }).click()
  await card.getByRole('button', { name: 'Log in', exact: true }).waitFor()
  await server.ask('POST', '/v1/accounts/papa/login', { via: 'api' })
  await card.getByText('started elsewhere').waitFor()
  await page.reload()
  await card.getByText('started elsewhere').waitFor()
  await server.ask('DELETE', '/v1/accounts/papa')
  await context.close()
})
