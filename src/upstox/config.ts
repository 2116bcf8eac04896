import { dirname, join, resolve } from 'node:path'
import { upstox } from '../brokers/upstox/index.ts'

import { valuesOf } from '../config/environment.ts'
import type { Net } from '../contracts/net.ts'
import { type Clock, systemClock } from '../core/clock.ts'
import { BhorError } from '../core/errors.ts'
import { isBare, isUnprotected, webAddress } from '../core/web-address.ts'
import { systemNet } from '../net/system.ts'
import { Credentials, variables } from './credentials.ts'
import { defaultPaths, pathIn } from './default-paths.ts'
import { makeFolders } from './whole-file.ts'

export interface ConfigOptions {
  /** Left out, they are looked for when they are needed: in the environment, then in `~/.hft/credentials.json`. */
  readonly credentials?: Credentials | undefined
  /** `~/.hft/tokens` when left out. Each user of Upstox needs a folder of his own. */
  readonly tokenStorageDir?: string | undefined
  /** {@link Config.UPSTOX_BASE_URL} when left out; for the simulator an address of this computer. */
  readonly baseUrl?: string | undefined
  /** An account of bhor's in place of the document's files: sealed, in SQLite or PostgreSQL, recorded, watched. */
  readonly account?: string | undefined
  /** bhor's data folder, for {@link ConfigOptions.account}; its usual one when left out. */
  readonly home?: string | undefined
  readonly clock?: Clock | undefined
  readonly net?: Net | undefined
}

const { loginUrl, steps } = upstox.logins[0]
/** Adapters fill values in; here only the places are of interest. */
const unnamed = {
  app: { apiKey: '-', apiSecret: '-' },
  account: {},
  redirectUrl: '-',
  vars: { code: '-' },
  state: '-',
  now: Temporal.Instant.fromEpochMilliseconds(0),
}

/** Where credentials, tokens and logs are, and where Upstox is. */
export class Config {
  /** For every {@link Config} that is made without a `baseUrl`. */
  static UPSTOX_BASE_URL: string = upstox.hosts.api

  static get AUTH_ENDPOINT(): string {
    return Config.UPSTOX_BASE_URL + loginUrl(unnamed).path
  }
  static get TOKEN_ENDPOINT(): string {
    return Config.UPSTOX_BASE_URL + steps[0].request(unnamed).path
  }
  static get TOKEN_STORAGE_DIR(): string {
    return defaultPaths().tokenStorageDir
  }
  static get TOKEN_FILE(): string {
    return join(Config.TOKEN_STORAGE_DIR, tokenFileName)
  }
  static get CREDENTIALS_FILE(): string {
    return defaultPaths().credentialsFile
  }
  static get LOG_FILE(): string {
    return defaultPaths().logFile
  }

  readonly baseUrl: string
  readonly account: string | undefined
  readonly home: string | undefined
  readonly clock: Clock
  readonly net: Net
  readonly #credentials: Credentials | undefined
  readonly #tokenStorageDir: string | undefined

  /**
   * @throws BhorError `config_invalid` for a `baseUrl` over which the secret could be read on the way, `credentials_invalid`
   *   for what are no {@link Credentials}
   */
  constructor({
    credentials,
    tokenStorageDir,
    baseUrl = Config.UPSTOX_BASE_URL,
    account,
    home,
    clock = systemClock,
    net = systemNet,
  }: ConfigOptions = {}) {
    if (credentials && !(credentials instanceof Credentials))
      throw new BhorError('credentials_invalid', 'The credentials are no Credentials.', {
        hint: 'Make them: new Credentials({ clientId, clientSecret, redirectUri }).',
      })
    this.#credentials = credentials
    this.#tokenStorageDir =
      tokenStorageDir === undefined ? undefined : resolve(pathIn(tokenStorageDir, 'tokenStorageDir'))
    this.baseUrl = checkedBaseUrl(baseUrl)
    this.account = account
    this.home = home
    this.clock = clock
    this.net = net
  }

  get tokenStorageDir(): string {
    return this.#tokenStorageDir ?? Config.TOKEN_STORAGE_DIR
  }
  get tokenFile(): string {
    return join(this.tokenStorageDir, tokenFileName)
  }

  /**
   * Those that were given, else the environment's, else those of `~/.hft/credentials.json`. As soon as one of the three
   * variables is set the environment is meant: half of it is an error, and the file is not looked at.
   *
   * @throws BhorError `credentials_missing`, `credentials_invalid`, `permissions_too_wide`
   */
  get credentials(): Credentials {
    if (this.#credentials) return this.#credentials.require()
    const isInEnvironment = valuesOf(variables).some((value) => value !== undefined)
    return isInEnvironment ? Credentials.fromEnv() : Credentials.fromFile(Config.CREDENTIALS_FILE)
  }

  /** Makes the folders of token file, credentials and log, for this user alone. @throws BhorError `system_refused` */
  ensureDirectories(): void {
    makeFolders(this.tokenStorageDir)
    makeFolders(dirname(Config.CREDENTIALS_FILE))
    makeFolders(dirname(Config.LOG_FILE))
  }

  /** Writes the credentials to `~/.hft/credentials.json`, mode 0600. @throws BhorError `credentials_…`, `system_refused` */
  saveCredentials(): void {
    const { credentials } = this
    makeFolders(dirname(Config.CREDENTIALS_FILE))
    credentials.toFile(Config.CREDENTIALS_FILE)
  }
}

const tokenFileName = 'upstox_token.json'

function checkedBaseUrl(text: string): string {
  const url = webAddress(text)
  const refuse = (why: string, hint: string) => new BhorError('config_invalid', why, { hint })
  if (!url || !isBare(url))
    throw refuse('baseUrl is not a web address without a path.', 'Write https://host.')
  if (isUnprotected(url))
    throw refuse(
      'baseUrl would send the secret over the network unprotected.',
      'Use https, or http://127.0.0.1:….',
    )
  return url.origin
}
