import { Command } from 'commander'
import {
  type AlertChannelView,
  type ChannelField,
  type ChannelKind,
  channelKinds,
  type EditAlertChannel,
  type Severity,
  severities,
} from '../../contracts/alerts.ts'
import { channelFields } from '../../contracts/channel-fields.ts'
import { BhorError } from '../../core/errors.ts'
import { askField, confirm } from '../ask.ts'
import { call } from '../call.ts'
import { openDesk } from '../here.ts'
import { secretFrom } from '../secret-input.ts'
import { table, terminal } from '../terminal.ts'
import { istText } from '../texts.ts'

const all = Object.values(channelFields).flat()
const publicNames = [...new Set(all.filter(({ secret }) => !secret).map(({ name }) => name))]
const secretNames = [...new Set(all.filter(({ secret }) => secret).map(({ name }) => name))]

interface ChannelOptions {
  readonly [option: string]: string | boolean | undefined
  readonly least?: string
  readonly accounts?: string
  readonly quiet?: string
  readonly json?: boolean
}

export function alertsCommand(): Command {
  const alerts = new Command('alerts').description('Who is told when something happens, and by which way.')

  withFields(
    alerts
      .command('add <kind> <name>')
      .description(`Add a channel: ${channelKinds.join(', ')}. What is missing is asked for.`),
  ).action(async (kind: string, name: string, options: ChannelOptions) => {
    const fields = channelFields[kind as ChannelKind]
    if (!Object.hasOwn(channelFields, kind) || !fields)
      throw new BhorError('usage', 'There is no such kind of channel.', {
        hint: `The kinds: ${channelKinds.join(', ')}.`,
      })
    const given = await givenIn(options)
    await askMissing(fields, given)
    await using desk = await openDesk()
    const { quiet, accounts, leastSeverity } = wishOf(options)
    const body = {
      ...{ name, kind: kind as ChannelKind, ...given },
      ...(leastSeverity === undefined ? {} : { leastSeverity }),
      ...(accounts ? { accounts } : {}),
      ...(quiet ? { quiet } : {}),
    }
    const added = await call(desk, 'POST /v1/alerts', { body })
    if (options.json) return terminal.json(added)
    for (const [field, value] of Object.entries(added.made)) {
      terminal.data(value)
      terminal.say(
        `This is the only time that the ${field} is shown: its receiver checks signatures with it.`,
      )
    }
    terminal.say(
      `Added: ${added.name} (${added.target}). See whether it works: bhor alerts test ${added.name}`,
    )
  })

  alerts
    .command('list', { isDefault: true })
    .description('The channels, and how the last message went.')
    .option('--json', 'print JSON')
    .action(async ({ json }: ChannelOptions) => {
      await using desk = await openDesk()
      const channels = await call(desk, 'GET /v1/alerts')
      if (json) return terminal.json(channels)
      if (channels.length === 0)
        return terminal.say('Nobody is told of anything yet. Add a channel: bhor alerts add telegram phone')
      const head = ['NAME', 'KIND', 'WHERE', 'FROM', 'ACCOUNTS', 'QUIET', 'STATE', 'WAITING', 'LAST (IST)']
      terminal.data(table([head, ...channels.map(rowOf)]))
      for (const { name, state, lastFailure } of channels)
        if (state === 'failing' && lastFailure) terminal.say(`${name}: ${lastFailure.text}`)
    })

  withFields(
    alerts
      .command('edit <name>')
      .description('Change what is given; the rest stays. Secrets are replaced, never shown.')
      .option('--rename <name>', 'call it so'),
  ).action(async (id: string, options: ChannelOptions & { rename?: string }) => {
    const { fields, secrets } = await givenIn(options)
    const body: EditAlertChannel = {
      ...wishOf(options),
      ...(options.rename === undefined ? {} : { name: options.rename }),
      ...(Object.keys(fields).length > 0 ? { fields } : {}),
      ...(Object.keys(secrets).length > 0 ? { secrets } : {}),
    }
    if (Object.keys(body).length === 0)
      throw new BhorError('usage', 'Nothing to change was given.', {
        hint: 'bhor alerts edit --help lists the options.',
      })
    await using desk = await openDesk()
    const channel = await call(desk, 'PATCH /v1/alerts/{id}', { params: { id }, body })
    if (options.json) return terminal.json(channel)
    terminal.say(`Changed: ${channel.name} (${channel.target}).`)
  })

  alerts
    .command('remove <name>')
    .description('Remove a channel, with what waits for it.')
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON')
    .action(async (id: string, { yes, json }: { yes?: boolean; json?: boolean }) => {
      if (!yes && !(await confirm(`Remove the channel ${id}? What waits for it is not told.`)))
        throw new BhorError('cancelled', 'Nothing was removed.', {
          hint: 'Add --yes to remove it without a question.',
        })
      await using desk = await openDesk()
      await call(desk, 'DELETE /v1/alerts/{id}', { params: { id } })
      if (json) terminal.json({ name: id, removed: true })
      else terminal.say(`Removed: ${id}.`)
    })

  alerts
    .command('test <name>')
    .description('Send a test now, and say how it went.')
    .option('--json', 'print JSON')
    .action(async (id: string, { json }: { json?: boolean }) => {
      await using desk = await openDesk()
      const tested = await call(desk, 'POST /v1/alerts/{id}/test', { params: { id } })
      if (json) terminal.json(tested)
      else terminal.say(`Delivered: ${tested.name}. Look whether it has arrived.`)
    })
  return alerts
}

