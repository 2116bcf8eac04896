import type { Broker, Grant } from '../../contracts/broker.ts'
import type { ImportFiles, PlannedAccount } from '../../contracts/imports.ts'
import type { AccountRecord, StoreReads } from '../../contracts/store.ts'
import { BhorError, isBhorError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { printable } from '../../core/redact.ts'
import { nothingYet } from '../accounts/draft.ts'
import { accountFieldsOf, type CheckedFields, checkFields, refuseMissing } from '../accounts/fields.ts'
import { rateLimitAfter } from '../accounts/rate-limit.ts'
import { checkRedirectUrl, proposedRedirectUrl } from '../accounts/redirect-url.ts'
import { doubtsOf, isReference } from '../accounts/references.ts'
import type { SessionContext } from '../ground/context.ts'
import { checkAlias, checkField, checkText } from '../ground/fields.ts'
import { draftLine, revealed } from '../ground/line.ts'
import { soundOf } from '../ground/records.ts'
import type { DatedGrant } from '../login/commit.ts'
import { checkedGrant } from '../login/exchange.ts'
import { type Asked, askAboutToken } from '../login/known-token.ts'
import { brokerMeant, brokerNamed } from './brokers.ts'
import { type Found, fieldNamed } from './found.ts'

const anything = { pattern: /(?!)/ }

/** An account as it will be stored, if it is. */
export interface Planned {
  readonly found: Found
  readonly broker: Broker
  /** Without its app and its MAC. */
  readonly draft: AccountRecord
  readonly app: CheckedFields
  readonly grant: DatedGrant | undefined
  readonly asked: Asked | undefined
  readonly view: PlannedAccount
}
/** What one account is planned with. */
export interface Planning {
  readonly brokers: readonly Broker[]
  readonly input: ImportFiles
  readonly isAlone: boolean
}

/**
 * What becomes of one account of a file. The broker is asked about its token; nothing is stored.
 *
 * @throws BhorError `broker_not_found`, `import_invalid`, `bad_alias`, `bad_field`, `bad_secret`, `wrong_user`
 */
export async function planOne(
  context: SessionContext,
  read: Found,
  { brokers, input, isAlone }: Planning,
): Promise<Planned> {
  const broker = brokerFor(read, brokers, input)
  const found = asSaid(read, input)
  const notes: string[] = []
  const { apiKey, apiSecret, accessToken, refreshToken, redirectUrl, userId, label, group } = valuesOf(
    found,
    input,
  )
  if (!apiKey)
    throw new BhorError('import_invalid', `${found.source} names no API key.`, {
      hint: 'Import it together with the file that has it, or say it: --api-key.',
    })
  if (accessToken && accessToken === apiSecret)
    throw new BhorError(
      'import_invalid',
      `What ${found.source} has as “${printable(found.fields.accessToken?.from ?? '')}” is the app’s secret itself.`,
      { hint: 'Say it: --api-secret-is secret.' },
    )
  const kind = input.kind ?? 'live'
  const alias = checkAlias(aliasOf(found, input, isAlone) ?? broker.id)
  const person = input.userId ?? userId ?? ''
  const nowMs = context.clock.nowMs()
  const checked = <Value>(check: () => Value) => withItsName(found, input, check)
  const draft: AccountRecord = {
    ...nothingYet,
    id: newId('acc', context.random),
    alias,
    label: checked(() => checkText('label', label ?? '', 80)),
    broker: broker.id,
    kind,
    appId: '',
    userId: person === '' ? '' : checked(() => checkField('userId', broker.userId, person)),
    redirectUrl: redirectUrl
      ? checked(() => redirectOf(redirectUrl, notes))
      : proposedRedirectUrl(context, broker.id, kind),
    postbackUrl: '',
    fields: {},
    sealedSecrets: '',
    settings: {
      ...(group ? { group: checked(() => checkText('group', group, 40)) } : {}),
      ...(found.rateLimit ? { rateLimit: rateLimitAfter(undefined, found.rateLimit)! } : {}),
    },
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    mac: '',
  }
  // Only whoever runs bhor says where a secret is read from, and no file.
  if (input.apiSecret === undefined && apiSecret && isReference(broker.app.apiSecret ?? anything, apiSecret))
    throw new BhorError('bad_secret', `What ${found.source} has for the app’s secret is none.`)
  const app = checked(() => checkFields(broker.app, { apiKey, ...(apiSecret ? { apiSecret } : {}) }, 'app'))
  refuseMissing(broker.app, (name) => name in app.open || broker.app[name]!.secret)
  refuseMissing(accountFieldsOf(broker), () => false)
  if (apiSecret) notes.push(...(await doubtsOf(context, broker, { apiSecret })))
  const hasSecret = Object.keys(app.secret).length > 0
  const needs = broker.renewal?.needs
  const grant: DatedGrant | undefined = accessToken
    ? {
        tokens: { access: accessToken, ...(needs && refreshToken ? { [needs]: refreshToken } : {}) },
        grantedAt: context.clock.now(),
      }
    : undefined
  const asked = grant && (await ask(context, broker, draft, app, grant))
  const isRenewable =
    asked?.state === 'dead' && hasSecret && needs !== undefined && grant?.tokens[needs] !== undefined
  if (!hasSecret)
    notes.push('Without the app’s secret it is handed out and mirrored, but nobody can log in or renew it.')
  if (asked?.state === 'dead' && !isRenewable)
    notes.push(
      mayBeSecret(found, input)
        ? `What it has as “${printable(found.fields.accessToken?.from ?? '')}” is no token that lives. If that is the app’s secret: --api-secret-is secret. If not: --api-secret-is token, and a mirror writes over it.`
        : 'The token in it has ended; it is not imported.',
    )
  if (asked?.state === 'unknown') notes.push(asked.error.message)
  if (needs && grant && !grant.tokens[needs])
    notes.push('No refresh token: the morning login is the renewal.')
  const verified = asked?.state === 'live' ? asked.verified.userId : undefined
  return {
    found,
    broker,
    draft: { ...draft, userId: verified ?? draft.userId },
    app,
    grant: asked?.state === 'live' || isRenewable ? grant : undefined,
    asked,
    view: {
      account: alias,
      broker: broker.id,
      kind,
      source: found.source,
      apiKey,
      userId: verified ?? (draft.userId || null),
      readAs: readAs(found),
      hasSecret,
      token: isRenewable ? 'renewable' : (asked?.state ?? 'none'),
      mirror: null,
      notes,
    },
  }
}

/**
 * @throws BhorError `already_exists` for a name or a person that is here, or twice in the files; `import_invalid` for an
 *   app to which they give two secrets
 */
export async function refuseDuplicates(
  context: SessionContext,
  reads: StoreReads,
  planned: readonly Planned[],
): Promise<void> {
  const stored = soundOf(context.vault, 'accounts', await reads.accounts.list())
  for (const [at, one] of planned.entries()) {
    const { draft, app, broker } = one
    const hint = 'Name it otherwise: --account. Or change the one that is there: bhor accounts edit.'
    const before = planned.slice(0, at)
    if (
      (await reads.accounts.idOf(draft.alias)) !== undefined ||
      before.some((other) => other.draft.alias === draft.alias)
    )
      throw new BhorError('already_exists', `There is an account ${draft.alias} already.`, { hint })
    const ofApp = await reads.apps.byKey(broker.id, draft.kind, app.open.apiKey ?? '')
    const isSame = (userId: string) => userId !== '' && userId === draft.userId
    const twin =
      stored.find(({ appId, userId }) => appId === ofApp?.id && isSame(userId))?.alias ??
      before.find((other) => isSameApp(one, other) && isSame(other.draft.userId))?.draft.alias
    if (twin !== undefined)
      throw new BhorError('already_exists', `${draft.userId} with this app is the account ${twin} already.`, {
        hint,
      })
    const rival = before.find((other) => isSameApp(one, other) && hasOtherSecret(one, other))
    if (rival)
      throw new BhorError(
        'import_invalid',
        `${rival.draft.alias} and ${draft.alias} have one API key, and two app secrets.`,
        { hint: 'Keep the one that counts.' },
      )
  }
}

function isSameApp(one: Planned, other: Planned): boolean {
  return one.broker.id === other.broker.id && one.app.open.apiKey === other.app.open.apiKey
}

function hasOtherSecret({ app }: Planned, { app: other }: Planned): boolean {
  return Object.entries(app.secret).some(([name, secret]) => other.secret[name]?.equals(secret) === false)
}

async function ask(
  context: SessionContext,
  broker: Broker,
  draft: AccountRecord,
  app: CheckedFields,
  grant: Grant,
): Promise<Asked> {
  const line = await draftLine(context, broker, draft, { ...app.open, ...revealed(app.secret) })
  checkedGrant(line, grant)
  return askAboutToken(context, line, grant)
}

function brokerFor(found: Found, brokers: readonly Broker[], { broker }: ImportFiles): Broker {
  const meant = brokerMeant(brokers, found.broker, broker)
  if (meant) return meant
  const named = broker ?? found.broker
  if (named !== undefined) return brokerNamed(brokers, named)
  throw new BhorError('import_invalid', `${found.source} does not say which broker it is for.`, {
    hint: `Say it: --broker ${brokers.map(({ id }) => id).join(' or ')}.`,
  })
}

/** What is wrong with a value is told with the name that the file has for it. */
function withItsName<Checked>({ fields, source }: Found, input: ImportFiles, check: () => Checked): Checked {
  try {
    return check()
  } catch (error) {
    if (!isBhorError(error)) throw error
    const { code, message, hint, facts } = error
    const field = String(facts.field)
    const from = Object.hasOwn(fields, field) ? fields[field as keyof typeof fields]?.from : undefined
    if (from === undefined || Object.hasOwn(input, field)) throw error
    throw new BhorError(code, `${printable(from, 60)} (${source}): ${message}`, { hint, facts, cause: error })
  }
}

/** With “api_secret” for what a person says that it holds. @throws BhorError `import_invalid` where that is to be said */
function asSaid(found: Found, { apiSecretIs }: ImportFiles): Found {
  const { fields, isAmbiguous, source } = found
  const { apiSecret, accessToken, ...others } = fields
  if (isAmbiguous && apiSecretIs === undefined)
    throw new BhorError(
      'import_invalid',
      `Whether “${printable(apiSecret?.from ?? '')}” of ${source} holds the app’s secret or an access token does not show.`,
      { hint: 'Say it: --api-secret-is secret, or --api-secret-is token.' },
    )
  if (isAmbiguous && apiSecret && apiSecretIs === 'token')
    return { ...found, fields: { ...others, accessToken: apiSecret } }
  if (isCalledSecret(found) && accessToken && apiSecretIs === 'secret')
    return { ...found, fields: { ...others, apiSecret: accessToken } }
  return found
}

/** Whether a token may be the app's secret after all, and nobody has said that it is none. */
export function mayBeSecret(found: Found, { apiSecretIs }: ImportFiles): boolean {
  return apiSecretIs === undefined && isCalledSecret(found)
}

/** Whether the file itself calls its token the app's secret, as document 002's does. */
function isCalledSecret({ fields: { accessToken, apiSecret } }: Found): boolean {
  return accessToken !== undefined && !apiSecret && fieldNamed(accessToken.from, false) === 'apiSecret'
}

function valuesOf({ fields }: Found, { apiKey, apiSecret }: ImportFiles) {
  const text = (field: keyof typeof fields) => fields[field]?.value
  return {
    apiKey: apiKey ?? text('apiKey'),
    apiSecret: apiSecret ?? text('apiSecret'),
    accessToken: text('accessToken'),
    refreshToken: text('refreshToken'),
    redirectUrl: text('redirectUrl'),
    userId: text('userId'),
    label: text('label'),
    group: text('group'),
  }
}

function readAs({ fields }: Found): string[] {
  const words = {
    apiKey: 'API key',
    apiSecret: 'app secret',
    accessToken: 'access token',
    refreshToken: 'refresh token',
    redirectUrl: 'redirect URL',
    userId: 'person',
    label: 'label',
    group: 'group',
  } as const
  return Object.entries(fields).map(
    ([field, found]) => `${printable(found.from, 60)}: ${words[field as keyof typeof words]}`,
  )
}

function aliasOf({ name, fields }: Found, { account }: ImportFiles, isAlone: boolean): string | undefined {
  if (account !== undefined && isAlone) return account
  const told = name ?? fields.userId?.value
  const alias = told
    ?.toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[-_]+|-+$/g, '')
    .slice(0, 40)
  return alias === '' ? undefined : alias
}

/** As it is registered at the broker. An older program’s `localhost` is kept: the login ends by pasting. */
function redirectOf(url: string, notes: string[]): string {
  try {
    return checkRedirectUrl('redirectUrl', url)
  } catch (error) {
    const { protocol, hostname } = URL.parse(url) ?? {}
    if (!isBhorError(error) || protocol !== 'http:' || hostname !== 'localhost' || /[\s\\"<>]/.test(url))
      throw error
    notes.push(
      'Its redirect URL leads to “localhost”: paste the address after a login, or register another one.',
    )
    return url
  }
}
