import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { dashboardFolder } from '../../src/cli/dashboard-folder.ts'
import { istDateTime } from '../../src/core/ist.ts'
import { signInUrl } from '../../src/http/routes/sign-in.ts'
import { serveDesk } from '../../src/http/server.ts'
import { launchBrowser } from '../support/browser.ts'
import { openWorld, type World } from '../support/world.ts'

const dayMs = 24 * 60 * 60_000
const dayOf = (epochMs: number) => istDateTime(epochMs).slice(0, 10)

/** Two days at which `my-bot` got the sessions of two accounts, up to now. */
async function openTwoDays(world: World): Promise<void> {
  const { desk, operator } = world.app
  await world.addAccount()
  await world.addAccount({ account: 'papa', broker: 'upstox' })
  const { key } = await desk.keys.add(operator, { name: 'my-bot', scopes: ['read-token'] })
  const bot = await desk.keys.authenticate(key.reveal())
  for (let day = 0; day < 2; day++) {
    if (day > 0) await world.advance(dayMs)
    await world.logIn('demo')
    await world.logIn('papa')
    for (let times = 0; times < 4; times++) await desk.sessions.handOut(bot, 'demo')
    await desk.sessions.handOut(bot, 'papa')
  }
  const formula = await desk.keys.add(operator, { name: '=1+1', scopes: ['read-token'] })
  await desk.sessions.handOut(await desk.keys.authenticate(formula.key.reveal()), 'papa')
}

const texts = (page: Page) => page.locator('.audit-text').allTextContents()
const seqs = (page: Page) =>
  page.locator('.audit-entry').evaluateAll((all) => all.map((each) => Number(each.dataset.seq)))
const days = (page: Page) => page.locator('.audit-day h2').count()
/** The list is drawn anew when what is looked for changes. */
const untilAll = (page: Page, words: RegExp) =>
  page.waitForFunction((source) => {
    const all = [...document.querySelectorAll('.audit-text')].map((each) => each.textContent ?? '')
    return all.length > 0 && all.every((text) => new RegExp(source).test(text))
  }, words.source)

test('the record in people’s words: days, filters in the address, details, pages, the chain, copies, and what comes', async () => {
  await using world = await openWorld({ start: new Date(Date.now() - dayMs).toISOString() })
  await openTwoDays(world)
  const { app, clock } = world
  const { desk, operator } = app
  await using server = await serveDesk({ app, dashboardFolder })
  await using browser = await launchBrowser()
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
  const page = await context.newPage()
  await page.goto(signInUrl(server.signIns.newLink()))
  await page.getByRole('link', { name: 'Audit' }).click()

  const often = page.getByText(/^my-bot got the session of demo, 4 times since \d\d:\d\d$/)
  await often.first().waitFor()
  assert.equal(await often.count(), 2, 'once for each day')
  await page.getByRole('heading', { level: 2, name: /^Today / }).waitFor()
  await page.getByRole('heading', { level: 2, name: /^Yesterday / }).waitFor()
  await page.getByText(/The record is whole\. All \d+ records fit together\. Checked today/).waitFor()
  assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), 'nothing is cut off')

  const select = (label: string) => page.getByRole('combobox', { name: label, exact: true })
  await select('Account').selectOption('papa')
  await untilAll(page, /papa/)
  await select('Kind').selectOption('Sessions')
  await untilAll(page, /session of papa|logged in papa/)
  assert.match(page.url(), /#audit\/account\/papa\/kind\/session$/)
  await page.reload()
  await untilAll(page, /session of papa|logged in papa/)
  assert.deepEqual(
    [await select('Account').inputValue(), await select('Kind').inputValue(), await days(page)],
    ['papa', 'session', 2],
  )
  await page.getByLabel('Day', { exact: true }).fill(dayOf(clock.nowMs() - dayMs))
  await page.waitForFunction(() => document.querySelectorAll('.audit-day').length === 1)
  assert.ok((await texts(page)).every((text) => text.includes('papa')))
  await page.goBack()
  await page.waitForFunction(() => document.querySelectorAll('.audit-day').length === 2)
  await page.getByRole('link', { name: 'Show everything' }).click()
  await often.first().waitFor()

  await often.first().click()
  const details = page.locator('.audit-details')
  await details.getByText('generation').waitFor()
  assert.match((await details.textContent()) ?? '', /Who ?key:key_\w+.*session\.handout.*accountdemo/i)
  await details.getByRole('link', { name: 'Only my-bot' }).click()
  await untilAll(page, /^my-bot /)
  assert.match(page.url(), /#audit\/program\/my-bot$/)

  await page.evaluate("location.hash = '#audit/account/nobody'")
  await page.getByText('There is no account of this name.').waitFor()
  await page.getByRole('link', { name: 'Show everything' }).click()
  await often.first().waitFor()

  // More than fit on a page; while somebody reads further down.
  for (let times = 0; times < 60; times++)
    await desk.accounts.edit(operator, 'demo', { label: `label ${times}` })
  await page.reload()
  await page.getByText('The operator changed the account demo (label)').first().waitFor()
  const newest = (await seqs(page))[0]!
  await page.getByRole('button', { name: 'Show older ones' }).click()
  await often.last().waitFor()
  const all = await seqs(page)
  assert.ok(all.length > 60 && new Set(all).size === all.length, `${all.length} entries, each once`)
  assert.deepEqual(
    all,
    all.toSorted((a, b) => b - a),
  )
  await often.first().scrollIntoViewIfNeeded()
  const before = await often.first().boundingBox()
  await desk.accounts.edit(operator, 'papa', { label: 'Papa' })
  const bar = page.getByRole('button', { name: '1 new', exact: true })
  await bar.waitFor()
  assert.deepEqual(await often.first().boundingBox(), before, 'what one reads stays where it is')
  assert.equal((await seqs(page))[0], newest)
  await bar.click()
  await page.getByText('The operator changed the account papa (label)').waitFor()
  await bar.waitFor({ state: 'detached' })
  assert.equal((await seqs(page))[0], newest + 1)

  // What is taken out takes a confirmation, once the one of the sign-in is over.
  await clock.advance(6 * 60_000)
  await select('Program').selectOption('=1+1')
  await untilAll(page, /^=1\+1 got/)
  await page.getByRole('button', { name: 'Save a copy' }).click()
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save it' }).click()
  const command = await page.getByText(/^bhor desk confirm \S+$/).textContent()
  await desk.confirmations.byOperator(operator, command!.split(' ').at(-1)!)
  const file = await saving
  const text = readFileSync(await file.path())
  const dialog = page.getByRole('dialog')
  await dialog.getByText(`${file.suggestedFilename()} is saved, with 1 record.`).waitFor()
  await dialog.getByText(createHash('sha256').update(text).digest('hex')).waitFor()
  await dialog.getByText(/all \d+ records of the chain fitted together/).waitFor()
  assert.equal(file.suggestedFilename(), `bhor-audit-${dayOf(clock.nowMs())}.csv`)
  assert.match(String(text), /^seq,at,who,text,.*\n\d+,[^,]+,'=1\+1,'=1\+1 got the session of papa,key:/)
  await dialog.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('link', { name: 'Show everything' }).click()
  await page.getByText('Somebody at the page took a copy of the record (1, csv)').waitFor()
  await page.getByRole('button', { name: 'Save a copy' }).click()
  await page.getByRole('radio', { name: /JSON/ }).check()
  const second = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save it' }).click()
  const json = JSON.parse(readFileSync(await (await second).path(), 'utf8')) as {
    records: { seq: number }[]
    check: { intact: boolean }
  }
  assert.ok(json.check.intact && json.records.length === json.records[0]!.seq)
  await dialog.getByRole('button', { name: 'Done' }).click()

  {
    using database = new DatabaseSync(join(world.home, 'bhor.db'), { timeout: 5000 })
    database.prepare("update audit set entry_json = replace(entry_json, 'demo', 'dema') where seq = 7").run()
  }
  await page.getByRole('button', { name: 'Check again' }).click()
  await page.locator('.chain[data-intact="false"]').waitFor()
  await page.getByText(/The record is not whole, from record 7 on\. Record 7 does not match/).waitFor()
})

