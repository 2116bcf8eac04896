import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Locator } from 'playwright-core'
import { dashboardFolder } from '../../src/cli/dashboard-folder.ts'
import type { HandOut } from '../../src/contracts/api.ts'
import { wordsOf } from '../../src/core/errors.ts'
import { signInUrl } from '../../src/http/routes/sign-in.ts'
import { type DeskServer, serveDesk } from '../../src/http/server.ts'
import { openAlertWorld } from '../support/alerts/house.ts'
import { freePort } from '../support/at-the-terminal.ts'
import { launchBrowser } from '../support/browser.ts'

const phone = { width: 390, height: 844 }
const desktop = { width: 1280, height: 900 }
const hourMs = 60 * 60_000

const opened = new AsyncDisposableStack()
after(() => opened.disposeAsync())
const browser = opened.adopt(await launchBrowser(), (each) => each.close())
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bhor-manage-')))
opened.defer(() => rmSync(folder, { recursive: true, force: true }))
// Two days ago, so that there is something behind it; then the time of the page, which stands still.
const start = new Date(Date.now() - 48 * hourMs)
const house = opened.use(await openAlertWorld({ start: start.toISOString(), port: await freePort() }))
const { world } = house
const { operator } = world.app
await world.addAccount({ account: 'papa', label: 'Papa’s savings' })
await world.logIn('papa')
world.clock.set(new Date(start.getTime() + 24 * hourMs).toISOString())
await world.logIn('papa')
await world.app.desk.sessions.logout(operator, 'papa')
world.clock.set(new Date().toISOString())
await world.logIn('papa')
let server: DeskServer = await serveDesk({ app: world.app, dashboardFolder })
opened.defer(() => server[Symbol.asyncDispose]())

const context = opened.adopt(
  await browser.newContext({ viewport: phone, permissions: ['clipboard-read', 'clipboard-write'] }),
  (each) => each.close(),
)
const complaints: string[] = []
context.on('weberror', (error) => complaints.push(error.error().message))
const page = await context.newPage()

const isIn = (wanted = page) =>
  wanted.getByRole('heading', { level: 1 }).filter({ hasNotText: 'Sign in' }).waitFor()
const signIn = async (wanted = page) => {
  await wanted.goto(signInUrl(server.signIns.newLink()))
  await isIn(wanted)
}
const body = page.locator('.manage-body')
const open = async (tab: string) => {
  const link = page
    .getByRole('navigation', { name: 'Sections of' })
    .getByRole('link', { name: tab, exact: true })
  await link.click()
  await page.locator(`.manage-nav [aria-current]`).filter({ hasText: tab }).waitFor()
}
const goTo = (hash: string) => page.evaluate((wanted) => location.assign(wanted), hash)
const path = async () => new URL(page.url()).hash
/** Somebody at the desk's own computer says that it is he; good for five minutes, which do not pass here. */
const confirm = async () => {
  const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' })
  const command = await dialog.getByText(/^bhor desk confirm/).textContent()
  await world.app.desk.confirmations.byOperator(operator, command?.split(' ').at(-1) ?? '')
  await dialog.waitFor({ state: 'detached' })
}
const told = (within: Locator, text: string | RegExp) => within.getByText(text).first().waitFor()
const view = () => world.app.desk.accounts.get(operator, 'papa')

await signIn()

test('the way to the page, from section to section, and back', async () => {
  await goTo('#accounts')
  await page.getByRole('link', { name: 'Manage papa' }).click()
  await page.getByRole('heading', { level: 1, name: 'papa' }).waitFor()
  assert.equal(await path(), '#accounts/papa')
  await open('Gate')
  assert.equal(await path(), '#accounts/papa/gate')
  const link = page.locator('.manage-nav [data-tab="gate"]')
  const [strip, at] = [await page.locator('.manage-nav').boundingBox(), await link.boundingBox()]
  assert.ok(
    strip && at && at.x >= 0 && at.x + at.width <= phone.width,
    'the open section is pushed into sight',
  )
  assert.ok(at.height >= 44)
  await page.goBack()
  assert.equal(await path(), '#accounts/papa')
  await page.goForward()
  await page.reload()
  await told(body, 'May it trade now?')
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), phone.width)
  await goTo('#accounts')
  await page.getByRole('link', { name: 'papa', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'papa' }).waitFor()
  await goTo('#accounts/nobody/edit')
  await page.getByText('There is no account called nobody.').waitFor()
  await page.getByRole('link', { name: 'To the accounts' }).click()
  await page.getByRole('link', { name: 'Manage papa' }).waitFor()
})

