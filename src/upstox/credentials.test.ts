import assert from 'node:assert/strict'
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { app, openBed } from '../../test/support/document-004.ts'
import type { ErrorCode } from '../core/errors.ts'
import { Config } from './config.ts'
import { Credentials } from './credentials.ts'

const data = { client_id: app.clientId, client_secret: app.clientSecret, redirect_uri: app.redirectUri }
const passphrase = 'five or six random words'
const env = {
  UPSTOX_CLIENT_ID: app.clientId,
  UPSTOX_CLIENT_SECRET: app.clientSecret,
  UPSTOX_REDIRECT_URI: app.redirectUri,
}

/** Every refusal says what is so and what to do, and never the secret. */
function refusal(code: ErrorCode, said: RegExp) {
  return (error: { code: string; message: string; hint: string }) => {
    assert.equal(error.code, code, error.message)
    assert.match(error.message, said)
    assert.ok(error.hint.length > 10)
    assert.doesNotMatch(`${error.message} ${error.hint}`, /y2demosecret/)
    return true
  }
}

test('one app, given in three ways and written back', async () => {
  await using bed = await openBed()
  const file = join(bed.home, 'credentials.json')
  new Credentials(app).toFile(file)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), data)
  for (const credentials of [
    new Credentials(app),
    new Credentials(app.clientId, app.clientSecret, app.redirectUri),
    Credentials.fromEnv(env),
    Credentials.fromFile(file),
    Credentials.fromObject(data),
    Credentials.fromDict(data),
  ]) {
    assert.deepEqual(credentials.toObject(), data)
    assert.deepEqual(credentials.toDict(), data)
    assert.equal(credentials.clientSecret, app.clientSecret)
    assert.equal(credentials.validate(), true)
    assert.doesNotMatch(inspect(credentials, { depth: 9 }) + JSON.stringify(credentials), /y2demosecret/)
  }
})

/** Bad data, the code, and what is said of it. */
const bad: readonly (readonly [data: unknown, code: ErrorCode, said: RegExp])[] = [
  [
    {},
    'credentials_missing',
    /not configured properly: client_id, client_secret and redirect_uri are missing/,
  ],
  [{ ...data, client_secret: '' }, 'credentials_missing', /client_secret is missing/],
  [{ ...data, redirect_uri: null }, 'credentials_missing', /redirect_uri is missing/],
  [
    { ...data, client_id: ` ${app.clientId}` },
    'credentials_invalid',
    /client_id begins or ends with a blank/,
  ],
  [
    { ...data, client_secret: `${app.clientSecret}\n` },
    'credentials_invalid',
    /client_secret begins or ends/,
  ],
  [{ ...data, client_secret: 'y2demo secret' }, 'credentials_invalid', /client_secret has a blank in it/],
  [
    { ...data, client_id: `\ufeff${app.clientId}` },
    'credentials_invalid',
    /client_id begins with a byte-order mark/,
  ],
  [{ ...data, client_id: 'a;b' }, 'credentials_invalid', /client_id does not look like one/],
  [{ ...data, client_id: 7 }, 'credentials_invalid', /client_id is not a text/],
  [{ ...data, redirect_uri: 'localhost:8080' }, 'credentials_invalid', /redirect_uri is no web address/],
  [{ ...data, redirect_uri: 'javascript:alert(1)' }, 'credentials_invalid', /redirect_uri is no web address/],
  [[data], 'credentials_invalid', /no object/],
  ['x', 'credentials_invalid', /no object/],
]

test('credentials that are missing, partial, blank or odd are refused by name, by field and with a next step', () => {
  for (const [given, code, said] of bad)
    assert.throws(() => Credentials.fromObject(given), refusal(code, said))
  const half = new Credentials(app.clientId, '', app.redirectUri)
  assert.equal(half.validate(), false)
  assert.throws(
    () => half.toFile('/nowhere/credentials.json'),
    refusal('credentials_missing', /client_secret/),
  )
})

