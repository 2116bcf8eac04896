import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { AccountView, HandOut, LoginStarted, LoginView } from '../../src/contracts/api.ts'
import { type SimulatedUser, totpCode } from '../../src/simulator/index.ts'
import { type Bed, openBed, refused } from '../support/bed.ts'
import { operator } from '../support/domain.ts'
import { families } from './family.ts'

/*
 * Every family by the real domain against its simulated broker over real sockets: what a person types, what is stored,
 * what goes wrong between.
 */

interface Direct {
  readonly id: 'angel' | 'dhan' | 'kotak' | 'definedge'
  /** The sandbox keeps what its person has; without these the questions come. */
  readonly without: Readonly<Record<string, string>>
  /** Each question after the other. Definedge's first step asks nothing. */
  readonly questions: readonly (readonly string[])[]
  readonly exchange: string
  readonly wrong: { readonly code: 'broker_rejected' | 'bad_grant'; readonly says: RegExp }
  readonly headers: (handOut: HandOut) => Readonly<Record<string, string>>
}

const fields = { pin: '', totpSeed: '' }
const direct: readonly Direct[] = [
  {
    id: 'angel',
    without: fields,
    questions: [['pin', 'totp']],
    exchange: '*/loginByPassword',
    wrong: { code: 'broker_rejected', says: /“Invalid clientcode or PIN”/ },
    headers: ({ accessToken, apiKey }) => ({
      authorization: `Bearer ${accessToken}`,
      'x-privatekey': apiKey,
      'x-clientlocalip': '192.168.1.2',
    }),
  },
  {
    id: 'dhan',
    without: fields,
    questions: [['pin', 'totp']],
    exchange: '/app/generateAccessToken',
    wrong: { code: 'bad_grant', says: /“Invalid Pin”/ },
    headers: ({ accessToken }) => ({ 'access-token': accessToken }),
  },
  {
    id: 'kotak',
    without: { mpin: '', totpSeed: '' },
    questions: [['totp'], ['mpin']],
    exchange: '/login/1.0/tradeApiValidate',
    wrong: { code: 'bad_grant', says: /“Invalid MPIN”/ },
    headers: ({ accessToken }) => ({ auth: accessToken, 'neo-fin-key': 'neotradeapi' }),
  },
  {
    id: 'definedge',
    without: {},
    questions: [['otp']],
    exchange: '*/dsbpkc/token',
    wrong: { code: 'bad_grant', says: /“Invalid OTP”/ },
    headers: ({ accessToken }) => ({ authorization: accessToken }),
  },
]

/** Everybody whom the sandbox has made at this broker, the newest last. */
async function personOf(bed: Bed): Promise<SimulatedUser> {
  const state = (await (await fetch(`${bed.simulator.url}/control/state`)).json()) as {
    brokers: Record<string, { users: SimulatedUser[] }>
  }
  return state.brokers[bed.broker]!.users.at(-1)!
}

/** What the person reads off their phone, or knows. */
async function answersOf(bed: Bed, names: readonly string[]): Promise<Record<string, string>> {
  const person = await personOf(bed)
  const known: Record<string, string> = {
    pin: person.pin ?? '',
    mpin: person.pin ?? '',
    totp: totpCode(person.totpSeed, bed.simulator.clock.now()),
    otp: bed.simulator.codeSentTo(bed.broker, person.userId) ?? '',
  }
  return Object.fromEntries(names.map((name) => [name, known[name]!]))
}

const open = ({ id, without }: Direct) =>
  openBed(id, { families: [families[id]], account: { fields: without } })
const start = (bed: Bed): Promise<LoginStarted> =>
  bed.domain.desk.logins.start(operator, 'demo', { via: 'api', method: 'direct' })
const answer = (bed: Bed, { login }: { login: string }, answers: Record<string, string>) =>
  bed.domain.desk.logins.answer(operator, 'demo', login, answers)
const namesOf = ({ asks }: Pick<LoginView, 'asks'>) => asks.map(({ name }) => name)

/** A whole login with every question answered. */
async function logIn(bed: Bed, { questions }: Direct): Promise<LoginView> {
  let view: LoginView | LoginStarted = await start(bed)
  for (const names of questions) {
    assert.deepEqual([view.status, namesOf(view)], ['open', names])
    view = await answer(bed, view, await answersOf(bed, names))
  }
  return view as LoginView
}

const exchangesOf = (bed: Bed, { exchange }: Direct) =>
  bed.simulator.calls({ broker: bed.broker, path: exchange }).length
const wrongAnswers = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, '000000']))

