import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dashboardFolder } from '../../src/cli/dashboard-folder.ts'
import { type ErrorCode, wordsOf } from '../../src/core/errors.ts'
import { signInUrl } from '../../src/http/routes/sign-in.ts'
import { serveDesk } from '../../src/http/server.ts'
import type { FaultKind } from '../../src/simulator/index.ts'
import { launchBrowser, liveCard } from '../support/browser.ts'
import { openWorld } from '../support/world.ts'

/** A sample of `test/broker-faults.test.ts`, as a person sees it. */
test('what a broker does wrong, and what a person does right, is told by its cause in the browser', async () => {
  await using world = await openWorld({ start: new Date().toISOString() })
  const { app, simulator } = world
  await using server = await serveDesk({ app, dashboardFolder })
  await world.addAccount()
  await using browser = await launchBrowser()
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(signInUrl(server.signIns.newLink()))
  const card = page.locator('[data-account="demo"]')
  await card.waitFor()

  const throughPopup = async () => {
    const opening = page.waitForEvent('popup')
    await card.getByRole('button', { name: /^Log in/ }).click()
    const popup = await opening
    const came = popup.waitForRequest(/\/callback\/kite\?/)
    await popup.getByRole('button', { name: /Use demo user/ }).click()
    return { popup, address: (await came).url() }
  }
  for (const [kind, code] of [
    ['rate_limited', 'broker_rate_limited'],
    ['ip_unset', 'ip_not_allowed'],
  ] as const satisfies readonly (readonly [FaultKind, ErrorCode])[]) {
    simulator.faults.add({ kind, match: { method: 'POST', path: '/session/token' } })
    const { address } = await throughPopup()
    await card
      .getByRole('alert')
      .getByText(/answered with HTTP 4/)
      .waitFor()
    const late = await context.newPage()
    await late.goto(address)
    assert.ok((await late.locator('main').textContent())?.includes(wordsOf(code).page))
    await late.close()
    await card.getByRole('button', { name: 'Dismiss' }).click()
  }

  const { popup, address } = await throughPopup()
  if (!popup.isClosed()) await popup.waitForEvent('close')
  await page.locator(liveCard('demo')).waitFor()
  // The same address once more: a second tab, the history, a page that was restored.
  const again = await context.newPage()
  for (let times = 0; times < 2; times++) {
    await again.goto(address)
    await again.getByRole('heading', { name: 'You are logged in' }).waitFor()
  }
  assert.equal((await app.desk.accounts.get(app.operator, 'demo')).generation, 1)

  simulator.faults.add({ kind: 'ip_refused', match: { path: '/user/profile' } })
  await card.getByRole('button', { name: 'Test connection' }).click()
  const verdict = card.locator('[data-verdict="unknown"]')
  await verdict.waitFor()
  const said = (await verdict.textContent()) ?? ''
  assert.ok(said.includes(wordsOf('ip_not_allowed').hint) && said.includes('ip_not_allowed'), said)

  simulator.faults.add({ kind: 'html', match: { method: 'DELETE' } })
  await card.getByRole('button', { name: 'Log out' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Log out' }).click()
  await dialog.getByText(/the logout was not confirmed/).waitFor()
  await page.keyboard.press('Escape')
  await page.locator('[data-account="demo"][data-tone="grey"]').waitFor()
  assert.match((await card.textContent()) ?? '', /Logged out/)
  assert.doesNotMatch((await card.textContent()) ?? '', /Ended by the broker/)
})

test('a text out of a mail, pasted into the page', async () => {
  await using world = await openWorld({ start: new Date().toISOString() })
  await using server = await serveDesk({ app: world.app, dashboardFolder })
  await world.addAccount()
  await using browser = await launchBrowser()
  const page = await (await browser.newContext()).newPage()
  await page.goto(signInUrl(server.signIns.newLink()))
  const card = page.locator('[data-account="demo"]')
  const address = await world.callbackFor('demo')
  await card.getByText('The browser ended on a page that does not load?').click()
  const field = card.getByLabel('Address of that page')
  await field.fill('http://127.0.0.1:9/')
  await card.getByRole('button', { name: 'Complete login' }).click()
  await card.getByText('This is not the page that the broker sent you back to.').waitFor()
  await field.fill(`Hello,\n> <${address.match(/.{1,70}/g)!.join('=\n> ')}>\nPapa`)
  await card.getByRole('button', { name: 'Complete login' }).click()
  await page.locator(liveCard('demo')).waitFor()
})
