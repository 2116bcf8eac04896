import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { app, openBed } from '../../test/support/document-004.ts'
import type { Net } from '../contracts/net.ts'
import { systemNet } from '../net/system.ts'
import { Config, Credentials, Logger, UpstoxAuthenticator } from './index.ts'

const exchangePath = '/v2/login/authorization/token'
const hour = 60 * 60_000

test('a login by the code: one exchange, the session in the file, reused by the next program until it ends', async () => {
  await using bed = await openBed('2026-11-23T04:00:00Z')
  const auth = bed.auth()
  assert.equal(auth.isAuthenticated(), false)
  const url = new URL(auth.getLoginUrl('random_state_string'))
  assert.equal(url.searchParams.get('state'), 'random_state_string')
  assert.equal(url.searchParams.get('redirect_uri'), app.redirectUri)
  const code = bed.codeFrom(url.href)
  assert.deepEqual(await Promise.all([auth.authenticate(code), auth.authenticate(code)]), [true, true])
  assert.equal(bed.simulator.calls({ path: exchangePath }).length, 1)
  const token = await auth.getToken()
  bed.simulator.clearCalls()
  const next = bed.auth()
  assert.equal(next.isAuthenticated(), true)
  assert.equal(await next.getToken(), token)
  assert.deepEqual(bed.simulator.calls(), [])
  bed.clock.set('2026-11-23T21:59:59Z')
  assert.equal(next.isAuthenticated(), true)
  bed.clock.set('2026-11-23T22:00:00Z')
  assert.equal(next.isAuthenticated(), false)
  assert.equal(await next.getToken(), null)
  assert.equal(typeof (await next.tokenManager.getExtendedToken()), 'string')
  assert.equal((await next.getStatus()).message, 'Token has expired')
  assert.equal(await next.tokenManager.refreshIfNeeded(), false)
})

test('what the browser shows can be pasted whole, and an address with another state is not believed', async () => {
  await using bed = await openBed()
  const auth = bed.auth()
  const address = bed.simulator.logIn('upstox', auth.getLoginUrl())
  assert.match(address, /^http:\/\/localhost:8080\/callback\?code=.+&state=.{40}/)
  await assert.rejects(auth.authenticate(address.replace(/state=.*/, 'state=of-another')), {
    code: 'login_state_invalid',
  })
  await assert.rejects(auth.authenticate(auth.getLoginUrl()), { code: 'wrong_page' })
  await assert.rejects(auth.authenticate('https://example.com/'), { code: 'wrong_page' })
  await assert.rejects(auth.authenticate('  '), { code: 'callback_incomplete' })
  const again = bed.simulator.logIn('upstox', auth.getLoginUrl())
  // Asking for the page once more does not make the one that is open worthless.
  auth.getLoginUrl()
  assert.equal(await auth.authenticate(` ${again}\n`), true)
  // Another program has shown the page: it alone knows the state.
  const there = bed.simulator.logIn('upstox', bed.auth().getLoginUrl('theirs'))
  assert.equal(await bed.auth().authenticate(there), true)
})

test('a code is taken out of what people copy around it, and what is none is told as that', async () => {
  await using bed = await openBed()
  const auth = bed.auth()
  const around: readonly ((code: string) => string)[] = [
    (code) => `code=${code}`,
    (code) => `?code=${code}&`,
    (code) => `code: ${code}.`,
    (code) => `"${code}"`,
    (code) => `<${code}>`,
    (code) => `‘${code}’,`,
    (code) => `"code": "${code}",`,
    (code) => `\t'code=${code}'\n`,
  ]
  for (const pasted of around) {
    const code = bed.codeFrom(auth.getLoginUrl())
    assert.equal(await auth.authenticate(pasted(code)), true, pasted('…'))
  }
  const { length } = bed.simulator.calls({ path: '/v2/login/authorization/token' })
  for (const nothing of [undefined, null, 7, '', ' '])
    await assert.rejects(auth.authenticate(nothing as string), { code: 'callback_incomplete' })
  for (const none of ['""', 'code=', 'the code is on the page', '<>'])
    await assert.rejects(auth.authenticate(none), { code: 'wrong_page' })
  assert.equal(bed.simulator.calls({ path: '/v2/login/authorization/token' }).length, length)
})

