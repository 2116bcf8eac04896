import { dirname } from 'node:path'
import { upstox } from '../brokers/upstox/index.ts'
import { valuesOf } from '../config/environment.ts'
import { expandPath } from '../config/paths.ts'
import { BhorError } from '../core/errors.ts'
import { parseJson } from '../core/json.ts'
import { printable } from '../core/redact.ts'
import { Secret } from '../core/secret.ts'
import { readPrivateFile } from '../vault/read-private-file.ts'
import { secretText } from '../vault/secret-text.ts'
import { isSealed, openCredentials, sealCredentials } from './sealed-credentials.ts'
import { makeFolders, writeWhole } from './whole-file.ts'

/** As the document's file and its `to_dict` have them. */
export interface CredentialFields {
  readonly client_id: string
  readonly client_secret: string
  readonly redirect_uri: string
}

const names = ['client_id', 'client_secret', 'redirect_uri'] as const
/** The document's variables, in the order of {@link names}. */
export const variables = ['UPSTOX_CLIENT_ID', 'UPSTOX_CLIENT_SECRET', 'UPSTOX_REDIRECT_URI'] as const

/**
 * The app at Upstox' console: its id, its secret and where it sends the browser after a login. Printed or logged, it does
 * not show the secret.
 *
 * @example
 * ```ts
 * const credentials = new Credentials({ clientId: '…', clientSecret: '…', redirectUri: 'http://localhost:8080/callback' })
 * ```
 */
export class Credentials {
  readonly clientId: string
  readonly redirectUri: string
  readonly #clientSecret: Secret

  /** Nothing is checked yet: {@link Credentials.validate} says whether they are whole and well formed. */
  constructor(clientId: string, clientSecret: string, redirectUri: string)
  constructor(named: {
    readonly clientId: string
    readonly clientSecret: string
    readonly redirectUri: string
  })
  constructor(
    first:
      | string
      | { readonly clientId: string; readonly clientSecret: string; readonly redirectUri: string },
    clientSecret = '',
    redirectUri = '',
  ) {
    const isNamed = typeof first === 'object' && first !== null
    const given = isNamed ? first : { clientId: first, clientSecret, redirectUri }
    this.clientId = given.clientId ?? ''
    this.redirectUri = given.redirectUri ?? ''
    this.#clientSecret = new Secret(given.clientSecret ?? '')
  }

  get clientSecret(): string {
    return this.#clientSecret.reveal()
  }

  /**
   * `UPSTOX_CLIENT_ID`, `UPSTOX_CLIENT_SECRET`, `UPSTOX_REDIRECT_URI`.
   *
   * @throws BhorError `credentials_missing` naming what is not set, `credentials_invalid`
   */
  static fromEnv(env?: Readonly<Record<string, string | undefined>>): Credentials {
    const values = valuesOf(variables, env)
    const missing = variables.filter((_, at) => values[at] === undefined)
    if (missing.length > 0)
      throw notConfigured(`${inWords(missing)} ${missing.length > 1 ? 'are' : 'is'} not set.`)
    const [clientId = '', clientSecret = '', redirectUri = ''] = values
    return proven(new Credentials(clientId, clientSecret, redirectUri), 'the environment')
  }

  /**
   * A JSON file with `client_id`, `client_secret` and `redirect_uri` that nobody else can read.
   *
   * @throws BhorError `credentials_missing`, `credentials_invalid`, `permissions_too_wide`
   */
  static fromFile(filepath: string): Credentials {
    const json = jsonIn(filepath)
    if (isSealed(json))
      throw new BhorError('credentials_invalid', `${printable(filepath, 400)} is encrypted.`, {
        hint: 'Open it with its passphrase: await Credentials.fromEncryptedFile(path, passphrase).',
      })
    return Credentials.fromObject(json)
  }

  /** What {@link Credentials.toObject} gives. @throws BhorError `credentials_missing`, `credentials_invalid` */
  static fromObject(data: unknown): Credentials {
    if (typeof data !== 'object' || data === null || Array.isArray(data))
      throw new BhorError('credentials_invalid', 'The credentials are no object with fields.')
    const given = data as Readonly<Record<string, unknown>>
    const missing = names.filter(
      (name) => given[name] === undefined || given[name] === null || given[name] === '',
    )
    if (missing.length > 0)
      throw notConfigured(`${inWords(missing)} ${missing.length > 1 ? 'are' : 'is'} missing.`)
    const odd = names.find((name) => typeof given[name] !== 'string')
    if (odd) throw invalid(odd, 'is not a text')
    const [clientId, clientSecret, redirectUri] = names.map((name) => given[name] as string)
    return proven(new Credentials(clientId!, clientSecret!, redirectUri!), 'the data')
  }

  /** The document's own word for {@link Credentials.fromObject}. */
  static fromDict(data: unknown): Credentials {
    return Credentials.fromObject(data)
  }

  /**
   * A file that {@link Credentials.toEncryptedFile} wrote.
   *
   * @throws BhorError `credentials_missing`, `credentials_invalid`, `credentials_passphrase_wrong`, `permissions_too_wide`
   */
  static async fromEncryptedFile(filepath: string, passphrase: string): Promise<Credentials> {
    const json = jsonIn(filepath)
    if (!isSealed(json))
      throw new BhorError('credentials_invalid', `${printable(filepath, 400)} is not encrypted.`, {
        hint: 'Read it with Credentials.fromFile(path).',
      })
    const opened = await openCredentials(json, passphraseIn(passphrase))
    return Credentials.fromObject(parsed(opened, filepath))
  }

