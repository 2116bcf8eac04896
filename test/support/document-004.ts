import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Net } from '../../src/contracts/net.ts'
import { ManualClock } from '../../src/core/clock.ts'
import { systemNet } from '../../src/net/system.ts'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { type AuthenticatorOptions, Credentials, UpstoxAuthenticator } from '../../src/upstox/index.ts'

export const app = {
  clientId: '615b1297-d443-3b39-ba19-1927fbcdddc7',
  clientSecret: 'y2demosecret',
  redirectUri: 'http://localhost:8080/callback',
}

/** A home of its own, a clock that stands still, and Upstox' simulator with the app of a reader of document 004. */
export interface Bed extends AsyncDisposable {
  readonly home: string
  readonly clock: ManualClock
  readonly simulator: Simulator
  readonly options: AuthenticatorOptions
  readonly tokenFile: string
  auth(more?: AuthenticatorOptions): UpstoxAuthenticator
  /** The code to which a login leads. */
  codeFrom(loginUrl: string): string
  logIn(auth: UpstoxAuthenticator): Promise<boolean>
  /** Writes a file below the home, mode 0600 unless another is named. */
  write(path: string, text: string, mode?: number): string
  stored(): Record<string, unknown>
}

export async function openBed(start?: string, net: Net = systemNet): Promise<Bed> {
  const home = mkdtempSync(join(tmpdir(), 'bhor-document-'))
  const { HOME } = process.env
  process.env.HOME = home
  const forget = () => {
    for (const name of Object.keys(process.env)) if (name.startsWith('UPSTOX_')) delete process.env[name]
  }
  forget()
  const clock = new ManualClock(start)
  const simulator = await startSimulator({ port: 0, clock })
  simulator.registerApp({
    broker: 'upstox',
    apiKey: app.clientId,
    apiSecret: app.clientSecret,
    redirectUrl: app.redirectUri,
  })
  const options = { credentials: new Credentials(app), baseUrl: simulator.hosts('upstox').api!, clock, net }
  const bed: Bed = {
    home,
    clock,
    simulator,
    options,
    tokenFile: join(home, '.hft', 'tokens', 'upstox_token.json'),
    auth: (more = {}) => new UpstoxAuthenticator({ ...options, ...more }),
    codeFrom: (url) => new URL(simulator.logIn('upstox', url)).searchParams.get('code')!,
    logIn: (auth) => auth.authenticate(bed.codeFrom(auth.getLoginUrl())),
    write(path, text, mode = 0o600) {
      const file = join(home, path)
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
      writeFileSync(file, text, { mode })
      return file
    },
    stored: () => JSON.parse(readFileSync(bed.tokenFile, 'utf8')) as Record<string, unknown>,
    async [Symbol.asyncDispose]() {
      await simulator.close()
      forget()
      process.env.HOME = HOME
      rmSync(home, { recursive: true, force: true })
    },
  }
  return bed
}
