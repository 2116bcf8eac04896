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
    assert.equal(session.headers.authorization, `token k3y0123456789abc:${session.accessToken}`)
    assert.equal((await bhor.test('personal')).verdict, 'valid')
    assert.equal((await bhor.logout('personal')).status, 'revoked')
    await assert.rejects(openBhor({ home, clock }), (error) => isBhorError(error, 'store_locked'))
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})
