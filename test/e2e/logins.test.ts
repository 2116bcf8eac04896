import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { kite } from '../../src/brokers/kite/index.ts'
import { dashboardFolder } from '../../src/cli/dashboard-folder.ts'
import type { AddAccount, LoginStarted } from '../../src/contracts/api.ts'
import { BhorError } from '../../src/core/errors.ts'
import { problemOf } from '../../src/http/problem.ts'
import { signInUrl } from '../../src/http/routes/sign-in.ts'
import { serveDesk } from '../../src/http/server.ts'
import { families } from '../contract-families/family.ts'
import { launchBrowser, liveCard, standStillAt } from '../support/browser.ts'
import { openWorld } from '../support/world.ts'

const browser = await launchBrowser()
after(() => browser.close())

/** A desk with a porch, and a browser in front of it whose clock stands where the desk's does. */
async function openHouse(accounts: readonly Partial<AddAccount>[]) {
  await using opening = new AsyncDisposableStack()
  const env = { BHOR_PORCH_PORT: '0' }
  const world = opening.use(await openWorld({ env, families: [families.approving] }))
  const server = opening.use(await serveDesk({ app: world.app, dashboardFolder }))
  for (const account of accounts) await world.addAccount(account)
  const contexts = opening.use(new AsyncDisposableStack())
  const newContext = async () => contexts.adopt(await browser.newContext(), (each) => each.close())
  const parts = opening.move()
  return {
    world,
    porch: server.porch!,
    newContext,
    async open(context?: BrowserContext): Promise<Page> {
      const page = await (context ?? (await newContext())).newPage()
      await standStillAt(page, world.clock.nowMs())
      await page.goto(signInUrl(server.signIns.newLink()))
      await page.getByRole('heading', { level: 1 }).filter({ hasNotText: 'Sign in' }).waitFor()
      return page
    },
    start: (account: string): Promise<LoginStarted> =>
      world.app.desk.logins.start(world.app.operator, account, { via: 'api' }),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

const cardOf = (page: Page, account: string) => page.locator(`[data-account="${account}"]`)

/** What the person does at the broker; a window that the page has opened closes by itself. */
async function press(broker: Page, button: RegExp): Promise<void> {
  await broker.getByRole('button', { name: button }).click()
  const closed = broker.isClosed() ? Promise.resolve() : broker.waitForEvent('close')
  await Promise.race([closed, broker.getByRole('heading', { name: /logged in|over|refused|No/ }).waitFor()])
}
const allow = (broker: Page) => press(broker, /Use demo user/)
const refuse = (broker: Page) => press(broker, /^Cancel$/)

test('three log in one after another: an old failure is nobody’s turn, and nobody is passed over', async () => {
  await using house = await openHouse(['demo', 'mama', 'papa'].map((account) => ({ account })))
  const page = await house.open()
  const opened = page.waitForEvent('popup')
  await cardOf(page, 'demo').getByRole('button', { name: 'Log in', exact: true }).click()
  await refuse(await opened)
  await cardOf(page, 'demo').getByRole('alert').waitFor()

  const windows: Page[] = []
  page.on('popup', (popup) => windows.push(popup))
  const next = async (at: number) => {
    while (windows.length <= at) await page.waitForEvent('popup')
    return windows[at]!
  }
  await page.getByRole('button', { name: 'Log in all 3, one after another' }).click()
  for (const [at, said] of [
    'demo is at the broker now. Then mama.',
    'mama is at the broker now. Then papa.',
    'papa is at the broker now. It is the last one.',
  ].entries()) {
    const window = await next(at)
    await page.locator('.rest').getByText(said).waitFor()
    assert.equal(windows.length, at + 1)
    await allow(window)
  }
  for (const account of ['demo', 'mama', 'papa']) await page.locator(liveCard(account)).waitFor()
  await page.locator('.rest').waitFor({ state: 'detached' })
  assert.equal(windows.length, 3)
})

test('how our own login ends is told though another one is open, and that one keeps nobody from logging in again', async () => {
  await using house = await openHouse([{}])
  await house.world.logIn('demo')
  await house.world.advance(1_000)
  const other = await house.start('demo')
  await house.world.advance(1_000)
  const page = await house.open()
  const card = cardOf(page, 'demo')
  await card.getByText('started elsewhere').waitFor()
  const logIn = async () => {
    const opened = page.waitForEvent('popup')
    await card.getByRole('button', { name: 'Log in again' }).click()
    await card.getByText('started elsewhere').waitFor({ state: 'detached' })
    return opened
  }
  await refuse(await logIn())
  await card
    .getByRole('alert')
    .getByText(/did not grant/)
    .waitFor()
  // Then what is still open is shown again, with its page.
  const link = card.getByRole('link', { name: 'Open the login page' })
  assert.equal(await link.getAttribute('href'), other.url)

  await allow(await logIn())
  await card.getByText('You are in.').waitFor()
  // The status was good before and is now: a screen reader hears it all the same.
  await page
    .getByRole('log')
    .getByText(/^demo: You are in\. The session is live until/)
    .waitFor()
  assert.equal(await card.getByText('started elsewhere').count(), 0)
  assert.equal(await card.getByRole('alert').count(), 0)
})

test('a pasted address is no success while the broker asks for more, though a session lives from before', async () => {
  await using house = await openHouse([{}])
  const { world } = house
  await world.logIn('demo')
  const [way] = kite.logins
  const asks = [{ name: 'word', label: 'Word of the day', kind: 'text' }] as const
  const asking = { ...kite, logins: [{ ...way, steps: [{ ...way.steps[0], asks }] }] }
  Object.assign(world.app.desk.context, { broker: async () => asking })
  const page = await house.open()
  const card = cardOf(page, 'demo')
  const opened = page.waitForEvent('popup')
  await card.getByRole('button', { name: 'Log in again' }).click()
  await (await opened).close()
  const url = await card.getByRole('link', { name: 'Open the login page' }).getAttribute('href')
  await card.getByText('does not load?').click()
  await card.getByLabel('Address of that page').fill(world.simulator.logIn('kite', url!))
  await card.getByRole('button', { name: 'Complete login' }).click()
  const word = page.getByRole('dialog').getByLabel('Word of the day')
  await word.waitFor()
  assert.equal(await page.getByText('You are in.').count(), 0)
  await word.fill('dawn')
  await page.getByRole('dialog').getByRole('button', { name: 'Log in', exact: true }).click()
  await card.getByText('You are in.').waitFor()
})

test('an approval outlives an outage; a second tab and another browser show it as what it is, and ask nothing twice', async () => {
  await using house = await openHouse([{ account: 'papa', broker: 'approving' }])
  const context = await house.newContext()
  const page = await house.open(context)
  const [second, elsewhere] = [await house.open(context), await house.open()]
  await cardOf(page, 'papa').getByRole('button', { name: 'Log in', exact: true }).click()
  for (const each of [second, elsewhere]) {
    const card = cardOf(each, 'papa')
    await card.getByText('on your phone').waitFor()
    assert.equal(await card.getByText('does not load?').count(), 0, 'nothing to paste')
    assert.equal(await card.getByText('started elsewhere').count(), 0)
  }
  const asked: string[] = []
  await context.route('**/v1/accounts/papa/login/**', (route) => {
    asked.push(route.request().method())
    return route.abort()
  })
  while (asked.filter((method) => method === 'GET').length < 2) await page.waitForTimeout(200)
  await page.waitForTimeout(200)
  for (const each of [page, second]) {
    await cardOf(each, 'papa').getByText('on your phone').waitFor()
    assert.equal(await cardOf(each, 'papa').getByRole('alert').count(), 0)
  }
  await context.unroute('**/v1/accounts/papa/login/**')
  const { userId } = await house.world.app.desk.accounts.get(house.world.app.operator, 'papa')
  const { api } = house.world.simulator.hosts('approving')
  await fetch(`${api}/phone/${userId}/approve`, { method: 'POST' })
  for (const each of [page, second, elsewhere]) await cardOf(each, 'papa').getByText('You are in.').waitFor()
})

test('a running login stands in every tab with its page, code to scan and time; cancelled in one it is over in all', async () => {
  await using house = await openHouse([{}])
  const context = await house.newContext()
  const page = await house.open(context)
  const opened = page.waitForEvent('popup')
  await cardOf(page, 'demo').getByRole('button', { name: 'Log in', exact: true }).click()
  await (await opened).close()
  const href = await cardOf(page, 'demo')
    .getByRole('link', { name: 'Open the login page' })
    .getAttribute('href')
  const others = [await house.open(context), await house.open()]
  for (const each of others) {
    const card = cardOf(each, 'demo')
    assert.equal(await card.getByRole('link', { name: 'Open the login page' }).getAttribute('href'), href)
    await card.getByText(/^(10:00|9:59) left$/).waitFor()
    await card.getByText('Log in with a phone').click()
    await card.getByRole('img', { name: 'The login link as a code to scan' }).waitFor()
  }
  await cardOf(others[1]!, 'demo').getByRole('button', { name: 'Cancel login' }).click()
  for (const each of [page, ...others])
    await cardOf(each, 'demo').getByRole('button', { name: 'Log in', exact: true }).waitFor()
})

test('a link to send: made at the desk, used on a phone somewhere else; the desk hears that its own login is not needed', async () => {
  await using house = await openHouse([{}])
  const page = await house.open()
  const card = cardOf(page, 'demo')
  const opened = page.waitForEvent('popup')
  await card.getByRole('button', { name: 'Log in', exact: true }).click()
  await (await opened).close()
  await card.getByText('Log in with a phone').click()
  await card.getByText('does not lead to bhor from there').waitFor()
  await card.getByRole('button', { name: 'Make a link to send' }).click()
  await card.getByRole('img', { name: 'The link to send as a code to scan' }).waitFor()
  await card.getByText(/^It works once, for this account alone, until /).waitFor()
  const link = await card.locator('.by-phone code').getByText('/hooks/login/').textContent()
  assert.match(link ?? '', new RegExp(`^${house.porch}/hooks/login/prompt_\\w+\\.[\\w-]+$`))

  await house.world.advance(1_000)
  const phone = await (await house.newContext()).newPage()
  await phone.goto(link!)

  await phone.getByRole('button', { name: /^Log in at/ }).click()
  await phone.getByRole('button', { name: /Use demo user/ }).click()
  await phone.getByRole('heading', { name: 'You are logged in' }).waitFor()
  await card.getByText('You are in.').waitFor()
  assert.equal(await card.getByText('Cancel login').count(), 0)
})

test('what will not come back is told beside Log in, and the form for its address stands open', async () => {
  await using house = await openHouse([
    { redirectUrl: 'https://old.example/callback/kite' },
    { account: 'papa' },
  ])
  const page = await house.open()
  const card = cardOf(page, 'demo')
  await card.getByText('does not come back here by itself').waitFor()
  assert.equal(await cardOf(page, 'papa').getByText('does not come back').count(), 0)
  const opened = page.waitForEvent('popup')
  await card.getByRole('button', { name: 'Log in', exact: true }).click()
  await (await opened).close()
  await card.getByLabel('Address of that page').waitFor()
  await card.getByRole('button', { name: 'Cancel login' }).click()
  await card.getByRole('link', { name: 'Why, and what helps' }).click()
  await page.getByText('comes back to old.example').waitFor()
})

test('a new sandbox account gets the focus once: who comes back to the page later keeps his own', async () => {
  await using house = await openHouse([])
  const page = await house.open()
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '')
  await page.getByRole('button', { name: 'Try it with the sandbox' }).click()
  await page.locator('[data-broker="kite"]').click()
  await page.getByText('Your sandbox is ready').waitFor()
  await page.waitForFunction(() => document.activeElement?.textContent === 'Log in')
  await page.getByRole('link', { name: 'Audit' }).click()
  await page.getByRole('heading', { name: 'Audit' }).waitFor()
  await page.getByRole('link', { name: 'Today' }).click()
  await page.getByText('Your sandbox is ready').waitFor()
  await page.waitForTimeout(300)
  assert.notEqual(await focused(), 'Log in')
})

test('a code to confirm with ends with its time and nothing is asked any more; a new one is made, also where none could be', async () => {
  await using house = await openHouse([])
  const page = await house.open()
  const { clock } = house.world
  // A link is fresh for a while.
  clock.set(clock.now().add({ minutes: 6 }))
  let looks = 0
  page.on('request', (request) => {
    if (request.method() === 'GET' && request.url().endsWith('/v1/desk/confirmation')) looks += 1
  })
  const shortLived = '**/v1/desk/confirmation'
  let tries = 0
  await page.route(shortLived, async (route) => {
    if (route.request().method() !== 'POST') return route.continue()
    tries += 1
    if (tries === 1)
      return route.fulfill({ status: 503, json: problemOf(new BhorError('store_busy'), 'req_x') })
    if (tries > 2) return route.continue()
    const expiresAt = clock.now().toString()
    const given = { code: 'aaaa-bbbb', text: 'sign out', byPassphrase: false, expiresAt, expiresInMs: 2_000 }
    return route.fulfill({ json: given })
  })
  await page.goto(`${new URL(page.url()).origin}/#settings/browsers`)
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click()
  const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' })
  const again = dialog.getByRole('button', { name: 'Try again' })
  await again.waitFor()
  // The settings had looked, too.
  looks = 0
  await page.waitForTimeout(2_000)
  assert.equal(looks, 0, 'there is no code that anybody could have typed')
  await again.click()
  const command = dialog.getByText(/^bhor desk confirm/)
  await command.waitFor()
  await page.clock.setFixedTime(clock.nowMs() + 3_000)
  await dialog.getByText('The time of this code is over.').waitFor()
  assert.equal(await command.count(), 0)
  const before = looks
  await page.waitForTimeout(2_000)
  assert.ok(looks <= before + 1, `${looks - before} looks for a code that is over`)
  clock.set(clock.now().add({ minutes: 11 }))
  await dialog.getByRole('button', { name: 'Make a new code' }).click()
  const code = (await command.textContent())!.split(' ').at(-1)!
  await house.world.app.desk.confirmations.byOperator(house.world.app.operator, code)
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
})
