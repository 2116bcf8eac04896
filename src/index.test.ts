import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ManualClock } from './core/clock.ts'
import { isBhorError, openBhor } from './index.ts'
import { startSimulator } from './simulator/index.ts'

test('the library: add an account, log in by pasting, get the session, in one process', async () => {
  const home = mkdtempSync(join(tmpdir(), 'bhor-library-'))
  const clock = new ManualClock()
  await using simulator = await startSimulator({ port: 0, clock })
  const redirectUrl = 'http://127.0.0.1:7878/callback/kite'
  simulator.registerApp({
    broker: 'kite',
    apiKey: 'k3y0123456789abc',
    apiSecret: 's3cr3t0123456789abcdef0123456789',
    redirectUrl,
  })
  mkdirSync(home, { recursive: true })
  const hosts = simulator.hosts('kite')
  writeFileSync(join(home, 'config.toml'), `[hosts.kite]\nlogin = "${hosts.login}"\napi = "${hosts.api}"\n`, {
    mode: 0o600,
  })
  try {
    await using bhor = await openBhor({ home, clock })
    const heard: string[] = []
    const { promise: hasEnded, resolve } = Promise.withResolvers<void>()
    using _ended = bhor.on('session.ended', ({ account, reason }) => {
      heard.push(`${account} ${reason}`)
      resolve()
    })
    using _started = bhor.on('session.started', ({ account, generation, startedBy }) => {
      heard.push(`${account} ${generation} ${startedBy}`)
    })
    const forgotten = bhor.on('account.changed', ({ change }) => heard.push(change))
    forgotten[Symbol.dispose]()
    await bhor.addAccount({
      account: 'personal',
      broker: 'kite',
      apiKey: 'k3y0123456789abc',
      apiSecret: 's3cr3t0123456789abcdef0123456789',
    })
    await assert.rejects(bhor.session('personal'), (error) => isBhorError(error, 'session_none'))
    const { url } = await bhor.startLogin('personal')
    const view = await bhor.completeLogin('personal', simulator.logIn('kite', url!))
    assert.equal(view.status, 'active')
    const session = await bhor.session('personal')
    assert.equal(bhor.peek('personal'), session)
    assert.equal((await bhor.gate('personal')).generation, 1)
    assert.equal((await bhor.wait('personal', { timeout: '1s' })).status, 'active')
    assert.equal(await bhor.withSession('personal', ({ userId }) => userId), session.userId)
    assert.equal(session.headers.authorization, `token k3y0123456789abc:${session.accessToken}`)
    assert.equal((await bhor.test('personal')).verdict, 'valid')
    assert.equal((await bhor.logout('personal')).status, 'revoked')
    await hasEnded
    assert.deepEqual(heard, ['personal 1 login', 'personal logged_out'])
    // Another one, as another program would: through the first one's socket, and alone when that one has ended.
    await using guest = await openBhor({ home, clock })
    assert.deepEqual(
      (await guest.accounts()).map(({ account }) => account),
      ['personal'],
    )
    await assert.rejects(guest.session('personal'), (error) => isBhorError(error, 'session_revoked'))
    await bhor.close()
    assert.equal((await guest.account('personal')).generation, 1)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})
