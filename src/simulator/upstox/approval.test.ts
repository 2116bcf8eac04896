import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../../core/clock.ts'
import { type Simulator, startSimulator } from '../index.ts'

async function open(): Promise<Simulator> {
  const clock = new ManualClock('2026-11-23T03:00:00Z')
  const simulator = await startSimulator({ port: 0, clock })
  simulator.registerApp({ broker: 'upstox', apiKey: 'k', apiSecret: 's', redirectUrl: 'http://127.0.0.1:1/' })
  return simulator
}
async function request(simulator: Simulator, secret = 's', client = 'k') {
  const { api = '' } = simulator.hosts('upstox')
  const reply = await fetch(`${api}/v3/login/auth/token/request/${client}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_secret: secret }),
  })
  const body = (await reply.json()) as {
    data?: { authorization_expiry: string; notifier_url: string }
    errors?: { errorCode: string }[]
  }
  return { status: reply.status, data: body.data, code: body.errors?.[0]?.errorCode }
}

test('a request needs the secret and a notifier address; it says where it will post and when it lapses', async () => {
  await using simulator = await open()
  assert.equal((await request(simulator, 'wrong')).code, 'UDAPI100069')
  assert.equal((await request(simulator, 's', 'nobody')).code, 'UDAPI100069')
  assert.equal((await request(simulator)).code, 'UDAPI1123')
  const notifierUrl = 'http://127.0.0.1:1/hooks/upstox/x'
  simulator.notifyAt({ broker: 'upstox', apiKey: 'k', notifierUrl })
  const { data } = await request(simulator)
  assert.equal(data?.notifier_url, notifierUrl)
  // The next 03:30 in India, in milliseconds, as a text.
  assert.equal(data?.authorization_expiry, String(Date.parse('2026-11-23T22:00:00Z')))
})

test('the phone shows who asks; each request is answered once; a refusal posts nothing', async () => {
  await using simulator = await open()
  simulator.notifyAt({ broker: 'upstox', apiKey: 'k', notifierUrl: 'http://127.0.0.1:1/hooks/upstox/x' })
  await request(simulator)
  const { api = '' } = simulator.hosts('upstox')
  const page = await (await fetch(`${api}/approvals`)).text()
  assert.match(page, /May the app <strong>k<\/strong> have an access token/)
  const [asked] = simulator.approvals('upstox')
  const answer = () =>
    fetch(`${api}/approvals/${asked!.id}`, {
      method: 'POST',
      body: new URLSearchParams({ answer: 'reject' }),
    })
  assert.equal((await answer()).status, 200)
  assert.equal((await answer()).status, 404)
  assert.deepEqual(await simulator.posted(), [])
  assert.match(await (await fetch(`${api}/approvals`)).text(), /Nothing waits/)
})

test('it posts to this computer only', async () => {
  await using simulator = await open()
  for (const notifierUrl of ['https://127.0.0.1/x', 'http://192.0.2.1/x', 'http://localhost/x', 'x'])
    assert.throws(() => simulator.notifyAt({ broker: 'upstox', apiKey: 'k', notifierUrl }), {
      code: 'bad_field',
    })
})
