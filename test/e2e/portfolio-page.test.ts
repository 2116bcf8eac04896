import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { dashboardFolder } from '../../src/cli/dashboard-folder.ts'
import type { PortfolioAmounts, PortfolioView } from '../../src/contracts/portfolio.ts'
import { ManualClock } from '../../src/core/clock.ts'
import { decimalOf } from '../../src/core/decimal.ts'
import { signInUrl } from '../../src/http/routes/sign-in.ts'
import { serveDesk } from '../../src/http/server.ts'
import { systemNet } from '../../src/net/system.ts'
import { startSimulator } from '../../src/simulator/index.ts'
import { freePort } from '../support/at-the-terminal.ts'
import { launchBrowser } from '../support/browser.ts'
import { openWorld, type World } from '../support/world.ts'

const phone = { viewport: { width: 390, height: 844 } }
/** So long an answer of a broker is kept. */
const keptMs = 5_000

/** `−₹1,23,456.70` as the API writes it. */
const decimal = (shown: string) => decimalOf(shown.replace('−', '-').replace(/[₹,+]/g, '')) ?? shown

/** The texts of a table's cells by the name of the row, without those notes that stand below a value. */
async function rowsOf(page: Page, caption: string): Promise<Map<string, string[]>> {
  const rows = await page
    .getByRole('table', { name: caption, exact: true })
    .last()
    .locator('tbody tr')
    .evaluateAll((all) =>
      all.map((row) =>
        [...row.children].map((cell) => {
          const copy = cell.cloneNode(true) as Element
          for (const note of copy.querySelectorAll('.cell-note, .aside')) note.remove()
          return copy.textContent?.trim() ?? ''
        }),
      ),
    )
  return new Map(rows.map(([name = '', ...cells]) => [name, cells]))
}

/** In the order of the table's columns. */
const sumCells = (sums: PortfolioAmounts) =>
  [
    sums.value,
    sums.dayPnl,
    sums.invested,
    sums.holdingsPnl,
    sums.positionsPnl,
    sums.available,
    sums.used,
  ].map((sum) => sum ?? '–')

const readAgain = async (page: Page, world: World) => {
  await world.advance(keptMs)
  await page.getByRole('button', { name: 'Read again' }).click()
}

/** Three sandbox accounts at two brokers, of two members, one of them logged out; and one account with real money. */
async function household(world: World): Promise<void> {
  const app = { apiKey: 'key-of-mine', apiSecret: 'secret-of-mine' }
  const redirectUrl = `http://127.0.0.1:${world.app.config.port}/callback/kite`
  world.simulator.registerApp({ broker: 'kite', ...app, redirectUrl })
  await world.addAccount({ account: 'mine', kind: 'live', app, redirectUrl })
  await world.addAccount({ account: 'personal', settings: { group: 'me' } })
  await world.addAccount({ account: 'papa', broker: 'upstox', settings: { group: 'papa' } })
  await world.addAccount({ account: 'demo', settings: { group: 'papa' } })
  for (const account of ['mine', 'personal', 'papa']) await world.logIn(account)
}

