import assert from 'node:assert/strict'
import { dirname } from 'node:path'
import { test } from 'node:test'
import type { AccountView, HandOut, RollCallView } from '../../src/contracts/api.ts'
import type { Net } from '../../src/contracts/net.ts'
import { systemNet } from '../../src/net/system.ts'
import { bhor, json, newFolder, start } from '../support/at-the-terminal.ts'
import { openDoors } from '../support/doors.ts'

const ofSandbox = 'https://sandbox.kite.trade'
const elsewhere = 'https://kite.trade/where-the-published-app-ends'
const secret = 'SecretOfTheApp0001'

/** Zerodha's hosts led to the simulator on this computer, with what was asked; anything else is refused. */
function zerodha(api: () => string): Net & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    async send(request) {
      const { origin, pathname } = new URL(request.url)
      asked.push(`${request.method} ${origin}${pathname}`)
      const url = request.url.replace(
        /^https:\/\/(?:sandbox\.kite\.trade\/oms|api\.kite\.trade)(?=\/)/,
        api(),
      )
      assert.notEqual(url, request.url, `It went to ${origin}${pathname}`)
      return systemNet.send({ ...request, url })
    },
  }
}

/** A server whose broker's hosts are a double of ours, and the commands of its user. */
async function openHouse() {
  await using opening = new AsyncDisposableStack()
  let api = ''
  const net = zerodha(() => api)
  const doors = opening.use(await openDoors({ net }))
  const { simulator } = doors.world
  api = simulator.hosts('kite').api!
  simulator.registerApp({
    broker: 'kite',
    apiKey: 'sandboxdemo',
    apiSecret: 'sandboxdemo-secret',
    redirectUrl: elsewhere,
    userId: 'DM0001',
  })
  const folder = opening.use(newFolder())
  const env = { ...folder.env, BHOR_HOME: dirname(doors.socketPath) }
  const parts = opening.move()
  return {
    net,
    simulator,
    doors,
    env,
    run: (...args: string[]) => bhor(env, args),
    /** Logs in on the broker's page, and pastes the address where the browser ends. @returns the link */
    async logIn(account: string, change: (address: URL) => void = () => {}): Promise<string> {
      await using login = start(['login', account, '--paste'], env)
      const link = await login.says(/^\s+(https\S+)$/m)
      const { login: page = '' } = simulator.hosts('kite')
      const address = new URL(simulator.logIn('kite', link.replace(/^https:\/\/[^/]+/, page)))
      change(address)
      login.child.stdin!.end(`${address.href}\n`)
      const ended = await login.ended
      assert.equal(ended.code, 0, ended.stderr)
      return link
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

for (const [how, change] of [
  ['with what it was given', () => {}],
  ['without what it was given, which is not documented', ({ searchParams }: URL) => drop(searchParams)],
] as const) {
  test(`Zerodha’s sandbox: login, exchange, test and logout at its hosts; the browser ends ${how}`, async () => {
    await using house = await openHouse()
    const { net, run } = house
    const add = ['accounts', 'add', 'trial', '--broker', 'kite', '--broker-sandbox', '--json']
    const added = await run(...add, '--redirect-url', elsewhere)
    const view = json<AccountView>(added)
    assert.deepEqual([view.kind, view.apiKey, view.hasSecret], ['broker-sandbox', 'sandboxdemo', true])
    assert.ok(!added.stdout.includes('sandboxdemo-secret'))

    const link = await house.logIn('trial', change)
    assert.ok(link.startsWith(`${ofSandbox}/connect/login?v=3&api_key=sandboxdemo&`), link)
    assert.match((await run('test', 'trial')).stdout, /^valid/)
    const handOut = json<HandOut>(await run('token', 'trial', '--format', 'json'))
    assert.deepEqual(
      [handOut.kind, handOut.baseUrl, handOut.hosts],
      ['broker-sandbox', `${ofSandbox}/oms`, { login: ofSandbox, api: `${ofSandbox}/oms` }],
    )
    assert.match((await run('status')).stdout, /trial +kite broker-sandbox /)
    assert.equal((await run('logout', 'trial')).code, 0)
    assert.deepEqual(
      [...new Set(net.asked)],
      [
        `POST ${ofSandbox}/oms/session/token`,
        `GET ${ofSandbox}/oms/user/profile`,
        `DELETE ${ofSandbox}/oms/session/token`,
      ],
    )
  })
}

function drop(params: URLSearchParams): void {
  for (const name of [...params.keys()])
    if (!['action', 'status', 'request_token'].includes(name)) params.delete(name)
}

test('an account at the sandbox and a live one of the same person have nothing to do with each other', async () => {
  await using house = await openHouse()
  const { net, run, simulator, env } = house
  const redirectUrl = 'http://127.0.0.1:7878/callback/kite'
  const app = { broker: 'kite', apiKey: 'appkey0001', apiSecret: secret, redirectUrl, userId: 'DM0001' }
  simulator.registerApp(app)
  const live = ['accounts', 'add', 'personal', '--broker', 'kite', '--api-key', app.apiKey]
  const added = await bhor(env, [...live, '--api-secret-file', '-', '--redirect-url', redirectUrl], secret)
  assert.equal(added.code, 0, added.stderr)
  assert.equal(
    (
      await run(
        'accounts',
        'add',
        'trial',
        '--broker',
        'kite',
        '--broker-sandbox',
        '--redirect-url',
        elsewhere,
      )
    ).code,
    0,
  )
  assert.match(await house.logIn('personal'), /^https:\/\/kite\.zerodha\.com\//)
  assert.ok(net.asked.every((call) => call.includes('https://api.kite.trade/')))
  net.asked.length = 0
  await house.logIn('trial')
  assert.ok(net.asked.length > 0 && net.asked.every((call) => call.includes(`${ofSandbox}/oms/`)))

  const { world } = house.doors
  const stored = await world.app.store.accounts.byAlias('personal')
  assert.equal(stored?.lastDoubt, null)
  const accounts = json<RollCallView>(await run('roll-call', '--json')).accounts
  assert.deepEqual(
    accounts.map(({ account }) => account),
    ['personal'],
  )
})

test('a live login needs its state, whatever the broker brings back', async () => {
  await using house = await openHouse()
  const { env, simulator } = house
  const app = { broker: 'kite', apiKey: 'appkey0001', apiSecret: secret, redirectUrl: elsewhere }
  simulator.registerApp(app)
  const live = ['accounts', 'add', 'personal', '--broker', 'kite', '--api-key', app.apiKey]
  const added = await bhor(env, [...live, '--api-secret-file', '-', '--redirect-url', elsewhere], secret)
  assert.equal(added.code, 0, added.stderr)
  await assert.rejects(
    house.logIn('personal', ({ searchParams }) => drop(searchParams)),
    /does not say to which login it belongs/,
  )
})
