import { BhorError } from '../../core/errors.ts'
import { printable } from '../../core/redact.ts'

/** A value, and how the file calls it. */
export interface FoundValue {
  readonly value: string
  readonly from: string
}

/** Fields as an import knows them. */
export const importFields = [
  'apiKey',
  'apiSecret',
  'accessToken',
  'refreshToken',
  'redirectUrl',
  'userId',
  'label',
  'group',
] as const
export type ImportField = (typeof importFields)[number]

/** One account as a file has it: nothing is checked yet. */
export interface Found {
  /** What it was taken for. */
  readonly source: string
  readonly path: string
  /** Whether the whole file is this account. */
  readonly isWholeFile: boolean
  /** As the file calls it; undefined where it does not. */
  readonly name?: string
  readonly broker?: string
  readonly fields: Readonly<Partial<Record<ImportField, FoundValue>>>
  /** `api_secret` may hold the secret or a token, and the file does not say which. */
  readonly isAmbiguous?: boolean
  readonly rateLimit?: { readonly requestsPerSecond: number; readonly burstSize: number }
}

export interface ReadFile {
  readonly found: readonly Found[]
  /** By name, never by value. */
  readonly ignored: readonly string[]
}

/** Takes what a file says of an account. @throws BhorError `import_invalid` where it has said something else before */
export function take(
  fields: Partial<Record<ImportField, FoundValue>>,
  field: ImportField,
  found: FoundValue,
): void {
  const before = fields[field]
  if (before && before.value !== found.value)
    throw new BhorError(
      'import_invalid',
      `${printable(before.from, 60)} and ${printable(found.from, 60)} say two things of one account.`,
      { hint: 'Keep the one that counts.' },
    )
  fields[field] ??= found
}

/** Letters and digits alone, in lower case: `API-Key` and `api_key` are one name. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/** What people call a field where no broker's manifest says it. */
const synonyms: Readonly<Record<string, ImportField>> = {
  apikey: 'apiKey',
  key: 'apiKey',
  consumerkey: 'apiKey',
  apisecret: 'apiSecret',
  secret: 'apiSecret',
  clientsecret: 'apiSecret',
  secretkey: 'apiSecret',
  accesstoken: 'accessToken',
  token: 'accessToken',
  refreshtoken: 'refreshToken',
  redirecturl: 'redirectUrl',
  redirecturi: 'redirectUrl',
  callbackurl: 'redirectUrl',
  userid: 'userId',
  user: 'userId',
  clientcode: 'userId',
  ucc: 'userId',
  label: 'label',
  description: 'label',
  group: 'group',
}

/** @param isClientIdKey whether the broker calls its API key a client id; elsewhere that is the person */
export function fieldNamed(name: string, isClientIdKey: boolean): ImportField | undefined {
  const plain = plainName(name)
  if (plain === 'clientid') return isClientIdKey ? 'apiKey' : 'userId'
  return Object.hasOwn(synonyms, plain) ? synonyms[plain] : undefined
}
