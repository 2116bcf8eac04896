import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { app, type Bed, openBed } from '../../test/support/document-004.ts'
import { openBhor } from '../index.ts'
import { UpstoxAuthenticator } from './index.ts'

/** A data folder whose live Upstox is the simulator. */
function withFolder(bed: Bed) {
  const { clock, net, credentials, baseUrl } = bed.options
  bed.write('data/config.toml', `[hosts.upstox]\napi = "${baseUrl}"\norders = "${baseUrl}"\n`)
  const home = join(bed.home, 'data')
  return { account: 'papa', home, clock: clock!, net: net!, credentials }
}

test('an account of bhor’s: the same calls, the session sealed, recorded and there after a restart', async () => {
  await using bed = await openBed('2026-11-23T04:00:00Z')
  const options = withFolder(bed)
  {
    await using auth = new UpstoxAuthenticator(options)
    for (const early of [() => auth.isAuthenticated(), () => auth.getLoginUrl()])
      assert.throws(early, { code: 'usage', hint: /await auth\.open\(\)/ })
    await auth.open()
    assert.equal(auth.isAuthenticated(), false)
    assert.equal((await auth.getStatus()).message, 'No valid access token available')
    assert.throws(() => auth.getLoginUrl('my_state'), { code: 'bad_field' })
    assert.equal(await auth.authenticate('never-given'), false)
    await auth.open()
    await assert.rejects(auth.authenticate(undefined as unknown as string), { code: 'callback_incomplete' })
    assert.equal(await auth.authenticate(`code="${bed.codeFrom(auth.getLoginUrl())}"`), true)
    assert.equal(auth.isAuthenticated(), true)
  }
  assert.equal(existsSync(bed.tokenFile), false)
  assert.equal(readdirSync(options.home).includes('bhor.db'), true)
  await using auth = await new UpstoxAuthenticator(options).open()
  const { token_info: info, message } = await auth.getStatus()
  assert.equal(message, 'Authenticated')
  assert.equal(info?.remaining_time_seconds, 18 * 60 * 60)
  assert.deepEqual(Object.keys(info ?? {}), [
    'user_id',
    'user_name',
    'email',
    'issued_at',
    'expires_at',
    'remaining_time_seconds',
    'exchanges',
    'products',
    'order_types',
  ])
  assert.equal(typeof (await auth.getToken()), 'string')
  assert.equal(typeof (await auth.tokenManager.getExtendedToken()), 'string')
  assert.equal(await auth.tokenManager.refreshIfNeeded(), true)
  bed.simulator.killSession('upstox', app.clientId)
  assert.equal(await auth.tokenManager.refreshIfNeeded(), false)
  assert.equal(auth.isAuthenticated(), false)
  assert.equal(await auth.getToken(), null)
  await auth.open()
  assert.equal(await auth.authenticate(bed.simulator.logIn('upstox', auth.getLoginUrl())), true)
  assert.equal(await auth.logout(), true)
  assert.equal(auth.isAuthenticated(), false)
  assert.equal((await auth.getStatus()).message, 'No valid access token available')
})

test('an account’s session that ends by its hour is told so', async () => {
  await using bed = await openBed('2026-11-23T21:55:00Z')
  const options = withFolder(bed)
  await using auth = await new UpstoxAuthenticator(options).open()
  assert.equal(auth.isAuthenticated(), false)
  assert.equal(await auth.authenticate(bed.codeFrom(auth.getLoginUrl())), true)
  await bed.clock.advance(6 * 60_000)
  assert.equal(auth.isAuthenticated(), false)
  assert.equal((await auth.getStatus()).message, 'Token has expired')
  assert.equal(await auth.tokenManager.refreshIfNeeded(), false)
})

test('an account with the document’s localhost is made, doctor names it, and one of another broker is refused', async () => {
  await using bed = await openBed()
  const options = withFolder(bed)
  await (await new UpstoxAuthenticator(options).open()).close()
  {
    await using bhor = await openBhor(options)
    const { redirectUrl, redirectNote, broker } = await bhor.account('papa')
    assert.deepEqual([broker, redirectUrl], ['upstox', app.redirectUri])
    assert.match(redirectNote ?? '', /localhost/)
    await bhor.addAccount({
      account: 'other',
      broker: 'kite',
      apiKey: 'k3y0123456789abc',
      apiSecret: 's3cret0123456789',
    })
  }
  await assert.rejects(new UpstoxAuthenticator({ ...options, account: 'other' }).open(), {
    code: 'bad_field',
    message: /Kite/,
  })
  const { credentials: _, ...without } = options
  await using none = new UpstoxAuthenticator({ ...without, account: 'new' })
  await assert.rejects(none.open(), { code: 'credentials_missing' })
})