test('a part of the page that is not the one it was built with does not run', async () => {
  const other = await (await browser.newContext()).newPage()
  await other.route('**/assets/manage-page-*.js', async (route) => {
    const built = readFileSync(join(dashboardFolder, new URL(route.request().url()).pathname), 'utf8')
    await route.fulfill({ contentType: 'text/javascript', body: `globalThis.evil = true\n${built}` })
  })
  await signIn(other)
  await other.evaluate(() => location.assign('#accounts/papa'))
  await other.getByText('This part of the page could not be loaded.').waitFor()
  assert.equal(await other.evaluate('globalThis.evil'), undefined)
  await other.unroute('**/assets/manage-page-*.js')
  await other.getByRole('button', { name: 'Reload' }).click()
  await other.getByRole('heading', { level: 1, name: 'papa' }).waitFor()
  await other.context().close()
})

test('overview: how it stands, and thirty days with their table', async () => {
  await goTo('#accounts/papa')
  await told(body, /h \d+ min left|min left/)
  await told(body, /^today \d\d:\d\d IST$/)
  await page.locator('.day[data-end]').first().waitFor()
  assert.equal(await page.locator('.day').count(), 30)
  const ends = await page
    .locator('.day[data-end]')
    .evaluateAll((all) => all.map((each) => each.getAttribute('data-end')))
  assert.deepEqual(ends, ['expired', 'logged_out', 'live'])
  await page.getByRole('button', { name: /yesterday: session from .*, logged out/ }).click()
  await told(page.locator('.day-details'), /– .*, logged out · Demo User .* by a login/)
  await page.getByText('The same as a table').click()
  const rows = page.getByRole('table', { name: /Sessions of papa/ }).getByRole('row')
  assert.equal(await rows.count(), 4)
  await told(rows.nth(1), 'live now')
})

test('credentials: the token is shown to whoever confirms, and recorded; a wrong redirect URL is told and mended', async () => {
  await goTo('#accounts/papa/credentials')
  const { accessToken } = JSON.parse(
    (await world.app.desk.sessions.handOut(operator, 'papa')).reveal(),
  ) as HandOut
  await told(body, 'Showing it takes a confirmation')
  // Longer ago than the sign-in counts as one.
  world.clock.set(world.clock.now().add({ minutes: 6 }))
  assert.ok(!(await page.content()).includes(accessToken))
  await page.getByRole('button', { name: 'Show the token' }).click()
  await confirm()
  await page.getByRole('button', { name: 'Copy Access token' }).click()
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), accessToken)
  const [latest] = await world.app.desk.audit.list(operator, { limit: 1 })
  assert.deepEqual([latest?.action, latest?.actor.split(':')[0]], ['session.handout', 'desk'])
  await page.getByRole('button', { name: 'Hide it now' }).click()
  assert.ok(!(await page.content()).includes(accessToken))
  await page.getByRole('button', { name: 'Show the token' }).click()
  await page.getByRole('button', { name: 'Copy Access token' }).waitFor()
  await open('Overview')
  await open('Credentials')
  await page.getByRole('button', { name: 'Show the token' }).waitFor()
  assert.ok(!(await page.content()).includes(accessToken), 'leaving the section forgets it')

  await page.getByRole('tab', { name: 'Python' }).click()
  await told(body, /os\.environ\['BHOR_KEY'\]/)
  await told(body, /Authorization: token <api key>/)
  const redirectUrl = 'http://127.0.0.1:9/callback/kite'
  await world.app.desk.accounts.edit(operator, 'papa', { redirectUrl })
  await told(body, /listens at port \d+, not at port 9/)
  await page.getByRole('button', { name: 'Set the desk’s own address here' }).click()
  await told(body, `${server.origin}/callback/kite`)
  assert.equal((await view()).redirectNote, null)
})

