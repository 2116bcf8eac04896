import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { type Answer, type AskOptions, type Doors, openDoors } from '../../../test/support/doors.ts'
import type { Confirmation, Confirmed, Fresh } from '../../contracts/api.ts'
import { type FreshAct, freshActs } from '../ground/fresh-acts.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bhor-mirror-')))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

const minuteMs = 60_000
const right = 'correct horse battery staple'
const plain = 'KITE_API_KEY=importkey\nKITE_API_SECRET=thesecret\n'

/** Any bhor can try it out. */
const backup = join(folder, 'one.backup')
before(async () => {
  await using doors = await openDoors()
  const { app } = doors.world
  await app.backups.make(app.operator, { path: backup, passphrase: right })
})

/** One request for each way to do what takes a confirmation. */
const ways: Readonly<Record<FreshAct, readonly (readonly [method: string, path: string, body?: object])[]>> =
  {
    'token.show': [
      ['GET', '/v1/accounts/demo/session'],
      ['POST', '/v1/accounts/demo/runs', { name: 'bot' }],
    ],
    'account.egress': [['PATCH', '/v1/accounts/demo', { settings: { egress: { from: '127.0.0.1' } } }]],
    'account.secrets': [
      ['PATCH', '/v1/accounts/demo', { password: 'another word' }],
      ['PATCH', '/v1/accounts/demo', { password: '' }],
      ['PATCH', '/v1/accounts/demo', { app: { apiSecret: 'another0secret1' } }],
      // An app has its secrets for all of its accounts: a new one that brings others changes them.
      [
        'POST',
        '/v1/accounts',
        {
          account: 'beside',
          broker: 'kite',
          kind: 'sandbox',
          app: { apiKey: '<app>', apiSecret: 'another0secret2' },
        },
      ],
      ['POST', '/v1/imports', { files: [{ path: '/one.env', text: plain }], broker: 'kite', account: 'one' }],
    ],
    'account.person': [['PATCH', '/v1/accounts/papa', { userId: '' }]],
    'gate.open': [
      ['PUT', '/v1/accounts/demo/gate', { state: 'open' }],
      ['PUT', '/v1/gate', { state: 'open' }],
    ],
    'alerts.change': [
      [
        'POST',
        '/v1/alerts',
        {
          name: 'home',
          kind: 'ntfy',
          fields: { server: 'https://ntfy.example' },
          secrets: { topic: 'home' },
        },
      ],
      ['PATCH', '/v1/alerts/home', { leastSeverity: 'info' }],
      ['DELETE', '/v1/alerts/home'],
    ],
    'mirrors.change': [
      ['POST', '/v1/mirrors', { account: 'demo', path: join(folder, 'demo.env'), format: 'env' }],
      ['POST', '/v1/mirrors/<mirror>/sync', { foreign: 'overwrite' }],
      ['DELETE', '/v1/mirrors/<mirror>'],
    ],
    'key.add': [['POST', '/v1/keys', { name: 'x<new>', scopes: ['status'] }]],
    'account.remove': [['DELETE', '/v1/accounts/demo']],
    'audit.export': [['POST', '/v1/activity/export', { format: 'csv' }]],
    'audit.archive': [['POST', '/v1/audit/export', { before: '2027-01-01T00:00:00Z' }]],
    'backup.make': [['POST', '/v1/backup', { path: join(folder, '<new>.backup'), passphrase: right }]],
    'backup.drill': [['POST', '/v1/backup/drill', { path: backup, passphrase: right }]],
    'vault.rotate': [['POST', '/v1/vault/rotate']],
    'vault.master': [['POST', '/v1/vault/master', { source: 'file' }]],
    'desk.passphrase': [
      ['PUT', '/v1/desk/passphrase', { passphrase: right }],
      ['PUT', '/v1/desk/passphrase', { passphrase: null }],
    ],
    'browsers.revoke_all': [['DELETE', '/v1/desk/browsers']],
  }
/** What only the user who runs bhor does, at the terminal. */
const never: readonly (readonly [method: string, path: string, body?: object])[] = [
  ['POST', '/v1/backup', { path: backup, passphrase: right, replace: true }],
  ['POST', '/v1/audit/export', { path: '/one.audit', before: '2026-11-01T00:00:00Z' }],
  ['POST', '/v1/audit/export', { before: '2026-11-01T00:00:00Z', replace: true }],
  ['POST', '/v1/doctor/accept-rollback'],
  ['DELETE', '/v1/seal', {}],
]
/** What is done again and again without any. */
const free: readonly (readonly [method: string, path: string, body?: object])[] = [
  ['GET', '/v1/accounts'],
  ['PATCH', '/v1/accounts/demo', { label: 'x' }],
  ['PUT', '/v1/accounts/demo/gate', { state: 'closed' }],
  ['PUT', '/v1/gate', { state: 'closed' }],
  ['GET', '/v1/desk/browsers'],
  ['POST', '/v1/accounts/demo/login', { via: 'api' }],
  // No account's secrets change by it.
  ['POST', '/v1/accounts', { account: 'beside', broker: 'kite', kind: 'sandbox', app: { apiKey: '<app>' } }],
]

