import { Command, Option } from 'commander'
import type { VaultView } from '../../contracts/api.ts'
import { foregroundClock } from '../../core/clock.ts'
import { BhorError } from '../../core/errors.ts'
import { askPassphrase } from '../ask.ts'
import { call } from '../call.ts'
import { openDesk } from '../here.ts'
import { secretFrom } from '../secret-input.ts'
import { terminal } from '../terminal.ts'
import { istText } from '../texts.ts'

const lookEveryMs = 500

interface RotateOptions {
  source?: 'file' | 'passphrase'
  passphraseFile?: string
  json?: boolean
}

export function vaultCommand(): Command {
  const vault = new Command('vault').description('The keys that everything is sealed with.')
  vault
    .command('status')
    .description('The data key in use, and how far a change of it is.')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      await using desk = await openDesk()
      const view = await call(desk, 'GET /v1/vault')
      if (json) terminal.json(view)
      else terminal.data(linesOf(view).join('\n'))
    })
  vault
    .command('rotate')
    .description(
      'Replace the data key, and seal everything anew while bhor goes on. With --source: replace the master key, which seals the keys.',
    )
    .addOption(new Option('--source <source>', 'where the new master key is').choices(['file', 'passphrase']))
    .option('--passphrase-file <file>', 'where the new passphrase is, for --source passphrase; - for stdin')
    .option('--json', 'print JSON')
    .action(rotate)
  return vault
}

async function rotate({ source, passphraseFile, json }: RotateOptions): Promise<void> {
  if (passphraseFile !== undefined && source !== 'passphrase')
    throw new BhorError('usage', '--passphrase-file belongs to --source passphrase.')
  if (source !== undefined) return changeMaster(source, passphraseFile, json)
  await using desk = await openDesk()
  let view = await call(desk, 'POST /v1/vault/rotate')
  for (let said = ''; isUnderWay(view); ) {
    const line = `Rows left: ${view.rotation?.left}.`
    if (line !== said) terminal.say(line)
    said = line
    await foregroundClock.sleep(lookEveryMs)
    view = await call(desk, 'GET /v1/vault')
  }
  if (json) terminal.json(view)
  else for (const line of linesOf(view)) terminal.say(line)
}

/** What is left is waited for, but for logins that people have open and for rows that stay as they are. */
function isUnderWay({ rotation }: VaultView): boolean {
  return rotation !== null && rotation.left > rotation.waiting + rotation.damaged
}

async function changeMaster(
  source: 'file' | 'passphrase',
  file: string | undefined,
  json = false,
): Promise<void> {
  const passphrase =
    source !== 'passphrase'
      ? undefined
      : file === undefined
        ? await askPassphrase(true)
        : await secretFrom(file, 'passphrase')
  await using desk = await openDesk()
  const body = { source, ...(passphrase === undefined ? {} : { passphrase }) }
  const changed = await call(desk, 'POST /v1/vault/master', { body })
  if (json) return terminal.json(changed)
  terminal.say('The master key was replaced; the one of before opens nothing any more.')
  terminal.say(
    'Every other server of this store needs the new one before its next start. Backups keep their own passphrases.',
  )
  if (changed.hint !== null) terminal.say(changed.hint)
}

function linesOf({ key, since, rotation }: VaultView): string[] {
  const lines = [`Data key ${key}, since ${istText(since)} IST.`]
  if (!rotation) return [...lines, 'Everything is sealed by it.']
  lines.push(`Still sealed by a key of before (${rotation.keys.join(', ')}): ${rotation.left}.`)
  if (rotation.waiting > 0)
    lines.push(
      `${rotation.waiting} of them belong to logins that are under way: they follow within 20 minutes.`,
    )
  if (rotation.damaged > 0)
    lines.push(`${rotation.damaged} of them are damaged and stay as they are, and so does that key.`)
  return lines
}
