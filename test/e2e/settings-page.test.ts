import assert from 'node:assert/strict'
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { AlertChannelView } from '../../src/contracts/alerts.ts'
import type { BrowserView, Link, SealView, VaultView } from '../../src/contracts/api.ts'
import type { CalendarDay } from '../../src/contracts/calendar.ts'
import { launchBrowser } from '../support/browser.ts'
import { type Served, serve } from '../support/served.ts'

const phone = { viewport: { width: 390, height: 844 } }
const words = 'six random words for the backup'

let server: Served
let browser: Browser
let page: Page
before(async () => {
  server = await serve((home) => {
    const lines = [
      'alerts_private_targets = "127.0.0.0/8"',
      'roll_call_deadline = "08:50"',
      'roll_call_at = "07:30,08:30"',
    ]
    writeFileSync(join(home, 'config.toml'), `${lines.join('\n')}\n`, { mode: 0o600 })
  })
  browser = await launchBrowser()
  page = await browser.newPage(phone)
  await page.goto(server.signInLink)
  await page.getByRole('heading', { level: 1 }).waitFor()
})
after(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

async function open(section: string, title: string, on = page): Promise<void> {
  await on.evaluate((hash) => {
    location.hash = hash
  }, section)
  await on.getByRole('heading', { level: 1, name: title }).waitFor()
}

/** Everything that is shown or kept, for what must not be in it. */
const everything = () =>
  page.evaluate(() => document.documentElement.outerHTML + JSON.stringify([sessionStorage, localStorage]))

test('the list of sections says how each stands, and leads there and back', async () => {
  await page.getByRole('link', { name: 'Settings' }).click()
  const alerts = page.getByRole('link', { name: /^Alerts/ })
  await alerts.getByText('nobody is told').waitFor()
  await page.getByRole('link', { name: /^Morning ready by 08:50/ }).waitFor()
  await alerts.click()
  await page.getByText('Nobody is told of anything yet.').waitFor()
  await page.locator('.back').click()
  await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
})

test('a channel: added, tested with the receiver’s own answer, changed, removed; its secret is shown once', async () => {
  const heard: string[] = []
  let status = 200
  await using receiver = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      heard.push(body)
      response.writeHead(status).end()
    })
  })
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done))
  const { port } = receiver.address() as AddressInfo
  await open('settings/alerts', 'Alerts')
  await page.getByRole('button', { name: 'Add a channel' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: /Webhook/ }).check()
  await dialog.getByLabel('Name').fill('bot')
  await dialog.getByLabel('Address').fill(`http://127.0.0.1:${port}/hook-of-mine`)
  await dialog.getByLabel('Quiet from').fill('22:00')
  await dialog.getByRole('button', { name: 'Save channel' }).click()
  await dialog.getByText('Give both hours, or none.').waitFor()
  await dialog.getByLabel('Quiet until').fill('06:30')
  await dialog.getByRole('button', { name: 'Save channel' }).click()

  const made = page.getByRole('dialog', { name: 'Its secret' })
  const secret = (await made.locator('.copy-text').textContent()) ?? ''
  assert.match(secret, /^whsec_/)
  await made.getByRole('button', { name: 'I have kept it' }).click()
  const card = page.locator('[data-channel="bot"]')
  await card.getByText('22:00–06:30').waitFor()
  const kept = await everything()
  assert.ok(!kept.includes(secret) && !kept.includes('hook-of-mine'))

  await card.getByRole('button', { name: 'Send test' }).click()
  await card.getByText(/^Delivered at \d\d:\d\d IST/).waitFor()
  await card.getByText('Works').waitFor()
  assert.match(heard.at(-1) ?? '', /"alert":"test"/)
  status = 500
  await card.getByRole('button', { name: 'Send test' }).click()
  await card.getByRole('alert').waitFor()
  await card.getByText('Fails').waitFor()
  await card.getByText('What it is told').click()
  await card.getByText('the broker ended a session before its hour').waitFor()

  await card.getByRole('button', { name: 'Change' }).click()
  await dialog.getByRole('radio', { name: /Only what is critical/ }).check()
  await dialog.getByRole('button', { name: 'Save channel' }).click()
  await card.getByText('Only what is critical').waitFor()
  const [channel] = (await server.ask('GET', '/v1/alerts')) as AlertChannelView[]
  assert.deepEqual([channel?.leastSeverity, channel?.secrets], ['critical', ['secret', 'url']])

  // What is done elsewhere comes by the feed.
  await server.ask('PATCH', '/v1/alerts/bot', { name: 'robot' })
  const renamed = page.locator('[data-channel="robot"]')
  await renamed.getByRole('button', { name: 'Change' }).click()
  await dialog.getByLabel('Name').fill('helper')
  await page.keyboard.press('Escape')
  await renamed.getByRole('button', { name: 'Change' }).click()
  assert.equal(await dialog.getByLabel('Name').inputValue(), 'helper', 'what was typed is kept')
  await dialog.getByRole('button', { name: 'Cancel' }).click()

  await renamed.getByRole('button', { name: 'Remove' }).click()
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await renamed.waitFor({ state: 'detached' })
  assert.deepEqual(await server.ask('GET', '/v1/alerts'), [])
})