  /** Writes them as plain JSON into a file of mode 0600, at once; missing folders are made. @throws BhorError `credentials_…`, `store_…`, `system_refused` */
  toFile(filepath: string): void {
    this.require()
    write(filepath, this.toObject())
  }

  /**
   * The same under a passphrase of at least 12 characters (argon2id, AES-256-GCM).
   *
   * @throws BhorError `key_unusable` for a passphrase that is too short, `credentials_…`, `store_…`, `system_refused`
   */
  async toEncryptedFile(filepath: string, passphrase: string): Promise<void> {
    this.require()
    write(filepath, await sealCredentials(JSON.stringify(this.toObject()), passphraseIn(passphrase)))
  }

  /** Holds the secret: for a file of your own, not for a log. */
  toObject(): CredentialFields {
    return { client_id: this.clientId, client_secret: this.clientSecret, redirect_uri: this.redirectUri }
  }

  /** The document's own word for {@link Credentials.toObject}. */
  toDict(): CredentialFields {
    return this.toObject()
  }

  /** Whether all three are there and look like what they are. Upstox alone knows whether they are right. */
  validate(): boolean {
    return faultOf(this) === undefined
  }

  /** Throws what {@link Credentials.validate} only says. @throws BhorError `credentials_missing`, `credentials_invalid` */
  require(): this {
    const fault = faultOf(this)
    if (fault) throw fault
    return this
  }
}

function proven(credentials: Credentials, from: string): Credentials {
  const fault = faultOf(credentials)
  if (!fault) return credentials
  throw new BhorError(fault.code, `${fault.message} It is from ${from}.`, {
    hint: fault.hint,
    facts: fault.facts,
  })
}

function faultOf({ clientId, clientSecret, redirectUri }: Credentials): BhorError | undefined {
  const given = { client_id: clientId, client_secret: clientSecret, redirect_uri: redirectUri }
  const missing = names.filter((name) => given[name] === '')
  if (missing.length > 0)
    return notConfigured(`${inWords(missing)} ${missing.length > 1 ? 'are' : 'is'} missing.`)
  for (const name of names) {
    const value: unknown = given[name]
    if (typeof value !== 'string') return invalid(name, 'is not a text')
    if (/^\ufeff/.test(value)) return invalid(name, 'begins with a byte-order mark')
    if (value.trim() !== value) return invalid(name, 'begins or ends with a blank')
    if (/\s/.test(value)) return invalid(name, 'has a blank in it')
  }
  if (!upstox.app.apiKey.pattern.test(clientId)) return invalid('client_id', 'does not look like one')
  if (!upstox.app.apiSecret.pattern.test(clientSecret))
    return invalid('client_secret', 'does not look like one')
  const url = URL.parse(redirectUri)
  const isAddress = url && /^https?:$/.test(url.protocol) && /^[\x21-\x7e]+$/.test(redirectUri)
  if (!isAddress || url.hash || url.username || redirectUri.length > 500)
    return invalid('redirect_uri', 'is no web address without a fragment and a user')
  return undefined
}

/** The document's own sentence, and what of it is so. */
function notConfigured(what: string): BhorError {
  return new BhorError('credentials_missing', `Credentials not configured properly: ${what}`)
}

function invalid(name: (typeof names)[number], why: string): BhorError {
  return new BhorError('credentials_invalid', `Credentials not configured properly: ${name} ${why}.`, {
    facts: { field: name },
  })
}

function inWords(list: readonly string[]): string {
  return list.length > 1 ? `${list.slice(0, -1).join(', ')} and ${list.at(-1)}` : list.join('')
}

/** What a program in JavaScript gives where its variable is not set. */
function passphraseIn(given: unknown): Secret {
  return new Secret(typeof given === 'string' ? given : '')
}

function write(filepath: string, data: object): void {
  const path = pathOf(filepath)
  makeFolders(dirname(path))
  writeWhole(path, `${JSON.stringify(data, null, 2)}\n`)
}

function pathOf(filepath: unknown): string {
  if (typeof filepath !== 'string' || filepath === '')
    throw notConfigured('no path of a credentials file is given.')
  return expandPath(filepath, 'The path of the credentials file')
}

function jsonIn(filepath: unknown): unknown {
  const path = pathOf(filepath)
  const what = 'credentials file'
  const bytes = readPrivateFile({
    path,
    what,
    code: 'credentials_invalid',
    mayBeRoots: true,
    mayBePassed: true,
  })
  if (!bytes) throw notConfigured(`there is no file ${printable(path, 400)}.`)
  return parsed(secretText(bytes, what, 'credentials_invalid').text, path)
}

function parsed(text: string, path: string): unknown {
  try {
    return parseJson(text, { strictFields: true })
  } catch (error) {
    const why = error instanceof BhorError ? error.message : 'It is not JSON.'
    throw new BhorError(
      'credentials_invalid',
      `The credentials file ${printable(path, 400)} is no good: ${why}`,
      {
        hint: 'Write {"client_id": "…", "client_secret": "…", "redirect_uri": "…"} into it.',
      },
    )
  }
}
