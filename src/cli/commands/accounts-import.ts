import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Kind } from '../../contracts/api.ts'
import type { ImportFile, ImportFiles, ImportPlan, PlannedAccount } from '../../contracts/imports.ts'
import { BhorError } from '../../core/errors.ts'
import { printable } from '../../core/redact.ts'
import { secretPlace } from '../broker-fields.ts'
import { call } from '../call.ts'
import { openDesk } from '../here.ts'
import { secretFrom } from '../secret-input.ts'
import { table, terminal } from '../terminal.ts'

/** A request of the API takes no more. */
const mostBytes = 48 * 1024

interface ImportOptions {
  readonly broker?: string
  readonly account?: string
  readonly sandbox?: boolean
  readonly apiKey?: string
  readonly apiSecretFile?: string
  readonly apiSecretFrom?: string
  readonly apiSecretIs?: string
  readonly replace?: boolean
  readonly user?: string
  readonly mirror?: boolean
  readonly apply?: boolean
  readonly json?: boolean
}

/** `bhor accounts import` */
export function addImport(accounts: Command): void {
  accounts
    .command('import <file...>')
    .description(
      'Accounts from the files of other programs: broker-config.json, .env, credentials.json with its token file, CSV. Shows the plan; --apply does it.',
    )
    .option('--apply', 'do it: all of it, or nothing')
    .option('--broker <id>', 'the broker, where the file does not say it')
    .option('--account <name>', 'the name of a single account; else its own, or its person’s')
    .option('--sandbox', 'as sandbox accounts')
    .option('--api-key <key>', 'where the file has none')
    .option(
      '--api-secret-file <file>',
      'the app’s secret, where the file has a token in its place; - for stdin',
    )
    .option(
      '--api-secret-from <place>',
      'where the app’s secret is kept: env:NAME, file:/path, "command:op read …"',
    )
    .option(
      '--api-secret-is <what>',
      'what “api_secret” of the file is, where both are possible: secret or token',
    )
    .option(
      '--replace',
      'replace the stored secret of an app that is known with another one, for all accounts that use it',
    )
    .option('--user <id>', 'the broker’s user id, where the file does not say it')
    .option('--mirror', 'keep the file in step from now on')
    .option('--json', 'print JSON')
    .action(async (paths: string[], options: ImportOptions) => {
      const body = await wishOf(paths, options)
      await using desk = await openDesk()
      const plan = await call(desk, 'POST /v1/imports', { body })
      if (options.json) return terminal.json(plan)
      show(plan)
      if (!plan.applied) return terminal.say('Nothing was stored. To do it, add --apply.')
      terminal.say(`Imported: ${plan.accounts.map(({ account }) => account).join(', ')}.`)
      if (!options.mirror)
        terminal.say(
          'The file still holds what was imported. Delete it if no program reads it, or keep it in step: bhor mirrors add.',
        )
    })
}

async function wishOf(paths: readonly string[], options: ImportOptions): Promise<ImportFiles> {
  const { broker, account, sandbox, apiKey, apiSecretFile, apiSecretFrom, apiSecretIs, user } = options
  if (apiSecretIs !== undefined && apiSecretIs !== 'secret' && apiSecretIs !== 'token')
    throw new BhorError('usage', '--api-secret-is must be secret or token.')
  if (apiSecretFile !== undefined && apiSecretFrom !== undefined)
    throw new BhorError('usage', '--api-secret-file and --api-secret-from exclude each other.')
  const apiSecret =
    apiSecretFile !== undefined
      ? await secretFrom(apiSecretFile, 'app secret')
      : apiSecretFrom !== undefined
        ? secretPlace(apiSecretFrom)
        : undefined
  const kind: Kind | undefined = sandbox ? 'sandbox' : undefined
  return {
    files: paths.map(fileAt),
    ...(broker === undefined ? {} : { broker }),
    ...(account === undefined ? {} : { account }),
    ...(kind === undefined ? {} : { kind }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(apiSecret === undefined ? {} : { apiSecret }),
    ...(apiSecretIs === undefined ? {} : { apiSecretIs }),
    ...(user === undefined ? {} : { userId: user }),
    ...(options.replace ? { replaceSecret: true } : {}),
    ...(options.mirror ? { mirror: true } : {}),
    ...(options.apply ? { apply: true } : {}),
  }
}

/** @throws BhorError `import_invalid` */
function fileAt(given: string): ImportFile {
  const path = resolve(given)
  const shown = printable(given)
  let file: number
  try {
    // A pipe that nobody writes to is not waited for.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`
    throw new BhorError('import_invalid', `${shown} ${why}.`, { hint: 'Check its path.' })
  }
  try {
    const stats = fstatSync(file)
    if (!stats.isFile()) throw new BhorError('import_invalid', `${shown} is not a plain file.`)
    if (stats.size > mostBytes)
      throw new BhorError('import_invalid', `${shown} is larger than 48 KiB.`, {
        hint: 'Import a part of it at a time.',
      })
    if (process.platform !== 'win32' && (stats.mode & 0o077) !== 0)
      terminal.say(`${shown} is open to other users of this computer: chmod 600 ${shown}`)
    const bytes = Buffer.alloc(stats.size)
    return { path, text: textOf(bytes.subarray(0, readSync(file, bytes)), shown) }
  } finally {
    closeSync(file)
  }
}

function textOf(bytes: Uint8Array, shown: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new BhorError('import_invalid', `${shown} is not UTF-8.`, { hint: 'Save it as UTF-8 text.' })
  }
}

const tokenWords: Readonly<Record<PlannedAccount['token'], string>> = {
  live: 'lives, is imported',
  renewable: 'ended, is renewed',
  dead: 'ended',
  unknown: 'nobody knows',
  none: 'none',
}

function show({ accounts, ignored }: ImportPlan): void {
  const head = ['ACCOUNT', 'BROKER', 'KIND', 'API KEY', 'PERSON', 'APP SECRET', 'TOKEN', 'FROM']
  const rows = accounts.map(({ account, broker, kind, apiKey, userId, hasSecret, token, source }) => [
    ...[account, broker, kind, apiKey, userId ?? '-', hasSecret ? 'yes' : 'no', tokenWords[token], source],
  ])
  terminal.data(table([head, ...rows]))
  for (const { account, readAs, notes, mirror } of accounts) {
    if (readAs.length > 0) terminal.say(`${account}: read as ${readAs.join(', ')}.`)
    for (const note of notes) terminal.say(`${account}: ${note}`)
    if (mirror !== null) terminal.say(`${account}: ${printable(mirror)} is kept in step.`)
  }
  if (ignored.length > 0) terminal.say(`Not read: ${ignored.join(', ')}.`)
}
