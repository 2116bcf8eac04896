import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { app, type Bed, openBed } from '../../test/support/document-004.ts'
import {
  Config,
  Credentials,
  ErrorHandler,
  Logger,
  TimeUtils,
  TokenManager,
  UpstoxAuthenticator,
} from './index.ts'

const data = { client_id: app.clientId, client_secret: app.clientSecret, redirect_uri: app.redirectUri }
const issued = new Date('2026-11-24T10:30:00+05:30')

/** What a row has: a bed in which `auth` is logged in. */
interface Given {
  readonly bed: Bed
  readonly auth: UpstoxAuthenticator
  readonly tokens: TokenManager
  readonly config: Config
}

/** Every name that document 004 shows, as it shows it, and that it does what is said there. */
const names: Readonly<Record<string, (given: Given) => unknown>> = {
  'UpstoxAuthenticator(credentials=None, config=None)': ({ bed, config }) => {
    assert.equal(new UpstoxAuthenticator().isAuthenticated(), true)
    assert.equal(new UpstoxAuthenticator({ config }).isAuthenticated(), true)
    const elsewhere = new Config({ ...bed.options, tokenStorageDir: join(bed.home, 'elsewhere') })
    assert.equal(new UpstoxAuthenticator({ config: elsewhere }).isAuthenticated(), false)
  },
  'auth.authenticate(auth_code: str) -> bool': async ({ bed, auth }) => {
    assert.equal(await auth.authenticate(bed.codeFrom(auth.getLoginUrl())), true)
    assert.equal(await auth.authenticate('wrong'), false)
  },
  'auth.get_login_url(state: str = None) -> str': ({ auth }) => {
    assert.match(auth.getLoginUrl('mine'), /&state=mine$/)
    assert.match(auth.getLoginUrl(), /^http:.*response_type=code&client_id=.*&state=.{43}$/)
  },
  'auth.get_token() -> Optional[str]': async ({ bed, auth }) => {
    assert.equal(await auth.getToken(), bed.stored().access_token)
    bed.clock.set('2027-01-01T00:00:00Z')
    assert.equal(await auth.getToken(), null)
  },
  'auth.is_authenticated() -> bool': ({ auth }) => assert.equal(auth.isAuthenticated(), true),
  'auth.get_status() -> dict': async ({ auth }) => {
    const status = await auth.getStatus()
    assert.deepEqual(Object.keys(status), ['is_authenticated', 'token_info', 'message'])
    assert.deepEqual([status.is_authenticated, status.message], [true, 'Authenticated'])
  },
  'auth.logout() -> bool': async ({ bed, auth }) => {
    assert.equal(await auth.logout(), true)
    assert.equal(auth.isAuthenticated(), false)
    assert.equal(existsSync(bed.tokenFile), false)
    assert.equal(bed.simulator.calls({ method: 'DELETE', path: '/v2/logout' }).length, 1)
  },
  'auth.token_manager': ({ auth }) => assert.ok(auth.tokenManager instanceof TokenManager),

  'TokenManager(config)': ({ config }) => assert.equal(new TokenManager(config).isTokenValid(), true),
  'token_mgr.get_authorization_url(state: str = None) -> str': ({ tokens }) =>
    assert.match(tokens.getAuthorizationUrl('mine'), /&state=mine$/),
  'token_mgr.exchange_code_for_token(auth_code: str) -> bool': async ({ bed, tokens }) =>
    assert.equal(await tokens.exchangeCodeForToken(bed.codeFrom(tokens.getAuthorizationUrl())), true),
  'token_mgr.get_access_token() -> Optional[str]': async ({ bed, tokens }) =>
    assert.equal(await tokens.getAccessToken(), bed.stored().access_token),
  'token_mgr.is_token_valid() -> bool': ({ tokens }) => assert.equal(tokens.isTokenValid(), true),
  'token_mgr.get_token_info() -> Optional[dict]': async ({ bed, tokens }) => {
    const info = await tokens.getTokenInfo()
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
    bed.clock.set('2027-01-01T00:00:00Z')
    assert.equal(await tokens.getTokenInfo(), null)
  },
  'token_mgr.logout() -> bool': async ({ tokens }) => assert.equal(await tokens.logout(), true),
  'token_mgr.refresh_if_needed() -> bool': async ({ bed, tokens }) => {
    assert.equal(await tokens.refreshIfNeeded(), true)
    bed.clock.set('2027-01-01T00:00:00Z')
    assert.equal(await tokens.refreshIfNeeded(), false)
  },

  'Config(credentials=None, token_storage_dir=None)': ({ bed }) => {
    const credentials = new Credentials(app)
    const config = new Config({ credentials, tokenStorageDir: join(bed.home, 'mine') })
    assert.equal(config.credentials, credentials)
    assert.equal(config.tokenFile, join(bed.home, 'mine', 'upstox_token.json'))
  },
  'config.ensure_directories()': ({ bed }) => {
    new Config({ tokenStorageDir: join(bed.home, 'mine') }).ensureDirectories()
    for (const path of ['mine', '.hft', '.hft/logs'])
      assert.equal(statSync(join(bed.home, path)).mode & 0o777, 0o700, path)
  },
  'config.save_credentials()': ({ config }) => {
    config.saveCredentials()
    assert.deepEqual(Credentials.fromFile(Config.CREDENTIALS_FILE).toObject(), data)
    assert.equal(statSync(Config.CREDENTIALS_FILE).mode & 0o777, 0o600)
  },
  'Config.UPSTOX_BASE_URL': () => assert.equal(Config.UPSTOX_BASE_URL, 'https://api.upstox.com'),
  'Config.AUTH_ENDPOINT': () =>
    assert.equal(Config.AUTH_ENDPOINT, 'https://api.upstox.com/v2/login/authorization/dialog'),
  'Config.TOKEN_ENDPOINT': () =>
    assert.equal(Config.TOKEN_ENDPOINT, 'https://api.upstox.com/v2/login/authorization/token'),
  'Config.TOKEN_STORAGE_DIR': ({ bed }) =>
    assert.equal(Config.TOKEN_STORAGE_DIR, join(bed.home, '.hft', 'tokens')),
  'Config.TOKEN_FILE': ({ bed }) => assert.equal(Config.TOKEN_FILE, bed.tokenFile),
  'Config.CREDENTIALS_FILE': ({ bed }) =>
    assert.equal(Config.CREDENTIALS_FILE, join(bed.home, '.hft', 'credentials.json')),
  'Config.LOG_FILE': ({ bed }) => assert.equal(Config.LOG_FILE, join(bed.home, '.hft', 'logs', 'hft.log')),

  'Credentials(client_id, client_secret, redirect_uri)': () => {
    const { clientId, clientSecret, redirectUri } = app
    const credentials = new Credentials(clientId, clientSecret, redirectUri)
    assert.deepEqual(
      credentials.toObject(),
      new Credentials({ clientId, clientSecret, redirectUri }).toObject(),
    )
  },
  'Credentials.from_env() -> Credentials': () => {
    process.env.UPSTOX_CLIENT_ID = app.clientId
    process.env.UPSTOX_CLIENT_SECRET = app.clientSecret
    process.env.UPSTOX_REDIRECT_URI = app.redirectUri
    assert.deepEqual(Credentials.fromEnv().toObject(), data)
  },
  'Credentials.from_file(filepath: str) -> Credentials': ({ bed }) =>
    assert.deepEqual(Credentials.fromFile(bed.write('c.json', JSON.stringify(data))).toObject(), data),
  'Credentials.from_dict(data: dict) -> Credentials': () =>
    assert.deepEqual(
      [Credentials.fromDict(data).toObject(), Credentials.fromObject(data).toObject()],
      [data, data],
    ),
  'creds.to_file(filepath: str)': ({ bed }) => {
    new Credentials(app).toFile(join(bed.home, 'c.json'))
    assert.deepEqual(JSON.parse(readFileSync(join(bed.home, 'c.json'), 'utf8')), data)
  },
  'creds.to_dict() -> dict': () =>
    assert.deepEqual([new Credentials(app).toDict(), new Credentials(app).toObject()], [data, data]),
  'creds.validate() -> bool': () => {
    assert.equal(new Credentials(app).validate(), true)
    assert.equal(new Credentials('', '', '').validate(), false)
  },

  'Logger.setup(log_file=None, level="INFO")': ({ bed }) => {
    Logger.setup().info('to the usual place')
    assert.match(readFileSync(Config.LOG_FILE, 'utf8'), / INFO to the usual place\n$/)
    const logFile = join(bed.home, 'mine.log')
    Logger.setup({ logFile, level: 'INFO' })
    assert.equal(existsSync(logFile), true)
  },
  'Logger.get()': ({ bed }) => {
    const logger = Logger.setup({ logFile: join(bed.home, 'mine.log') })
    assert.equal(Logger.get(), logger)
  },
  'logger.info, debug, warning, error': ({ bed }) => {
    const logFile = join(bed.home, 'mine.log')
    const logger = Logger.setup({ logFile, level: 'DEBUG' })
    for (const level of ['info', 'debug', 'warning', 'error'] as const) logger[level]('Message')
    const levels = readFileSync(logFile, 'utf8').match(/(?<= )[A-Z]+(?= Message)/g)
    assert.deepEqual(levels, ['INFO', 'DEBUG', 'WARNING', 'ERROR'])
  },

  'TimeUtils.get_token_expiry_time(datetime.now())': () =>
    assert.equal(TimeUtils.getTokenExpiryTime(issued).toISOString(), '2026-11-24T22:00:00.000Z'),
  'TimeUtils.is_token_expired(issued_time)': () => {
    assert.equal(TimeUtils.isTokenExpired(new Date('2020-01-01')), true)
    assert.equal(TimeUtils.isTokenExpired(new Date()), false)
  },
  'TimeUtils.get_time_until_expiry(issued_time)': () => {
    const left = TimeUtils.getTimeUntilExpiry(new Date()).total('hours')
    assert.ok(left > 0 && left <= 24)
    assert.equal(TimeUtils.getTimeUntilExpiry(new Date('2020-01-01')).total('hours'), 0)
  },
  'TimeUtils.datetime_to_timestamp_ms(datetime.now())': () =>
    assert.equal(TimeUtils.datetimeToTimestampMs(issued), issued.getTime()),
  'TimeUtils.timestamp_ms_to_datetime(ts_ms)': () =>
    assert.deepEqual(TimeUtils.timestampMsToDatetime(issued.getTime()), issued),

  'ErrorHandler.handle_exception(e, context="…")': ({ bed }) => {
    const logFile = join(bed.home, 'mine.log')
    Logger.setup({ logFile })
    ErrorHandler.handleException(new Error('It broke'), 'Authentication failed')
    assert.match(readFileSync(logFile, 'utf8'), /ERROR Authentication failed: Error: It broke/)
  },

  'Token Storage: the file': ({ bed }) => {
    assert.deepEqual(Object.keys(bed.stored()), [
      'access_token',
      'user_id',
      'user_name',
      'email',
      'broker',
      'issued_at',
      'expires_at',
      'exchanges',
      'products',
      'order_types',
      'extended_token',
    ])
    assert.equal(statSync(bed.tokenFile).mode & 0o777, 0o600)
  },
  'Future: Encrypted credentials file support': async ({ bed }) => {
    const path = join(bed.home, 'sealed.json')
    await new Credentials(app).toEncryptedFile(path, 'five or six random words')
    const opened = await Credentials.fromEncryptedFile(path, 'five or six random words')
    assert.deepEqual(opened.toObject(), data)
  },
}

