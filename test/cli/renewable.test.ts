import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { AccountView } from '../../src/contracts/api.ts'
import { bhor, freePort, json, logIn, newFolder, type Running, start } from '../support/at-the-terminal.ts'
import { type EventStream, openStream } from '../support/event-stream.ts'

type Env = NodeJS.ProcessEnv

const add = (...more: string[]) => ['accounts', 'add', 'demo', '--broker', 'kite', '--sandbox', ...more]

async function serve(env: Env): Promise<Running> {
  const server = start(['serve', '--movable-clock'], env, '')
  await server.says(/is up at (\S+)/)
  return server
}

/** What the server tells of, from now on. */
const following = (home: string): Promise<EventStream> =>
  openStream({ host: 'localhost', port: 0, socketPath: join(home, 'bhor.sock') }, { overSocket: true })

const renewedTo =
  (generation: number) =>
  ({ events }: EventStream): boolean =>
    events.some(
      ({ event, data }) =>
        event === 'session.started' && data.startedBy === 'renewal' && data.generation === generation,
    )

/** The steering wheel of the simulator that a server has started, as its own line tells it. */
async function steer(server: Running, control: string, body: unknown): Promise<{ now?: string }> {
  const line = await server.says(/curl -s (\S+)\/control\/clock/)
  const answer = await fetch(`${line}/control/${control}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  assert.equal(answer.status, 200, await answer.clone().text())
  return (await answer.json()) as { now?: string }
}

/** Sets the clock on to this time of day in India, the next one. */
async function setOnTo(server: Running, time: string): Promise<void> {
  const { now = '' } = await steer(server, 'clock', { advanceMs: 0 })
  const here = Temporal.Instant.from(now).toZonedDateTimeISO('Asia/Kolkata')
  const today = here.withPlainTime(time)
  const then = Temporal.ZonedDateTime.compare(today, here) > 0 ? today : today.add({ days: 1 })
  await steer(server, 'clock', { set: then.toInstant().toString() })
}

const shown = async (env: Env) => json<AccountView>(await bhor(env, ['accounts', 'show', 'demo', '--json']))

test('the whole life with a refresh token, at the command line and with a clock that is set on', async () => {
  using folder = newFolder()
  const { env, home } = folder
  await using server = await serve(env)
  using told = await following(home)
  const added = json<AccountView>(await bhor(env, [...add('--renewable'), '--json']))
  assert.deepEqual([added.kind, added.settings.renewable], ['sandbox', true])
  assert.equal((await logIn(env, 'demo')).code, 0)
  assert.ok((await shown(env)).session?.tokenKinds.includes('refresh'))

  // By hand, and the token from before is no longer the one that is handed out.
  const before = (await bhor(env, ['token', 'demo'])).stdout
  assert.equal((await bhor(env, ['renew', 'demo'])).code, 0)
  assert.notEqual((await bhor(env, ['token', 'demo'])).stdout, before)

  // At dawn, nobody does anything.
  await setOnTo(server, '06:05')
  await told.until(renewedTo(3))
  assert.match((await shown(env)).session!.expiresAt, /T00:30:00/)

  // The morning flush ends what dawn has brought; bhor learns of it at its hour and renews once more.
  await steer(server, 'kill-session', { broker: 'kite', apiKey: added.apiKey })
  await setOnTo(server, '07:40')
  await told.until(renewedTo(4))
  assert.match((await bhor(env, ['test', 'demo'])).stdout, /^valid/)

  // A refresh token that the broker refuses: bhor gives up and asks for the person.
  await steer(server, 'kill-session', { broker: 'kite', apiKey: added.apiKey, kind: 'refresh' })
  await setOnTo(server, '06:05')
  await told.until(({ events }) =>
    events.some(({ event, data }) => event === 'login.needed' && data.reason === 'renewal_failed'),
  )
  const refused = await bhor(env, ['renew', 'demo', '--json'])
  assert.notEqual(refused.code, 0)
  const dead = await shown(env)
  assert.deepEqual([dead.status, dead.generation], ['expired', 4])
  assert.equal((await bhor(env, ['token', 'demo'])).code, 4)
  assert.match(dead.lastFault?.code ?? '', /bad_grant/)

  assert.equal((await logIn(env, 'demo')).code, 0)
  assert.equal((await shown(env)).generation, 5)
})

test('a simulator that starts again knows the time and the refresh token of before, and that the app gets more', async () => {
  using folder = newFolder()
  const { home } = folder
  // The account's redirect URL is that of the first server.
  const env = { ...folder.env, BHOR_PORT: String(await freePort()) }
  let before = ''
  {
    await using server = await serve(env)
    using told = await following(home)
    assert.equal((await bhor(env, add('--renewable'))).code, 0)
    assert.equal((await logIn(env, 'demo')).code, 0)
    await setOnTo(server, '06:05')
    await told.until(renewedTo(2))
    before = (await steer(server, 'clock', { advanceMs: 0 })).now ?? ''
    await server.stop('SIGTERM')
  }
  await using server = await serve(env)
  const { now = '' } = await steer(server, 'clock', { advanceMs: 0 })
  assert.ok(Temporal.Instant.compare(now, before) >= 0, `${now} is before ${before}`)
  assert.equal((await bhor(env, ['renew', 'demo'])).code, 0)
  assert.equal((await logIn(env, 'demo')).code, 0)
  const { generation, session } = await shown(env)
  assert.deepEqual([generation, session?.tokenKinds.includes('refresh')], [4, true])
})

test('whom a clock that is moved does not serve', async () => {
  using folder = newFolder()
  const { env } = folder
  const live = ['accounts', 'add', 'papa', '--broker', 'kite', '--api-key', 'appkey0001']
  const addLive = () => bhor(env, [...live, '--api-secret-file', '-'], 'SecretOfTheApp0001')
  {
    await using server = await serve(env)
    assert.match((await addLive()).stderr, /clock that is moved by hand/)
    await server.stop('SIGTERM')
  }
  assert.equal((await addLive()).code, 0)
  const refused = await bhor(env, ['serve', '--movable-clock'])
  assert.deepEqual(
    [refused.code, /The account papa is not one at the simulator/.test(refused.stderr)],
    [2, true],
  )
})
