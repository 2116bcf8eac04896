import { Command } from 'commander'
import type { AccountView } from '../../contracts/api.ts'
import { BhorError } from '../../core/errors.ts'
import { checkAlias } from '../../session/ground/fields.ts'
import { type AccountOptions, changedAccount, newAccount } from '../account-input.ts'
import { confirm } from '../ask.ts'
import { call } from '../call.ts'
import { openDesk } from '../here.ts'
import { table, terminal } from '../terminal.ts'
import { accountLines, istText, statusMark } from '../texts.ts'

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
      .option('--phone-file <file>', 'the same as --secret-file phoneNumber=…')
      .option('--password-file <file>', 'the same as --secret-file password=…')
      .option('--label <text>', 'a longer name for people')
      .option('--user <id>', 'the broker’s user id, pinned from the start')
      .option('--redirect-url <url>', 'as registered at the broker; left out: the desk’s own')
      .option('--postback-url <url>', 'as registered at the broker')
      .option('--group <name>', 'accounts that belong together; empty: none')
      .option('--egress-from <address>', 'the address of this computer that its calls leave from; empty: any')
      .option('--json', 'print JSON')

  fields(
    accounts
      .command('add <account>')
      .description('Add an account. What the broker needs and no option gives is asked on the terminal.'),
  )
    .option('--broker <id>', 'the broker; left out: asked')
    .option('--sandbox', 'a sandbox account: it logs in at bhor’s own simulator')
    .action(
      async (
        account: string,
        options: AccountOptions & JsonOption & { broker?: string; sandbox?: boolean },
      ) => {
        checkAlias(account)
        await using desk = await openDesk()
        const body = await newAccount(desk, account, options)
        show(await call(desk, 'POST /v1/accounts', { body }), options.json)
        if (!options.json) terminal.say(`Added. Log in with: bhor login ${account}`)
      },
    )

  fields(
    accounts
      .command('edit <account>')
      .description('Change an account; what is not named stays. An empty value forgets an optional field.'),
  )
    .option('--rename <account>', 'a new name')
    .action(async (account: string, options: AccountOptions & JsonOption & { rename?: string }) => {
      await using desk = await openDesk()
      const body = await changedAccount(desk, account, options)
      show(await call(desk, 'PATCH /v1/accounts/{account}', { params: { account }, body }), options.json)
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
          ...all.map((v) => [v.account, v.broker, v.kind, v.userId ?? '-', statusMark(v.status)]),
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
  return accounts
}

function show(view: AccountView, asJson: boolean | undefined): void {
  if (asJson) terminal.json(view)
  else terminal.data(accountLines(view))
}

/** An option that may be given several times. */
function addTo(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}
