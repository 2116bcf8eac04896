import { Command } from 'commander'
import type { AccountView, StoredAccount } from '../../contracts/api.ts'
import { BhorError } from '../../core/errors.ts'
import { checkAlias } from '../../session/ground/fields.ts'
import {
  type AccountOptions,
  type ChangeOptions,
  changedAccount,
  type KindOptions,
  newAccount,
} from '../account-input.ts'
import { confirm } from '../ask.ts'
import { call } from '../call.ts'
import { openDesk } from '../here.ts'
import { table, terminal } from '../terminal.ts'
import { accountLines, istText, statusMark } from '../texts.ts'
import type { ApiClient } from '../wire.ts'
import { addImport } from './accounts-import.ts'

interface JsonOption {
  json?: boolean
}

export function accountsCommand(): Command {
  const accounts = new Command('accounts').description('The broker accounts of this household.')
  const fields = (command: Command) =>
    command
      .option('--field <name=value>', 'a public field of the broker; repeat it for more', addTo)
      .option('--secret-file <name=file>', 'a secret field of the broker, in a file; - for stdin', addTo)
      .option('--api-key <key>', 'the same as --field apiKey=…')
      .option('--api-secret-file <file>', 'the same as --secret-file apiSecret=…')
      .option(
        '--api-secret-from <place>',
        'where the API secret is kept: env:NAME, file:/path, or "command:op read …" that secret_commands allows',
      )
      .option('--phone-file <file>', 'the same as --secret-file phoneNumber=…')
      .option('--password-file <file>', 'the same as --secret-file password=…')
      .option('--label <text>', 'a longer name for people')
      .option('--user <id>', 'the broker’s user id, pinned from the start')
      .option('--redirect-url <url>', 'as registered at the broker; left out: the desk’s own')
      .option('--postback-url <url>', 'as registered at the broker')
      .option('--group <name>', 'accounts that belong together; empty: none')
      .option('--egress-from <address>', 'the address of this computer that its calls leave from; empty: any')
      .option(
        '--logout-at <time>',
        'log out by itself each day at this time in India, e.g. 15:45; empty: never',
      )
      .option(
        '--logout-unused <duration>',
        'log out when nobody took the session for so long, e.g. 4h; empty: never',
      )
      .option(
        '--rate-limit <rate>',
        'how often bhor asks the broker for it: 10/20 is 10 a second, 20 at once; empty: as it may',
      )
      .option('--json', 'print JSON')

  fields(
    accounts
      .command('add <account>')
      .description('Add an account. What the broker needs and no option gives is asked on the terminal.'),
  )
    .option('--broker <id>', 'the broker; left out: asked')
    .option('--sandbox', 'a sandbox account: it logs in at bhor’s own simulator')
    .option('--renewable', 'with --sandbox: its sessions come with a refresh token, and bhor renews them')
    .option('--broker-sandbox', 'an account at the broker’s own sandbox, where it has one: no real money')
    .action(
      async (account: string, options: AccountOptions & JsonOption & KindOptions & { broker?: string }) => {
        checkAlias(account)
        await using desk = await openDesk()
        const body = await newAccount(desk, account, options)
        showStored(await call(desk, 'POST /v1/accounts', { body }), options.json)
        // An app that somebody else has published comes back to wherever they registered.
        const paste = body.kind === 'broker-sandbox' && body.app === undefined ? ' --paste' : ''
        if (!options.json) terminal.say(`Added. Log in with: bhor login ${account}${paste}`)
      },
    )

  fields(
    accounts
      .command('edit <account>')
      .description('Change an account; what is not named stays. An empty value forgets an optional field.'),
  )
    .option('--rename <account>', 'a new name')
    .option('--renewable', 'of a sandbox account: its sessions come with a refresh token from now on')
    .option('--no-renewable', 'they come without one again')
    .action(async (account: string, options: ChangeOptions & JsonOption) => {
      await using desk = await openDesk()
      const body = await changedAccount(desk, account, options)
      showStored(
        await call(desk, 'PATCH /v1/accounts/{account}', { params: { account }, body }),
        options.json,
      )
    })

  accounts
    .command('list')
    .description('All accounts.')
    .option('--json', 'print JSON')
    .action(async (options: JsonOption) => {
      await using desk = await openDesk()
      const all = await call(desk, 'GET /v1/accounts')
      if (options.json) return terminal.json(all)
      if (all.length === 0)
        return terminal.say('No accounts yet. Try one without a broker: bhor accounts add demo --sandbox')
      terminal.data(
        table([
          ['ACCOUNT', 'BROKER', 'KIND', 'USER', 'STATUS'],
          ...all.map((v) => [v.account, v.broker, v.kind, v.userId ?? '-', statusMark(v)]),
        ]),
      )
    })

  accounts
    .command('show <account>')
    .description('One account.')
    .option('--json', 'print JSON')
    .action(async (account: string, options: JsonOption) => {
      await using desk = await openDesk()
      show(await call(desk, 'GET /v1/accounts/{account}', { params: { account } }), options.json)
    })

  accounts
    .command('confirm <account>')
    .description(
      'Say that the person who logged in from outside is the right one. Asks, unless --user names it.',
    )
    .option('--user <id>', 'the user id that was shown')
    .option('--json', 'print JSON')
    .action(async (account: string, { user, json }: JsonOption & { user?: string }) => {
      await using desk = await openDesk()
      const userId = user ?? (await confirmedUser(desk, account))
      const view = await call(desk, 'POST /v1/accounts/{account}/confirm', {
        params: { account },
        body: { userId },
      })
      if (json) terminal.json(view)
      else terminal.say(`${account} belongs to ${userId} from now on.`)
    })

  accounts
    .command('hook <account>')
    .description(
      'Make a new secret address at the porch, for the broker to post approvals to. Shown this once.',
    )
    .option('--json', 'print JSON')
    .action(async (account: string, { json }: JsonOption) => {
      await using desk = await openDesk()
      const hook = await call(desk, 'POST /v1/accounts/{account}/hook', { params: { account } })
      if (json) return terminal.json(hook)
      terminal.data(hook.url)
      terminal.say('Register it as the app’s notifier address in the broker’s console. It is a secret.')
      if (hook.beforeUntil !== null)
        terminal.say(`The one before still counts until ${istText(hook.beforeUntil)} IST.`)
    })

  accounts
    .command('remove <account>')
    .description('Remove an account with its sessions. Its audit records stay.')
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON')
    .action(async (account: string, options: JsonOption & { yes?: boolean }) => {
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
  addImport(accounts)
  return accounts
}

/** Who waits to be confirmed, once a person has said that it is the right one. */
async function confirmedUser(desk: ApiClient, account: string): Promise<string> {
  const { unconfirmed } = await call(desk, 'GET /v1/accounts/{account}', { params: { account } })
  if (!unconfirmed)
    throw new BhorError('nothing_to_confirm', `No session of ${account} waits to be confirmed.`)
  const { userId, userName, via, at } = unconfirmed
  const who = userName === '' ? userId : `${userName} (${userId})`
  const way = via === 'telegram' ? 'through Telegram' : 'from outside'
  const question = `${who} logged in ${way} at ${istText(at)} IST. Is this the person of ${account}?`
  if (await confirm(question, `Run it in a terminal, or name who it is: --user ${userId}`)) return userId
  throw new BhorError('cancelled', 'Nothing was confirmed.', {
    hint: `If it is somebody else: bhor logout ${account}.`,
  })
}

function show(view: AccountView, asJson: boolean | undefined): void {
  if (asJson) terminal.json(view)
  else terminal.data(accountLines(view))
}

function showStored(view: StoredAccount, asJson: boolean | undefined): void {
  show(view, asJson)
  if (!asJson) for (const note of view.notes) terminal.say(note)
}

/** An option that may be given several times. */
function addTo(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}