for (const family of direct) {
  const { id, questions } = family
  const [firstNames = []] = questions
  const lastNames = questions.at(-1)!

  test(`${id}: a person answers, the session is handed out, tested and logged out; the next one follows it`, async () => {
    await using bed = await open(family)
    const view = await logIn(bed, family)
    assert.deepEqual([view.status, view.generation, view.asks], ['done', 1, []])
    const account = await bed.account()
    const person = await personOf(bed)
    assert.deepEqual(
      [account.status, account.userId, account.session?.startedBy],
      ['active', person.userId, 'login'],
    )
    const handOut = await bed.handOut()
    for (const [name, value] of Object.entries(family.headers(handOut)))
      assert.equal(handOut.headers[name], value)
    const [origin] = Object.values(bed.simulator.hosts(id))
    assert.equal(handOut.baseUrl, origin)
    const { verdict } = await bed.domain.desk.sessions.test(operator, 'demo')
    assert.equal(verdict, 'valid')

    assert.equal((await logIn(bed, family)).generation, 2)
    assert.notEqual((await bed.handOut()).accessToken, handOut.accessToken)
    await bed.domain.desk.sessions.logout(operator, 'demo')
    assert.equal((await bed.account()).status, 'revoked')
    await refused(bed.handOut(), 'session_revoked')
    assert.equal((await bed.domain.desk.audit.verify(operator)).intact, true)
  })

  test(`${id}: a wrong answer is told by its cause, and the session before stays`, async () => {
    await using bed = await open(family)
    await logIn(bed, family)
    const { accessToken } = await bed.handOut()
    let view: LoginView | LoginStarted = await start(bed)
    for (const names of questions.slice(0, -1)) view = await answer(bed, view, await answersOf(bed, names))
    const { login } = view
    await assert.rejects(answer(bed, view, wrongAnswers(lastNames)), {
      code: family.wrong.code,
      message: family.wrong.says,
    })
    const after = await bed.domain.desk.logins.get(operator, 'demo', login)
    assert.deepEqual([after.status, after.outcome, after.asks], ['failed', family.wrong.code, []])
    assert.match(after.outcomeText ?? '', family.wrong.says)
    const account = await bed.account()
    assert.deepEqual([account.generation, account.lastFault?.code], [1, family.wrong.code])
    assert.equal((await bed.handOut()).accessToken, accessToken)
    await refused(answer(bed, view, await answersOf(bed, lastNames)), family.wrong.code)
    assert.equal((await logIn(bed, family)).generation, 2)
  })

  test(`${id}: what was not asked, and what was not answered, leaves the login open`, async () => {
    await using bed = await open(family)
    const started = await start(bed)
    const right = await answersOf(bed, firstNames)
    await refused(answer(bed, started, { ...right, colour: 'blue' }), 'unknown_field')
    await refused(answer(bed, started, {}), 'not_answered')
    await refused(answer(bed, started, { ...right, [firstNames[0]!]: ' ' }), 'not_answered')
    await refused(bed.domain.desk.logins.answer(operator, 'demo', 'login_x', right), 'login_not_found')
    const view = await bed.domain.desk.logins.get(operator, 'demo', started.login)
    assert.deepEqual([view.status, namesOf(view)], ['open', firstNames])
    await bed.domain.desk.logins.cancel(operator, 'demo', started.login)
    await refused(answer(bed, started, right), 'cancelled')
    assert.equal(exchangesOf(bed, family), 0)
  })

  test(`${id}: a question that nobody answers is over after ten minutes`, async () => {
    await using bed = await open(family)
    const started = await start(bed)
    assert.equal((await bed.account()).status, 'login_pending')
    await bed.clock.advance(10 * 60_000)
    await refused(answer(bed, started, await answersOf(bed, firstNames)), 'login_expired')
    const view = await bed.domain.desk.logins.get(operator, 'demo', started.login)
    assert.deepEqual([view.status, view.outcome, view.asks], ['expired', 'login_expired', []])
    assert.equal((await bed.account()).status, 'none')
  })

  test(`${id}: of two answers at the same moment one is sent`, async () => {
    await using bed = await open(family)
    let view: LoginView | LoginStarted = await start(bed)
    for (const names of questions) {
      const answers = await answersOf(bed, names)
      const { login }: { login: string } = view
      const [one, other]: LoginView[] = await Promise.all([1, 2].map(() => answer(bed, { login }, answers)))
      assert.deepEqual(one, other, 'both are told what came of it')
      view = one!
    }
    assert.deepEqual(
      [view.status, (await bed.account()).generation, exchangesOf(bed, family)],
      ['done', 1, 1],
    )
  })

  test(`${id}: another person’s session is not stored`, async () => {
    await using bed = await open(family)
    // Definedge's accounts have no field that says whose they are: the first login does.
    const isPinned = (await bed.account()).userId !== null
    const first = isPinned ? 0 : (await logIn(bed, family)).generation
    bed.simulator.faults.add({ kind: 'wrong_user', match: { path: family.exchange } })
    await refused(logIn(bed, family), 'wrong_user')
    const account = await bed.account()
    assert.deepEqual([account.generation, account.lastFault?.code], [first, 'wrong_user'])
    bed.simulator.faults.clear()
    assert.equal((await logIn(bed, family)).generation, first + 1)
  })

  test(`${id}: a restart between the question and the answer loses nothing, and nothing lies open on the disk`, async () => {
    await using bed = await open(family)
    let view: LoginView | LoginStarted = await start(bed)
    for (const names of questions) {
      await bed.reopen()
      assert.deepEqual(namesOf(await bed.domain.desk.logins.get(operator, 'demo', view.login)), names)
      view = await answer(bed, view, await answersOf(bed, names))
    }
    assert.equal(view.status, 'done')
    await bed.reopen()
    const { accessToken } = await bed.handOut()
    const person = await personOf(bed)
    const carried = bed.simulator
      .calls({ broker: id })
      .flatMap(({ headers, fields }) => [
        headers.auth,
        headers.sid,
        fields.otp_token,
        fields.otp,
        fields.totp,
      ])
      .filter((text) => text !== undefined && text !== '')
    const stored = ['bhor.db', 'bhor.db-wal']
      .map((name) => readFileSync(join(bed.home, name), { encoding: 'latin1', flag: 'a+' }))
      .join('')
    for (const secret of [...carried, accessToken, person.pin, person.totpSeed])
      assert.ok(secret === undefined || !stored.includes(String(secret)), `${String(secret)} lies open`)
  })
}

