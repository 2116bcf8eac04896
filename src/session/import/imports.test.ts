import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Bed, openBed, otherUser, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import { ownApp } from '../../../test/support/own-app.ts'
import type { ImportFiles } from '../../contracts/imports.ts'
import { fullRights } from '../ground/rights.ts'

const both = ['kite', 'upstox']
const app = {
  broker: 'kite',
  apiKey: 'importkey',
  apiSecret: 'thesecret',
  redirectUrl: 'http://127.0.0.1:7878/callback/kite',
}
const run = ({ domain }: Bed, input: Partial<ImportFiles>, ...texts: readonly string[]) =>
  domain.desk.imports.run(operator, both, {
    files: texts.map((text, at) => ({ path: `/somewhere/file${at}`, text })),
    kind: 'sandbox',
    ...input,
  })
const names = async ({ domain }: Bed) =>
  (await domain.desk.accounts.list(operator)).map(({ account }) => account)
/** A token that lives at the broker, and that bhor does not know. */
function adopt(bed: Bed, accessToken: string, userId = otherUser): void {
  bed.simulator.registerApp({ ...app, approvedForRefresh: true })
  const expiresAt = bed.clock.now().add({ hours: 5 })
  bed.simulator.adoptSession({ broker: 'kite', apiKey: app.apiKey, userId, accessToken, expiresAt })
}
const config = (token: string, more: object = {}) =>
  JSON.stringify({
    type: 'kite',
    api_key: app.apiKey,
    api_secret: token,
    rate_limit: { requests_per_second: 4, burst_size: 8 },
    ...more,
  })

test('document 002: a live token is planned first, then imported with its person and its rate, token-only', async () => {
  await using bed = await openBed('kite')
  adopt(bed, 'LIVETOKEN')
  const plan = await run(bed, { account: 'papa' }, config('LIVETOKEN'))
  assert.equal(plan.applied, false)
  const [planned] = plan.accounts
  assert.deepEqual(
    [planned?.account, planned?.userId, planned?.hasSecret, planned?.token, planned?.readAs],
    ['papa', otherUser, false, 'live', ['api_key: API key', 'api_secret: access token']],
  )
  assert.doesNotMatch(JSON.stringify(plan), /LIVETOKEN/)
  assert.deepEqual(await names(bed), ['demo'])
  await run(bed, { account: 'papa', apply: true }, config('LIVETOKEN'))
  const { desk } = bed.domain
  const handOut = JSON.parse((await desk.sessions.handOut(operator, 'papa')).reveal()) as Record<
    string,
    unknown
  >
  assert.deepEqual([handOut.accessToken, handOut.generation, handOut.userId], ['LIVETOKEN', 1, otherUser])
  const view = await desk.accounts.get(operator, 'papa')
  assert.deepEqual(
    [view.session?.startedBy, view.hasSecret, view.settings.rateLimit],
    ['import', false, { requestsPerSecond: 4, burstSize: 8 }],
  )
  // Handed out, but neither renewed nor logged in before the secret is there.
  await refused(desk.sessions.renew(operator, 'papa'), 'renewal_unavailable')
  await refused(desk.logins.start(operator, 'papa', { via: 'api' }), 'bad_secret')
  await desk.accounts.edit(operator, 'papa', { app: { apiSecret: app.apiSecret } })
  await desk.logins.start(operator, 'papa', { via: 'api' })
})

