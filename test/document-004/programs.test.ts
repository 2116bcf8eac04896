import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../../src/core/clock.ts'
import { startSimulator } from '../../src/simulator/index.ts'
import { app, openBed } from '../support/document-004.ts'

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))

interface Run {
  readonly code: number
  readonly out: string
}

/** Runs a program as its reader would; `answer` is typed as soon as it asks. */
async function run(
  file: string,
  {
    preload,
    env,
    args = [],
    answer,
  }: {
    readonly preload: string
    readonly env: Readonly<Record<string, string>>
    readonly args?: readonly string[]
    readonly answer?: (out: string) => string
  },
): Promise<Run> {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, ['--import', preload, file, ...args], {
    env: { PATH, TZ: 'Asia/Kolkata', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let out = ''
  const hear = (chunk: Buffer) => {
    out += chunk.toString()
    if (answer && out.endsWith('Enter authorization code: ')) child.stdin.write(`${answer(out)}\n`)
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const [code] = (await once(child, 'close')) as [number]
  return { code, out }
}

test('the programs of document 004, as its reader types them, live through a day with one login', async () => {
  await using bed = await openBed()
  await using simulator = await startSimulator({ port: 0 })
  simulator.registerApp({
    broker: 'upstox',
    apiKey: app.clientId,
    apiSecret: app.clientSecret,
    redirectUrl: app.redirectUri,
  })
  const env = {
    HOME: bed.home,
    SIMULATED_UPSTOX: simulator.hosts('upstox').api!,
    UPSTOX_CLIENT_ID: app.clientId,
    UPSTOX_CLIENT_SECRET: app.clientSecret,
    UPSTOX_REDIRECT_URI: app.redirectUri,
  }
  const preload = here('at-the-simulator.mjs')
  const start = (
    name: string,
    more: { args?: string[]; env?: Record<string, string>; answer?: (out: string) => string } = {},
  ) => run(here(name), { preload, env, ...more })
  const codeIn = (out: string) => {
    const url = /Visit: (\S+)/.exec(out)![1]!
    assert.equal(new URL(url).searchParams.get('state'), 'random_state_string')
    return new URL(simulator.logIn('upstox', url)).searchParams.get('code')!
  }
  const first = await start('quick-start.js', { answer: codeIn })
  assert.match(first.out, /Authentication successful!\nAccess Token: [\w.-]{40,}\n$/)
  assert.equal(statSync(bed.tokenFile).mode & 0o777, 0o600)
  assert.match((await start('quick-start.js')).out, /^Already logged in!\n/)
  assert.equal((await start('using-the-token.js')).out, 'success\n')
  const status = await start('checking-status.js')
  const [json = '', said] = status.out.trimEnd().split('\n')
  assert.equal(said, 'Token is still valid')
  const { token_info: info } = JSON.parse(json) as { token_info: { expires_at: string } }
  assert.match(info.expires_at, /T03:30:00$/)
  assert.equal(simulator.calls({ path: '/v2/login/authorization/token' }).length, 1)

  assert.equal((await start('error-handling.js', { args: ['never-given'] })).out, '')
  const { UPSTOX_CLIENT_SECRET: _, ...half } = env
  assert.equal((await start('error-handling.js', { args: ['x'], env: half })).out, 'credentials_missing\n')
  const log = readFileSync(join(bed.home, '.hft', 'logs', 'hft.log'), 'utf8')
  assert.match(log, /INFO Application started\n.*\n.* ERROR Authentication failed: /)
  assert.match(
    log,
    /ERROR Authentication failed: Credentials not configured properly: UPSTOX_CLIENT_SECRET is not set/,
  )

  // Programs against the document write it so, and not at once: half of it is no session, and not lost.
  const whole = readFileSync(bed.tokenFile, 'utf8')
  writeFileSync(bed.tokenFile, whole.slice(0, 60))
  assert.match((await start('checking-status.js')).out, /token_file_invalid|The token file/)
  writeFileSync(bed.tokenFile, whole)
  assert.equal((await start('logout.js')).out, 'Logged out successfully\n')
  assert.equal(existsSync(bed.tokenFile), false)
  assert.equal((await start('checking-status.js')).out, 'Token expired, need to re-authenticate\n')
})

test('a Python program that follows the document and one with bhor share one token file', async () => {
  process.env.TZ = 'Asia/Kolkata'
  await using bed = await openBed()
  const { PATH = '' } = process.env
  const python = (what: 'read' | 'write') =>
    execFileSync('python3', [here('token_storage.py'), what], {
      env: { PATH, HOME: bed.home, TZ: 'Asia/Kolkata' },
      encoding: 'utf8',
    }).trimEnd()
  python('write')
  const auth = bed.auth({ clock: systemClock })
  assert.equal(auth.isAuthenticated(), true)
  assert.equal(await auth.getToken(), 'writ10n.by.pyth0n')
  bed.clock.set(systemClock.now().toString())
  assert.equal(await bed.logIn(bed.auth()), true)
  assert.equal(python('read'), await auth.getToken())
  python('write')
  assert.equal(await auth.getToken(), 'writ10n.by.pyth0n')
})

test('the demo shows all of it against the simulator', async () => {
  await using bed = await openBed()
  const demo = here('../../examples/upstox-demo.js')
  const { code, out } = await run(demo, {
    preload: here('../support/from-sources.mjs'),
    env: { HOME: bed.home },
  })
  assert.equal(code, 0, out)
  for (const said of [
    'Option A, the environment: 615b1297-demo',
    'Encrypted, under a passphrase: 615b1297-demo',
    'Authentication successful!',
    'The same code again: refused',
    'Needs no login: true',
    'An extended token, for reading only: true',
    'Reused without a login: true',
    'Profile: Demo User',
    'Logged out successfully',
    "message: 'No valid access token available'",
    'Happy Trading!',
  ])
    assert.ok(out.includes(said), `${said}\n${out}`)
  assert.doesNotMatch(out, /demosecret/)
  // It leaves nothing in the home of whoever tries it.
  assert.equal(existsSync(join(bed.home, '.hft')), false)
})
