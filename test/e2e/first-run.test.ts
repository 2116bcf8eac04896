import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { dashboardFolder } from '../../src/cli/dashboard-folder.ts'
import type { AuditView, HandOut } from '../../src/contracts/api.ts'
import { signInUrl } from '../../src/http/routes/sign-in.ts'
import { serveDesk } from '../../src/http/server.ts'
import { launchBrowser, liveCard } from '../support/browser.ts'
import { kiteClient, upstoxClient } from '../support/official-clients.ts'
import { type Served, serve } from '../support/served.ts'
import { sqliteIntruder } from '../support/set-back.ts'
import { openWorld } from '../support/world.ts'

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

/** From Today, which offers it after the first login. */
async function createKey(page: Page): Promise<string> {
  await page.getByRole('heading', { name: 'Connect your first program' }).waitFor()
  await page.getByRole('link', { name: 'Connect a program' }).click()
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
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('tab', { name: 'Python' }).click()
    await dialog.getByText('/v1/accounts/demo/session?min_life=20m').waitFor()
    await dialog.getByText('Waiting for the first session of first program…').waitFor()
    const session = await programGetsSession(server, key)
    await dialog.getByText('first program got its first session just now.').waitFor()
    await dialog.getByRole('button', { name: 'Done' }).click()
    await page
      .locator('[data-name="first program"][data-used="true"]')
      .getByText(/^once in 7 days, the last/)
      .waitFor()
    assert.ok(!(await page.content()).includes(key), 'the key is gone with the dialog')
    await page.getByRole('link', { name: 'See it in the record' }).click()
    await page.getByText('first program got the session of demo', { exact: true }).waitFor()
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
    await page.getByRole('link', { name: 'Today' }).click()
    await page.locator(liveCard('demo')).waitFor()
    assert.equal(await page.locator('.first-program').count(), 0, 'it is not offered again')
    assert.deepEqual(complaints, [])
  })
}

test('without an account there is no dead end; a key that waits, one that is refused, one of a run, and what nobody uses', async () => {
  await using world = await openWorld({
    start: new Date(Date.now() - 2 * 24 * 60 * 60_000).toISOString(),
    env: { BHOR_UNUSED_KEY_DAYS: '1' },
  })
  const { app } = world
  const { desk, operator } = app
  await using server = await serveDesk({ app, dashboardFolder })
  await using browser = await launchBrowser()
  const page = await (await browser.newContext({ viewport: sizes.phone })).newPage()
  const keysOf = (name: string) => page.locator(`[data-name="${name}"]`)
  await desk.keys.add(operator, { name: 'old-sheet', scopes: ['read-token'] })
  await world.advance(2 * 24 * 60 * 60_000)

  await page.goto(`${signInUrl(server.signIns.newLink())}`)
  await page.getByRole('link', { name: 'Programs' }).click()
  await page.getByText('old-sheet: no session for 1 day. Revoke what no program needs any more.').waitFor()
  await keysOf('old-sheet').getByText('not used', { exact: true }).waitFor()
  await keysOf('old-sheet').getByText('get sessions', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'How to connect old-sheet' }).click()
  await page.getByRole('dialog').getByRole('link', { name: 'Add an account' }).click()
  await page.getByRole('button', { name: 'Try it with the sandbox' }).waitFor()
  await page.goBack()
  await page.getByRole('button', { name: 'Revoke old-sheet' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke key' }).click()
  await page.getByText('One key that is over').click()
  await page.locator('[data-state="revoked"]').getByText('old-sheet').waitFor()

  await world.addAccount()
  await world.logIn('demo')
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByRole('dialog').waitFor()
  await page.waitForURL(/#programs\/new$/)
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.waitForURL(/#programs$/)
  const { key } = await desk.keys.add(operator, { name: 'my-bot', scopes: ['read-token'] })
  await keysOf('my-bot').getByText('no session yet').waitFor()
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByLabel('Name').fill('my-bot')
  await page.getByRole('button', { name: 'Create key' }).click()
  await page.getByRole('alert').getByText('There is a key my-bot already.').waitFor()
  await page.keyboard.press('Escape')

  await page.getByRole('link', { name: 'Today' }).click()
  await page.getByRole('heading', { name: 'my-bot' }).waitFor()
  await page.getByRole('link', { name: 'How to connect it' }).click()
  const { run } = await desk.runs.start(operator, 'demo', 'python3 bot.py')
  await page.getByRole('heading', { name: 'Running now' }).waitFor()
  await page
    .locator(`[data-run="${run}"]`)
    .getByText(/^demo · since today .* · no session yet$/)
    .waitFor()
  await desk.sessions.handOut(await desk.keys.authenticate(key.reveal()), 'demo')
  await keysOf('my-bot').getByText('my-bot got its first session just now.').waitFor()
  await page.getByRole('button', { name: 'End the key of python3 bot.py' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'End', exact: true }).click()
  await page.getByRole('heading', { name: 'Running now' }).waitFor({ state: 'detached' })
  assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), 'nothing is cut off')
})

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
