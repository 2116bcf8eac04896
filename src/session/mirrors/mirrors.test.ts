import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Bed, openBed, otherUser, refused } from '../../../test/support/bed.ts'
import { operator } from '../../../test/support/domain.ts'
import type { AddMirror, MirrorView } from '../../contracts/mirrors.ts'
import { alertsOf, endedBy } from '../alerts/rules.ts'
import { fullRights } from '../ground/rights.ts'

const minute = 60_000
interface MirrorBed extends Bed {
  readonly path: string
  add(more?: Partial<AddMirror>): Promise<MirrorView>
  state(): Promise<MirrorView>
  /** What the file holds: the token, as document 002's programs read it. */
  token(): string
  put(token: string, more?: object): void
  /** As the server does when something has happened. */
  look(): Promise<void>
}

async function bed(): Promise<MirrorBed> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bhor-mirror-')))
  const on = await openBed('kite')
  const path = join(folder, 'broker-config.json')
  const end = on[Symbol.asyncDispose]
  return Object.assign(on, {
    path,
    add: (more = {}) =>
      on.domain.desk.mirrors.add(operator, { account: 'demo', path, format: 'broker-config', ...more }),
    async state() {
      const [only] = await on.domain.desk.mirrors.list(operator)
      return only!
    },
    token: () => (JSON.parse(readFileSync(path, 'utf8')) as { api_secret: string }).api_secret,
    put(token: string, more = {}) {
      writeFileSync(path, JSON.stringify({ type: 'kite', api_secret: token, ...more }), { mode: 0o600 })
    },
    async look() {
      await on.domain.desk.keeper.look()
    },
    async [Symbol.asyncDispose]() {
      await end()
      rmSync(folder, { recursive: true, force: true })
    },
  })
}

test('each new session is in the file, 0600, with what the program keeps there; and not before its record is', async () => {
  await using on = await bed()
  assert.equal((await on.add()).state, 'waiting')
  assert.equal(existsSync(on.path), false)
  await on.domain.logIn('demo')
  await on.look()
  const first = (await on.handOut()).accessToken
  assert.equal(on.token(), first)
  assert.deepEqual([(await on.state()).state, (await on.state()).generation], ['written', 1])
  writeFileSync(
    on.path,
    readFileSync(on.path, 'utf8').replace('"burst_size": 20', '"burst_size": 3, "mine": true'),
  )
  await on.domain.logIn('demo')
  await on.look()
  const { accessToken } = await on.handOut()
  const written = JSON.parse(readFileSync(on.path, 'utf8')) as { rate_limit: object }
  assert.notEqual(accessToken, first)
  assert.equal(on.token(), accessToken)
  assert.deepEqual(written.rate_limit, { requests_per_second: 10, burst_size: 3, mine: true })
  const records = (await on.domain.desk.audit.list(operator, { limit: 100 })).filter(({ action }) =>
    action.startsWith('mirror.'),
  )
  assert.deepEqual(records.map(({ action, result }) => `${action} ${result}`).reverse(), [
    'mirror.add ok',
    ...Array(2).fill(['mirror.write_start ok', 'mirror.write ok']).flat(),
  ])
  assert.doesNotMatch(JSON.stringify(records), new RegExp(`${first}|${accessToken}`))
})

test('a token that somebody has put there is told and stays, until it is taken or given up', async () => {
  await using on = await bed()
  await on.domain.logIn('demo')
  await on.add()
  on.put('PUTBYHAND')
  await on.domain.logIn('demo')
  await on.look()
  assert.equal(on.token(), 'PUTBYHAND')
  assert.equal((await on.state()).state, 'conflict')
  assert.equal(await on.recorded('mirror.write', 'failed'), 0)
  assert.equal(await on.recorded('mirror.check', 'failed'), 1)
  // Told once, however often it is looked at.
  await on.domain.desk.mirrors.look()
  await on.clock.advance(20 * minute)
  await on.look()
  assert.equal(await on.recorded('mirror.check', 'failed'), 1)
  const { id } = await on.state()
  const { mirrors } = on.domain.desk
  await refused(mirrors.sync(operator, id), 'mirror_conflict')
  await refused(mirrors.sync(operator, id, { foreign: 'take' }), 'session_revoked')
  assert.equal(on.token(), 'PUTBYHAND')
  assert.equal((await on.account()).generation, 2)
  assert.equal((await mirrors.sync(operator, id, { foreign: 'overwrite' })).state, 'written')
  assert.equal(on.token(), (await on.handOut()).accessToken)
})

