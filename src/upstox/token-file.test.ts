import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs, {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { type Bed, openBed } from '../../test/support/document-004.ts'
import type { Net } from '../contracts/net.ts'
import { systemNet } from '../net/system.ts'
import { lockFolder } from '../stores/sqlite/lock.ts'
import { Logger } from './logger.ts'
import { TokenFile } from './token-file.ts'
import { sessionIn } from './token-format.ts'

/** As a program that follows the document writes it: times of this computer, with Python's microseconds. */
const file = {
  access_token: 'eyJ0eXAi.token.s1g',
  user_id: 'USER123',
  user_name: 'John Doe',
  email: 'john@example.com',
  broker: 'UPSTOX',
  issued_at: '2026-11-23T10:30:00.123456',
  expires_at: '2026-11-24T03:30:00',
  exchanges: ['NSE', 'NFO', 'BSE'],
  products: ['D', 'CO', 'I'],
  order_types: ['MARKET', 'LIMIT', 'SL', 'SL-M'],
  extended_token: 'eyJ0eXAi.extended.s1g',
}
const place = '.hft/tokens/upstox_token.json'

function jwt(exp: string): string {
  const claims = { sub: 'USER123', exp: Temporal.Instant.from(exp).epochMilliseconds / 1000 }
  return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`
}

/** The test's own zone, India's, at 11:00 there. */
async function inIndia(): Promise<Bed> {
  process.env.TZ = 'Asia/Kolkata'
  return openBed('2026-11-23T05:30:00Z')
}

test('a file of another program is read, and written so that it can read it', async () => {
  await using bed = await inIndia()
  bed.write(place, JSON.stringify({ ...file, some_more: { of: 'theirs' } }))
  const auth = bed.auth()
  assert.equal(auth.isAuthenticated(), true)
  assert.equal(await auth.getToken(), file.access_token)
  assert.equal(await auth.tokenManager.getExtendedToken(), file.extended_token)
  assert.deepEqual(await auth.getStatus(), {
    is_authenticated: true,
    token_info: {
      user_id: 'USER123',
      user_name: 'John Doe',
      email: 'john@example.com',
      issued_at: '2026-11-23T10:30:00',
      expires_at: '2026-11-24T03:30:00',
      remaining_time_seconds: 59_400,
      exchanges: ['NSE', 'NFO', 'BSE'],
      products: ['D', 'CO', 'I'],
      order_types: ['MARKET', 'LIMIT', 'SL', 'SL-M'],
    },
    message: 'Authenticated',
  })
  assert.equal(await bed.logIn(auth), true)
  const stored = bed.stored()
  assert.deepEqual(Object.keys(stored), Object.keys(file))
  assert.equal(stored.issued_at, '2026-11-23T11:00:00')
  assert.equal(stored.expires_at, '2026-11-24T03:30:00')
  assert.equal(stored.broker, 'UPSTOX')
  assert.equal(typeof stored.extended_token, 'string')
  assert.equal(statSync(bed.tokenFile).mode & 0o777, 0o600)
  assert.equal(statSync(dirname(bed.tokenFile)).mode & 0o777, 0o700)
})

/** When it was issued, its `exp` if it has one, when it is looked at, and whether it lives then; by clocks in India. */
const ends: readonly (readonly [issued: string, exp: string | undefined, at: string, lives: boolean])[] = [
  ['2026-11-24T03:29:59', undefined, '2026-11-24T03:29:59', true],
  ['2026-11-24T03:29:59', undefined, '2026-11-24T03:30:00', false],
  ['2026-11-24T03:30:00', undefined, '2026-11-24T03:30:01', true],
  ['2026-11-24T03:30:00', undefined, '2026-11-25T03:29:59', true],
  ['2026-11-24T03:30:01', undefined, '2026-11-25T03:30:00', false],
  // The token says less than the rule, and more than it.
  ['2026-11-24T10:00:00', '2026-11-24T12:00:00+05:30', '2026-11-24T11:59:59', true],
  ['2026-11-24T10:00:00', '2026-11-24T12:00:00+05:30', '2026-11-24T12:00:00', false],
  ['2026-11-24T10:00:00', '2026-11-26T03:30:00+05:30', '2026-11-25T03:29:59', true],
  ['2026-11-24T10:00:00', '2026-11-26T03:30:00+05:30', '2026-11-25T03:30:00', false],
]

test('a session ends by the hour and by the token’s own exp, whichever comes first, and not by the file’s expires_at', async () => {
  for (const expires_at of ['2026-11-24T03:30:00', '2026-12-24T03:30:00', 'nonsense', undefined]) {
    for (const [issued_at, exp, at, lives] of ends) {
      await using bed = await inIndia()
      bed.clock.set(`${at}+05:30`)
      const access_token = exp === undefined ? file.access_token : jwt(exp)
      bed.write(place, JSON.stringify({ ...file, access_token, issued_at, expires_at }))
      const auth = bed.auth()
      assert.equal(auth.isAuthenticated(), lives, `${issued_at} ${exp} at ${at}`)
      assert.equal(await auth.getToken(), lives ? access_token : null)
      assert.equal((await auth.getStatus()).message, lives ? 'Authenticated' : 'Token has expired')
    }
  }
})

test('nothing was issued in the future: a zone that was changed does not make a session longer', async () => {
  await using bed = await inIndia()
  bed.write(place, JSON.stringify({ ...file, issued_at: '2026-11-24T10:00:00' }))
  const info = await bed.auth().tokenManager.getTokenInfo()
  assert.equal(info?.expires_at, '2026-11-24T03:30:00')
})

/** What may stand there, and what is said of it. */
const broken: readonly (readonly [text: string, said: RegExp])[] = [
  ['', /empty/],
  [JSON.stringify(file).slice(0, 90), /line 1, column/],
  ['[]', /no object/],
  [JSON.stringify({ ...file, version: 2 }), /another version: 2/],
  [JSON.stringify({ ...file, access_token: undefined }), /access_token is missing/],
  [JSON.stringify({ ...file, access_token: 'a\r\nb' }), /access_token is not a token/],
  [JSON.stringify({ ...file, issued_at: 'yesterday' }), /issued_at is not a time/],
  [JSON.stringify({ ...file, issued_at: 1764046800 }), /issued_at is not a time/],
  [JSON.stringify({ ...file, broker: 'ZERODHA' }), /another broker: ZERODHA/],
]

test('a token file that is no good is told by name, is no session, and is kept beside the next one', async () => {
  for (const [text, said] of broken) {
    await using bed = await inIndia()
    bed.write(place, text)
    const auth = bed.auth()
    assert.equal(auth.isAuthenticated(), false)
    const refusal = (error: { code: string; message: string; hint: string }) =>
      error.code === 'token_file_invalid' && said.test(error.message) && error.hint.includes('Log in again')
    await assert.rejects(auth.getToken(), refusal, text)
    await assert.rejects(auth.tokenManager.getTokenInfo(), refusal)
    const status = await auth.getStatus()
    assert.equal(status.is_authenticated, false)
    assert.match(status.message, said)
    assert.equal(await bed.logIn(auth), true)
    assert.equal(auth.isAuthenticated(), true)
    const [unread] = readdirSync(dirname(bed.tokenFile)).filter((name) => name.endsWith('.unread'))
    assert.equal(readFileSync(`${dirname(bed.tokenFile)}/${unread}`, 'utf8'), text)
  }
})

test('an extended token that is none does not cost the session, and is told', async () => {
  for (const extended_token of [7, 'two words', ['a'], 'a'.repeat(8193)]) {
    await using bed = await inIndia()
    const logFile = join(bed.home, 'my.log')
    Logger.setup({ logFile })
    bed.write(place, JSON.stringify({ ...file, extended_token }))
    const auth = bed.auth()
    assert.equal(await auth.getToken(), file.access_token)
    assert.equal(await auth.tokenManager.getExtendedToken(), null)
    assert.match(readFileSync(logFile, 'utf8'), /WARNING The token file: extended_token is not a token/)
  }
})

test('half a file that somebody is just writing does not end the session that was read before', async () => {
  await using bed = await inIndia()
  bed.write(place, JSON.stringify(file))
  const auth = bed.auth()
  assert.equal(await auth.getToken(), file.access_token)
  bed.write(place, JSON.stringify(file).slice(0, 50))
  assert.equal(await auth.getToken(), file.access_token)
  bed.write(place, JSON.stringify({ ...file, access_token: 'the-next-0ne' }))
  assert.equal(await auth.getToken(), 'the-next-0ne')
})

test('a file that others may read is closed to them, one that everybody may write is not believed', async () => {
  await using bed = await inIndia()
  bed.write(place, JSON.stringify(file))
  chmodSync(bed.tokenFile, 0o644)
  assert.equal(bed.auth().isAuthenticated(), true)
  assert.equal(statSync(bed.tokenFile).mode & 0o777, 0o600)
  chmodSync(bed.tokenFile, 0o666)
  const auth = bed.auth()
  assert.equal(auth.isAuthenticated(), false)
  await assert.rejects(auth.getToken(), { code: 'permissions_too_wide', hint: /chmod 600/ })
  assert.match((await auth.getStatus()).message, /chmod 600/)
})

test('a file that others may read and that cannot be changed, on a read-only mount, is read', async (t) => {
  await using bed = await inIndia()
  bed.write(place, JSON.stringify(file))
  chmodSync(bed.tokenFile, 0o644)
  const refused = t.mock.method(fs, 'chmodSync', () => {
    throw Object.assign(new Error('read-only'), { code: 'EROFS', errno: -30, syscall: 'chmod' })
  })
  syncBuiltinESMExports()
  const auth = bed.auth()
  try {
    assert.equal(auth.isAuthenticated(), true)
    assert.equal(await auth.getToken(), file.access_token)
    assert.equal((await auth.getStatus()).message, 'Authenticated')
    assert.equal(refused.mock.callCount(), 1)
  } finally {
    refused.mock.restore()
    syncBuiltinESMExports()
  }
})

test('an older session does not replace a younger one, and an answer without an extended token loses none', async () => {
  await using bed = await inIndia()
  const tokens = new TokenFile(bed.tokenFile, bed.clock)
  const now = bed.clock.now()
  const store = async (change: Partial<Record<keyof typeof file, unknown>>) => {
    using place = tokens.reserve()
    await tokens.locked(() => tokens.write(place, sessionIn(JSON.stringify({ ...file, ...change }), now)))
    return bed.stored()
  }
  const none = { extended_token: null }
  await store({ issued_at: '2026-11-23T10:30:05' })
  assert.equal(
    (await store({ access_token: '0lder', issued_at: '2026-11-23T10:30:04' })).access_token,
    file.access_token,
  )
  const next = await store({ access_token: 'y0unger', issued_at: '2026-11-23T10:30:06', ...none })
  assert.deepEqual([next.access_token, next.extended_token], ['y0unger', file.extended_token])
  const others = await store({ user_id: 'OTHER', issued_at: '2026-11-23T10:30:07', ...none })
  assert.equal(others.extended_token, null)
})

/** Logs in; between the answer of Upstox and the moment when it is stored some seconds pass, and what another program does. */
async function loggedInBeside(bed: Bed, theirs: () => void): Promise<boolean> {
  const answered = Promise.withResolvers<void>()
  const net: Net = {
    async send(request) {
      const reply = await systemNet.send(request)
      answered.resolve()
      return reply
    },
  }
  let ours: Promise<boolean>
  {
    mkdirSync(dirname(bed.tokenFile), { recursive: true, mode: 0o700 })
    using _theirs = lockFolder(dirname(bed.tokenFile), bed.clock)
    ours = bed.logIn(bed.auth({ net }))
    await answered.promise
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve))
    await bed.clock.advance(5000)
    theirs()
  }
  return ours
}

test('a login counts although the file from before is dated in the future, as after a change of the zone', async () => {
  for (const issued_at of ['2026-11-23T10:30:00', '2026-11-23T05:30:03', '2027-11-23T10:30:00']) {
    await using bed = await inIndia()
    process.env.TZ = 'UTC'
    const before = () => void bed.write(place, JSON.stringify({ ...file, issued_at }))
    before()
    assert.equal(await bed.auth().getToken(), file.access_token)
    assert.equal(await loggedInBeside(bed, before), true)
    assert.notEqual(bed.stored().access_token, file.access_token)
    assert.equal(await bed.auth().getToken(), bed.stored().access_token)
  }
})

test('a login that another program’s login has ended meanwhile is told as failed, and the other session counts', async () => {
  await using bed = await inIndia()
  const theirs = () => void bed.write(place, JSON.stringify({ ...file, issued_at: '2026-11-23T11:00:03' }))
  assert.equal(await loggedInBeside(bed, theirs), false)
  assert.equal(await bed.auth().getToken(), file.access_token)
})

test('a session that another program has put there meanwhile, dated in the future or over, does not cost a login', async () => {
  const over = { access_token: jwt('2026-11-23T11:00:04+05:30'), issued_at: '2026-11-23T11:00:03' }
  for (const theirs of [{ issued_at: '2026-11-23T16:30:00' }, over]) {
    await using bed = await inIndia()
    const writes = () => void bed.write(place, JSON.stringify({ ...file, ...theirs }))
    assert.equal(await loggedInBeside(bed, writes), true)
    assert.notEqual(bed.stored().access_token, file.access_token)
    assert.equal(await bed.auth().getToken(), bed.stored().access_token)
  }
})

test('what one program does with the file under the lock, another one waits for', async () => {
  await using bed = await inIndia()
  bed.write(place, JSON.stringify(file))
  const tokens = new TokenFile(bed.tokenFile, bed.clock)
  const done: string[] = []
  let ours: Promise<unknown>
  {
    using _theirs = lockFolder(dirname(bed.tokenFile), bed.clock)
    ours = tokens.locked(() => done.push('ours'))
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve))
    done.push('theirs')
  }
  await ours
  assert.deepEqual(done, ['theirs', 'ours'])
})

test('two programs that write one file at once leave one whole session, the youngest', async () => {
  process.env.TZ = 'Asia/Kolkata'
  await using bed = await openBed()
  const module = new URL('./token-file.ts', import.meta.url).href
  const program = `
    import { TokenFile } from '${module}'
    import { sessionIn } from '${new URL('./token-format.ts', import.meta.url).href}'
    import { ManualClock } from '${new URL('../core/clock.ts', import.meta.url).href}'
    const [first, path] = process.argv.slice(1)
    const clock = new ManualClock('2026-11-23T12:00:00Z')
    const file = new TokenFile(path, clock)
    for (let at = Number(first); at < 60; at += 2) {
      const issued_at = '2026-11-23T10:00:' + String(at).padStart(2, '0')
      const text = JSON.stringify({ access_token: 't0ken-' + at, user_id: 'U', issued_at })
      using place = file.reserve()
      await file.locked(() => file.write(place, sessionIn(text, clock.now())))
    }
    console.log('done')`
  const ends = [0, 1].map(async (first) => {
    const child = spawn(
      process.execPath,
      ['--input-type=module', '-e', program, String(first), bed.tokenFile],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
    await once(child, 'close')
    return said
  })
  assert.deepEqual(await Promise.all(ends), ['done\n', 'done\n'])
  assert.equal(bed.stored().access_token, 't0ken-59')
  const left = readdirSync(dirname(bed.tokenFile)).filter((name) => !name.startsWith('bhor.lock'))
  assert.deepEqual(left, ['upstox_token.json'])
})

test('what cannot be written after all is told, and lives in this process', async () => {
  await using bed = await inIndia()
  const net: Net = {
    async send(request) {
      const reply = await systemNet.send(request)
      rmSync(dirname(bed.tokenFile), { recursive: true, force: true })
      return reply
    },
  }
  const auth = bed.auth({ net })
  await assert.rejects(bed.logIn(auth), { message: /^The session was granted and lives in this process/ })
  assert.equal(auth.isAuthenticated(), true)
  assert.equal(typeof (await auth.getToken()), 'string')
  assert.equal(bed.auth().isAuthenticated(), false)
})

test('what a killed program has left is swept away, what another one is filling is not', async () => {
  await using bed = await inIndia()
  const left = bed.write(`${place}.left.new`, 'a token')
  const filling = bed.write(`${place}.filling.new`, '')
  utimesSync(left, 1, 1)
  assert.equal(await bed.logIn(bed.auth()), true)
  assert.deepEqual([existsSync(left), existsSync(filling)], [false, true])
})

test('where a session cannot be stored, the code is not spent', async () => {
  await using bed = await inIndia()
  const code = bed.codeFrom(bed.auth().getLoginUrl())
  const below = process.platform === 'linux' ? ['/proc/nowhere/tokens'] : []
  for (const tokenStorageDir of [bed.write('in-the-way', ''), ...below]) {
    await assert.rejects(bed.auth({ tokenStorageDir }).authenticate(code), { code: 'system_refused' })
    assert.deepEqual(bed.simulator.calls({ path: '/v2/login/authorization/token' }), [])
  }
  assert.equal(await bed.auth().authenticate(code), true)
})
