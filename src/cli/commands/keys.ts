import { Command } from 'commander'
import { type AddKey, type KeyView, type Scope, scopes } from '../../contracts/api.ts'
import { BhorError } from '../../core/errors.ts'
import { call } from '../call.ts'
import { openDesk } from '../here.ts'
import { table, terminal } from '../terminal.ts'

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
      if (all.length === 0) return terminal.say('No keys yet. Make one: bhor keys add <name>')
      const rows = all.map((key) => [
        key.id,
        key.name,
        key.scopes.join(','),
        key.accounts?.join(',') ?? 'all',
        stateOf(key),
      ])
      terminal.data(table([['ID', 'NAME', 'SCOPES', 'ACCOUNTS', 'STATE'], ...rows]))
    })
  keys
    .command('revoke <id>')
    .description('Refuse a key from now on.')
    .option('--json', 'print JSON')
    .action(async (id: string, options: { json?: boolean }) => {
      await using desk = await openDesk()
      const view = await call(desk, 'DELETE /v1/keys/{key}', { params: { key: id } })
      if (options.json) terminal.json(view)
      else terminal.say(`The key “${view.name}” is revoked.`)
    })
  return keys
}

function daysOf(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text)
  throw new BhorError('usage', '--days must be a whole number.')
}

function stateOf(key: KeyView): string {
  if (key.revokedAt !== null) return `revoked ${key.revokedAt}`
  return key.expiresAt === null ? 'valid' : `until ${key.expiresAt}`
}