/** Each thing that its troubleshooting names: what somebody sees, and that what it advises helps. */
const troubles: Readonly<Record<string, (given: Given) => unknown>> = {
  '"No valid access token available": Run the authentication flow to get a new token': async ({
    bed,
    auth,
  }) => {
    await auth.logout()
    assert.equal((await auth.getStatus()).message, 'No valid access token available')
    assert.equal(await bed.logIn(auth), true)
    assert.equal((await auth.getStatus()).message, 'Authenticated')
  },
  '"No valid access token available": Ensure credentials are properly configured': async ({ auth }) => {
    await auth.logout()
    const without = new UpstoxAuthenticator()
    assert.equal((await without.getStatus()).message, 'Credentials not configured properly')
    assert.throws(() => without.getLoginUrl(), { code: 'credentials_missing' })
  },
  '"No valid access token available": Check environment variables or credentials file': ({ bed }) => {
    process.env.UPSTOX_CLIENT_ID = app.clientId
    const auth = new UpstoxAuthenticator()
    assert.throws(() => auth.getLoginUrl(), /UPSTOX_CLIENT_SECRET and UPSTOX_REDIRECT_URI are not set/)
    delete process.env.UPSTOX_CLIENT_ID
    assert.throws(() => auth.getLoginUrl(), /there is no file .*\.hft\/credentials\.json/)
    bed.write('.hft/credentials.json', JSON.stringify(data))
    assert.match(auth.getLoginUrl(), /^https:\/\/api\.upstox\.com/)
  },
  '"Token has expired": Token expires at 3:30 AM IST daily': async ({ bed, auth }) => {
    bed.clock.set('2026-11-23T21:59:59Z')
    assert.equal(auth.isAuthenticated(), true)
    bed.clock.set('2026-11-23T22:00:00Z')
    assert.equal((await auth.getStatus()).message, 'Token has expired')
  },
  '"Token has expired": Initialize a new authenticator to reload token cache': async ({ bed, auth }) => {
    const other = bed.auth()
    assert.equal(await bed.logIn(other), true)
    assert.equal(await bed.auth().getToken(), await other.getToken())
    // And without a new one: the file is read again by itself.
    assert.equal(await auth.getToken(), await other.getToken())
  },
  '"Token has expired": If token is expired, authenticate again': async ({ bed, auth }) => {
    bed.clock.set('2026-11-23T22:00:00Z')
    assert.equal(await bed.logIn(auth), true)
    assert.equal(auth.isAuthenticated(), true)
  },
  '"Credentials not configured properly": Verify all three credentials': () => {
    for (const name of ['client_id', 'client_secret', 'redirect_uri'])
      assert.throws(() => Credentials.fromDict({ ...data, [name]: '' }), {
        code: 'credentials_missing',
        message: new RegExp(`^Credentials not configured properly: ${name} is missing`),
      })
  },
  '"Credentials not configured properly": Check environment variables or file path': () =>
    assert.throws(() => Credentials.fromFile('/nowhere/credentials.json'), {
      code: 'credentials_missing',
      message: /\/nowhere\/credentials\.json/,
    }),
  '"Credentials not configured properly": Validate credential format': () => {
    const odd = new Credentials('with blank', app.clientSecret, app.redirectUri)
    assert.equal(odd.validate(), false)
    assert.throws(() => Credentials.fromDict(odd.toDict()), {
      code: 'credentials_invalid',
      message: /^Credentials not configured properly: client_id has a blank/,
    })
  },
  'Logs not appearing: Call `Logger.setup()` before using the module': async ({ auth }) => {
    Logger.setup()
    await auth.tokenManager.refreshIfNeeded()
    assert.match(readFileSync(Config.LOG_FILE, 'utf8'), / INFO The token is valid\.\n$/)
  },
  'Logs not appearing: Check log file path is writable': ({ bed }) =>
    assert.throws(() => Logger.setup({ logFile: bed.home }), { hint: /Check log file path is writable/ }),
  'Logs not appearing: Verify log level is set correctly': () =>
    assert.throws(() => Logger.setup({ level: 'VERBOSE' as 'INFO' }), {
      hint: 'Use one of: DEBUG, INFO, WARNING, ERROR.',
    }),
}

for (const [name, check] of [...Object.entries(names), ...Object.entries(troubles)]) {
  test(name, async () => {
    await using bed = await openBed('2026-11-23T04:00:00Z')
    const config = new Config(bed.options)
    const auth = new UpstoxAuthenticator({ config })
    assert.equal(await bed.logIn(auth), true)
    // Without options a program reads what stands in the usual place; it lives by the real clock.
    if (name.startsWith('UpstoxAuthenticator(')) {
      const issued_at = new Date().toISOString()
      bed.write(
        '.hft/tokens/upstox_token.json',
        JSON.stringify({ ...bed.stored(), access_token: 'a', issued_at }),
      )
      bed.clock.set(issued_at)
    }
    await check({ bed, auth, tokens: auth.tokenManager, config })
  })
}