/** One option for each field of any kind; secrets come from files. */
function withFields(command: Command): Command {
  for (const name of publicNames) command.option(`--${name} <text>`, helpOf(name, false))
  for (const name of secretNames)
    command.option(`--${name}-file <file>`, `${helpOf(name, true)} In a file; “-” for stdin.`)
  return command
    .option('--least <severity>', `the least that is told: ${severities.join(', ')}`)
    .option('--accounts <list>', 'only what concerns these; “all” for all')
    .option(
      '--quiet <hours>',
      'not told in these hours (IST), but for what is critical: 22:00-06:30; “none” for none',
    )
    .option('--json', 'print JSON')
}

function helpOf(name: string, secret: boolean): string {
  return channelKinds
    .flatMap((kind) =>
      channelFields[kind]
        .filter((one) => one.name === name && one.secret === secret)
        .map(({ help }) => `${kind}: ${help}`),
    )
    .join(' ')
}

interface Given {
  readonly fields: Record<string, string>
  readonly secrets: Record<string, string>
}

async function givenIn(options: ChannelOptions): Promise<Given> {
  const fields: Record<string, string> = {}
  const secrets: Record<string, string> = {}
  for (const name of publicNames) {
    const value = options[name]
    if (typeof value === 'string') fields[name] = value
  }
  for (const name of secretNames) {
    const file = options[`${name}File`]
    if (typeof file === 'string') secrets[name] = await secretFrom(file, name)
  }
  return { fields, secrets }
}

/** At a terminal; without one the desk says what is missing. */
async function askMissing(asked: readonly ChannelField[], { fields, secrets }: Given): Promise<void> {
  if (!terminal.canAsk) return
  // Whoever gave something has chosen what to leave out.
  const isAnyGiven = Object.keys(fields).length + Object.keys(secrets).length > 0
  for (const field of asked) {
    const into = field.secret ? secrets : fields
    if (into[field.name] !== undefined || (field.optional && isAnyGiven)) continue
    const answer = await askField(field)
    if (answer !== '') into[field.name] = answer
  }
}

function wishOf({ least, accounts, quiet }: ChannelOptions) {
  return {
    ...(least === undefined ? {} : { leastSeverity: least as Severity }),
    ...(accounts === undefined
      ? {}
      : { accounts: accounts === 'all' ? null : accounts.split(',').map((name) => name.trim()) }),
    ...(quiet === undefined ? {} : { quiet: quiet === 'none' ? null : hoursOf(quiet) }),
  }
}

function hoursOf(text: string): { from: string; until: string } {
  const [from, until, ...more] = text.split('-').map((part) => part.trim())
  if (from && until && more.length === 0) return { from, until }
  throw new BhorError('usage', '--quiet must be two times of day.', { hint: 'Write --quiet 22:00-06:30.' })
}

function rowOf(channel: AlertChannelView): string[] {
  const { name, kind, target, leastSeverity, accounts, quiet, state, waiting, lastDelivery } = channel
  const word = state === 'failing' || state === 'damaged' ? terminal.red(state) : state
  return [
    name,
    kind,
    target,
    leastSeverity,
    accounts?.join(',') ?? 'all',
    quiet ? `${quiet.from}-${quiet.until}` : '',
    word,
    String(waiting),
    lastDelivery === null ? 'never' : istText(lastDelivery),
  ]
}
