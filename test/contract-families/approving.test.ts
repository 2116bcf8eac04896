import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manifestFault } from '../../src/brokers/manifest.ts'
import type { Net } from '../../src/contracts/net.ts'
import { systemNet } from '../../src/net/system.ts'
import { type Bed, openBed, refused } from '../support/bed.ts'
import { operator } from '../support/domain.ts'
import { approving } from './approving.ts'
import { type Family, families } from './family.ts'
import { signed } from './signed.ts'

const open = (options: { net?: Net } = {}) =>
  openBed('approving', { families: [families.approving], ...options })
const start = (bed: Bed) => bed.domain.desk.logins.start(operator, 'demo', { via: 'api' })
const look = (bed: Bed, login: string) => bed.domain.desk.logins.answer(operator, 'demo', login, {})
/** What the person taps on the phone. */
async function tap(bed: Bed, what: 'approve' | 'refuse'): Promise<void> {
  const { userId } = await bed.account()
  const { api } = bed.simulator.hosts('approving')
  const reply = await fetch(`${api}/phone/${userId}/${what}`, { method: 'POST' })
  assert.equal(reply.status, 200)
}

test('the example keeps the rules of a manifest', () => {
  assert.equal(manifestFault(approving), undefined)
  assert.equal(manifestFault(signed), undefined)
})

test('approved on the phone: waiting stays open, then a session that names its start', async () => {
  await using bed = await open()
  const started = await start(bed)
  assert.deepEqual(
    [started.method, started.url, started.status, started.asks],
    ['approval', null, 'open', []],
  )
  for (let times = 0; times < 2; times++) assert.equal((await look(bed, started.login)).status, 'open')
  await bed.reopen()
  await tap(bed, 'approve')
  const view = await look(bed, started.login)
  assert.deepEqual([view.status, view.generation], ['done', 1])
  assert.equal((await bed.account()).session?.startedBy, 'approval')
  assert.deepEqual(await look(bed, started.login), view)
  assert.equal((await bed.domain.desk.sessions.test(operator, 'demo')).verdict, 'valid')

  const handOut = await bed.handOut()
  assert.equal(handOut.accessToken, '', 'only headers are handed out')
  assert.equal(handOut.headers['x-client'], handOut.userId)
  assert.match(handOut.headers['x-session'] ?? '', /^\w{40}$/)
  await bed.domain.desk.sessions.logout(operator, 'demo')
  assert.equal(bed.simulator.calls({ broker: 'approving', method: 'DELETE' })[0]?.status, 200)
})

test('two who look at the same moment make one session', async () => {
  await using bed = await open()
  const { login } = await start(bed)
  await tap(bed, 'approve')
  const both = await Promise.all([look(bed, login), look(bed, login)])
  assert.deepEqual(
    both.map(({ status }) => status),
    ['done', 'done'],
  )
  assert.equal((await bed.account()).generation, 1)
})

test('refused on the phone, cancelled here, answered though nothing is asked', async () => {
  await using bed = await open()
  const first = await start(bed)
  await tap(bed, 'refuse')
  await assert.rejects(look(bed, first.login), { code: 'broker_rejected', message: /The client has refused/ })
  const failed = await bed.domain.desk.logins.get(operator, 'demo', first.login)
  assert.deepEqual([failed.status, failed.outcome], ['failed', 'broker_rejected'])
  const second = await start(bed)
  await refused(bed.domain.desk.logins.answer(operator, 'demo', second.login, { otp: '1' }), 'unknown_field')
  await bed.domain.desk.logins.cancel(operator, 'demo', second.login)
  await refused(look(bed, second.login), 'cancelled')
  assert.equal((await bed.account()).generation, 0)
})

test('an approval that does not come is over when the broker says so', async () => {
  await using bed = await open()
  const { login } = await start(bed)
  await bed.clock.advance(3 * 60_000 - 1)
  assert.equal((await look(bed, login)).status, 'open')
  await bed.clock.advance(1)
  await refused(look(bed, login), 'login_expired')
  assert.equal((await bed.domain.desk.logins.get(operator, 'demo', login)).status, 'expired')
})

