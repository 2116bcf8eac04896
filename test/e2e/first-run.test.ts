import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import type { AuditView, HandOut } from '../../src/contracts/api.ts'
import { launchBrowser, liveCard } from '../support/browser.ts'
import { kiteClient, upstoxClient } from '../support/official-clients.ts'
import { type Served, serve } from '../support/served.ts'
import { sqliteIntruder } from '../support/set-back.ts'

const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const
const card = '[data-account="demo"]'

/** Everything that a page complains about: scripts, policies, requests. */
function watch(context: BrowserContext): string[] {
  const complaints: string[] = []
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  context.on('weberror', (error) => complaints.push(error.error().message))
  context.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${new URL(response.url()).pathname}`)
  })
  return complaints
}

async function logInThroughPopup(page: Page): Promise<void> {
  const opening = page.waitForEvent('popup')
  await page.locator(card).getByRole('button', { name: 'Log in', exact: true }).click()
  const popup = await opening
  await popup.waitForURL('**/login**')
  const closing = popup.waitForEvent('close')
  await popup.getByRole('button', { name: /Use demo user/ }).click()
  await closing
}

async function createKey(page: Page): Promise<string> {
  await page.getByRole('link', { name: 'Programs' }).click()
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByLabel('Name').fill('first program')
  await page.getByRole('button', { name: 'Create key' }).click()
  await page.getByRole('button', { name: 'Copy key' }).waitFor()
  const key = /bhor_[\w-]{43}/.exec((await page.locator('body').textContent()) ?? '')
  assert.ok(key, 'the key is shown once')
  return key[0]
}

async function programGetsSession(server: Served, key: string): Promise<HandOut> {
  const answer = await fetch(`${server.origin}/v1/accounts/demo/session?min_life=1s`, {
    headers: { authorization: `Bearer ${key}` },
  })
  assert.equal(answer.status, 200)
  return (await answer.json()) as HandOut
}

for (const [broker, name, size] of [
  ['kite', 'Zerodha Kite Connect', 'desktop'],
  ['upstox', 'Upstox', 'phone'],
] as const) {
  test(`first run with ${broker} on a ${size}: sign in, sandbox, popup login, active, a program gets the session`, async () => {
    await using server = await serve()
    await using browser = await launchBrowser()
    const context = await browser.newContext({ viewport: sizes[size] })
    const complaints = watch(context)
    const page = await context.newPage()

    await page.goto(server.signInLink)
    await page.getByRole('button', { name: 'Try it with the sandbox' }).waitFor()
    assert.ok(!page.url().includes('sign-in='), 'the token is out of the address bar')

    await page.getByRole('button', { name: 'Try it with the sandbox' }).click()
    await page.getByRole('button', { name }).click()
    await page.locator(`${card}[data-status="none"]`).waitFor()
    await logInThroughPopup(page)
    await page.locator(liveCard('demo')).waitFor()

    await page.locator(card).getByRole('button', { name: 'Test connection' }).click()
    await page.locator('[data-verdict="valid"]').first().waitFor()

    const key = await createKey(page)
    const session = await programGetsSession(server, key)
    if (broker === 'kite') {
      const kite = kiteClient({
        api_key: session.apiKey,
        access_token: session.accessToken,
        root: session.baseUrl,
      })
      assert.equal((await kite.getProfile()).user_id, session.userId)
    } else {
      const profile = await upstoxClient(session.baseUrl, session.accessToken).call(
        'UserApi',
        'getProfile',
        '2.0',
      )
      assert.equal((profile.data as { userId: string }).userId, session.userId)
    }
    assert.ok(!(await page.content()).includes(session.accessToken), 'the token is nowhere on the page')

    const token = await server.run(['token', 'demo'])
    assert.deepEqual([token.code, token.stdout, token.stderr], [0, `${session.accessToken}\n`, ''])
    const audit = JSON.parse((await server.run(['audit', '--json'])).stdout) as AuditView[]
    assert.equal(
      audit.filter((record) => record.action === 'session.handout' && record.result === 'ok').length,
      2,
    )
    assert.equal((await server.run(['audit', 'verify'])).code, 0)
    assert.deepEqual(complaints, [])
  })
}

test('a link works once, and the page says what to do, also about a store that went back', async () => {
  await using server = await serve()
  await using browser = await launchBrowser()
  const first = await (await browser.newContext()).newPage()
  await first.goto(server.signInLink)
  await first.getByRole('button', { name: 'Try it with the sandbox' }).waitFor()
  const second = await (await browser.newContext()).newPage()
  await second.goto(server.signInLink)
  await second.getByRole('heading', { name: 'Sign in' }).waitFor()
  assert.match((await second.locator('body').textContent()) ?? '', /bhor desk/)
  const fresh = (await server.run(['desk'])).stdout.trim()
  await second.goto('about:blank')
  await second.goto(fresh)
  await second.getByRole('button', { name: 'Try it with the sandbox' }).waitFor()

  const intruder = sqliteIntruder(server.home)
  const { id } = JSON.parse((await server.run(['keys', 'add', 'bot', '--json'])).stdout) as { id: string }
  const copy = await intruder.copy(['client_keys'])
  await server.run(['keys', 'revoke', id])
  await intruder.putBack(copy)
  await server.run(['audit', 'verify'])
  const banner = second.getByRole('alert').filter({ hasText: 'bhor doctor --accept-rollback' })
  await banner.waitFor()
  assert.match((await banner.textContent()) ?? '', new RegExp(`client_keys ${id}.* Nothing is handed out`))
  await server.run(['doctor', '--accept-rollback'])
  await banner.waitFor({ state: 'detached' })
})
