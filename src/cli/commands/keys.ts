import { Command } from 'commander'
import { type AddKey, type KeyView, type Scope, scopes } from '../../contracts/api.ts'
import { BhorError } from '../../core/errors.ts'
import { call } from '../call.ts'
import { openDesk } from '../here.ts'
import { table, terminal } from '../terminal.ts'
import { istText } from '../texts.ts'

export function keysCommand(): Command {
  const keys = new Command('keys').description('The client keys by which programs talk to bhor.')
  keys
    .command('add <name>')
    .description('Make a key. It is printed this once.')
    .option('--scopes <list>', scopes.join(', '), 'status,read-token')
    .option('--accounts <list>', 'names of accounts; left out: all')
    .option('--days <n>', 'how long it lasts; left out: until revoked')
    .option('--json', 'print JSON')
    .action(
      async (name: string, options: { scopes: string; accounts?: string; days?: string; json?: boolean }) => {
        await using desk = await openDesk()
        const input: AddKey = {
          name,
          scopes: options.scopes.split(',').map((scope) => scope.trim()) as Scope[],
        }
        if (options.accounts !== undefined)
          input.accounts = options.accounts.split(',').map((account) => account.trim())
        if (options.days !== undefined) input.expiresInDays = daysOf(options.days)
        const added = await call(desk, 'POST /v1/keys', { body: input })
        if (options.json) return terminal.json(added)
        terminal.data(added.key)
        terminal.say(`This is the only time that the key is shown. Its id: ${added.id}`)
      },
    )
  keys
    .command('list')
    .description('All keys, without the keys.')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      await using desk = await openDesk()
      const all = await call(desk, 'GET /v1/keys')
      if (options.json) return terminal.json(all)
      if (all.length === 0) return terminal.say('No keys yet. Make one: bhor keys add my-program')
      const nameOf = (id: string | null) => all.find((key) => key.id === id)?.name ?? id ?? ''
      const rows = all.map((key) => [
        key.id,
        key.name,
        key.scopes.join(','),
        key.accounts?.join(',') ?? 'all',
        nameOf(key.madeBy),
        key.lastUsedAt === null ? 'never' : istText(key.lastUsedAt),
        String(key.uses),
        stateOf(key),
      ])
      const head = [
        'ID',
        'NAME',
        'SCOPES',
        'ACCOUNTS',
        'MADE BY KEY',
        'LAST USED (IST)',
        'USES, 7 DAYS',
        'STATE',
      ]
      terminal.data(table([head, ...rows]))
    })
  keys
    .command('revoke <id>')
    .description('Refuse a key from now on, and the keys that it made.')
    .option('--keep-made', 'leave the keys that it made as they are')
    .option('--json', 'print JSON')
    .action(async (id: string, options: { keepMade?: boolean; json?: boolean }) => {
      await using desk = await openDesk()
      const query = options.keepMade ? { made: 'keep' } : {}
      const view = await call(desk, 'DELETE /v1/keys/{key}', { params: { key: id }, query })
      if (options.json) return terminal.json(view)
      terminal.say(`The key “${view.name}” is revoked.`)
      const made = view.alsoRevoked.map(({ name }) => `“${name}”`)
      if (made.length > 0) terminal.say(`So are the keys that it made: ${made.join(', ')}.`)
    })
  return keys
}

function daysOf(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text)
  throw new BhorError('usage', '--days must be a whole number.')
}

function stateOf(key: KeyView): string {
  if (key.revokedAt !== null) return `revoked ${istText(key.revokedAt)} IST`
  if (key.isRun) return 'valid, ends with its run'
  return key.expiresAt === null ? 'valid' : `until ${istText(key.expiresAt)} IST`
}