async function openWithAccount(): Promise<Doors> {
  const doors = await openDoors()
  await withAccount(doors)
  return doors
}
/** One of the ways takes it away. */
async function withAccount({ world }: Doors): Promise<void> {
  const all = await world.app.desk.accounts.list(world.app.operator)
  if (all.some(({ account }) => account === 'demo')) return
  await world.addAccount()
  await world.logIn('demo')
  if (!all.some(({ account }) => account === 'papa'))
    await world.addAccount({ account: 'papa', userId: 'DM0042' })
}
let names = 0
/** With the names filled in that are known only then. */
async function ask(
  doors: Doors,
  [method, path, body]: readonly [string, string, object?],
  as: AskOptions,
): Promise<Answer> {
  const { desk, operator } = doors.world.app
  const [mirror] = await desk.mirrors.list(operator)
  const target = path.replace('<mirror>', mirror?.id ?? '')
  if (!body) return doors.ask(method, target, as)
  const [account] = await desk.accounts.list(operator)
  const filled = JSON.stringify(body)
    .replace('<new>', String(names++))
    .replace('<app>', account?.apiKey ?? '')
  return doors.ask(method, target, { ...as, body: JSON.parse(filled) as object })
}

/** A page, and what it does. */
async function openPage(doors: Doors) {
  const headers = await doors.signIn()
  const as = { headers }
  const post = (path: string, body: object) => doors.ask('POST', path, { ...as, body })
  return {
    as,
    asks: async (act: FreshAct = 'key.add') =>
      (await post('/v1/desk/confirmation', { act })).json as Confirmation,
    gives: (passphrase: string) => post('/v1/desk/confirmation/passphrase', { passphrase }),
    isFresh: async () => ((await doors.ask('GET', '/v1/desk/confirmation', as)).json as Fresh).until !== null,
    makesKey: async () => (await ask(doors, ways['key.add'][0]!, as)).code,
  }
}
const types = (doors: Doors, code: string) =>
  doors.ask('POST', `/v1/desk/confirmation/${code}`, { overSocket: true, body: {} })
const sets = (doors: Doors, passphrase: string | null) =>
  doors.ask('PUT', '/v1/desk/passphrase', { overSocket: true, body: { passphrase } })
const told = async ({ world: { app } }: Doors) =>
  (await app.desk.audit.list(app.operator, { limit: 100 }))
    .filter(({ action }) => action === 'desk.confirm')
    .map(({ actor, result, code, detail }) => [actor.split(':')[0], result, code, detail.by])

test('every act of the table is demanded of a page, whatever the way; then it is done; keys do only what they are made for', async (t) => {
  let demanded = 0
  await using doors = await openWithAccount()
  await using others = await openWithAccount()
  for (const [act, requests] of Object.entries(ways))
    for (const request of requests) {
      await withAccount(doors)
      const page = await openPage(doors)
      await doors.world.advance(5 * minuteMs)
      const name = `${act}: ${request.join(' ')}`
      const refused = await ask(doors, request, page.as)
      assert.deepEqual([refused.status, refused.code], [403, 'confirmation_needed'], name)
      demanded++
      const { facts } = refused.json as { facts: Record<string, string> }
      assert.deepEqual(facts, { act }, name)
      const { code, text } = await page.asks(act as FreshAct)
      assert.equal(text, freshActs[act as FreshAct].text)
      await types(doors, code)
      assert.equal((await ask(doors, request, page.as)).code, '', name)

      await withAccount(others)
      const isNever = freshActs[act as FreshAct].keys === 'never'
      const isPersons = /^(browsers|alerts|mirrors|backup|vault|desk|audit.archive)/.test(act)
      const expected =
        isPersons || request[1] === '/v1/imports' ? 'scope_missing' : isNever ? 'confirmation_needed' : ''
      const key = await others.key(['admin'])
      assert.equal((await ask(others, request, { key })).code, expected, name)
      assert.equal((await ask(others, request, { overSocket: true })).code, '', name)
    }
  // What takes more than a confirmation: a page cannot do it at all.
  const page = await openPage(doors)
  for (const request of never) {
    const refused = await ask(doors, request, page.as)
    assert.deepEqual([refused.status, refused.code], [403, 'scope_missing'], request.join(' '))
  }
  const all = Object.values(ways).flat().length
  t.diagnostic(
    `test 139: ${demanded} of ${all} ways of ${Object.keys(ways).length} acts demanded a confirmation, ${never.length} more are the operator’s alone`,
  )
})

test('what is no danger asks nobody, also long after', async () => {
  await using doors = await openWithAccount()
  const page = await openPage(doors)
  await doors.world.advance(60 * minuteMs)
  for (const request of free) assert.equal((await ask(doors, request, page.as)).code, '', request.join(' '))
})