test('a live token of the same person is taken; one of somebody else is not, and nobody logs it out', async () => {
  await using on = await bed()
  await on.domain.logIn('demo')
  await on.add()
  const app = (await on.account()).apiKey
  const elsewhere = (userId: string, accessToken: string) =>
    on.simulator.adoptSession({
      ...{ broker: 'kite', apiKey: app, userId, accessToken },
      expiresAt: on.clock.now().add({ hours: 5 }),
    })
  const { id } = await on.state()
  const { mirrors } = on.domain.desk
  elsewhere(otherUser, 'OFSOMEBODYELSE')
  on.put('OFSOMEBODYELSE')
  await refused(mirrors.sync(operator, id, { foreign: 'take' }), 'wrong_user')
  assert.equal(on.simulator.calls({ broker: 'kite', method: 'DELETE', path: '/session/token' }).length, 0)
  assert.equal(on.token(), 'OFSOMEBODYELSE')
  elsewhere((await on.account()).userId!, 'MADEELSEWHERE')
  on.put('MADEELSEWHERE', { own: 1 })
  assert.equal((await mirrors.sync(operator, id, { foreign: 'take' })).state, 'written')
  const { accessToken, generation } = await on.handOut()
  assert.deepEqual([accessToken, generation, on.token()], ['MADEELSEWHERE', 2, 'MADEELSEWHERE'])
  assert.equal((await on.account()).session?.startedBy, 'import')
})

test('who changes the file while the session lives is noticed; a file that was taken away comes back', async () => {
  await using on = await bed()
  await on.domain.logIn('demo')
  await on.add()
  const ours = on.token()
  rmSync(on.path)
  await on.domain.desk.mirrors.look()
  assert.equal(on.token(), ours)
  // Again: each time that it leaves is recorded.
  assert.equal(await on.recorded('mirror.write_start'), 2)
  on.put('PUTBYHAND')
  await on.domain.desk.mirrors.look()
  assert.equal((await on.state()).state, 'conflict')
  on.put(ours)
  await on.domain.desk.mirrors.look()
  assert.deepEqual([(await on.state()).state, (await on.state()).fault], ['written', null])
  on.put('your-kite-access-token')
  await on.domain.desk.mirrors.look()
  assert.equal(on.token(), ours, 'what an example says is no token')
})

test('a folder that is not there keeps no session waiting, alerts once, and is tried again', async () => {
  await using on = await bed()
  const folder = join(on.path, '..', 'bot')
  mkdirSync(folder)
  await on.add({ path: join(folder, 'x.json') })
  rmSync(folder, { recursive: true })
  const started = on.clock.now()
  await on.domain.logIn('demo')
  assert.deepEqual(on.clock.now(), started)
  await on.look()
  assert.deepEqual(
    [(await on.state()).state, (await on.state()).fault?.code],
    ['failing', 'mirror_unwritable'],
  )
  assert.equal((await on.account()).status, 'active')
  for (let times = 0; times < 5; times++) {
    await on.clock.advance(16 * minute)
    await on.look()
  }
  assert.equal(
    (await on.recorded('mirror.check', 'failed')) + (await on.recorded('mirror.write', 'failed')),
    1,
  )
  mkdirSync(folder)
  await on.clock.advance(16 * minute)
  await on.look()
  assert.equal((await on.state()).state, 'written')
})

