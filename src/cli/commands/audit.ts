import { Command } from 'commander'
import type { AuditView } from '../../contracts/api.ts'
import { BhorError } from '../../core/errors.ts'
import { checkAlias } from '../../session/ground/fields.ts'
import { call } from '../call.ts'
import { openDesk } from '../here.ts'
import { table, terminal } from '../terminal.ts'

export function auditCommand(): Command {
  const audit = new Command('audit')
    .description('Who got what, and when: the latest records.')
    .option('--account <account>', 'only this account')
    .option('--limit <n>', 'how many', '50')
    .option('--json', 'print JSON')
    .action(async (options: { account?: string; limit: string; json?: boolean }) => {
      await using desk = await openDesk()
      const { limit, account } = options
      const query = { limit, ...(account === undefined ? {} : { account: checkAlias(account) }) }
      const records = await call(desk, 'GET /v1/audit', { query })
      if (options.json) return terminal.json(records)
      terminal.data(
        table([['SEQ', 'AT', 'WHO', 'ACTION', 'ACCOUNT', 'RESULT', 'DETAIL'], ...records.map(row)]),
      )
    })
  audit
    .command('verify')
    .description('Check the whole chain: any record that was edited, deleted, inserted or moved is named.')
    .option('--json', 'print JSON')
    .action(async (_options: unknown, command: Command) => {
      // The --json of `audit verify --json` ends up at `audit`, which has one too.
      const options = command.optsWithGlobals<{ json?: boolean }>()
      await using desk = await openDesk()
      const check = await call(desk, 'GET /v1/audit/verify')
      if (options.json) terminal.json(check)
      if (!check.intact) throw new BhorError('audit_broken', check.text, { facts: { seq: check.seq } })
      if (!options.json) terminal.data(`intact: ${check.records} records`)
    })
  return audit
}

function row(record: AuditView): string[] {
  const detail = Object.entries(record.detail)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
  const result = record.code === null ? record.result : `${record.result} ${record.code}`
  return [String(record.seq), record.at, record.actor, record.action, record.account ?? '-', result, detail]
}
