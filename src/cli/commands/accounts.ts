import { Command } from 'commander'
import type { AccountView, AddAccount, EditAccount } from '../../contracts/api.ts'
import { BhorError } from '../../core/errors.ts'
import { checkAlias } from '../../session/ground/fields.ts'
import { askChoice, askSecret, askText, confirm } from '../ask.ts'
import { call } from '../call.ts'
import { openDesk } from '../here.ts'
import { secretFrom } from '../secret-input.ts'
import { table, terminal } from '../terminal.ts'
import { accountLines, istText, statusMark } from '../texts.ts'
import type { ApiClient } from '../wire.ts'

interface FieldOptions {
  label?: string
  broker?: string
  sandbox?: boolean
  apiKey?: string
  apiSecretFile?: string
  user?: string
  redirectUrl?: string
  postbackUrl?: string
  phoneFile?: string
  passwordFile?: string
  rename?: string
  json?: boolean
  yes?: boolean
}

export function accountsCommand(): Command {
  const accounts = new Command('accounts').description('The broker accounts of this household.')
  const fields = (command: Command) =>
    command
      .option('--label <text>', 'a longer name for people')
      .option('--api-key <key>', 'the API key of the app at the broker')
      .option('--api-secret-file <file>', 'a file with the API secret; - for stdin')
      .option('--user <id>', 'the broker’s user id, pinned from the start')
      .option('--redirect-url <url>', 'as registered at the broker; left out: the desk’s own')
      .option('--postback-url <url>', 'as registered at the broker')
      .option('--phone-file <file>', 'a file with the phone number; - for stdin')
      .option('--password-file <file>', 'a file with the broker password; - for stdin')
      .option('--json', 'print JSON')

  fields(accounts.command('add <account>').description('Add an account.'))
    .option('--broker <id>', 'kite or upstox')
    .option('--sandbox', 'a sandbox account: it logs in at bhor’s own simulator')
    .action(async (account: string, options: FieldOptions) => {
      checkAlias(account)
      await using desk = await openDesk()
      const input = await inputFor(desk, account, options)
      show(await call(desk, 'POST /v1/accounts', { body: input }), options.json)
      if (!options.json) terminal.say(`Added. Log in with: bhor login ${account}`)
    })

  fields(accounts.command('edit <account>').description('Change an account; what is not named stays.'))
    .option('--rename <account>', 'a new name')
    .action(async (account: string, options: FieldOptions) => {
      await using desk = await openDesk()
      const input: EditAccount = {
        ...(options.rename === undefined ? {} : { account: options.rename }),
        ...(await commonFields(options)),
      }
      if (Object.keys(input).length === 0) throw new BhorError('usage', 'Nothing to change was named.')
      show(
        await call(desk, 'PATCH /v1/accounts/{account}', { params: { account }, body: input }),
        options.json,
      )
    })

  accounts
    .command('list')
    .description('All accounts.')
    .option('--json', 'print JSON')
    .action(async (options: FieldOptions) => {
      await using desk = await openDesk()
      const all = await call(desk, 'GET /v1/accounts')
      if (options.json) return terminal.json(all)
      if (all.length === 0)
        return terminal.say(
          'No accounts yet. Try one without a broker: bhor accounts add demo --broker kite --sandbox',
        )
      terminal.data(
        table([
          ['ACCOUNT', 'BROKER', 'KIND', 'USER', 'STATUS'],
          ...all.map((v) => [v.account, v.broker, v.kind, v.userId ?? '-', statusMark(v.status)]),
        ]),
      )
    })

  accounts
    .command('show <account>')
    .description('One account.')
    .option('--json', 'print JSON')
    .action(async (account: string, options: FieldOptions) => {
      await using desk = await openDesk()
      show(await call(desk, 'GET /v1/accounts/{account}', { params: { account } }), options.json)
    })

  accounts
    .command('remove <account>')
    .description('Remove an account with its sessions. Its audit records stay.')
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON')
    .action(async (account: string, options: FieldOptions) => {
      await using desk = await openDesk()
      const view = await call(desk, 'GET /v1/accounts/{account}', { params: { account } })
      const life =
        view.session && view.session.expiresInMs > 0
          ? `, whose session lives until ${istText(view.session.expiresAt)} IST`
          : ''
      if (!options.yes && !(await confirm(`Remove ${account}${life}?`)))
        throw new BhorError('cancelled', 'Nothing was removed.')
      await call(desk, 'DELETE /v1/accounts/{account}', { params: { account } })
      if (options.json) terminal.json({ account, removed: true })
      else terminal.say(`Removed ${account}.`)
    })
  return accounts
}

function show(view: AccountView, asJson: boolean | undefined): void {
  if (asJson) terminal.json(view)
  else terminal.data(accountLines(view))
}

async function inputFor(desk: ApiClient, account: string, options: FieldOptions): Promise<AddAccount> {
  const brokers = await call(desk, 'GET /v1/brokers')
  const broker =
    options.broker ??
    (await askChoice(
      'Which broker?',
      brokers.map(({ id, name }) => ({ value: id, label: name })),
    ))
  const common = await commonFields(options)
  if (options.sandbox) return { account, broker, kind: 'sandbox', ...common }
  const known = brokers.find(({ id }) => id === broker)
  if (terminal.canAsk && known && common.apiKey === undefined) {
    terminal.say(
      `Register an app at ${known.console.url}\n${known.console.registerHint}\nIts redirect URL: ${terminal.bold(options.redirectUrl ?? known.redirectUrl)}`,
    )
  }
  const apiKey = common.apiKey ?? (await askText('API key'))
  const apiSecret = common.apiSecret ?? (await askSecret('API secret'))
  return { account, broker, kind: 'live', ...common, apiKey, apiSecret }
}

async function commonFields(options: FieldOptions): Promise<EditAccount> {
  const input: EditAccount = {}
  if (options.label !== undefined) input.label = options.label
  if (options.apiKey !== undefined) input.apiKey = options.apiKey
  if (options.user !== undefined) input.userId = options.user
  if (options.redirectUrl !== undefined) input.redirectUrl = options.redirectUrl
  if (options.postbackUrl !== undefined) input.postbackUrl = options.postbackUrl
  if (options.apiSecretFile !== undefined)
    input.apiSecret = await secretFrom(options.apiSecretFile, 'API secret')
  if (options.phoneFile !== undefined) input.phoneNumber = await secretFrom(options.phoneFile, 'phone number')
  if (options.passwordFile !== undefined) input.password = await secretFrom(options.passwordFile, 'password')
  return input
}