test('the portfolio: to the digit what the API says, live and sandbox apart, members, charts with tables, hidden amounts, sessions that die', async () => {
  await using opened = new AsyncDisposableStack()
  const start = new Date().toISOString()
  const clock = new ManualClock(start)
  const simulator = opened.use(await startSimulator({ port: 0, clock, rateLimits: false }))
  const hosts = Object.entries(simulator.hosts('kite')).map(([role, url]) => `${role} = "${url}"`)
  const world = opened.use(
    await openWorld({
      clock,
      simulator,
      port: await freePort(),
      config: `[hosts.kite]\n${hosts.join('\n')}\n`,
    }),
  )
  const { app } = world
  const server = opened.use(await serveDesk({ app, dashboardFolder }))
  const view = (): Promise<PortfolioView> => app.desk.portfolios.view(app.operator)
  const browser = opened.use(await launchBrowser())
  const context = await browser.newContext(phone)
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', ({ message }) => faults.push(message))
  await page.goto(signInUrl(server.signIns.newLink()))

  // Nobody there yet: the next step.
  await page.getByRole('link', { name: 'Portfolio' }).click()
  await page.getByRole('link', { name: 'Go to the accounts' }).click()
  await page.getByRole('heading', { level: 1, name: 'Accounts' }).waitFor()
  await household(world)
  await world.advance(60_000)
  await page.getByRole('link', { name: 'Portfolio' }).click()

  // Money first, and only money.
  const kind = (name: string) => page.getByRole('button', { name, exact: true })
  await kind('Live').waitFor()
  assert.equal(await kind('Live').getAttribute('aria-pressed'), 'true')
  const [live, sandbox] = (await view()).totals
  assert.deepEqual(
    [...(await rowsOf(page, 'By account and member'))].map(([name]) => name),
    ['mine'],
  )
  await kind('Sandbox').click()
  await page.getByText('Simulated by bhor: no money.').waitFor()
  const { accounts } = await view()
  const sums = await rowsOf(page, 'By account and member')
  const shown = new Map([...sums].map(([name, cells]) => [name, cells.slice(0, 7).map(decimal)]))
  const told = new Map([
    ...accounts
      .filter((each) => each.kind === 'sandbox')
      .map((each) => [each.account, sumCells(each.sums)] as const),
    ...sandbox!.groups.map((each) => [`All of ${each.group}`, sumCells(each)] as const),
    ['Together', sumCells(sandbox!)] as const,
  ])
  assert.deepEqual(shown, told)
  assert.notEqual(sandbox!.value, live!.value)
  const holdings = await rowsOf(page, 'Holdings')
  assert.deepEqual(
    [...holdings].map(([symbol, cells]) => [symbol, ...cells.slice(0, 5).map(decimal)]),
    sandbox!.instruments.map((each) => [
      each.symbol,
      each.value,
      each.dayPnl,
      each.pnl,
      each.quantity,
      each.invested,
    ]),
  )
  assert.equal(
    await page.evaluate('document.documentElement.scrollWidth'),
    390,
    'only tables scroll sideways',
  )

  // What is missing, why, and the next step.
  const missing = (account: string) => page.locator(`[data-missing="${account}"]`)
  assert.match((await missing('demo').textContent()) ?? '', /No holdings, positions, funds\..*has no session/)
  await page.getByText('Without demo: the sums are that much too small.').waitFor()

  // Charts: a table behind each, opened by the keyboard; a header sorts by it as well.
  for (const title of ['Where the money is', 'P&L today']) {
    const chart = page.getByRole('figure', { name: title })
    assert.ok((await chart.locator('.bar').count()) > 0, title)
    await chart.locator('summary').focus()
    await page.keyboard.press('Enter')
    assert.equal(await chart.locator('tbody tr').count(), sandbox!.instruments.length, title)
  }
  const sort = page.getByRole('region', { name: 'Holdings', exact: true }).last().getByRole('button')
  await sort.first().focus()
  await page.keyboard.press('Enter')
  const names = [...(await rowsOf(page, 'Holdings')).keys()]
  assert.deepEqual(names, names.toSorted())
  await page.keyboard.press('Enter')
  assert.deepEqual([...(await rowsOf(page, 'Holdings')).keys()], names.toReversed())
  assert.equal(await page.locator('[aria-sort="descending"]').count(), 1)

  // One member, by the keyboard; the address keeps it.
  const whose = page.getByLabel('Whose')
  await whose.focus()
  await page.keyboard.press('ArrowDown')
  await page.waitForURL(/#portfolio\/sandbox\/member\/me$/)
  await page.reload()
  await page.locator('.portfolio').waitFor()
  assert.deepEqual([...(await rowsOf(page, 'By account and member')).keys()], ['personal'])
  await whose.selectOption({ label: 'Everyone together' })
  await page.waitForURL(/#portfolio\/sandbox$/)

  // No digit of money anywhere in the document, and only the choice outlives it.
  await page.getByRole('button', { name: 'Hide amounts' }).click()
  const isCovered = async () => {
    const html = await page.content()
    assert.doesNotMatch(html, /₹/)
    const cells = await page.locator('.amount, td.table-number').allTextContents()
    assert.ok(cells.length > 20)
    for (const text of cells) assert.match(text, /^\D*$|^\d+\.\d %$/)
    const amounts = accounts.flatMap((each) => [
      ...Object.values(each.sums),
      ...(each.holdings ?? []).flatMap(({ value, invested, averagePrice }) => [
        value,
        invested,
        averagePrice,
      ]),
    ])
    const plain = html.replaceAll(',', '')
    // Shorter ones may be lengths in a drawing.
    for (const amount of new Set(amounts))
      if (typeof amount === 'string' && amount.length > 6)
        assert.ok(!plain.includes(amount.replace('-', '')), `${amount} is to be seen`)
  }
  await isCovered()
  await page.reload()
  await page.locator('.portfolio').waitFor()
  await isCovered()
  assert.deepEqual(await page.evaluate('Object.entries(localStorage)'), [], 'that choice is kept at bhor')
  await page.getByRole('button', { name: 'Hide amounts' }).click()
  await page.getByText('₹').first().waitFor()

  // The next step is taken here: afterwards nobody is missing.
  const opening = page.waitForEvent('popup')
  await page.getByRole('button', { name: 'Log in demo' }).click()
  const popup = await opening
  await popup.getByRole('button', { name: /Use demo user/ }).click()
  await missing('demo').waitFor({ state: 'detached' })
  const whole = (await view()).totals[1]!
  assert.deepEqual(whole.missing, [])
  assert.deepEqual(
    (await rowsOf(page, 'By account and member')).get('Together')?.slice(0, 7).map(decimal),
    sumCells(whole),
  )

  // A session that the broker ended meanwhile: told at the next reading, with its next step.
  const { apiKey } = await app.desk.accounts.get(app.operator, 'personal')
  simulator.killSession('kite', apiKey)
  await readAgain(page, world)
  await missing('personal').getByRole('button', { name: 'Log in personal' }).waitFor()
  assert.equal(await missing('personal').getAttribute('data-code'), 'session_revoked')

  // A broker that is down: no login helps, and the rest stands.
  simulator.faults.add({ broker: 'upstox', kind: 'html', times: Number.POSITIVE_INFINITY })
  await readAgain(page, world)
  await missing('papa').waitFor()
  assert.equal(await missing('papa').getByRole('button').count(), 0)
  const afterwards = await rowsOf(page, 'By account and member')
  assert.deepEqual(
    afterwards.get('papa')?.slice(0, 7),
    Array.from({ length: 7 }, () => '–'),
  )
  assert.deepEqual(
    afterwards.get('demo')?.slice(0, 7).map(decimal),
    sumCells((await view()).accounts.find(({ account }) => account === 'demo')!.sums),
  )
  simulator.faults.clear()
  await readAgain(page, world)
  await missing('papa').waitFor({ state: 'detached' })

  // An answer that does not come: what stands there is told to be of before.
  await page.route('**/v1/portfolio', (route) => route.abort())
  await page.getByRole('button', { name: 'Read again' }).click()
  await page.locator('.portfolio[data-stale="true"]').waitFor()
  await page.getByText(/^Nothing newer than today/).waitFor()
  await page.unroute('**/v1/portfolio')
  await page.getByRole('button', { name: 'Read again' }).click()
  await page.locator('.portfolio[data-stale="false"]').waitFor()

  // One account as a trader looks at it.
  const out = JSON.parse((await app.desk.sessions.handOut(app.operator, 'demo')).reveal())
  const order = {
    exchange: 'NSE',
    tradingsymbol: 'ONGC',
    transaction_type: 'BUY',
    order_type: 'LIMIT',
    quantity: '3',
    product: 'CNC',
    price: '250',
    validity: 'DAY',
  }
  await systemNet.send({
    method: 'POST',
    url: `${out.baseUrl}/orders/regular`,
    headers: { ...out.headers, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(order).toString(),
    timeoutMs: 5000,
  })
  await page.getByRole('table').getByRole('link', { name: 'demo', exact: true }).click()
  await page.waitForURL(/#accounts\/demo\/trading$/)
  await page.getByRole('table', { name: 'Orders of the day' }).waitFor()
  const [[name, cells] = ['', []]] = await rowsOf(page, 'Orders of the day')
  assert.deepEqual([name, ...cells.slice(0, 4)], ['Buy ONGC', 'Complete', '3 of 3', '₹250.00', '₹246.15'])
  const trading = await app.desk.portfolios.orders(app.operator, 'demo')
  const positions = await rowsOf(page, 'Positions')
  for (const { symbol, pnl } of trading.positions!) assert.equal(decimal(positions.get(symbol)![0]!), pnl)
  await page
    .getByText('10 orders and 10 calls in a second, by the broker’s rules.', { exact: true })
    .waitFor()
  assert.match(
    (await page.locator('.trading').textContent()) ?? '',
    /Gate(Open: programs may trade|Closed\.)/,
  )
  const rateLimit = { requestsPerSecond: 3, burstSize: 6 }
  await app.desk.accounts.edit(app.operator, 'demo', { settings: { rateLimit } })
  await page.getByText('By this account’s settings bhor asks 3 times in a second, 6 at once.').waitFor()
  await page.getByText(/^As of today/).waitFor()
  await app.desk.sessions.logout(app.operator, 'demo')
  await page.locator('.read-time').getByText('Nothing could be read', { exact: true }).waitFor()
  assert.equal(await page.getByText(/^As of/).count(), 0, 'nothing is of no time')

  // After signing out nothing of it is left.
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: /Sign in|signed out/i }).waitFor()
  const left = await page.content()
  assert.doesNotMatch(left, /₹/)
  assert.ok(!left.includes(whole.value!) && !left.includes('ONGC'))
  assert.deepEqual(faults, [])
})