test('a holiday: added from the weeks, moved, taken away, forgotten; a pasted list is read before it is sent', async () => {
  await open('settings/calendar', 'Trading days')
  // A weekday that nobody has said anything of, two weeks on.
  const date =
    (await page
      .locator('.day[data-kind="trading"]:not([data-past="true"])')
      .nth(9)
      .getAttribute('data-date')) ?? ''
  const to = (await page.locator('.day[data-kind="weekend"]').last().getAttribute('data-date')) ?? ''
  const dayOf = async (day: string) =>
    ((await server.ask('GET', `/v1/calendar?from=${day}&to=${day}&segment=equity`)) as CalendarDay[])[0]
  await page.locator(`.day[data-date="${date}"]`).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Note').fill('an election')
  await dialog.getByRole('button', { name: 'Save day' }).click()
  const row = page.locator(`li[data-date="${date}"]`)
  await row.getByText('Holiday · an election').waitFor()
  assert.deepEqual([(await dayOf(date))?.kind, (await dayOf(date))?.saidBy], ['holiday', 'user'])

  await row.getByRole('button', { name: /^Move/ }).click()
  await dialog.getByLabel('To').fill(to)
  await dialog.getByRole('button', { name: 'Move' }).click()
  const moved = page.locator(`li[data-date="${to}"]`)
  await moved.getByText('an election').waitFor()
  assert.deepEqual([(await dayOf(date))?.kind, (await dayOf(to))?.kind], ['trading', 'holiday'])
  await moved.getByRole('button', { name: /^Take away/ }).click()
  await moved.getByText('An ordinary day, by you').waitFor()
  for (const said of [moved, row]) {
    await said.getByRole('button', { name: /^Forget/ }).click()
    await said.waitFor({ state: 'detached' })
  }
  assert.equal((await dayOf(date))?.saidBy, 'bhor')

  await page.getByRole('button', { name: 'Load a list' }).click()
  const year = Number(await dialog.getByLabel('Year').inputValue())
  const days = dialog.getByLabel('Days')
  await days.fill(`26-Jan-${year} Republic Day\nsome day`)
  await dialog.getByText('Line 2 is no day: some day').waitFor()
  await days.fill(`26-Jan-${year} Republic Day\n${year}-10-29 special 18:00-19:00 Muhurat`)
  await dialog.getByText('2 days are read.').waitFor()
  await dialog.getByLabel('Where it is from').fill('a circular')
  await dialog.getByRole('button', { name: 'Take this list' }).click()
  await dialog.waitFor({ state: 'detached' })
  assert.equal((await dayOf(`${year}-01-26`))?.note, 'Republic Day')
  assert.equal((await dayOf(`${year}-10-29`))?.kind, 'special')
})

test('a backup is written and tried out: what was found is said, and so is a wrong passphrase', async () => {
  await open('settings/backup', 'Backup')
  const path = join(server.home, 'page.backup')
  const make = page.locator('.part', { has: page.getByRole('heading', { name: 'Make one now' }) })
  await make.getByLabel('File, on the computer where bhor runs').fill(path)
  await make.getByLabel('Passphrase').fill(words)
  await make.getByLabel('The same again').fill(`${words}s`)
  await make.getByRole('button', { name: 'Write the backup' }).click()
  await make.getByText('The two differ.').waitFor()
  await make.getByLabel('The same again').fill(words)
  await make.getByRole('button', { name: 'Write the backup' }).click()
  await make.getByText('The backup is written.').waitFor()
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.ok(!(await everything()).includes(words))

  const drill = page.locator('.part', { has: page.getByRole('heading', { name: 'Try one out' }) })
  await drill.getByText(path).waitFor()
  await drill.getByLabel('Its passphrase').fill('some other words altogether')
  await drill.getByRole('button', { name: 'Try it out' }).click()
  await drill.getByText(/passphrase does not open this backup/).waitFor()
  await drill.getByLabel('Its passphrase').fill(words)
  await drill.getByRole('button', { name: 'Try it out' }).click()
  await drill
    .locator('[data-drilled="intact"]')
    .getByText(/it can be restored/)
    .waitFor()
  await drill.getByText(/\d+, the chain is whole/).waitFor()
})

