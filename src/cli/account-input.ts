import type { AddAccount, BrokerView, EditAccount, Kind, SettingsChange } from '../contracts/api.ts'
import { BhorError } from '../core/errors.ts'
import { askChoice } from './ask.ts'
import { askedFields, type FieldOptions, type FieldValues, givenFields } from './broker-fields.ts'
import { call } from './call.ts'
import { terminal } from './terminal.ts'
import type { ApiClient } from './wire.ts'

export interface AccountOptions extends FieldOptions {
  label?: string
  user?: string
  redirectUrl?: string
  postbackUrl?: string
  group?: string
  egressFrom?: string
  logoutAt?: string
  logoutUnused?: string
  rateLimit?: string
}

export interface KindOptions {
  sandbox?: boolean
  renewable?: boolean
  brokerSandbox?: boolean
}

export interface ChangeOptions extends AccountOptions {
  rename?: string
  renewable?: boolean
}

/** A new account as the options say, and as a person answers where something is missing. */
export async function newAccount(
  desk: ApiClient,
  account: string,
  options: AccountOptions & KindOptions & { broker?: string },
): Promise<AddAccount> {
  const kind = kindOf(options)
  const broker = await chosenBroker(desk, options.broker, kind)
  const common = { account, broker: broker.id, kind, ...plainOf(options) }
  const given = await givenFields(broker, options)
  if (kind === 'sandbox')
    return { ...common, ...(options.renewable ? { renewable: true } : {}), ...filled(given) }
  if (kind === 'broker-sandbox' && given.app.apiKey === undefined) {
    const { sandbox } = broker
    // Where there is none, the desk says so.
    if (!sandbox) return { ...common, ...filled(given) }
    if (sandbox.apiKey) {
      terminal.say(`It logs in through the app that ${broker.name} has published: ${sandbox.apiKey}.`)
      return { ...common, ...filled(await askedFields({ ...broker, app: [] }, given)) }
    }
  }
  if (terminal.canAsk && given.app.apiKey === undefined) sayHowToRegister(broker, options.redirectUrl)
  return { ...common, ...filled(await askedFields(broker, given)) }
}

function kindOf({ sandbox, renewable, brokerSandbox }: KindOptions): Kind {
  if (sandbox && brokerSandbox)
    throw new BhorError('usage', '--sandbox is bhor’s simulator, --broker-sandbox the broker’s: choose one.')
  if (renewable && !sandbox)
    throw new BhorError('usage', '--renewable needs --sandbox: who renews at a broker, the broker says.')
  return brokerSandbox ? 'broker-sandbox' : sandbox ? 'sandbox' : 'live'
}

/** What an account shall be changed to; nobody is asked. @throws BhorError `usage` where nothing was named */
export async function changedAccount(
  desk: ApiClient,
  account: string,
  options: ChangeOptions,
): Promise<EditAccount> {
  const {
    rename,
    renewable,
    field,
    secretFile,
    apiKey,
    apiSecretFile,
    apiSecretFrom,
    phoneFile,
    passwordFile,
  } = options
  const named = [field, secretFile, apiKey, apiSecretFile, apiSecretFrom, phoneFile, passwordFile]
  const values = named.some((option) => option !== undefined)
    ? filled(await givenFields(await brokerOfAccount(desk, account), options))
    : {}
  const input = {
    ...(rename === undefined ? {} : { account: rename }),
    ...(renewable === undefined ? {} : { renewable }),
    ...plainOf(options),
    ...values,
  }
  if (Object.keys(input).length === 0) throw new BhorError('usage', 'Nothing to change was named.')
  return input
}

async function chosenBroker(desk: ApiClient, wanted: string | undefined, kind: Kind): Promise<BrokerView> {
  const brokers = await call(desk, 'GET /v1/brokers')
  const fitting = kind === 'broker-sandbox' ? brokers.filter(({ sandbox }) => sandbox !== null) : brokers
  const choices = fitting.map(({ id, name }) => ({ value: id, label: name }))
  return brokerNamed(brokers, wanted ?? (await askChoice('Which broker?', choices)))
}

async function brokerOfAccount(desk: ApiClient, account: string): Promise<BrokerView> {
  const { broker } = await call(desk, 'GET /v1/accounts/{account}', { params: { account } })
  return brokerNamed(await call(desk, 'GET /v1/brokers'), broker)
}

function brokerNamed(brokers: readonly BrokerView[], id: string): BrokerView {
  const broker = brokers.find((each) => each.id === id)
  if (broker) return broker
  throw new BhorError('broker_not_found', `There is no such broker (${id.length} characters).`, {
    hint: `bhor knows ${brokers.map((each) => each.id).join(', ')}. [brokers.ID] in config.toml adds one.`,
  })
}

function sayHowToRegister({ console, redirectUrl, logins }: BrokerView, ownUrl: string | undefined): void {
  terminal.say(`Register an app at ${console.url}\n${console.registerHint}`)
  if (logins.some(({ kind }) => kind === 'redirect'))
    terminal.say(`Its redirect URL: ${terminal.bold(ownUrl ?? redirectUrl)}`)
}

function filled({ app, fields }: FieldValues): Partial<FieldValues> {
  return {
    ...(Object.keys(app).length > 0 ? { app } : {}),
    ...(Object.keys(fields).length > 0 ? { fields } : {}),
  }
}

function plainOf(options: AccountOptions): Omit<EditAccount, 'account'> {
  const { label, user, redirectUrl, postbackUrl } = options
  const settings = settingsOf(options)
  return {
    ...(label === undefined ? {} : { label }),
    ...(user === undefined ? {} : { userId: user }),
    ...(redirectUrl === undefined ? {} : { redirectUrl }),
    ...(postbackUrl === undefined ? {} : { postbackUrl }),
    ...(Object.keys(settings).length > 0 ? { settings } : {}),
  }
}

/** Empty text takes a setting away. */
function settingsOf({
  group,
  egressFrom,
  logoutAt,
  logoutUnused,
  rateLimit,
}: AccountOptions): SettingsChange {
  const hygiene = {
    ...(logoutAt === undefined ? {} : { logoutAt }),
    ...(logoutUnused === undefined ? {} : { logoutUnusedAfter: logoutUnused }),
  }
  return {
    ...(Object.keys(hygiene).length > 0 ? { hygiene } : {}),
    ...(rateLimit === undefined ? {} : { rateLimit: rateOf(rateLimit) }),
    ...(group === undefined ? {} : { group }),
    ...(egressFrom === undefined ? {} : { egress: { from: egressFrom } }),
  }
}

function rateOf(text: string): NonNullable<SettingsChange['rateLimit']> | null {
  if (text === '') return null
  const [, perSecond, burst] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []
  if (perSecond === undefined)
    throw new BhorError('usage', '--rate-limit takes requests per second and how many at once.', {
      hint: 'Write --rate-limit 10/20.',
    })
  return { requestsPerSecond: Number(perSecond), burstSize: Number(burst) }
}
