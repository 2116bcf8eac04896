import type { AccountSettings, AddAccount, BrokerView, EditAccount } from '../contracts/api.ts'
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
}

/** A new account as the options say, and as a person answers where something is missing. */
export async function newAccount(
  desk: ApiClient,
  account: string,
  options: AccountOptions & { broker?: string; sandbox?: boolean },
): Promise<AddAccount> {
  const broker = await chosenBroker(desk, options.broker)
  const common = { account, broker: broker.id, ...plainOf(options) }
  const given = await givenFields(broker, options)
  if (options.sandbox) return { ...common, kind: 'sandbox', ...filled(given) }
  if (terminal.canAsk && given.app.apiKey === undefined) sayHowToRegister(broker, options.redirectUrl)
  return { ...common, kind: 'live', ...filled(await askedFields(broker, given)) }
}

/** What an account shall be changed to; nobody is asked. @throws BhorError `usage` where nothing was named */
export async function changedAccount(
  desk: ApiClient,
  account: string,
  options: AccountOptions & { rename?: string },
): Promise<EditAccount> {
  const { rename, field, secretFile, apiKey, apiSecretFile, phoneFile, passwordFile } = options
  const named = [field, secretFile, apiKey, apiSecretFile, phoneFile, passwordFile]
  const values = named.some((option) => option !== undefined)
    ? filled(await givenFields(await brokerOfAccount(desk, account), options))
    : {}
  const input = { ...(rename === undefined ? {} : { account: rename }), ...plainOf(options), ...values }
  if (Object.keys(input).length === 0) throw new BhorError('usage', 'Nothing to change was named.')
  return input
}

async function chosenBroker(desk: ApiClient, wanted: string | undefined): Promise<BrokerView> {
  const brokers = await call(desk, 'GET /v1/brokers')
  const choices = brokers.map(({ id, name }) => ({ value: id, label: name }))
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
function settingsOf({ group, egressFrom }: AccountOptions): AccountSettings {
  return {
    ...(group === undefined ? {} : { group }),
    ...(egressFrom === undefined ? {} : { egress: { from: egressFrom } }),
  }
}