test('what happens while older ones are fetched is counted, and loses neither; an account that is gone is found', async () => {
  await using world = await openWorld({ start: new Date().toISOString() })
  const { desk, operator } = world.app
  await world.addAccount()
  await world.addAccount({ account: 'papa', broker: 'upstox' })
  await desk.accounts.remove(operator, 'papa')
  for (let times = 0; times < 70; times++)
    await desk.accounts.edit(operator, 'demo', { label: `label ${times}` })
  await using server = await serveDesk({ app: world.app, dashboardFolder })
  await using browser = await launchBrowser()
  const page = await browser.newPage()
  // As if the document came in another language than the page speaks.
  await page.addInitScript(() =>
    document.addEventListener('readystatechange', () => {
      if (document.readyState === 'interactive') document.documentElement.lang = 'xx'
    }),
  )
  await page.goto(signInUrl(server.signIns.newLink()))
  await page.getByRole('heading', { level: 1 }).filter({ hasNotText: 'Sign in' }).waitFor()
  assert.equal(await page.locator('html').getAttribute('lang'), 'en')

  await page.evaluate("location.hash = '#accounts/demo/activity'")
  const changed = page.getByText('The operator changed the account demo (label)')
  await changed.first().waitFor()
  const first = await seqs(page)
  const asked = Promise.withResolvers<void>()
  const answered = Promise.withResolvers<void>()
  await page.route(
    ({ pathname, searchParams }) => pathname === '/v1/activity' && searchParams.has('before'),
    async (route) => {
      asked.resolve()
      await answered.promise
      await route.continue()
    },
  )
  await page.getByRole('button', { name: 'Show older ones' }).click()
  await asked.promise
  await desk.accounts.edit(operator, 'demo', { label: 'meanwhile' })
  const bar = page.getByRole('button', { name: '1 new', exact: true })
  await bar.waitFor()
  answered.resolve()
  await page.getByText('The operator added the account demo').waitFor()
  const all = await seqs(page)
  assert.deepEqual([all.slice(0, first.length), new Set(all).size], [first, all.length])
  await bar.click()
  await bar.waitFor({ state: 'detached' })
  assert.equal((await seqs(page))[0], (await world.app.desk.audit.list(operator, { limit: 1 }))[0]!.seq)

  await page.evaluate("location.hash = '#audit'")
  await page.getByRole('combobox', { name: 'Account', exact: true }).selectOption('papa (removed)')
  await page.getByText('The operator removed the account papa').waitFor()
  assert.ok((await texts(page)).every((text) => text.includes('papa')))
  await page.reload()
  await page.getByText('The operator removed the account papa').waitFor()
  assert.match(page.url(), /#audit\/account\/papa$/)
})