test('a login that is not granted is false, everything else is an error with a next step', async () => {
  await using bed = await openBed()
  const auth = bed.auth()
  assert.equal(await auth.authenticate('spent-0r-never-given'), false)
  const cancelled = bed.simulator.logIn('upstox', auth.getLoginUrl(), { cancels: true })
  assert.equal(await auth.authenticate(cancelled), false)
  const { clientId, redirectUri } = app
  const wrong = bed.auth({ credentials: new Credentials(clientId, 'an0ther-secret', redirectUri) })
  await assert.rejects(bed.logIn(wrong), { code: 'app_invalid' })
  bed.simulator.faults.add({ kind: 'answer_lost', match: { path: exchangePath } })
  await assert.rejects(bed.logIn(auth), { code: 'answer_lost' })
  bed.simulator.faults.clear()
  assert.equal(auth.isAuthenticated(), false)
  assert.equal(await bed.logIn(auth), true)
})

test('a token lives without credentials; only a login needs them', async () => {
  await using bed = await openBed()
  await bed.logIn(bed.auth())
  const { baseUrl, clock } = bed.options
  const auth = new UpstoxAuthenticator({ baseUrl, clock })
  assert.equal(auth.isAuthenticated(), true)
  assert.equal(await auth.tokenManager.refreshIfNeeded(), true)
  assert.throws(() => auth.getLoginUrl(), {
    code: 'credentials_missing',
    message: /^Credentials not configured properly/,
  })
  await assert.rejects(auth.authenticate('x'), { code: 'credentials_missing' })
  rmSync(bed.tokenFile)
  assert.equal((await auth.getStatus()).message, 'Credentials not configured properly')
  new Config({ credentials: new Credentials(app) }).saveCredentials()
  assert.equal((await auth.getStatus()).message, 'No valid access token available')
  assert.equal(await bed.logIn(auth), true)
})

test('a session that another login has ended is found by asking, and is not taken back', async () => {
  await using bed = await openBed()
  const auth = bed.auth()
  await bed.logIn(auth)
  assert.equal(await auth.tokenManager.refreshIfNeeded(), true)
  bed.simulator.killSession('upstox', app.clientId)
  assert.equal(await auth.tokenManager.refreshIfNeeded(), true)
  await bed.clock.advance(10_000)
  assert.equal(await auth.tokenManager.refreshIfNeeded(), false)
  assert.equal(auth.isAuthenticated(), false)
  assert.equal(await auth.getToken(), null)
  assert.equal(bed.simulator.calls({ path: '/v2/user/profile' }).length, 2)
  assert.equal(await bed.logIn(auth), true)
  assert.equal(await auth.tokenManager.refreshIfNeeded(), true)
})

test('a broker that does not answer says nothing about the session', async () => {
  await using bed = await openBed()
  const auth = bed.auth()
  await bed.logIn(auth)
  bed.simulator.faults.add({ kind: 'reset_before', match: { path: '/v2/user/profile' } })
  assert.equal(await auth.tokenManager.refreshIfNeeded(), true)
  bed.simulator.faults.add({ kind: 'reset_before', match: { path: '/v2/logout' } })
  const before = readFileSync(bed.tokenFile, 'utf8')
  await assert.rejects(auth.logout())
  assert.equal(readFileSync(bed.tokenFile, 'utf8'), before)
  bed.simulator.faults.clear()
  assert.equal(await auth.logout(), true)
  assert.equal(existsSync(bed.tokenFile), false)
  assert.equal(auth.isAuthenticated(), false)
  assert.equal(await auth.logout(), true)
})