test('the very line of an option, by its meaning; what the morning will be', async () => {
  await open('settings/config', 'All options')
  await page.getByRole('searchbox', { name: 'Search options' }).fill('backup kept')
  assert.equal(await page.locator('[data-option]').count(), 1)
  await page.locator('[data-option="backup_keep"] summary').click()
  await page.getByLabel('What it should be').fill('30')
  await page.getByText('backup_keep = 30').waitFor()
  await page.getByText(`Write this into ${server.home}/config.toml`, { exact: false }).waitFor()
  await page.getByRole('searchbox').fill('no such thing')
  await page.getByText('No option says that.').waitFor()
  await open('settings/morning', 'Morning')
  await page.locator('.timeline').waitFor()
  assert.deepEqual(await page.locator('.timeline time').allTextContents(), [
    '07:25',
    '07:30',
    '08:30',
    '08:50',
  ])
})

test('old records are exported into the data folder', async () => {
  await open('settings/record', 'Retention')
  await page.getByLabel('Records before').fill('2099-01-01')
  await page.getByRole('button', { name: 'Export them' }).click()
  await page
    .locator('.note')
    .getByText(/records are in .*audit-before-20990101/)
    .waitFor()
  const [name = ''] = readdirSync(join(server.home, 'exports'))
  assert.match(readFileSync(join(server.home, 'exports', name), 'utf8'), /"checkpoint"/)
})

test('with a passphrase whoever has only a link confirms first: then the data key is replaced; browsers are signed out', async () => {
  await open('settings/browsers', 'Browsers')
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: 'Set a passphrase' }).click()
  await dialog.getByLabel('New passphrase').fill('correct horse battery')
  await dialog.getByLabel('The same again').fill('correct horse battery')
  await dialog.getByRole('button', { name: 'Save passphrase' }).click()
  await page.locator('[data-passphrase="set"]').waitFor()

  const context = await browser.newContext(phone)
  const other = await context.newPage()
  await other.goto(((await server.ask('POST', '/v1/desk/link', {})) as Link).url)
  await other.getByRole('heading', { level: 1 }).waitFor()
  await open('settings/vault', 'Keys of the vault', other)
  const keyOf = async () => ((await server.ask('GET', '/v1/vault')) as VaultView).key
  const before = await keyOf()
  await other.getByRole('button', { name: 'Replace the data key' }).click()
  await other.getByRole('dialog').getByRole('button', { name: 'Replace it' }).click()
  const fresh = other.getByRole('dialog', { name: 'Confirm that it is you' })
  await fresh.getByText('To replace the data key').waitFor()
  assert.equal(await keyOf(), before)
  await fresh.getByLabel('Passphrase of this page').fill('correct horse battery')
  await fresh.getByRole('button', { name: 'Confirm' }).click()
  await other.getByRole('dialog', { name: 'Replace the data key?' }).waitFor({ state: 'detached' })
  const after = await keyOf()
  assert.notEqual(after, before)
  await other.locator('[data-fact="data-key"]').getByText(after).waitFor()

  await open('settings/seal', 'Panic button')
  await open('settings/browsers', 'Browsers')
  const listed = (await server.ask('GET', '/v1/desk/browsers')) as BrowserView[]
  assert.equal(listed.length, 2)
  await page
    .locator('[data-browser]', { hasNotText: 'this browser' })
    .getByRole('button', { name: /^Sign out/ })
    .click()
  await page.locator('[data-browser]').nth(1).waitFor({ state: 'detached' })
  await other.getByRole('heading', { name: 'Sign in' }).waitFor()
  await context.close()
})

test('doctor finds a key that others can read, and the command that mends it; what is fine is said, too', async () => {
  await open('doctor', 'Doctor')
  await page
    .getByText(/fine|warning/)
    .first()
    .waitFor()
  assert.ok((await page.locator('[data-gravity="fine"] [data-check]').count()) > 5)
  assert.equal(await page.locator('[data-gravity="grave"]').count(), 0)
  const key = join(server.home, 'master.key')
  chmodSync(key, 0o644)
  await page.getByRole('button', { name: 'Look again' }).click()
  const found = page.locator('[data-gravity="grave"] [data-check="private files"]')
  await found.getByText('Others can read the master key.').waitFor()
  assert.equal(await found.locator('.copy-text').textContent(), `chmod 600 ${key}`)
  chmodSync(key, 0o600)
  await page.getByRole('button', { name: 'Look again' }).click()
  await found.waitFor({ state: 'detached' })
  await page.locator('[data-gravity="fine"] [data-check="private files"]').waitFor()
})

test('the panic button seals after a question, and says how it ends', async () => {
  await open('settings/seal', 'Panic button')
  await page.locator('[data-sealed="false"]').waitFor()
  await page.getByLabel('Reason').fill('laptop stolen')
  await page.getByRole('button', { name: 'Seal bhor now' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Seal bhor now' }).click()
  await page
    .locator('[data-sealed="true"]')
    .getByText(/laptop stolen/)
    .waitFor()
  assert.equal(((await server.ask('GET', '/v1/seal')) as SealView).sealed, true)
  await page.getByText('bhor unseal', { exact: true }).waitFor()
  assert.equal(await page.getByRole('button', { name: 'Seal bhor now' }).count(), 0)
})
