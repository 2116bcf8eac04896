import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openApp } from '../../src/app/open.ts'
import { loadConfig } from '../../src/config/load.ts'
import { ManualClock } from '../../src/core/clock.ts'
import { startSimulator } from '../../src/simulator/index.ts'
import { operator } from '../support/domain.ts'
import { ownApp, withOwnApp } from '../support/own-app.ts'
import { sandboxOf } from '../support/world.ts'

const hour = 60 * 60_000

/** A program as document 002 describes it: it reads the file before each call, and knows nothing of bhor. */
function program(path: string, api: string) {
  return async (): Promise<number> => {
    const config = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>
    const headers = {
      'x-kite-version': '3',
      authorization: `token ${config.api_key}:${config.api_secret}`,
    }
    const answer = await fetch(`${api}/user/profile`, { headers })
    await answer.arrayBuffer()
    return answer.status
  }
}

test('a program of document 002 lives through a dawn: renewed without a person, and by its own log lines', async () => {
  const clock = new ManualClock('2026-11-23T03:00:00Z')
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bhor-002-')))
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'bhor-002-home-')))
  using _gone = {
    [Symbol.dispose]() {
      for (const path of [folder, home]) rmSync(path, { recursive: true, force: true })
    },
  }
  await using simulator = await startSimulator({ port: 0, clock, rateLimits: false })
  simulator.registerApp({ ...ownApp('kite'), approvedForRefresh: true })
  const lines: string[] = []
  await using app = await openApp({
    config: loadConfig({ env: { BHOR_HOME: home }, flags: { port: 0 } }),
    ...{ clock, leaseClock: clock, sandbox: () => sandboxOf(simulator) },
    log: (_level, text) => void lines.push(text),
  })
  const { desk } = app
  await desk.accounts.add(operator, {
    account: 'demo',
    kind: 'sandbox',
    ...withOwnApp('kite'),
    broker: 'kite',
  })
  const path = join(folder, 'broker-config.json')
  const theirs = {
    type: 'kite',
    api_key: 'your-kite-api-key',
    api_secret: 'your-kite-access-token',
    refresh_token: 'your-kite-refresh-token',
    base_url: 'https://kite.zerodha.com',
    rate_limit: { requests_per_second: 10, burst_size: 20 },
    strategy: { name: 'trigger', size: 1.5 },
  }
  writeFileSync(path, JSON.stringify(theirs, null, 2), { mode: 0o644 })
  await desk.mirrors.add(operator, { account: 'demo', path, format: 'broker-config' })
  /** The services look each minute. */
  async function until(isSo: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; !(await isSo()); tries++) {
      assert.ok(tries < 200, 'it does not come')
      await clock.advance(30_000)
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
  }
  const call = program(path, simulator.hosts('kite').api!)
  assert.equal(await call(), 403)

  const { url } = await desk.logins.start(operator, 'demo', { via: 'api' })
  await desk.logins.paste(operator, 'demo', simulator.logIn('kite', url!))
  await until(async () => (await call()) === 200)
  const first = readFileSync(path, 'utf8')

  // Past 06:00 in India, where every session of Kite's ends.
  await clock.advance(22 * hour)
  await until(async () => readFileSync(path, 'utf8') !== first && (await call()) === 200)
  const after = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  const { api_key, api_secret, refresh_token, ...kept } = after
  const { api_key: _k, api_secret: _s, refresh_token: _r, ...before } = theirs
  assert.deepEqual([kept, api_key], [before, ownApp('kite').apiKey])
  assert.deepEqual(Object.keys(after), Object.keys(theirs))

  await until(async () => lines.filter((line) => line.startsWith('   Expires at: ')).length === 2)
  const told = lines.filter((line) => /^(?:🔄|✅|❌|⚠️| {3}(?:Old|New|Expires))/u.test(line))
  assert.equal(told[0], '✅ Token refreshed successfully')
  assert.equal(told[4], '🔄 Refreshing Kite access token...')
  const [, oldMark = '', newMark = ''] =
    /✅ Token refreshed successfully\n {3}Old token: ([0-9a-f]{5})\.\.\.\n {3}New token: ([0-9a-f]{5})\.\.\.\n {3}Expires at: 2026-11-25 06:00:00 IST/.exec(
      told.slice(5).join('\n'),
    ) ?? []
  assert.ok(oldMark && newMark && oldMark !== newMark, told.join('\n'))
  assert.equal(told[2], `   New token: ${oldMark}...`)
  for (const secret of [api_secret, refresh_token])
    assert.ok(!lines.join('\n').includes(String(secret)), 'a token in the log')
  assert.ok(!told.some((line) => line.includes('No refresh token')))
})