test('several users: a folder for each', async () => {
  await using bed = await openBed()
  const users = ['papa', 'mama'].map((name) => {
    const credentials = new Credentials({ ...app, clientId: `app-0f-${name}` })
    bed.simulator.registerApp({
      broker: 'upstox',
      apiKey: `app-0f-${name}`,
      apiSecret: app.clientSecret,
      redirectUrl: app.redirectUri,
    })
    return bed.auth({ credentials, tokenStorageDir: join(bed.home, name) })
  })
  for (const auth of users) assert.equal(await bed.logIn(auth), true)
  const infos = await Promise.all(users.map((auth) => auth.tokenManager.getTokenInfo()))
  assert.notEqual(infos[0]!.user_id, infos[1]!.user_id)
  await users[0]!.logout()
  assert.deepEqual(
    users.map((auth) => auth.isAuthenticated()),
    [false, true],
  )
})

/** Upstox, should it ever give refresh tokens. */
function refreshing(): { net: Net; asked: string[] } {
  const asked: string[] = []
  const net: Net = {
    async send(request) {
      const form = new URLSearchParams(request.body)
      const isRenewal = form.get('grant_type') === 'refresh_token'
      if (isRenewal) asked.push(form.get('refresh_token')!)
      if (isRenewal && form.get('refresh_token') === 'r3voked')
        return { status: 401, headers: {}, text: refused }
      if (isRenewal)
        return {
          status: 200,
          headers: {},
          text: JSON.stringify({ status: 'success', access_token: 'r3newed' }),
        }
      const reply = await systemNet.send(request)
      if (!request.url.endsWith(exchangePath)) return reply
      return { ...reply, text: reply.text.replace(/\}$/, ',"refresh_token":"r3fr3sh"}') }
    },
  }
  return { net, asked }
}
const refused = JSON.stringify({
  status: 'error',
  errors: [{ errorCode: 'UDAPI100050', message: 'Invalid token' }],
})

test('should an answer ever hold a refresh token, it is sealed, and used once the session has ended', async () => {
  const { net, asked } = refreshing()
  await using bed = await openBed('2026-11-23T04:00:00Z', net)
  const auth = bed.auth()
  await bed.logIn(auth)
  for (const name of readdirSync(join(bed.home, '.hft', 'tokens')))
    assert.doesNotMatch(readFileSync(join(bed.home, '.hft', 'tokens', name), 'latin1'), /r3fr3sh/)
  assert.equal(await auth.tokenManager.refreshIfNeeded(), true)
  assert.deepEqual(asked, [])
  await bed.clock.advance(24 * hour)
  const next = bed.auth()
  assert.equal(next.isAuthenticated(), false)
  // One renewal for all who ask, in this program and in another.
  const all = [next, next, bed.auth()].map((one) => one.tokenManager.refreshIfNeeded())
  assert.deepEqual(await Promise.all(all), [true, true, true])
  assert.deepEqual(asked, ['r3fr3sh'])
  assert.equal(await next.getToken(), 'r3newed')
  assert.equal((await next.tokenManager.getTokenInfo())?.user_name, bed.stored().user_name)
  await bed.clock.advance(24 * hour)
  assert.equal(await next.tokenManager.refreshIfNeeded(), true)
  const { clientId, redirectUri } = app
  const other = bed.auth({ credentials: new Credentials(clientId, 'an0ther-secret', redirectUri) })
  await bed.clock.advance(24 * hour)
  assert.equal(await other.tokenManager.refreshIfNeeded(), false)
  assert.deepEqual(asked, ['r3fr3sh', 'r3fr3sh'])
})

