import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Command } from 'commander'
import {
  type MirrorFormat,
  type MirrorView,
  mirrorFormats,
  type SyncMirror,
} from '../../contracts/mirrors.ts'
import { BhorError } from '../../core/errors.ts'
import { printable } from '../../core/redact.ts'
import { call } from '../call.ts'
import { openDesk } from '../here.ts'
import { table, terminal } from '../terminal.ts'
import { istText } from '../texts.ts'
import type { ApiClient } from '../wire.ts'

interface JsonOption {
  json?: boolean
}

export function mirrorsCommand(): Command {
  const mirrors = new Command('mirrors').description(
    'Files that are kept in step with a session, for programs that read files.',
  )

  mirrors
    .command('add <account> <path>')
    .description('Write the session into this file, now and after every new one. What else is in it stays.')
    .requiredOption('--format <format>', `how: ${mirrorFormats.join(', ')}`)
    .option('--template <file>', 'for json: the file’s text, with {{access_token}} and others in it')
    .option('--in-place', 'write over the file instead of replacing it: for a file that is mounted by itself')
    .option('--json', 'print JSON')
    .action(
      async (
        account: string,
        path: string,
        options: JsonOption & { format: string; template?: string; inPlace?: boolean },
      ) => {
        const { format, template, inPlace } = options
        await using desk = await openDesk()
        const added = await call(desk, 'POST /v1/mirrors', {
          body: {
            account,
            path: resolve(path),
            format: format as MirrorFormat,
            ...(template === undefined ? {} : { template: textOf(template) }),
            ...(inPlace ? { inPlace } : {}),
          },
        })
        show(added, options.json)
      },
    )

  mirrors
    .command('list [account]', { isDefault: true })
    .description('The mirrors, and whether each is up to date.')
    .option('--json', 'print JSON')
    .action(async (account: string | undefined, { json }: JsonOption) => {
      await using desk = await openDesk()
      const all = await call(desk, 'GET /v1/mirrors')
      const shown = account === undefined ? all : all.filter((mirror) => mirror.account === account)
      if (json) return terminal.json(shown)
      if (shown.length === 0)
        return terminal.say('No mirrors yet. bhor mirrors add --help says what a mirror is.')
      const head = ['ACCOUNT', 'FORMAT', 'STATE', 'WRITTEN (IST)', 'PATH']
      terminal.data(table([head, ...shown.map(rowOf)]))
      for (const mirror of shown) sayFault(mirror)
    })

  mirrors
    .command('sync <account> [path]')
    .description('Bring the files of an account up to date now.')
    .option('--take', 'make a token that somebody has put into the file the session, if the broker says so')
    .option('--overwrite', 'write over a token that somebody has put into the file')
    .option('--json', 'print JSON')
    .action(
      async (
        account: string,
        path: string | undefined,
        { take, overwrite, json }: JsonOption & { take?: boolean; overwrite?: boolean },
      ) => {
        if (take && overwrite) throw new BhorError('usage', '--take and --overwrite exclude each other.')
        const foreign = take ? 'take' : overwrite ? 'overwrite' : undefined
        await using desk = await openDesk()
        const found = await mirrorsOf(desk, account, path)
        if (foreign === 'take' && found.length > 1)
          throw new BhorError('usage', `${account} has ${found.length} mirrors.`, {
            hint: 'Name the file from which the token is taken.',
          })
        const synced: MirrorView[] = []
        for (const { id } of found) {
          const body: SyncMirror = foreign ? { foreign } : {}
          synced.push(await call(desk, 'POST /v1/mirrors/{mirror}/sync', { params: { mirror: id }, body }))
        }
        if (json) return terminal.json(synced)
        for (const mirror of synced) show(mirror, false)
      },
    )

  mirrors
    .command('remove <account> <path>')
    .description('Keep a file in step no longer. It stays as it is.')
    .option('--json', 'print JSON')
    .action(async (account: string, path: string, { json }: JsonOption) => {
      await using desk = await openDesk()
      for (const { id } of await mirrorsOf(desk, account, path))
        await call(desk, 'DELETE /v1/mirrors/{mirror}', { params: { mirror: id } })
      if (json) terminal.json({ account, path: resolve(path), removed: true })
      else terminal.say(`Removed. ${printable(path)} stays as it is; delete it if nobody reads it.`)
    })
  return mirrors
}

/** @throws BhorError `mirror_not_found` */
async function mirrorsOf(desk: ApiClient, account: string, path?: string): Promise<readonly MirrorView[]> {
  const wanted = path === undefined ? undefined : resolve(path)
  const all = await call(desk, 'GET /v1/mirrors')
  // The row of a damaged one does not say whose it is.
  const found = all.filter(
    (mirror) =>
      (mirror.account === account || mirror.state === 'damaged') &&
      (wanted === undefined || mirror.path === wanted),
  )
  if (found.length > 0) return found
  throw new BhorError(
    'mirror_not_found',
    wanted === undefined ? `${account} has no mirror.` : `${printable(wanted)} is no mirror of ${account}.`,
  )
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new BhorError('usage', 'The template cannot be read.', { hint: 'Check its path.' })
  }
}

function show(mirror: MirrorView, asJson: boolean | undefined): void {
  if (asJson) {
    terminal.json(mirror)
    return
  }
  const { account, path, state } = mirror
  if (state === 'written') terminal.say(`${printable(path)} has the session of ${account}.`)
  if (state === 'waiting') terminal.say(`${printable(path)} is written as soon as ${account} has a session.`)
  sayFault(mirror)
}

function sayFault({ account, path, state, fault }: MirrorView): void {
  if (!fault) return
  terminal.say(fault.text)
  if (state === 'conflict')
    terminal.say(
      `Use that token, or write over it: bhor mirrors sync ${account} ${printable(path)} --take or --overwrite`,
    )
  else terminal.say('It is tried again by itself.')
}

function rowOf({ account, format, state, writtenAt, path }: MirrorView): string[] {
  const isWrong = state === 'conflict' || state === 'failing' || state === 'damaged'
  const word = isWrong ? terminal.red(state) : state
  return [account, format, word, writtenAt === null ? 'never' : istText(writtenAt), printable(path)]
}
