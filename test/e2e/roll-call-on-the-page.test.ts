import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { LoginStarted, RollCallView } from '../../src/contracts/api.ts'
import { launchBrowser, liveCard } from '../support/browser.ts'
import { serve } from '../support/served.ts'

test('the page shows the roll-call as the command does, and follows a login', async () => {
  await using server = await serve((home) => {
    writeFileSync(join(home, 'config.toml'), 'roll_call_accounts = "all"\n', { mode: 0o600 })
  })
  for (const account of ['demo', 'papa'])
    await server.ask('POST', '/v1/accounts', { account, broker: 'kite', kind: 'sandbox' })
  const roll = async () => (await server.ask('GET', '/v1/roll-call')) as RollCallView
  await using browser = await launchBrowser()
  const page = await browser.newPage({ viewport: { width: 390, height: 844 } })
  await page.goto(server.signInLink)
  const line = page.locator('.roll-call')
  await line.waitFor()
  const before = await roll()
  assert.match(before.text, /^2 of 2 not ready: demo, papa\. The deadline /)
  assert.equal(await line.textContent(), before.text)
  if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT })

  const { url } = (await server.ask('POST', '/v1/accounts/demo/login', {})) as LoginStarted
  const broker = await browser.newPage()
  await broker.goto(url!)
  await broker.getByRole('button', { name: /Use demo user/ }).click()
  await broker.getByText('You are logged in').waitFor()
  await page.locator(liveCard('demo')).waitFor()
  // How it stands now depends on the hour: a session that ends before the next deadline is not ready for it.
  const after = await roll()
  assert.notEqual(after.accounts[0]!.text, before.accounts[0]!.text)
  await page.locator(`.roll-call[data-missing="${after.missing}"]`).waitFor()
})

test('where nobody is called in the morning, the page says nothing of it', async () => {
  await using server = await serve()
  await server.ask('POST', '/v1/accounts', { account: 'demo', broker: 'kite', kind: 'sandbox' })
  await using browser = await launchBrowser()
  const page = await browser.newPage()
  const asked = page.waitForResponse((response) => response.url().endsWith('/v1/roll-call'))
  await page.goto(server.signInLink)
  await page.locator('[data-account="demo"]').waitFor()
  await asked
  assert.equal(await page.locator('.roll-call').count(), 0)
})