test('a request that fails leaves no login behind', async () => {
  await using bed = await open()
  bed.simulator.faults.add({ kind: 'reset_before', match: { path: '/approvals' } })
  await refused(start(bed), 'broker_unavailable')
  assert.equal((await bed.account()).status, 'none')
})

/** Live hosts of the example led to its simulator, with what was asked. */
function ledTo(bed: () => Bed): Net & { readonly urls: string[] } {
  const urls: string[] = []
  return {
    urls,
    async send(request) {
      urls.push(request.url)
      const { api = '' } = bed().simulator.hosts('approving')
      return systemNet.send({ ...request, url: request.url.replace(/^https:\/\/[a-z.]+\/v1/, api) })
    },
  }
}

test('two accounts of apps without a key; each talks to the server that its own field names', async () => {
  let bed: Bed | undefined
  const net = ledTo(() => bed!)
  await using opened = await open({ net })
  bed = opened
  const { desk } = bed.domain
  for (const [account, clientId, region] of [
    ['personal', 'AP0001', 'mumbai'],
    ['papa', 'AP0099', 'delhi'],
  ] as const) {
    const live = { account, broker: 'approving', kind: 'live' } as const
    await refused(desk.accounts.add(operator, { ...live, fields: { clientId } }), 'bad_field')
    const view = await desk.accounts.add(operator, { ...live, fields: { clientId, region } })
    assert.deepEqual([view.apiKey, view.userId], ['', clientId])
    net.urls.length = 0
    const { login } = await desk.logins.start(operator, account, { via: 'api' })
    const { api } = bed.simulator.hosts('approving')
    await fetch(`${api}/phone/${clientId}/approve`, { method: 'POST' })
    assert.equal((await desk.logins.answer(operator, account, login, {})).status, 'done')
    assert.deepEqual(
      [...new Set(net.urls.map((url) => new URL(url).origin))],
      [`https://${region}.example.com`],
    )
    const body = await desk.sessions.handOut(operator, account)
    assert.equal(JSON.parse(body.reveal()).baseUrl, `https://${region}.example.com/v1`)
  }
  const edited = await desk.accounts.edit(operator, 'papa', { app: { apiKey: '' }, label: 'Papa' })
  assert.deepEqual([edited.label, edited.status], ['Papa', 'active'])
})

test('where every request is signed on its own, no token is handed out', async () => {
  const token = 'token-of-the-signed-example'
  const answers: Readonly<Record<string, string>> = { '/api/v1/login': '200', '/api/v1/me': '200' }
  const net: Net = {
    async send({ url, headers }) {
      const { pathname, origin } = new URL(url)
      assert.equal(origin, 'https://mum-2.example.com')
      if (pathname.endsWith('/me')) assert.match(headers['x-signature'] ?? '', /^[0-9a-f]{64}$/)
      const status = Number(answers[pathname] ?? 404)
      return { status, headers: { 'x-session': token }, text: JSON.stringify({ user: 'SE0001' }) }
    },
  }
  const unsimulated: Family = { broker: signed, file: '' }
  await using bed = await openBed('approving', { families: [families.approving, unsimulated], net })
  const { desk } = bed.domain
  await desk.accounts.add(operator, {
    account: 'papa',
    broker: 'signed',
    kind: 'live',
    app: { apiKey: 'signedkey', apiSecret: 'signedsecret' },
    fields: { server: 'mum-2', version: 'v1', pin: '1234' },
  })
  assert.equal((await desk.logins.start(operator, 'papa', { via: 'api' })).status, 'done')
  assert.equal((await desk.sessions.test(operator, 'papa')).verdict, 'valid')
  await refused(desk.sessions.handOut(operator, 'papa'), 'proxy_only')
  const refusals = await desk.audit.list(operator, { limit: 5 })
  assert.equal(refusals.find(({ action }) => action === 'session.handout')?.code, 'proxy_only')
})
