import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { refused } from '../../test/support/bed.ts'
import { newHome } from '../../test/support/domain.ts'
import { type Doors, openDoors } from '../../test/support/doors.ts'
import { openWorld } from '../../test/support/world.ts'
import type { Bhor } from '../contracts/client.ts'
import { fetchWire } from './fetch-wire.ts'
import { httpLine } from './http-line.ts'
import { BhorError, connect } from './index.ts'
import { Program } from './program.ts'

const reading = ['read-token', 'status'] as const
const origin = ({ host }: Doors) => `http://${host}`

async function live(): Promise<Doors> {
  const doors = await openDoors()
  await doors.world.addAccount()
  await doors.world.logIn('demo')
  return doors
}

/** A program with a key of its own. */
async function program(doors: Doors, scopes: Parameters<Doors['key']>[0] = reading): Promise<Bhor> {
  const key = await doors.key(scopes)
  return connect({ url: origin(doors), key, clock: doors.world.clock })
}

/** What was recorded of hand-outs, each as its result. */
async function handOuts({ world: { app } }: Doors): Promise<string[]> {
  const records = await app.desk.audit.list(app.operator, { limit: 1000 })
  return records.filter(({ action }) => action === 'session.handout').map(({ result }) => result)
}

/** Resolves once it is so; events take a moment. */
async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries++) {
    assert.ok(tries < 500, 'it never came to be')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** The ways to a desk: over TCP with a key, over its socket, over fetch as a browser does. */
const ways: Readonly<Record<string, (doors: Doors) => Promise<Bhor>>> = {
  TCP: program,
  socket: ({ socketPath, world: { clock } }) => connect({ url: `unix:${socketPath}`, clock }),
  async fetch(doors) {
    const key = await doors.key(reading)
    const fault = (...said: ConstructorParameters<typeof BhorError>) => new BhorError(...said)
    const { clock } = doors.world
    const line = httpLine(fetchWire(origin(doors), key, fault), fault)
    return new Program({ line, clock, waitingClock: clock })
  },
}

for (const [way, open] of Object.entries(ways)) {
  test(`${way}: one hand-out is recorded for a generation; a login, a kill and a logout are heard of`, async () => {
    await using doors = await live()
    const { world } = doors
    const { desk, operator } = world.app
    await using bhor = await open(doors)
    const heard: string[] = []
    using _started = bhor.on('session.started', ({ generation }) => heard.push(`started ${generation}`))
    using _ended = bhor.on('session.ended', ({ reason }) => heard.push(reason))
    const [first, again] = await Promise.all([bhor.session('demo'), bhor.session('demo')])
    assert.equal(first, again)
    assert.equal(bhor.peek('demo'), first)
    assert.equal(first.headers.authorization, `token ${first.apiKey}:${first.accessToken}`)
    assert.deepEqual(first.limits?.quote, [[1, 1000]])
    assert.deepEqual(await handOuts(doors), ['ok'])

    await world.logIn('demo')
    await until(() => bhor.peek('demo') === undefined)
    const second = await bhor.session('demo')
    assert.equal(second.generation, 2)
    assert.deepEqual(await handOuts(doors), ['ok', 'ok'])

    await desk.gates.setHouse(operator, { state: 'closed' })
    await until(() => bhor.peek('demo') === undefined)
    await refused(bhor.session('demo'), 'gate_closed')
    assert.equal((await bhor.gate('demo')).reason, 'killed')
    await desk.gates.setHouse(operator, { state: 'open' })
    await bhor.session('demo')

    await desk.sessions.logout(operator, 'demo')
    await until(() => bhor.peek('demo') === undefined)
    await refused(bhor.session('demo'), 'session_revoked')
    await until(() => heard.length === 2)
    assert.deepEqual(heard, ['started 2', 'logged_out'])
  })
}

test('a login, a test, a look: each by the right of the key, and with the desk’s own words', async () => {
  await using doors = await openDoors()
  const { world } = doors
  await world.addAccount()
  await using bhor = await program(doors, ['status', 'login', 'read-token'])
  assert.deepEqual(
    (await bhor.accounts()).map(({ account, status }) => `${account} ${status}`),
    ['demo none'],
  )
  await refused(bhor.session('demo'), 'session_none')
  const { url } = await bhor.startLogin('demo')
  const view = await bhor.completeLogin('demo', world.simulator.logIn('kite', url!))
  assert.equal(view.status, 'active')
  assert.equal((await bhor.test('demo')).verdict, 'valid')
  await assert.rejects(bhor.addAccount({ account: 'papa', broker: 'kite', kind: 'sandbox' }), {
    name: 'BhorError',
    code: 'scope_missing',
    message: 'This needs the right "admin" over all accounts.',
    facts: { scope: 'admin' },
  })
  await refused(bhor.account('nobody'), 'account_not_found')
  await refused(bhor.renew('demo'), 'renewal_unavailable')
  const { accessToken } = await bhor.session('demo')
  assert.equal((await bhor.logout('demo')).status, 'revoked')
  assert.equal(bhor.peek('demo'), undefined, `and nobody sees ${accessToken.length} characters of it`)
})

test('a key that was revoked: nothing is in memory any more, and the desk says why', async () => {
  await using doors = await live()
  const { world } = doors
  const key = await doors.key(reading)
  await using bhor = await connect({ url: origin(doors), key, clock: world.clock })
  await bhor.session('demo')
  const [{ id } = { id: '' }] = await world.app.desk.keys.list(world.app.operator)
  await world.app.desk.keys.revoke(world.app.operator, id)
  // The stream has ended with the key; the next one is refused.
  for (let tries = 0; bhor.peek('demo'); tries++) {
    assert.ok(tries < 500)
    await world.advance(250)
  }
  await refused(bhor.session('demo'), 'key_invalid')
})

test('a program outlives its desk: from memory while it is away, and without a hole when it is back', async () => {
  await using outside = await openWorld()
  const { simulator, clock } = outside
  using folder = newHome()
  const open = (port = 0) => openDoors({ home: folder.home, simulator, clock, port })
  const first = await open()
  const { port } = first
  await first.world.addAccount()
  await first.world.logIn('demo')
  const key = await first.key(reading)
  await using bhor = await connect({ url: origin(first), key, clock })
  const heard: number[] = []
  using _started = bhor.on('session.started', ({ generation }) => heard.push(generation))
  const session = await bhor.session('demo')
  await first[Symbol.asyncDispose]()
  assert.equal(await bhor.session('demo'), session)
  await refused(bhor.gate('demo'), 'server_unreachable')
  {
    // Somebody logs in, and the program cannot hear of it.
    await using elsewhere = await open()
    await elsewhere.world.logIn('demo')
  }
  await using _again = await open(port)
  await clock.advance(1_000)
  await until(() => heard.length === 1)
  assert.deepEqual(heard, [2])
  assert.equal(bhor.peek('demo'), undefined)
  assert.equal((await bhor.session('demo')).generation, 2)
})

/** Somebody else's program at the desk's address. */
async function impostor(
  answer: string,
): Promise<AsyncDisposable & { readonly url: string; readonly heard: string[] }> {
  const heard: string[] = []
  const server: Server = createServer((request, response) => {
    heard.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`)
    response.end(answer)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

test('no key goes to a server that has not proven itself, over either wire', async () => {
  const key = `bhor_${'k'.repeat(43)}`
  const fault = (...said: ConstructorParameters<typeof BhorError>) => new BhorError(...said)
  for (const answer of ['{}', `{"proof":"${'0'.repeat(64)}"}`, 'x'.repeat(40_000), '']) {
    await using other = await impostor(answer)
    await using bhor = await connect({ url: other.url, key })
    await refused(bhor.accounts(), 'server_unproven')
    await refused(
      bhor.addAccount({ account: 'papa', broker: 'kite', apiSecret: 'secret' }),
      'server_unproven',
    )
    const wire = fetchWire(other.url, key, fault)
    await refused(wire.send({ method: 'GET', target: '/v1/accounts' }), 'server_unproven')
    await refused(
      wire.stream({ method: 'GET', target: '/v1/events' }, AbortSignal.timeout(5_000)),
      'server_unproven',
    )
    assert.equal(other.heard.length, 4)
    for (const line of other.heard)
      assert.match(line, /^GET \/v1\/proof\?key=[0-9a-f]{8}&nonce=[0-9a-f]{48} /)
    assert.ok(!other.heard.join().includes('authorization') && !other.heard.join().includes(key))
  }
})

test('an address over which a key could be read, and what is none, are refused before anything is asked', async () => {
  const key = `bhor_${'k'.repeat(43)}`
  for (const url of ['http://localhost:7878', 'http://10.0.0.1:7878', 'ftp://127.0.0.1', 'no address'])
    await refused(connect({ url, key }), 'config_invalid')
  for (const path of ['/v1', '/?x=1', '/#x'])
    await refused(connect({ url: `http://127.0.0.1:7878${path}`, key }), 'config_invalid')
  await refused(connect({ url: 'http://me:pw@127.0.0.1:7878', key }), 'config_invalid')
  await refused(connect({ url: 'http://127.0.0.1:7878', key: 'bhor_short' }), 'key_malformed')
})

test('where no desk is named it is the one of the environment, else this user’s own', async () => {
  await using doors = await live()
  const { env } = process
  const before = { ...env }
  try {
    Object.assign(env, { BHOR_URL: origin(doors), BHOR_KEY: await doors.key(reading) })
    await using named = await connect()
    assert.equal((await named.account('demo')).status, 'active')
    delete env.BHOR_KEY
    await refused(connect(), 'key_missing')
    delete env.BHOR_URL
    env.BHOR_HOME = doors.socketPath.replace(/\/bhor\.sock$/, '')
    await using own = await connect()
    assert.equal((await own.account('demo')).status, 'active')
    env.BHOR_HOEM = 'a slip'
    await refused(connect(), 'config_invalid')
  } finally {
    for (const name of ['BHOR_URL', 'BHOR_KEY', 'BHOR_HOME', 'BHOR_HOEM']) delete env[name]
    Object.assign(env, before)
  }
})

test('where nobody answers it says so, and where to look', async () => {
  await using bhor = await connect({ url: 'unix:/nowhere/bhor.sock' })
  await assert.rejects(bhor.accounts(), {
    code: 'server_unreachable',
    message: 'No bhor server answers at unix:/nowhere/bhor.sock.',
    hint: 'Start it: bhor serve.',
    retryable: true,
  })
})

test('a program that has nothing else to do waits for its session, and ends by itself after it', async () => {
  await using doors = await live()
  const { href } = new URL('./index.ts', import.meta.url)
  const run = (url: string) => {
    const program = `import { connect } from '${href}'
      const bhor = await connect({ url: '${url}' })
      try { console.log((await bhor.session('demo')).generation) } catch (error) { console.log(error.code) }`
    const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program]
    return new Promise<string>((resolve) =>
      execFile(process.execPath, args, (error, stdout) => resolve(`${error?.code ?? 0} ${stdout.trim()}`)),
    )
  }
  assert.equal(await run(`unix:${doors.socketPath}`), '0 1')
  assert.equal(await run('unix:/nowhere/bhor.sock'), '0 server_unreachable')
})
