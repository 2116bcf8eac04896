import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { accounts as words } from '../../dashboard/src/words/en/accounts.ts'
import type { AccountView, BrokerView, HandOut, KeyAdded } from '../../src/contracts/api.ts'
import {
  type Answers,
  type Journey,
  journeys,
  valuesOf,
  wrongAnswers,
} from '../contract-families/journeys.ts'
import { launchBrowser, liveCard } from '../support/browser.ts'
import { playBroker } from '../support/family-bed.ts'
import { type Served, serve } from '../support/served.ts'

const card = '[data-account="papa"]'

async function brokerOf(server: Served, id: string): Promise<BrokerView> {
  const key = await clientKey(server, 'reader', 'status')
  const answer = await fetch(`${server.origin}/v1/brokers`, { headers: { authorization: `Bearer ${key}` } })
  return ((await answer.json()) as BrokerView[]).find((broker) => broker.id === id)!
}

async function clientKey(server: Served, name: string, scopes: string): Promise<string> {
  const { stdout, stderr } = await server.run(['keys', 'add', name, '--scopes', scopes, '--json'])
  assert.ok(stdout, stderr)
  return (JSON.parse(stdout) as KeyAdded).key
}

/** Fills the form as a person does: field by field, by what stands above it. */
async function addAccount(page: Page, journey: Journey, broker: BrokerView): Promise<void> {
  await page.getByRole('button', { name: /Add (your broker )?account/ }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel(journey.family.broker.name, { exact: true }).check()
  const values: Readonly<Record<string, string>> = { ...journey.public, ...journey.secret }
  await form.locator('input[name="account"]').fill('papa')
  for (const [place, fields] of [
    ['app', broker.app],
    ['fields', broker.account],
  ] as const) {
    for (const { name, label } of fields) {
      if (values[name] === undefined) continue
      const input = form.locator(`input[name="${place}.${name}"]`)
      assert.match((await form.getByText(label).first().textContent()) ?? '', new RegExp(label))
      await input.fill(values[name])
    }
  }
  await form.getByRole('button', { name: 'Save account' }).click()
  await page.locator(`${card}[data-status="none"]`).waitFor()
}

/** Question after question, as the dialog asks. */
async function answerAll(page: Page, answers: readonly Answers[]): Promise<void> {
  for (const answer of answers) {
    const [first = ''] = Object.keys(answer())
    await page.locator(`input[name="answers.${first}"]`).waitFor()
    for (const [name, value] of Object.entries(answer()))
      await page.locator(`input[name="answers.${name}"]`).fill(value)
    await page.getByRole('dialog').getByRole('button', { name: 'Log in', exact: true }).click()
  }
}

for (const [at, journey] of journeys.entries()) {
  const { id } = journey.family.broker
  const button = journey.method === undefined ? 'Log in' : words.actions.ways[journey.method]
  const size = at % 2 === 0 ? { width: 390, height: 844 } : { width: 1280, height: 800 }
  test(`${id} on the page, ${size.width} px wide: add with its fields, wrong answer, right answers, test, log out`, async () => {
    await using played = await playBroker(journey)
    await using server = await serve((home) => played.configure(home))
    const broker = await brokerOf(server, id)
    await using browser = await launchBrowser()
    const page = await (await browser.newContext({ viewport: size })).newPage()
    const wrong: string[] = []
    page.on('pageerror', (error) => wrong.push(error.message))
    await page.goto(server.signInLink)
    await addAccount(page, journey, broker)

    void journey.onPhone?.(played.simulator, 'refuse')
    const wrongOnes = wrongAnswers(journey, played.simulator)
    await page.locator(card).getByRole('button', { name: button, exact: true }).click()
    await answerAll(page, wrongOnes)
    let answers = journey.answers(played.simulator)
    if (journey.onPhone) {
      await page
        .locator(card)
        .getByText(/on your phone/)
        .waitFor()
      await page.locator(card).getByRole('alert').getByText(journey.wrongSays).waitFor()
      void journey.onPhone(played.simulator, 'approve')
      await page.locator(card).getByRole('button', { name: button, exact: true }).click()
    } else {
      await page.getByRole('dialog').getByText(journey.wrongSays).waitFor()
      answers = journey.answers(played.simulator)
      await page.getByRole('dialog').getByRole('button', { name: 'Try again' }).click()
    }
    await answerAll(page, answers)
    await page.locator(liveCard('papa')).waitFor()
    assert.equal(await page.getByRole('dialog').count(), 0, 'the dialog has closed by itself')

    await page.locator(card).getByRole('button', { name: 'Test connection' }).click()
    await page.locator('[data-verdict="valid"]').first().waitFor()
    const { stdout } = await server.run(['token', 'papa', '--format', 'json'])
    const { accessToken, headers } = JSON.parse(stdout) as HandOut
    for (const secret of [accessToken, ...Object.values(headers)].filter((text) => text.length > 12))
      assert.ok(!(await page.content()).includes(secret))

    await page.locator(card).getByRole('button', { name: 'Log out' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Log out' }).click()
    await page.locator(`${card}[data-status="revoked"]`).waitFor()
    assert.deepEqual(wrong, [])
  })

  test(`${id} through the API: add, answers, hand-out, test, log out`, async () => {
    await using played = await playBroker(journey)
    await using server = await serve((home) => played.configure(home))
    const key = await clientKey(server, 'admin', 'admin')
    const ask = async <T>(method: string, path: string, body?: unknown, status = 200): Promise<T> => {
      const answer = await fetch(server.origin + path, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      assert.equal(answer.status, status, `${method} ${path}: ${text}`)
      return JSON.parse(text) as T
    }
    const account = { account: 'papa', broker: id, ...valuesOf(journey) }
    await ask('POST', '/v1/accounts', { ...account, fields: { ...account.fields, colour: 'blue' } }, 400)
    await ask('POST', '/v1/accounts', account, 201)
    const approved = journey.onPhone?.(played.simulator, 'approve')
    const answers = journey.answers(played.simulator)
    const started = await ask<{ login: string; asks: { name: string }[] }>(
      'POST',
      '/v1/accounts/papa/login',
      journey.method === undefined ? {} : { method: journey.method },
      201,
    )
    const path = `/v1/accounts/papa/login/${started.login}/answers`
    const refused = async (answers: unknown, status: number, code: string) =>
      assert.equal((await ask<{ code: string }>('POST', path, { answers }, status)).code, code)
    await refused({ colour: 'blue' }, 400, 'unknown_field')
    for (const { name } of started.asks) {
      await refused({}, 422, 'not_answered')
      await refused({ [name]: '  ' }, 422, 'not_answered')
    }
    await approved

    const all = answers.length > 0 ? answers : [() => ({})]
    for (const [at, answer] of all.entries()) {
      const seen = await ask<{ status: string }>('POST', path, { answers: answer() })
      assert.equal(seen.status, at === all.length - 1 ? 'done' : 'open')
    }
    assert.equal((await ask<{ status: string }>('POST', path, { answers: all.at(-1)!() })).status, 'done')
    const handOut = await ask<HandOut>('GET', '/v1/accounts/papa/session')
    assert.equal(handOut.broker, id)
    assert.equal((await ask<{ verdict: string }>('POST', '/v1/accounts/papa/test')).verdict, 'valid')
    assert.ok(Object.keys(handOut.headers).length > 0)
    assert.equal(
      (await ask<AccountView>('DELETE', '/v1/accounts/papa/session')).session?.endReason,
      'logged_out',
    )
  })
}