test('a new link is a confirmation, for five minutes to the millisecond, and for its own browser alone', async () => {
  await using doors = await openDoors()
  const page = await openPage(doors)
  await doors.world.advance(5 * minuteMs - 1)
  assert.deepEqual([await page.isFresh(), await page.makesKey()], [true, ''])
  await openPage(doors)
  await doors.world.advance(1)
  assert.deepEqual([await page.isFresh(), await page.makesKey()], [false, 'confirmation_needed'])
})

test('a code is typed by the user who runs bhor: once, for its browser, within ten minutes', async () => {
  await using doors = await openDoors()
  const [page, other] = [await openPage(doors), await openPage(doors)]
  await doors.world.advance(5 * minuteMs)
  const { code, byPassphrase } = await page.asks()
  assert.match(code, /^[0-9a-z]{4}-[0-9a-z]{4}$/)
  assert.equal(byPassphrase, false)
  assert.equal((await page.asks()).code, code)
  assert.notEqual((await page.asks('account.remove')).code, code)
  const key = await doors.key(['admin'])
  for (const as of [{ key }, page.as]) {
    const refused = await doors.ask('POST', `/v1/desk/confirmation/${code}`, { ...as, body: {} })
    assert.equal(refused.code, 'scope_missing')
  }
  for (const wrong of ['none', 'aaaa-aaaa', '__proto__'])
    assert.equal((await types(doors, wrong)).code, 'confirmation_not_found')
  const confirmed = await types(doors, code.toUpperCase())
  assert.deepEqual((confirmed.json as Confirmed).text, 'make a client key')
  assert.deepEqual([await page.isFresh(), await other.isFresh()], [true, false])
  assert.equal((await types(doors, code)).code, 'confirmation_not_found')
  assert.deepEqual(await told(doors), [['operator', 'ok', null, 'command']])

  const late = (await other.asks()).code
  await doors.world.advance(10 * minuteMs)
  assert.equal((await types(doors, late)).code, 'confirmation_not_found')
  assert.equal((await page.asks('nothing' as FreshAct)).code, 'bad_field' as string)
})

test('with a passphrase a link is no confirmation; the right one is, wrong ones are counted, told and held up', async () => {
  await using doors = await openDoors()
  for (const wrong of ['', 'short', 'x'.repeat(1025)])
    assert.equal((await sets(doors, wrong)).code, 'bad_secret')
  assert.equal((await sets(doors, `${right}é`)).status, 204)
  const page = await openPage(doors)
  assert.equal(await page.isFresh(), false)
  assert.equal((await page.asks()).byPassphrase, true)
  const codes: string[] = []
  for (const wrong of ['', 'x', right, right.toUpperCase(), 'y'.repeat(4096)])
    codes.push((await page.gives(wrong)).code)
  assert.deepEqual(
    codes,
    Array.from({ length: 5 }, () => 'passphrase_wrong'),
  )
  const held = await page.gives(`${right}é`)
  assert.deepEqual([held.code, held.headers['retry-after']], ['rate_limited', '60'])
  assert.equal(await page.isFresh(), false)
  // Another browser is not held up by it, and other code points of the same letters are the same.
  const other = await openPage(doors)
  assert.equal((await other.gives(`${right}e\u0301`)).status, 204)
  assert.deepEqual([await other.isFresh(), await page.isFresh()], [true, false])
  await doors.world.advance(minuteMs)
  assert.equal((await page.gives(`${right}é`)).status, 204)
  assert.equal(await page.isFresh(), true)
  assert.deepEqual(await told(doors), [
    ['desk', 'ok', null, 'passphrase'],
    ['desk', 'ok', null, 'passphrase'],
    ['desk', 'refused', 'rate_limited', 'passphrase'],
    ...codes.map((code) => ['desk', 'refused', code, 'passphrase']),
  ])

  assert.equal((await sets(doors, null)).status, 204)
  await doors.world.advance(5 * minuteMs)
  assert.equal((await page.gives(`${right}é`)).code, 'passphrase_wrong')
  assert.equal(await (await openPage(doors)).isFresh(), true)
})

test('the passphrase stands in no file, and a row of it that somebody changed is none that counts', async () => {
  await using doors = await openDoors()
  await sets(doors, right)
  for (const name of ['bhor.db', 'bhor.db-wal']) {
    const bytes = readFileSync(join(doors.world.home, name))
    assert.ok(!bytes.includes(right) && !bytes.includes('memoryKiB'), name)
  }
  const { DatabaseSync } = await import('node:sqlite')
  using database = new DatabaseSync(join(doors.world.home, 'bhor.db'), { timeout: 5000 })
  database.exec('update passphrases set changed_at_ms = 1')
  const page = await openPage(doors)
  // Who cannot read it does not take it for none.
  assert.equal(await page.isFresh(), false)
  assert.equal((await page.gives(right)).code, 'store_damaged')
  assert.equal((await sets(doors, right)).status, 204)
  assert.equal((await page.gives(right)).status, 204)
})

test('who is signed out has confirmed nothing any more', async () => {
  await using doors = await openDoors()
  const page = await openPage(doors)
  const { code } = await page.asks()
  await doors.ask('DELETE', '/v1/desk/browsers', { overSocket: true })
  assert.equal((await types(doors, code)).code, 'confirmation_not_found')
})