test('a file in which nothing finds its token is no mirror, and one that becomes such a file is told once', async () => {
  await using on = await bed()
  await on.domain.logIn('demo')
  writeFileSync(on.path, '[{"type": "kite"}]')
  await refused(on.add(), 'mirror_invalid')
  assert.deepEqual(await on.domain.desk.mirrors.list(operator), [])
  rmSync(on.path)
  await on.add()
  writeFileSync(on.path, '[]')
  for (let times = 0; times < 5; times++) {
    await on.clock.advance(minute)
    await on.domain.desk.mirrors.look()
  }
  assert.deepEqual(
    [(await on.state()).state, (await on.state()).fault?.code],
    ['failing', 'mirror_unwritable'],
  )
  assert.deepEqual(
    [await on.recorded('mirror.write', 'failed'), await on.recorded('mirror.write', 'ok')],
    [1, 1],
  )
  // One for what arrived, one for what did not.
  assert.equal(await on.recorded('mirror.write_start'), 2)
  rmSync(on.path)
  await on.domain.desk.mirrors.look()
  assert.deepEqual([(await on.state()).state, on.token()], ['written', (await on.handOut()).accessToken])
})

test('sealed, withheld or unconfirmed nothing is written; it is as soon as that is over', async () => {
  await using on = await bed()
  const { house, gates, mirrors } = on.domain.desk
  await on.domain.logIn('demo')
  await on.add()
  const first = on.token()
  const { id } = await on.state()
  await on.domain.logIn('demo')
  await house.seal(operator, {})
  await on.look()
  assert.equal(on.token(), first)
  await refused(mirrors.sync(operator, id), 'sealed')
  await refused(on.add({ path: `${on.path}.2` }), 'sealed')
  assert.equal((await on.state()).state, 'written', 'who has sealed is not told that it is sealed')
  await house.unseal(operator)
  await gates.setHouse(operator, { state: 'closed' })
  await on.look()
  assert.equal(on.token(), first)
  await refused(mirrors.sync(operator, id), 'gate_closed')
  await gates.setHouse(operator, { state: 'open' })
  await on.clock.advance(minute)
  await on.look()
  assert.equal(on.token(), (await on.handOut()).accessToken)
})

test('a key or a chat never adds one; two mirrors share no file; what is removed stays as it is', async () => {
  await using on = await bed()
  const { mirrors } = on.domain.desk
  await refused(
    mirrors.add(fullRights('key', 'key_1'), { account: 'demo', path: on.path, format: 'env' }),
    'scope_missing',
  )
  await refused(
    mirrors.add(fullRights('desk', 'd'), { account: 'demo', path: on.path, format: 'env' }),
    'confirmation_needed',
  )
  await on.add()
  await refused(on.add({ format: 'env' }), 'already_exists')
  await refused(on.add({ path: `${on.path}.2`, format: 'json' }), 'mirror_invalid')
  await refused(on.add({ path: `${on.path}.2`, template: '{}' }), 'mirror_invalid')
  await on.domain.logIn('demo')
  await on.look()
  const ours = on.token()
  await mirrors.remove(operator, (await on.state()).id)
  await refused(mirrors.remove(operator, 'mir_none'), 'mirror_not_found')
  await on.domain.logIn('demo')
  await on.look()
  assert.equal(on.token(), ours)
  // Added again: what an earlier mirror has left there is nobody's any more.
  assert.equal((await on.add()).state, 'conflict')
  await on.domain.desk.accounts.remove(operator, 'demo')
  assert.deepEqual(await mirrors.list(operator), [])
})

test('one that fails is told once about each file, and that it is over', () => {
  const account = { id: 'acc_1', alias: 'demo', broker: 'kite', kind: 'live', generation: 2 } as const
  const row = {
    seq: 1,
    atMs: 1,
    action: 'mirror.check',
    account,
    detail: { mirror: 'mir_1', path: '/x' },
  } as const
  const [alert] = alertsOf(
    { ...row, result: 'failed', code: 'mirror_conflict' },
    { isMarketOpen: true, areSharesTraded: true },
  )
  assert.deepEqual(
    [alert?.kind, alert?.severity, alert?.cause],
    ['mirror_failing', 'critical', 'mirror_failing mir_1'],
  )
  assert.match(alert?.text ?? '', /^\/x: .*bhor did not write/)
  const over = { ...row, action: 'mirror.write', result: 'ok', code: '' } as const
  assert.deepEqual(alertsOf(over, { isMarketOpen: true, areSharesTraded: true }), [])
  assert.deepEqual(endedBy(over), [{ kind: 'mirror_failing', about: 'mir_1' }])
})
