import { resolve } from 'node:path'
import { Command } from 'commander'
import {
  type ActivityEntry,
  type ActivityExport,
  type ActivityWish,
  activityKinds,
} from '../../contracts/activity.ts'
import { BhorError } from '../../core/errors.ts'
import { istZone } from '../../core/ist.ts'
import { checkAlias } from '../../session/ground/fields.ts'
import { call } from '../call.ts'
import { neededServer } from '../connect.ts'
import { followActivity } from '../follow-activity.ts'
import { openDesk } from '../here.ts'
import { table, terminal } from '../terminal.ts'
import { istText } from '../texts.ts'

export function auditCommand(): Command {
  const audit = new Command('audit')
    // Its commands have options of the same names.
    .enablePositionalOptions()
    .description('Who got what, and when: the latest of it, in words.')
    .option('--account <account>', 'only this account, also one that is gone')
    .option('--program <key>', 'only this client key, by its name or id')
    .option('--kind <kind>', activityKinds.join(', '))
    .option('--day <day>', 'only this day in India, such as 2026-11-24')
    .option('--limit <n>', 'how many', '50')
    .option('--before <n>', 'where to go on, as the page before says')
    .option(
      '--up-to <n>',
      'with --before: as the page before says, so that nothing is told twice or left out',
    )
    .option('--json', 'print the records as JSON; with --words, what is shown')
    .option('--words', 'with --json: in words, the same again and again once for each day')
    .option('--csv', 'print a copy for a spreadsheet, one line for each record')
    .option(
      '--follow',
      'stay, and show what comes until Ctrl-C, one line each; with --json one object each; needs the server',
    )
    .action(async (options: AuditOptions) => {
      if (options.follow) return follow(options)
      await using desk = await openDesk()
      const wish = wishOf(options)
      if (options.csv)
        return printCopy(await call(desk, 'POST /v1/activity/export', { body: { ...wish, format: 'csv' } }))
      const { limit, before, upTo: asOf } = options
      const query = {
        ...wish,
        limit,
        ...(before === undefined ? {} : { before }),
        ...(asOf === undefined ? {} : { up_to: asOf }),
      }
      if (options.json && !options.words) {
        const { program, kind, day, up_to, ...rest } = query
        if ([program, kind, day, up_to].some((given) => given !== undefined))
          throw new BhorError('usage', 'Records are not looked up by --program, --kind, --day or --up-to.', {
            hint: 'Add --words.',
          })
        return terminal.json(await call(desk, 'GET /v1/audit', { query: rest }))
      }
      const { entries, next, upTo } = await call(desk, 'GET /v1/activity', { query })
      if (options.json) return terminal.json({ entries, next, upTo })
      if (entries.length > 0) terminal.data(table([['AT (IST)', 'WHAT'], ...entries.map(line)]))
      if (next !== null) terminal.say(`Older ones: --before ${next} --up-to ${upTo}`)
    })
  audit
    .command('verify')
    .description(
      'Check the whole chain: any record that was edited, deleted, inserted or moved is named, and a log or a row that is an earlier one.',
    )
    .option('--json', 'print JSON')
    .action(async (_options: unknown, command: Command) => {
      // The --json of `audit verify --json` ends up at `audit`, which has one too.
      const options = command.optsWithGlobals<{ json?: boolean }>()
      await using desk = await openDesk()
      const check = await call(desk, 'GET /v1/audit/verify')
      if (options.json) terminal.json(check)
      if (!check.intact) {
        const code = check.fault === 'rolled_back' ? 'store_rolled_back' : 'audit_broken'
        throw new BhorError(code, check.text, { facts: { seq: check.seq } })
      }
      const { prunedUpTo } = check
      const before =
        prunedUpTo === undefined
          ? ''
          : `, from record ${prunedUpTo + 1} on: those before were exported and pruned`
      if (!options.json) terminal.data(`intact: ${check.records} records${before}`)
    })
  audit
    .command('export')
    .description(
      'Write the records before a time into a file, with a signed checkpoint. Only such records can be pruned.',
    )
    .argument('<file>', 'the new file')
    .requiredOption('--before <day>', 'a day in India, such as 2021-11-29')
    .option('--force', 'replace the file')
    .option('--json', 'print JSON')
    .action(async (file: string, options: { before: string; force?: boolean }, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: boolean }>()
      const body = {
        path: resolve(file),
        before: dayOf(options.before),
        ...(options.force ? { replace: true } : {}),
      }
      await using desk = await openDesk()
      const exported = await call(desk, 'POST /v1/audit/export', { body })
      if (json) return terminal.json(exported)
      const { records, from, upTo, path } = exported
      terminal.say(
        `${records} records (${from} to ${upTo}) are in ${path}. Nothing was pruned: audit_retention says when.`,
      )
    })
  return audit
}

async function follow(options: AuditOptions): Promise<void> {
  const { limit, json, csv, before, upTo } = options
  if ([csv, before, upTo].some((given) => given !== undefined))
    throw new BhorError('usage', 'With --follow there is no --csv, --before or --up-to.', {
      hint: 'Follow what comes, or look at what was.',
    })
  await using desk = await neededServer()
  await followActivity(desk, { ...wishOf(options), limit }, (entry) =>
    terminal.data(json ? JSON.stringify(entry) : line(entry).join('  ')),
  )
}

interface AuditOptions extends ActivityWish {
  readonly limit: string
  readonly before?: string
  readonly upTo?: string
  readonly json?: boolean
  readonly words?: boolean
  readonly csv?: boolean
  readonly follow?: boolean
}

function wishOf({ account, program, kind, day }: AuditOptions): ActivityWish {
  return {
    ...(account === undefined ? {} : { account: checkAlias(account) }),
    ...(program === undefined ? {} : { program }),
    ...(kind === undefined ? {} : { kind }),
    ...(day === undefined ? {} : { day }),
  }
}

function line({ at, text, result }: ActivityEntry): string[] {
  return [istText(at), result === 'ok' ? text : terminal.yellow(text)]
}

function printCopy({ text, isWhole, records, check }: ActivityExport): void {
  terminal.data(text)
  if (!isWhole) terminal.say(`These are the latest ${records} records; for all of them: bhor audit export.`)
  if (!check.intact) throw new BhorError('audit_broken', check.text, { facts: { seq: check.seq } })
  terminal.say(`The chain of all ${check.records} records is intact.`)
}

/** The first moment of a day in India. */
function dayOf(text: string): string {
  try {
    return Temporal.PlainDate.from(text).toZonedDateTime(istZone).toInstant().toString()
  } catch {
    throw new BhorError('usage', `--before is no day (${text.length} characters).`, {
      hint: 'Write it as 2021-11-29.',
    })
  }
}