test('an expired token with a refresh token and the app secret is renewed at once, and the file follows', async () => {
  await using bed = await openBed('kite', { app: { approvedForRefresh: true } })
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bhor-import-')))
  using _gone = { [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
  const path = join(folder, 'broker-config.json')
  const { desk } = bed.domain
  // What the program had: a session of yesterday, of which the refresh token is still good.
  await bed.domain.logIn('demo')
  await desk.mirrors.add(operator, { account: 'demo', path, format: 'broker-config' })
  const text = readFileSync(path, 'utf8')
  await bed.clock.advance(23 * 60 * 60_000)
  await desk.accounts.remove(operator, 'demo')
  const files = [{ path, text }]
  const input = { files, account: 'mine', apiSecret: ownApp('kite').apiSecret, mirror: true }
  const plan = await run(bed, { ...input, apply: true })
  assert.deepEqual([plan.accounts[0]?.token, plan.accounts[0]?.mirror], ['renewable', path])
  assert.equal(readFileSync(path, 'utf8'), text)
  await desk.keeper.look()
  const view = await desk.accounts.get(operator, 'mine')
  assert.deepEqual([view.status, view.generation, view.session?.startedBy], ['active', 2, 'renewal'])
  const handOut = JSON.parse((await desk.sessions.handOut(operator, 'mine')).reveal()) as {
    accessToken: string
  }
  const before = JSON.parse(text) as Record<string, string>
  const after = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>
  assert.notEqual(handOut.accessToken, before.api_secret)
  assert.equal(after.api_secret, handOut.accessToken)
})

test('what is wrong is refused by name, and nothing is half imported', async () => {
  await using bed = await openBed('kite')
  adopt(bed, 'LIVETOKEN')
  const csv = 'account,broker,api_key,api_secret,access_token,user_id\n'
  const good = 'one,kite,keyone,secretone,,\n'
  const all = { apply: true } as const
  await refused(run(bed, all, `${csv}${good}two,angel,k,s,,\n`), 'broker_not_found')
  await refused(run(bed, all, `${csv}${good}one,kite,keytwo,s123,,\n`), 'already_exists')
  await refused(run(bed, all, `${csv}${good}demo,kite,keytwo,s123,,\n`), 'already_exists')
  await refused(run(bed, all, `${csv}${good}Üncle Joe/..,kite,keytwo,s123\n`), 'import_invalid')
  await refused(run(bed, all, `${csv}${good}two,kite,importkey,s123,LIVETOKEN,AB1234\n`), 'wrong_user')
  await refused(run(bed, all, `${csv}${good}two,kite,"open`), 'import_invalid')
  await refused(run(bed, all, config('LIVETOKEN', { type: 'angel' })), 'broker_not_found')
  await refused(run(bed, all, '{"type": "kite"'), 'bad_json')
  await refused(run(bed, all, '  '), 'import_invalid')
  await refused(run(bed, all, 'hello world'), 'import_invalid')
  await refused(run(bed, all, 'KITE_API_KEY=a123\nZERODHA_API_KEY=b123\n'), 'import_invalid')
  await refused(run(bed, all, 'KITE_ACCESS_TOKEN=LIVETOKEN\n'), 'import_invalid')
  await refused(
    run(
      bed,
      { ...all, apiSecretIs: 'secret' },
      config('x', { type: 'kite', api_secret: 'file:/etc/shadow', access_token: 'A' }).replace(
        '"type":"kite"',
        '"broker":"kite"',
      ),
    ),
    'bad_secret',
  )
  await refused(run(bed, { ...all, mirror: true }, `${csv}${good}`), 'mirror_invalid')
  // One account of several: a mirror would put its token where nobody looks for it.
  const nested = `{"accounts": {"personal": ${config('LIVETOKEN')}}}`
  await refused(run(bed, { ...all, mirror: true }, nested), 'mirror_invalid')
  // The same person with the same app under two names.
  const twice = `${csv}two,kite,importkey,s123,LIVETOKEN,\nthree,kite,importkey,s123,LIVETOKEN,\n`
  await refused(run(bed, all, twice), 'already_exists')
  // The plan says so, too.
  await refused(run(bed, {}, `${csv}${good}demo,kite,keytwo,s123,,\n`), 'already_exists')
  const key = fullRights('key', 'key_1')
  await refused(bed.domain.desk.imports.run(key, both, { files: [] }), 'scope_missing')
  assert.deepEqual(await names(bed), ['demo'])
})

test('whether “api_secret” is the secret or a token is asked, and never guessed', async () => {
  await using bed = await openBed('kite')
  adopt(bed, 'LIVETOKEN')
  const theirs = JSON.stringify({
    accounts: { papa: { broker: 'zerodha', apiKey: app.apiKey, apiSecret: 'LIVETOKEN' } },
  })
  await refused(run(bed, {}, theirs), 'import_invalid')
  const asToken = await run(bed, { apiSecretIs: 'token' }, theirs)
  assert.deepEqual([asToken.accounts[0]?.account, asToken.accounts[0]?.token], ['papa', 'live'])
  const asSecret = await run(bed, { apiSecretIs: 'secret' }, theirs)
  assert.deepEqual([asSecret.accounts[0]?.hasSecret, asSecret.accounts[0]?.token], [true, 'none'])
})

test('.env with several sets, document 004’s two files, and CSV of a spreadsheet are read as they are', async () => {
  await using bed = await openBed('kite')
  const env =
    '\ufeff# mine\nexport KITE_API_KEY_PAPA="keypapa"\nKITE_API_SECRET_PAPA=secretpapa\nZERODHA_API_KEY=keyone\nZERODHA_API_SECRET=secretone # no comment\nKITE_USER_ID=AB1234\nLOG=1\n'
  const read = await run(bed, {}, env)
  assert.deepEqual(
    read.accounts.map(({ account, apiKey, userId, hasSecret }) => [account, apiKey, userId, hasSecret]),
    [
      ['papa', 'keypapa', null, true],
      ['ab1234', 'keyone', 'AB1234', true],
    ],
  )
  assert.deepEqual(read.ignored, ['LOG'])
  const credentials =
    '{"client_id": "upkey", "client_secret": "upsecret", "redirect_uri": "http://localhost:8080/callback"}'
  const token =
    '{"access_token": "DEADTOKEN", "user_id": "UP1234", "broker": "UPSTOX", "issued_at": "2026-11-22T10:30:00", "expires_at": "2026-11-23T03:30:00"}'
  bed.simulator.registerApp({
    broker: 'upstox',
    apiKey: 'upkey',
    apiSecret: 'upsecret',
    redirectUrl: 'http://localhost:8080/callback',
  })
  const two = await run(bed, { apply: true }, credentials, token)
  assert.deepEqual(
    two.accounts.map(({ account, broker, userId, hasSecret, token: is }) => [
      account,
      broker,
      userId,
      hasSecret,
      is,
    ]),
    [['up1234', 'upstox', 'UP1234', true, 'dead']],
  )
  assert.equal(
    (await bed.domain.desk.accounts.get(operator, 'up1234')).redirectUrl,
    'http://localhost:8080/callback',
  )
  const openAlgo =
    'BROKER_API_KEY=oakey\nBROKER_API_SECRET=oasecret\nREDIRECT_URL=http://127.0.0.1:5000/zerodha/callback\n'
  assert.equal((await run(bed, { account: 'oa' }, openAlgo)).accounts[0]?.broker, 'kite')
  const csv =
    'Name;Broker;API Key;API Secret;Access Token;Notes\r\n"Uncle; ""Joe""";Zerodha;keyjoe;secretjoe;;x\r\n'
  const sheet = await run(bed, {}, csv)
  assert.deepEqual([sheet.accounts[0]?.account, sheet.ignored], ['uncle-joe', ['Notes']])
})

test('another secret for an app that is known is told, and replaces the stored one only when asked to', async () => {
  await using bed = await openBed('kite')
  const { desk } = bed.domain
  const { apiKey, apiSecret } = ownApp('kite')
  const env = (secret: string) =>
    `KITE_API_KEY=${apiKey}\nKITE_API_SECRET=${secret}\nKITE_USER_ID=${otherUser}\n`
  const same = await run(bed, { account: 'papa' }, env(apiSecret))
  assert.deepEqual(same.accounts[0]?.notes, [])
  const plan = await run(bed, { account: 'papa' }, env('anothersecret'))
  assert.match(plan.accounts[0]?.notes.join() ?? '', /another secret, that of demo\. .*--replace/)
  await refused(run(bed, { account: 'papa', apply: true }, env('anothersecret')), 'import_invalid')
  await bed.domain.logIn('demo')
  assert.deepEqual(await names(bed), ['demo'])
  const asked = { account: 'papa', apply: true, replaceSecret: true }
  const done = await run(bed, asked, env('anothersecret'))
  assert.deepEqual(done.accounts[0]?.notes, ['The secret of its app is replaced, also for demo.'])
  await refused(bed.domain.logIn('demo'), 'app_invalid')
  const added = (await desk.audit.list(operator, { limit: 100 })).find(
    ({ action }) => action === 'account.add',
  )
  assert.deepEqual([added?.account, added?.detail?.replaces], ['papa', 'apiSecret'])
})

test('one file that gives one app two secrets is refused, also with --replace', async () => {
  await using bed = await openBed('kite')
  const csv = (one: string, other: string) =>
    `account,broker,api_key,api_secret,access_token\none,kite,keyone,${one},\ntwo,zerodha,keyone,${other},\n`
  await refused(run(bed, { replaceSecret: true }, csv('secretone', 'secrettwo')), 'import_invalid')
  await refused(
    run(bed, { replaceSecret: true, apply: true }, csv('secretone', 'secrettwo')),
    'import_invalid',
  )
  assert.deepEqual(await names(bed), ['demo'])
  await run(bed, { apply: true }, csv('secretone', 'secretone'))
  assert.deepEqual(await names(bed), ['demo', 'one', 'two'])
})

test('a secret beside a token is neither sent nor written over, and what may be one stays in a mirrored file', async () => {
  await using bed = await openBed('kite')
  adopt(bed, 'LIVETOKEN')
  const { apiKey, apiSecret } = app
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bhor-import-')))
  using _gone = { [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
  const { desk } = bed.domain
  const seen = () => JSON.stringify(bed.simulator.calls({ broker: 'kite' }))
  const object = { type: 'kite', api_key: apiKey, api_secret: apiSecret, base_url: 'https://x', mine: 1 }
  const twoPlaces = await run(bed, {}, JSON.stringify({ ...object, access_token: 'LIVETOKEN' }))
  assert.deepEqual(
    [twoPlaces.accounts[0]?.readAs, twoPlaces.accounts[0]?.token, twoPlaces.ignored],
    [
      ['api_key: API key', 'api_secret: app secret', 'access_token: access token'],
      'live',
      ['base_url', 'mine'],
    ],
  )
  assert.doesNotMatch(seen(), new RegExp(apiSecret))
  // Where only the secret stands, a person can say so; who does not hears of it.
  const said = await run(bed, { apiSecretIs: 'secret' }, JSON.stringify(object))
  assert.deepEqual([said.accounts[0]?.hasSecret, said.accounts[0]?.token], [true, 'none'])
  assert.doesNotMatch(seen(), new RegExp(apiSecret))
  const path = join(folder, 'broker-config.json')
  const itself = run(bed, { account: 'papa', apiSecret }, JSON.stringify(object))
  await refused(itself, 'import_invalid')
  assert.doesNotMatch(seen(), new RegExp(apiSecret))
  writeFileSync(path, JSON.stringify({ ...object, api_secret: 'MAYBEIT' }))
  const files = [{ path, text: readFileSync(path, 'utf8') }]
  await desk.accounts.remove(operator, 'demo')
  const input = { files, account: 'demo', apiSecret, mirror: true, apply: true }
  const done = await run(bed, input)
  assert.match(done.accounts[0]?.notes.join() ?? '', /no token that lives.*--api-secret-is secret/)
  await bed.domain.logIn('demo')
  await desk.keeper.look()
  assert.equal((JSON.parse(readFileSync(path, 'utf8')) as typeof object).api_secret, 'MAYBEIT')
  assert.equal((await desk.mirrors.list(operator))[0]?.state, 'conflict')
  await desk.accounts.remove(operator, 'demo')
  // Whoever knows that it is a token has it written over.
  const known = await run(bed, { ...input, apiSecretIs: 'token' })
  assert.match(known.accounts[0]?.notes[0] ?? '', /^The token in it has ended/)
  await bed.domain.logIn('demo')
  await desk.keeper.look()
  const written = (JSON.parse(readFileSync(path, 'utf8')) as typeof object).api_secret
  assert.equal(written, (await bed.handOut()).accessToken)
})

/** What the plan says of each account, and what was not read. */
async function planned(bed: Bed, input: Partial<ImportFiles>, text: string) {
  const { accounts, ignored } = await run(bed, { apiSecretIs: 'secret', ...input }, text)
  return {
    accounts: accounts.map(({ account, broker, apiKey, userId }) => [account, broker, apiKey, userId]),
    ignored,
  }
}

test('a client id is the API key where the broker calls it so, however the broker is named; two keys are refused', async () => {
  await using bed = await openBed('kite')
  const asKey = [['upstox', 'upstox', 'upkey', null]]
  const object = { client_id: 'upkey', client_secret: 'upsecret' }
  for (const broker of ['Upstox', 'upstox', 'UPSTOX'])
    assert.deepEqual((await planned(bed, {}, JSON.stringify({ broker, ...object }))).accounts, asKey)
  assert.deepEqual((await planned(bed, { broker: 'upstox' }, JSON.stringify(object))).accounts, asKey)
  const csv = 'client id,client secret\nupkey,upsecret\n'
  assert.deepEqual((await planned(bed, { broker: 'upstox' }, csv)).accounts, asKey)
  const person = 'client id,api key,api secret\nAB1234,keyone,secretone\n'
  assert.deepEqual((await planned(bed, { broker: 'kite' }, person)).accounts, [
    ['ab1234', 'kite', 'keyone', 'AB1234'],
  ])
  for (const twice of [
    'Broker,API Key,API Secret,Client ID\nupstox,upkey,upsecret,AB1234\n',
    'Broker,API Key,API Secret,user_id,ucc\nkite,keyone,secretone,AB1234,CD1234\n',
    JSON.stringify({ broker: 'upstox', api_key: 'upkey', client_id: 'AB1234' }),
  ])
    await assert.rejects(planned(bed, {}, twice), {
      code: 'import_invalid',
      message: /say two things of one account/,
    })
})

test('JSON by broker is read as such, and --broker says what a file does not', async () => {
  await using bed = await openBed('kite')
  const both = JSON.stringify({
    kite: { api_key: 'keyone', api_secret: 'secretone' },
    upstox: { client_id: 'upkey', client_secret: 'upsecret', redirect_uri: 'http://localhost:8080/callback' },
  })
  const asNamed = [
    ['kite', 'kite', 'keyone', null],
    ['upstox', 'upstox', 'upkey', null],
  ]
  assert.deepEqual((await planned(bed, {}, both)).accounts, asNamed)
  assert.deepEqual((await planned(bed, { broker: 'kite' }, both)).accounts, asNamed)
  const persons = JSON.stringify({
    zerodha: { papa: { type: 'individual', api_key: 'keyone', api_secret: 'secretone' } },
  })
  assert.deepEqual((await planned(bed, {}, persons)).accounts, [['papa', 'kite', 'keyone', null]])
})

test('a variable that says something of another one is not read, and a wrong one is named', async () => {
  await using bed = await openBed('kite')
  const env = 'KITE_API_KEY=keyone\nKITE_API_SECRET=secretone\n'
  const about = ['KITE_ACCESS_TOKEN_DATE', 'KITE_API_KEY_FILE', 'KITE_ACCESS_TOKEN_PAPA_EXPIRES_AT']
  const more = about.map((name) => `${name}=2026-11-30\n`).join('')
  assert.deepEqual(await planned(bed, {}, env + more), {
    accounts: [['kite', 'kite', 'keyone', null]],
    ignored: about,
  })
  await assert.rejects(planned(bed, {}, `${env}KITE_API_KEY_PAPA=/run/secrets/kite\n`), {
    code: 'bad_field',
    message: /^KITE_API_KEY_PAPA \(\.env\): API key does not look right/,
  })
  for (const [broker, prefix] of [
    ['kite', 'KITE'],
    ['kite', 'ZERODHA'],
    ['upstox', 'UPSTOX'],
  ] as const)
    for (const word of ['URL', 'URI']) {
      const url = `http://127.0.0.1:7878/callback/${broker}`
      const text = `${prefix}_API_KEY=keyone\n${prefix}_API_SECRET=secretone\n${prefix}_USER_ID=AB1234\n${prefix}_REDIRECT_${word}=${url}\n`
      assert.deepEqual(await planned(bed, {}, text), {
        accounts: [['ab1234', broker, 'keyone', 'AB1234']],
        ignored: [],
      })
    }
})

test('CSV as spreadsheets save it: what Excel writes first, old line ends, columns that nobody filled', async () => {
  await using bed = await openBed('kite')
  const asRead = { accounts: [['one', 'kite', 'keyone', null]], ignored: [] as string[] }
  for (const csv of [
    'sep=;\r\naccount;broker;api key;api secret\r\none;kite;keyone;secretone\r\n',
    'account,broker,api key,api secret\rone,kite,keyone,secretone\r',
    'account,broker,api key,api secret,,\none,kite,keyone,secretone,,\n,,,,,\n',
  ])
    assert.deepEqual(await planned(bed, {}, csv), asRead)
  const unnamed = 'account,broker,api key,,api secret,\none,kite,keyone,mine,secretone,\n'
  assert.deepEqual(await planned(bed, {}, unnamed), { ...asRead, ignored: ['column 4'] })
  await assert.rejects(planned(bed, {}, 'sep=;\naccount;broker;api key\n\none;kite\n'), {
    message: 'Line 4 has 2 values, and there are 3 columns.',
  })
  assert.deepEqual((await planned(bed, {}, 'KITE_API_KEY=keyone\rKITE_API_SECRET=secretone\r')).accounts, [
    ['kite', 'kite', 'keyone', null],
  ])
  await assert.rejects(planned(bed, {}, '{\n"type": }'), {
    code: 'bad_json',
    message: '/somewhere/file0: Not valid JSON: line 2, column 9.',
    hint: 'Correct it there, then import it again.',
  })
})
