// The demo of document 004: everything that bhor/upstox does, against bhor's own simulator, in a folder of its own.
// In a checkout: npm run example upstox-demo. Where bhor is installed: node node_modules/bhor/examples/upstox-demo.js
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSimulator } from 'bhor/simulator'
import {
  Config,
  Credentials,
  ErrorHandler,
  Logger,
  TimeUtils,
  TokenManager,
  UpstoxAuthenticator,
} from 'bhor/upstox'

const folder = mkdtempSync(join(tmpdir(), 'bhor-upstox-demo-'))
const simulator = await startSimulator({ port: 0 })
const app = {
  clientId: '615b1297-demo',
  clientSecret: 'demosecret',
  redirectUri: 'http://localhost:8080/callback',
}
simulator.registerApp({
  broker: 'upstox',
  apiKey: app.clientId,
  apiSecret: app.clientSecret,
  redirectUrl: app.redirectUri,
})

function title(text) {
  console.log(`\n== ${text}`)
}

/** What you do in your browser: open the page, log in, and copy the code out of the address where it ends. */
function logInInTheBrowser(loginUrl) {
  return new URL(simulator.logIn('upstox', loginUrl)).searchParams.get('code')
}

async function credentialSetup() {
  title('Credential setup')
  const direct = new Credentials(app)
  console.log('Option C, in the code:', direct, 'valid:', direct.validate())
  const file = join(folder, 'credentials.json')
  direct.toFile(file)
  console.log('Option B, a file:', Credentials.fromFile(file).clientId)
  process.env.UPSTOX_CLIENT_ID = app.clientId
  process.env.UPSTOX_CLIENT_SECRET = app.clientSecret
  process.env.UPSTOX_REDIRECT_URI = app.redirectUri
  console.log('Option A, the environment:', Credentials.fromEnv().clientId)
  const sealed = join(folder, 'credentials.sealed.json')
  await direct.toEncryptedFile(sealed, 'five or six random words')
  const opened = await Credentials.fromEncryptedFile(sealed, 'five or six random words')
  console.log('Encrypted, under a passphrase:', opened.clientId)
}

function loggerConfiguration() {
  title('Logger configuration')
  const logger = Logger.setup({ logFile: join(folder, 'logs', 'hft.log'), level: 'DEBUG' })
  logger.info('Application started')
}

const options = { tokenStorageDir: join(folder, 'tokens'), baseUrl: simulator.hosts('upstox').api }

async function authenticationFlow() {
  title('Authentication flow')
  const auth = new UpstoxAuthenticator(options)
  if (auth.isAuthenticated()) {
    console.log('Already logged in!')
    return
  }
  const loginUrl = auth.getLoginUrl('random_state_string')
  console.log(`Visit: ${loginUrl}`)
  const code = logInInTheBrowser(loginUrl)
  console.log((await auth.authenticate(code)) ? 'Authentication successful!' : 'Authentication failed')
  console.log('The same code again:', (await auth.authenticate(code)) ? 'taken' : 'refused')
}

async function tokenManagement() {
  title('Token management')
  const tokens = new TokenManager(new Config(options))
  console.log('Valid:', tokens.isTokenValid())
  console.log('Info:', await tokens.getTokenInfo())
  console.log('Needs no login:', await tokens.refreshIfNeeded())
  console.log('An extended token, for reading only:', (await tokens.getExtendedToken()) !== null)
}

function timeUtilities() {
  title('Time utilities')
  for (const issued of [
    '2026-11-24T03:29:59+05:30',
    '2026-11-24T03:30:00+05:30',
    '2026-11-24T10:30:00+05:30',
  ]) {
    const expiry = TimeUtils.getTokenExpiryTime(new Date(issued))
    console.log(`Issued ${issued}: ends ${expiry.toISOString()}`)
  }
  const now = new Date()
  const minutes = Math.round(TimeUtils.getTimeUntilExpiry(now).total('minutes'))
  console.log(`Issued now, it lasts ${minutes} minutes`)
  const timestampMs = TimeUtils.datetimeToTimestampMs(now)
  console.log(
    'A timestamp and back:',
    timestampMs,
    TimeUtils.timestampMsToDatetime(timestampMs).toISOString(),
  )
}

async function wholeDay() {
  title('A whole day: another program, its calls, the logout')
  const auth = new UpstoxAuthenticator(options)
  console.log('Reused without a login:', auth.isAuthenticated())
  const token = await auth.getToken()
  const response = await fetch(`${options.baseUrl}/v2/user/profile`, {
    headers: { Authorization: `Bearer ${token}`, Accept: 'application/json' },
  })
  console.log('Profile:', (await response.json()).data.user_name)
  await auth.logout()
  console.log('Logged out successfully')
  console.log('Status:', await auth.getStatus())
}

try {
  await credentialSetup()
  loggerConfiguration()
  await authenticationFlow()
  await tokenManagement()
  timeUtilities()
  await wholeDay()
  title('The log')
  console.log(readFileSync(join(folder, 'logs', 'hft.log'), 'utf8').trimEnd())
  console.log('\nHappy Trading!')
} catch (error) {
  ErrorHandler.handleException(error, 'The demo failed')
  console.error(error)
  process.exitCode = 1
} finally {
  await simulator.close()
  rmSync(folder, { recursive: true, force: true })
}