test('what is odd beside a good access token is left out and told, and costs no login', async () => {
  const net: Net = {
    async send(request) {
      const reply = await systemNet.send(request)
      if (!request.url.endsWith(exchangePath)) return reply
      const odd = { ...JSON.parse(reply.text), extended_token: 'two words', refresh_token: { a: 1 } }
      return { ...reply, text: JSON.stringify(odd) }
    },
  }
  await using bed = await openBed('2026-11-23T04:00:00Z', net)
  const logFile = join(bed.home, 'my.log')
  Logger.setup({ logFile })
  const auth = bed.auth()
  assert.equal(await bed.logIn(auth), true)
  assert.equal(typeof (await auth.getToken()), 'string')
  assert.equal(await auth.tokenManager.getExtendedToken(), null)
  const log = readFileSync(logFile, 'utf8')
  for (const kind of ['extended', 'refresh'])
    assert.match(log, new RegExp(`WARNING Upstox sent a token of kind ${kind} in a shape that no token has`))
  assert.doesNotMatch(log, /two words/)
})

test('a logout takes its own refresh token away, and not that of a login that has come meanwhile', async () => {
  const { net } = refreshing()
  let meanwhile = async () => {}
  const slow: Net = {
    async send(request) {
      const reply = await net.send(request)
      if (request.url.endsWith('/v2/logout')) await meanwhile()
      return reply
    },
  }
  await using bed = await openBed('2026-11-23T04:00:00Z', slow)
  const refreshFile = join(bed.home, '.hft', 'tokens', 'upstox_refresh.json')
  const [auth, other] = [bed.auth(), bed.auth()]
  await bed.logIn(auth)
  meanwhile = async () => {
    await bed.clock.advance(1000)
    await bed.logIn(other)
  }
  await auth.logout()
  assert.equal(existsSync(refreshFile), true)
  assert.equal(other.isAuthenticated(), true)
  meanwhile = async () => {}
  await other.logout()
  assert.deepEqual([existsSync(refreshFile), existsSync(bed.tokenFile)], [false, false])
})

test('a session that another login has taken is not taken back with a refresh token', async () => {
  const { net, asked } = refreshing()
  await using bed = await openBed('2026-11-23T04:00:00Z', net)
  const auth = bed.auth()
  await bed.logIn(auth)
  bed.simulator.killSession('upstox', app.clientId)
  assert.equal(await auth.tokenManager.refreshIfNeeded(), false)
  assert.equal(await auth.tokenManager.refreshIfNeeded(), false)
  assert.deepEqual(asked, [])
})

test('no secret, token or code is in the log, and what happened is', async () => {
  await using bed = await openBed()
  const file = join(bed.home, 'hft.log')
  Logger.setup({ logFile: file, level: 'DEBUG' })
  const auth = bed.auth()
  await auth.getToken()
  const code = bed.codeFrom(auth.getLoginUrl())
  await auth.authenticate(code)
  const token = (await auth.getToken())!
  await auth.tokenManager.refreshIfNeeded()
  await auth.authenticate(code)
  await auth.logout()
  const log = readFileSync(file, 'utf8')
  for (const said of [
    /WARNING No valid access token available/,
    /INFO A login is being finished/,
    /INFO POST \/v2\/login\/authorization\/token: HTTP 200/,
    /INFO [A-Z0-9]+ is logged in until/,
    /INFO The token is valid/,
    /ERROR Authentication failed: /,
    /INFO Logged out/,
  ])
    assert.match(log, said)
  for (const secret of [app.clientSecret, code, token]) assert.equal(log.includes(secret), false)
})

test('where the secret could be read on the way, nothing is sent', () => {
  for (const baseUrl of [
    'http://example.com',
    'http://localhost:7891',
    'ftp://127.0.0.1',
    'https://a.example/v2',
    '',
  ])
    assert.throws(() => new Config({ baseUrl }), { code: 'config_invalid' }, baseUrl)
  assert.equal(new Config({ baseUrl: 'http://127.0.0.1:7891/' }).baseUrl, 'http://127.0.0.1:7891')
})