test('an environment that is half set is not filled up from the file', async () => {
  await using bed = await openBed()
  const { UPSTOX_CLIENT_SECRET: _, ...half } = env
  assert.throws(
    () => Credentials.fromEnv(half),
    refusal('credentials_missing', /UPSTOX_CLIENT_SECRET is not set/),
  )
  assert.throws(
    () => Credentials.fromEnv({}),
    refusal('credentials_missing', /UPSTOX_CLIENT_ID, .* are not set/),
  )
  const spaced = { ...env, UPSTOX_CLIENT_ID: `${app.clientId} ` }
  assert.throws(
    () => Credentials.fromEnv(spaced),
    refusal('credentials_invalid', /client_id .*the environment/),
  )
  bed.write('.hft/credentials.json', JSON.stringify({ ...data, client_id: 'from-the-file' }))
  const config = new Config()
  assert.equal(config.credentials.clientId, 'from-the-file')
  process.env.UPSTOX_CLIENT_ID = app.clientId
  assert.throws(
    () => config.credentials,
    refusal('credentials_missing', /UPSTOX_CLIENT_SECRET and UPSTOX_REDIRECT_URI/),
  )
  Object.assign(process.env, env)
  assert.equal(config.credentials.clientId, app.clientId)
})

test('a file is read as editors write it, and no other', async () => {
  await using bed = await openBed()
  const text = JSON.stringify(data)
  for (const good of [
    text,
    `\ufeff${text}`,
    `${text}\n`,
    `${text}\r\n`,
    JSON.stringify({ ...data, more: 1 }),
  ])
    assert.deepEqual(Credentials.fromFile(bed.write('c.json', good)).toObject(), data)
  for (const [written, said] of [
    ['', /empty/],
    ['{"client_id": "a",', /line 1, column/],
    ['client_id=a', /line 1, column 1/],
    [text.replace('{', '{"client_id":"b",'), /given twice/],
    ['\xff\xfe', /no good|not UTF-8/],
  ] as const)
    assert.throws(
      () => Credentials.fromFile(bed.write('c.json', written)),
      refusal('credentials_invalid', said),
    )
  writeFileSync(join(bed.home, 'c.json'), Buffer.from([0xff, 0xfe, 0x7b]))
  assert.throws(
    () => Credentials.fromFile(join(bed.home, 'c.json')),
    refusal('credentials_invalid', /not UTF-8/),
  )
  assert.throws(
    () => Credentials.fromFile(join(bed.home, 'none.json')),
    refusal('credentials_missing', /no file/),
  )
  const open = bed.write('open.json', text)
  for (const mode of [0o640, 0o604, 0o620]) {
    chmodSync(open, mode)
    assert.throws(() => Credentials.fromFile(open), refusal('permissions_too_wide', /chmod 600/))
  }
  chmodSync(open, 0o600)
  assert.deepEqual(Credentials.fromFile('~/open.json').toObject(), data)
})

test('what a program gives where its variable is not set, or holds no text, is named like everything else', async () => {
  await using bed = await openBed()
  const odd = (value: unknown) => value as string
  for (const nothing of [undefined, null, '']) {
    const missing = refusal('credentials_missing', /client_id is missing/)
    assert.throws(() => new Credentials(odd(nothing), app.clientSecret, app.redirectUri).require(), missing)
    assert.throws(() => new Credentials({ ...app, clientId: odd(nothing) }).require(), missing)
    assert.throws(
      () => new Credentials(app.clientId, odd(nothing), app.redirectUri).require(),
      refusal('credentials_missing', /client_secret is missing/),
    )
    assert.throws(
      () => Credentials.fromFile(odd(nothing)),
      refusal('credentials_missing', /no path of a credentials file is given/),
    )
    await assert.rejects(
      Credentials.fromEncryptedFile(odd(nothing), passphrase),
      refusal('credentials_missing', /no path/),
    )
  }
  for (const name of ['clientId', 'clientSecret', 'redirectUri'] as const)
    for (const value of [7, true, {}, ['x']]) {
      const credentials = new Credentials({ ...app, [name]: value })
      assert.equal(credentials.validate(), false)
      assert.throws(() => credentials.require(), refusal('credentials_invalid', /is not a text/))
    }
  const file = join(bed.home, 'sealed.json')
  for (const nothing of [undefined, null, '', 7]) {
    await assert.rejects(
      new Credentials(app).toEncryptedFile(file, odd(nothing)),
      refusal('key_unusable', /too short/),
    )
    assert.throws(
      () => new Credentials(app).toFile(7 as unknown as string),
      refusal('credentials_missing', /no path/),
    )
  }
  await new Credentials(app).toEncryptedFile(file, passphrase)
  for (const nothing of [undefined, '', 7])
    await assert.rejects(
      Credentials.fromEncryptedFile(file, odd(nothing)),
      refusal('credentials_passphrase_wrong', /passphrase/),
    )
})

