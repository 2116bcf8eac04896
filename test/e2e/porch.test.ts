import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { AccountView, LoginStarted } from '../../src/contracts/api.ts'
import { freePort } from '../support/at-the-terminal.ts'
import { launchBrowser, liveCard } from '../support/browser.ts'
import { selfSigned } from '../support/self-signed.ts'
import { serve } from '../support/served.ts'

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, ignoreHTTPSErrors: true } as const
const card = '[data-account="demo"]'

test('a phone logs in over the porch with TLS; at the desk somebody says that it is the right person', async () => {
  const porch = `https://127.0.0.1:${await freePort()}`
  await using server = await serve((home) => {
    writeFileSync(join(home, 'cert.pem'), selfSigned.cert)
    writeFileSync(join(home, 'key.pem'), selfSigned.key, { mode: 0o600 })
    const lines = ['[porch]', `url = "${porch}"`, `port = ${new URL(porch).port}`]
    const files = [`cert = "${join(home, 'cert.pem')}"`, `key = "${join(home, 'key.pem')}"`]
    writeFileSync(join(home, 'config.toml'), [...lines, ...files, ''].join('\n'), { mode: 0o600 })
  })
  const redirectUrl = `${porch}/callback/kite`
  await server.ask('POST', '/v1/accounts', { account: 'demo', broker: 'kite', kind: 'sandbox', redirectUrl })
  const started = (await server.ask('POST', '/v1/accounts/demo/login', {})) as LoginStarted

  await using browser = await launchBrowser()
  const context = await browser.newContext(phone)
  const complaints: string[] = []
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  context.on('weberror', (error) => complaints.push(error.error().message))
  const asked: string[] = []
  context.on('request', (request) => asked.push(request.url()))
  const page = await context.newPage()
  await page.goto(started.url!)
  await page.getByRole('button', { name: /Use demo user/ }).click()
  await page.getByRole('heading', { name: 'You are logged in' }).waitFor()
  const said = ((await page.locator('main').textContent()) ?? '').replace(/\s+/g, ' ')
  assert.match(said, /first login of demo.*confirmed that it was the right person/)
  // The code is out of the address bar, and the page fits.
  assert.equal(page.url(), `${porch}/callback/over`)
  const width = await page.evaluate('document.documentElement.scrollWidth')
  assert.equal(width, phone.viewport.width)
  assert.deepEqual(await page.locator('a, link, img, form').count(), 0)
  const background = await page.evaluate('getComputedStyle(document.body).backgroundColor')
  assert.notEqual(background, 'rgba(0, 0, 0, 0)', 'its style counts')
  if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT })
  // Whoever loads it again spends nothing and learns nothing.
  await page.reload()
  await page.getByRole('heading', { name: 'Nothing more to do here' }).waitFor()
  assert.deepEqual(complaints, [])
  const atPorch = asked.filter((url) => url.startsWith(porch)).map((url) => new URL(url).pathname)
  assert.deepEqual(
    atPorch.filter((path) => path !== '/favicon.ico'),
    ['/callback/kite', '/callback/over'],
  )
  assert.deepEqual(await context.cookies(), [])

  const desk = await (await browser.newContext({ viewport: phone.viewport })).newPage()
  await desk.goto(server.signInLink)
  await desk.locator(`${card}[data-status="unconfirmed"]`).waitFor()
  await desk.getByText('Is this the right person?').waitFor()
  if (process.env.SCREENSHOT)
    await desk.screenshot({ path: `${process.env.SCREENSHOT}.desk.png`, fullPage: true })
  await desk.getByRole('button', { name: 'Yes, this is right' }).click()
  await desk.locator(liveCard('demo')).waitFor()
  const view = (await server.ask('GET', '/v1/accounts/demo')) as AccountView
  assert.deepEqual([view.status, view.unconfirmed], ['active', null])
  assert.ok(view.userId)
})