for (const id of ['angel', 'kotak'] as const) {
  test(`${id}: with PIN and seed stored the login is over before anybody is asked`, async () => {
    await using bed = await openBed(id, { families: [families[id]] })
    const { desk } = bed.domain
    const started = await desk.logins.start(operator, 'demo', { via: 'api' })
    assert.deepEqual([started.status, started.asks, started.url], ['done', [], null])
    const account = await bed.account()
    assert.deepEqual([account.status, account.generation], ['active', 1])
    assert.equal((await desk.sessions.test(operator, 'demo')).verdict, 'valid')

    // A stored PIN that is wrong costs one try and is told as it is.
    const wrong = id === 'angel' ? { pin: '0000' } : { mpin: '000000' }
    await desk.accounts.edit(operator, 'demo', { fields: wrong })
    const { code } = direct.find((family) => family.id === id)!.wrong
    await refused(desk.logins.start(operator, 'demo', { via: 'api' }), code)
    assert.equal((await bed.account()).generation, 1)
    assert.equal((await desk.sessions.test(operator, 'demo')).verdict, 'valid')
  })
}

test('a stored seed alone leaves the PIN to be asked, and a stored PIN the code', async () => {
  await using bed = await openBed('kotak', { families: [families.kotak], account: { fields: { mpin: '' } } })
  const started = await start(bed)
  assert.deepEqual([started.status, namesOf(started)], ['open', ['mpin']])
  assert.equal((await answer(bed, started, await answersOf(bed, ['mpin']))).status, 'done')
  const person: AccountView = await bed.account()
  assert.deepEqual(person.secrets, ['app.dashboardToken', 'fields.totpSeed'])
})

test('the sandbox’s person is the account’s from the start, also after a restart of both', async () => {
  await using bed = await openBed('angel', { families: [families.angel] })
  const { userId, fields, app } = await bed.account()
  assert.equal(userId, fields.clientCode)
  const person = await personOf(bed)
  assert.equal(person.userId, userId)
  const again = bed.simulator.registerApp({
    broker: 'angel',
    apiKey: app.apiKey!,
    apiSecret: '',
    redirectUrl: '',
    userId: userId!,
  })
  assert.equal(again.pin, person.pin)
  await refused(bed.domain.desk.accounts.edit(operator, 'demo', { userId: 'D99999' }), 'bad_field')
  const edited = await bed.domain.desk.accounts.edit(operator, 'demo', { fields: { clientCode: 'D99999' } })
  assert.equal(edited.userId, 'D99999')
})