test('a config of something else than credentials and paths is refused by name', () => {
  for (const credentials of [7, 'x', {}, data])
    assert.throws(
      () => new Config({ credentials: credentials as unknown as Credentials }),
      refusal('credentials_invalid', /no Credentials/),
    )
  for (const tokenStorageDir of [null, 7, {}] as unknown[])
    assert.throws(
      () => new Config({ tokenStorageDir: tokenStorageDir as string }),
      refusal('config_invalid', /tokenStorageDir is not a text/),
    )
})

test('credentials are written below folders that are not there yet, for this user alone', async () => {
  await using bed = await openBed()
  const folder = join(bed.home, 'a', 'b')
  new Credentials(app).toFile(join(folder, 'plain.json'))
  assert.deepEqual(Credentials.fromFile(join(folder, 'plain.json')).toObject(), data)
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  await new Credentials(app).toEncryptedFile('~/c/d/sealed.json', passphrase)
  assert.deepEqual((await Credentials.fromEncryptedFile('~/c/d/sealed.json', passphrase)).toObject(), data)
})

test('the encrypted file opens with its passphrase alone, and holds nothing in the clear', async () => {
  await using bed = await openBed()
  const file = join(bed.home, 'sealed.json')
  await assert.rejects(
    new Credentials(app).toEncryptedFile(file, 'too short'),
    refusal('key_unusable', /too short/),
  )
  await new Credentials(app).toEncryptedFile(file, passphrase)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  const written = readFileSync(file, 'utf8')
  assert.doesNotMatch(written, /y2demosecret|615b1297|localhost/)
  const sealed = JSON.parse(written) as Record<string, unknown>
  assert.equal(sealed.bhor_credentials, 1)
  assert.equal((sealed.key as Record<string, unknown>).algorithm, 'argon2id')
  assert.deepEqual((await Credentials.fromEncryptedFile(file, passphrase)).toObject(), data)
  const other = Credentials.fromEncryptedFile(file, 'six or five random words')
  await assert.rejects(other, refusal('credentials_passphrase_wrong', /passphrase/))
  assert.throws(() => Credentials.fromFile(file), refusal('credentials_invalid', /is encrypted/))
  const plain = bed.write('plain.json', JSON.stringify(data))
  await assert.rejects(
    Credentials.fromEncryptedFile(plain, passphrase),
    refusal('credentials_invalid', /not encrypted/),
  )
  for (const [change, said] of [
    [{ bhor_credentials: 2 }, /another version/],
    [{ sealed: 7 }, /damaged/],
    [{ key: { ...(sealed.key as object), memoryKiB: 8 } }, /damaged/],
  ] as const) {
    const changed = bed.write('changed.json', JSON.stringify({ ...sealed, ...change }))
    await assert.rejects(
      Credentials.fromEncryptedFile(changed, passphrase),
      refusal('credentials_invalid', said),
    )
  }
  assert.deepEqual(
    readdirSync(bed.home).filter((name) => name.endsWith('.new')),
    [],
  )
})