test('test connection: who it is and how long it took; else the broker’s error, our cause, the next step', async () => {
  await goTo('#accounts/papa/test')
  await body.getByRole('button', { name: 'Test connection' }).click()
  const verdict = body.locator('[data-verdict]')
  await told(verdict, /Demo User .* · .*@example\.com/)
  await told(verdict, /^\d+ ms$/)
  world.simulator.faults.add({ kind: 'ip_refused', match: { path: '/user/profile' } })
  await body.getByRole('button', { name: 'Test connection' }).click()
  await body.locator('[data-verdict="unknown"]').waitFor()
  const said = (await verdict.textContent()) ?? ''
  assert.ok(said.includes(wordsOf('ip_not_allowed').hint) && said.includes('ip_not_allowed'), said)
  await goTo('#accounts/papa/gate')
  await told(body.locator('[data-reason="unproven"]'), /Ask the broker/)
  world.simulator.faults.clear()
  await world.app.desk.sessions.test(operator, 'papa')
  await body.locator('[data-gate="open"]').waitFor()
})

test('programs: what each key did with this account; a new one is made for it, and revoked', async () => {
  const { desk } = world.app
  await world.addAccount({ account: 'mama' })
  const { key } = await desk.keys.add(operator, { name: 'my-bot', scopes: ['read-token'] })
  const bot = await desk.keys.authenticate(key.reveal())
  for (let at = 0; at < 3; at++) await desk.sessions.handOut(bot, 'papa')
  await desk.keys.add(operator, { name: 'mamas-bot', scopes: ['read-token'], accounts: ['mama'] })
  await goTo('#accounts/papa/programs')
  await told(body, 'my-bot')
  await told(body, /3 times in 7 days/)
  assert.equal(await body.getByText('mamas-bot').count(), 0, 'a key that does not open it is not here')
  await page.getByRole('button', { name: 'New key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('sheet')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'New key' }).click()
  assert.equal(await dialog.getByLabel('Name').inputValue(), 'sheet')
  await dialog.getByRole('button', { name: 'Create key' }).click()
  await page.getByRole('button', { name: 'Done' }).click()
  const made = (await desk.keys.list(operator)).find(({ name }) => name === 'sheet')
  assert.deepEqual(made?.accounts, ['papa'], 'made here, it opens this account')
  await page.getByRole('button', { name: 'Revoke sheet' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke key' }).click()
  await page.getByRole('button', { name: 'Revoke sheet' }).waitFor({ state: 'detached' })
})

test('egress: registered and measured, another address closes the gate, and a wrong one finds its field', async () => {
  await goTo('#accounts/papa/egress')
  await body.getByLabel('Registered at the broker').fill('nonsense')
  await body.getByRole('button', { name: 'Save' }).click()
  await told(body.getByRole('alert'), 'A registered address is not an IP address.')
  await body.getByLabel('Registered at the broker').fill('127.0.0.1')
  await body.getByRole('button', { name: 'Save' }).click()
  await body.locator('[data-standing="unmeasured"]').waitFor()
  await body.getByRole('button', { name: 'Measure now' }).click()
  await body.locator('[data-standing="as registered"]').waitFor()
  await body.getByLabel('Registered at the broker').fill('192.0.2.7')
  await body.getByRole('button', { name: 'Save' }).click()
  await body.locator('[data-standing="different"]').waitFor()
  await body.getByText('Through a proxy').click()
  await body.getByLabel('Login of the proxy').fill('me:secret word')
  await body.getByLabel('Registered at the broker').fill('')
  await body.getByLabel('Proxy', { exact: true }).fill('http://127.0.0.1:1')
  await body.getByRole('button', { name: 'Save' }).click()
  await told(body, 'through http://127.0.0.1:1')
  assert.ok(!(await page.content()).includes('secret word'))
  await body.getByText('Directly').click()
  await body.getByRole('button', { name: 'Save' }).click()
  await body.locator('[data-standing="nothing registered"]').waitFor()
})

test('gate: a pause with its reason, end and strictness; what keeps it closed; lifted again, all of it in its history', async () => {
  await goTo('#accounts/papa/gate')
  await body.locator('[data-gate="open"]').waitFor()
  await body.getByLabel('Reason').fill('waiting for the plumber')
  await body.getByLabel('Until').fill('2020-01-01T10:00')
  await body.getByText('Withhold every token').click()
  await body.getByRole('button', { name: 'Pause' }).click()
  await told(body.getByRole('alert'), 'until is over already.')
  const tomorrow = world.clock.now().add({ hours: 24 }).toZonedDateTimeISO('Asia/Kolkata')
  await body.getByLabel('Until').fill(`${tomorrow.toPlainDate()}T10:00`)
  await body.getByRole('button', { name: 'Pause' }).click()
  await told(body.locator('[data-reason="paused"]'), /10:00 IST: “waiting for the plumber”.*refused/)
  const { gate } = await view()
  assert.equal(gate.reason, 'paused')
  assert.equal(gate.until, `${tomorrow.toPlainDate()}T04:30:00Z`)
  assert.equal(await body.getByLabel('Reason').inputValue(), '')
  await assert.rejects(world.app.desk.sessions.handOut(operator, 'papa'), { code: 'gate_closed' })
  await body.getByRole('button', { name: 'Let it trade again' }).click()
  await body.locator('[data-gate="open"]').waitFor()
  await told(body.locator('.audit'), /paused papa \(waiting for the plumber\)/)
  await told(body.locator('.audit'), /lifted the pause of papa/)
})

test('alerts: who hears of it, and what they were told', async () => {
  await house.addPhone()
  await house.addHook({ accounts: ['mama'] })
  world.simulator.killSession('kite', (await view()).apiKey)
  await world.app.desk.sessions.test(operator, 'papa')
  await house.send()
  assert.match(house.said().join(), /papa .*The session ended before its hour/)
  await goTo('#accounts/papa/alerts')
  const channels = page.getByRole('table', { name: /Channels that are told about papa/ })
  await told(channels, 'phone')
  assert.equal(await channels.getByRole('row').count(), 2, 'the channel of another account is not here')
  await told(body.locator('.audit'), /sent an alert about papa \(phone, The session ended before its hour\)/)
  await told(page.locator('.manage-head'), 'Ended by the broker')
  await world.logIn('papa')
})

test('mirrors: a file that is written, somebody else’s token in it, and gone again', async () => {
  const file = join(folder, 'token.env')
  await goTo('#accounts/papa/mirrors')
  await page.getByRole('button', { name: 'Add a mirror' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('env', { exact: true }).click()
  await dialog.getByLabel('Path').fill('no/whole/path')
  await dialog.getByRole('button', { name: 'Add mirror' }).click()
  await told(dialog, 'A whole path begins with /.')
  await dialog.getByLabel('Path').fill(file)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Add a mirror' }).click()
  assert.equal(await dialog.getByLabel('Path').inputValue(), file)
  assert.ok(await dialog.getByLabel('env').isChecked(), 'what was chosen comes back, too')
  await dialog.getByRole('button', { name: 'Add mirror' }).click()
  await body.locator('[data-state="written"]').waitFor()
  const written = readFileSync(file, 'utf8')
  assert.match(written, /^KITE_ACCESS_TOKEN=\S{20}/m)
  writeFileSync(file, 'KITE_ACCESS_TOKEN=PUTBYHANDPUTBYHANDPUTBYHAND\n', { mode: 0o600 })
  await page.getByRole('button', { name: `Write ${file} now` }).click()
  await body.locator('[data-state="conflict"]').waitFor()
  await page.getByRole('button', { name: 'Take it as the session' }).click()
  await body.getByRole('alert').waitFor()
  const done = page.waitForResponse((answer) => answer.url().endsWith('/sync') && answer.ok())
  await page.getByRole('button', { name: 'Write over it' }).click()
  await done
  await body.locator('[data-state="written"]').waitFor()
  assert.match(
    readFileSync(file, 'utf8'),
    new RegExp(/^KITE_ACCESS_TOKEN=\S+/m.exec(written)?.[0] ?? 'none', 'm'),
  )
  await page.getByRole('button', { name: `Remove the mirror ${file}` }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
  await told(body, 'No file is kept in step with this account.')
})

test('activity: the record of this account, page after page', async () => {
  await goTo('#accounts/papa/activity')
  for (let at = 0; at < 15; at++)
    for (const state of ['closed', 'open'] as const)
      await world.app.desk.gates.set(operator, 'papa', { state })
  const entries = body.locator('.audit-entry')
  await entries.first().waitFor()
  const first = await entries.count()
  await page.getByRole('button', { name: 'Show older ones' }).click()
  await entries.nth(first).waitFor()
  const texts = (await entries.allTextContents()).join('\n')
  assert.match(texts, /papa/)
  assert.doesNotMatch(texts, /mama/)
})

test('edit: every field, secrets are written and never read; a new name moves the page', async () => {
  await page.setViewportSize(desktop)
  await goTo('#accounts/papa/edit')
  await body.getByLabel('Group').fill('parents')
  await body.getByLabel('Log out each day at').fill('25:00')
  await body.getByRole('button', { name: 'Save changes' }).click()
  await told(body.getByRole('alert'), /no time of day/)
  await body.getByLabel('Log out each day at').fill('15:45')
  await body.getByLabel('Requests per second').fill('5')
  await body.getByRole('button', { name: 'Save changes' }).click()
  await told(body.getByRole('alert'), 'Both, as whole numbers from 1 to 1000, or neither.')
  await body.getByLabel('At once').fill('10')
  await body.getByText('It renews by itself').click()
  await body.getByLabel('Phone number').fill('+919876543210')
  await body.getByLabel('Password').fill('pass word of papa')
  await body.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Saved.').first().waitFor({ state: 'attached' })
  const { settings, secrets, hasPassword } = await view()
  assert.deepEqual(settings, {
    group: 'parents',
    hygiene: { logoutAt: '15:45' },
    renewable: true,
    rateLimit: { requestsPerSecond: 5, burstSize: 10 },
  })
  assert.ok(hasPassword && secrets.includes('fields.phoneNumber'))
  assert.equal(await body.getByLabel('Password').inputValue(), '')
  await told(body, 'Stored. Leave empty to keep it.')
  const stored = await page.evaluate('JSON.stringify([sessionStorage, localStorage, document.cookie])')
  assert.doesNotMatch(`${stored}${await page.content()}`, /pass word of papa|9876543210/)
  await body.getByLabel('Name', { exact: true }).fill('father')
  await body.getByRole('button', { name: 'Save changes' }).click()
  await page.getByRole('heading', { level: 1, name: 'father' }).waitFor()
  assert.equal(await path(), '#accounts/father/edit')
  await page.goBack()
  await page.getByText('There is no account called papa.').waitFor()
  await world.app.desk.accounts.edit(operator, 'father', { account: 'papa' })
  await page.setViewportSize(phone)
})

test('a form keeps what was typed through Escape, a reload, a sign-out and a stop of bhor; secrets excepted', async () => {
  const dialog = page.getByRole('dialog', { name: 'Add account' })
  const add = async () => {
    await goTo('#accounts')
    await page.getByRole('button', { name: 'Add account' }).click()
    await dialog.waitFor()
  }
  const isKept = async () => {
    await told(dialog, 'What you had typed is here again. Secrets are not kept')
    assert.ok(await dialog.getByRole('radio', { name: 'Upstox' }).isChecked())
    assert.equal(await dialog.getByLabel('Name').inputValue(), 'sister')
    assert.equal(await dialog.getByLabel('Label').inputValue(), 'My sister’s, ₹ only')
    assert.equal(await dialog.getByLabel('API secret').inputValue(), '')
  }
  await add()
  await dialog.getByText('Upstox', { exact: true }).click()
  await dialog.getByLabel('API secret').fill('VerySecretSecret1')
  const kept = page.waitForResponse(
    (answer) => answer.request().postData()?.includes('₹ only') === true && answer.ok(),
  )
  await dialog.getByLabel('Name').fill('sister')
  await dialog.getByLabel('Label').fill('My sister’s, ₹ only')
  await kept
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await add()
  await isKept()
  await page.reload()
  await add()
  await isKept()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  assert.equal(await page.evaluate('JSON.stringify([sessionStorage, localStorage])'), '[{},{}]')
  const hasKey = context.waitForEvent(
    'response',
    (answer) => answer.url().endsWith('/v1/desk/key') && answer.request().method() === 'PUT',
  )
  await signIn()
  await hasKey
  await add()
  await isKept()
  // The browser comes back at another address, to a bhor that remembers nothing.
  await server[Symbol.asyncDispose]()
  await page.getByText('bhor does not answer').first().waitFor()
  await dialog.getByLabel('Group').evaluate((input) => input.closest('details')?.setAttribute('open', ''))
  await dialog.getByLabel('Group').fill('family')
  const before = new URL(page.url()).host
  server = await serveDesk({ app: world.app, dashboardFolder })
  await page.waitForURL((url) => url.host !== before && url.hash === '#accounts')
  await isIn()
  await add()
  await isKept()
  assert.equal(await dialog.getByLabel('Group').inputValue(), 'family')
  assert.doesNotMatch(await page.content(), /VerySecretSecret1/)
  await dialog.getByRole('button', { name: 'Start over' }).click()
  assert.equal(await dialog.getByLabel('Name').inputValue(), '')
  await dialog.getByText('Sandbox', { exact: true }).click()
  await dialog.getByLabel('Name').fill('sister')
  await dialog.getByRole('button', { name: 'Save account' }).click()
  await page.getByRole('link', { name: 'Manage sister' }).waitFor()
  await add()
  assert.equal(await dialog.getByLabel('Name').inputValue(), '', 'what was sent is not kept')
  await page.keyboard.press('Escape')
})

test('a login without its window: blocked, closed, on a phone, by the wrong person', async () => {
  await goTo('#accounts/sister')
  const head = page.locator('.manage-head')
  const cancel = () => head.getByRole('button', { name: 'Cancel login' }).click()
  await page.evaluate('globalThis.realOpen = open; globalThis.open = () => null')
  await head.getByRole('button', { name: 'Log in', exact: true }).click()
  await told(head, /Your browser blocked the window\./)
  assert.match(
    (await head.getByRole('link', { name: 'Open the login page' }).getAttribute('href')) ?? '',
    /^http/,
  )
  await head.getByText('Log in with a phone').click()
  await head.getByRole('img', { name: 'The login link as a code to scan' }).waitFor()
  await told(head, /copy that whole address, send it to this computer, and paste it below/)
  await page.getByRole('button', { name: 'Copy login link' }).click()
  const link = (await page.evaluate('navigator.clipboard.readText()')) as string
  await head.getByText('The browser ended on a page that does not load?').click()
  await head.getByLabel('Address of that page').fill(world.simulator.logIn('kite', link))
  await head.getByRole('button', { name: 'Complete login' }).click()
  await told(head, /Active|Ends soon/)

  await page.evaluate('globalThis.open = globalThis.realOpen')
  const opening = page.waitForEvent('popup')
  await head.getByRole('button', { name: 'Log in again' }).click()
  const popup = await opening
  await popup.getByRole('button', { name: /Use demo user/ }).waitFor()
  assert.equal(await head.locator('[data-window="open"]').count(), 1)
  await popup.close()
  await told(head, /The window was closed before an answer came/)
  await cancel()

  await world.app.desk.sessions.logout(operator, 'sister')
  const other = { userId: 'DM0042', password: 'demo', name: 'Other Person', email: 'other@example.com' }
  world.simulator.addUser({ broker: 'kite', totpSeed: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', ...other })
  const again = page.waitForEvent('popup')
  await head.getByRole('button', { name: 'Log in', exact: true }).click()
  const broker = await again
  await broker.getByRole('button', { name: /Use demo user/ }).waitFor()
  const address = await head.getByRole('link', { name: 'Open the login page' }).getAttribute('href')
  const arrived = world.simulator.logIn('kite', address ?? '', { userId: 'DM0042' })
  await broker.goto(arrived)
  await told(head.getByRole('alert'), /as the person whom this account belongs to/)
  await broker.close()
  await head.getByRole('button', { name: 'Dismiss' }).click()
})

test('remove: only with its name typed; then the page of it is gone', async () => {
  await goTo('#accounts/sister/remove')
  await body.getByLabel('Type sister to confirm').fill('papa')
  await body.getByRole('button', { name: 'Remove account' }).click()
  await told(body.getByRole('alert'), 'Type sister to remove it.')
  await body.getByLabel('Type sister to confirm').fill('sister')
  await body.getByRole('button', { name: 'Remove account' }).click()
  await page.getByRole('link', { name: 'Manage papa' }).waitFor()
  assert.equal(await path(), '#accounts')
  assert.equal(await page.getByRole('link', { name: 'Manage sister' }).count(), 0)
  assert.deepEqual(complaints, [])
})
