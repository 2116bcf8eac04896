import type {
  AddAlertChannel,
  AlertChannelAdded,
  AlertChannelRecord,
  AlertChannelView,
  AlertTested,
  ChannelSecrets,
  ChannelSettings,
  ChannelType,
  Delivery,
  EditAlertChannel,
} from '../../contracts/alerts.ts'
import { channelKinds, severities } from '../../contracts/alerts.ts'
import type { StoreReads } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { iso } from '../../core/instant.ts'
import { isWallClock } from '../../core/ist.ts'
import { Secret } from '../../core/secret.ts'
import { accountFor } from '../accounts/account.ts'
import { change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { amended, isGenuine, openSecrets, places, proven, sealSecrets, stamped } from '../ground/records.ts'
import { type Principal, requireFresh, requirePerson, requireRight } from '../ground/rights.ts'
import { alertingOf } from './alerting.ts'
import { channelView, damagedChannelView } from './channel-view.ts'
import { afterwards, freshDelivery } from './courier.ts'
import { openChannel } from './open-channel.ts'
import { alertOf } from './rules.ts'

const namePattern = /^[a-z0-9][a-z0-9_-]{0,39}$/
/** More than any household has; each is looked at with every event. */
const mostChannels = 50

/** Where alerts go. */
export class AlertChannels {
  readonly #context: SessionContext

  constructor(context: SessionContext) {
    this.#context = context
  }

  /** One damaged row does not hide the others; it says of itself that it is damaged. */
  async list(principal: Principal): Promise<AlertChannelView[]> {
    requireRight(principal, 'admin', 'house')
    const { vault, store } = this.#context
    const { records, damaged } = await store.channels.list()
    const sound = records.filter((record) => isGenuine(vault, 'alert_channels', record))
    const forged = records.filter((record) => !sound.includes(record))
    return [
      ...(await Promise.all(sound.map((record) => channelView(this.#context, record)))),
      ...[...forged, ...damaged].map(damagedChannelView),
    ]
  }

  /** @throws BhorError `channel_invalid`, `channel_target_refused`, `already_exists`, `bad_field`, `account_not_found` */
  async add(principal: Principal, input: AddAlertChannel): Promise<AlertChannelAdded> {
    requireRight(principal, 'admin', 'house')
    requirePerson(principal)
    requireFresh(this.#context, principal, 'alerts.change')
    const context = this.#context
    const type = this.#typeOf(input.kind)
    const given = secretsOf(type, input.secrets ?? {})
    const made =
      type.makes && given[type.makes.field] === undefined ? { [type.makes.field]: type.makes.make() } : {}
    const secrets = { ...given, ...made }
    const settings = await this.#checked(type, settingsOf(type, input.fields ?? {}), secrets)
    const nowMs = context.clock.nowMs()
    const id = newId('chan', context.random)
    const record = stamped(context.vault, 'alert_channels', {
      id,
      name: checkName(input.name),
      kind: type.kind,
      settings,
      sealedSecrets: sealSecrets(context.vault, secrets, places.channelSecrets(id)),
      leastSeverity: checkSeverity(input.leastSeverity ?? type.leastSeverity),
      accountIds: await this.#accountIds(principal, input.accounts ?? null),
      quiet: checkQuiet(input.quiet ?? null),
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    })
    await change(context, async (c) => {
      const { records, damaged } = await c.reads.channels.list()
      if (records.length + damaged.length >= mostChannels)
        throw new BhorError('channel_invalid', `There are ${mostChannels} channels already.`, {
          hint: 'Remove one: bhor alerts remove.',
        })
      if (records.some(({ name }) => name === record.name))
        throw new BhorError('already_exists', `There is a channel ${record.name} already.`)
      const detail = { id, channel: record.name, kind: record.kind }
      await c
        .tell({ actor: principal.actor, action: 'alert.add', result: 'ok', detail })
        .channels.insert(record)
    })
    const shown = Object.entries(made).map(([name, secret]) => [name, secret.reveal()])
    return { ...(await channelView(context, record)), made: Object.fromEntries(shown) }
  }

  /** What is left out stays as it is. @throws as {@link AlertChannels.add}; `channel_not_found` */
  async edit(principal: Principal, name: string, input: EditAlertChannel): Promise<AlertChannelView> {
    requireRight(principal, 'admin', 'house')
    requirePerson(principal)
    requireFresh(this.#context, principal, 'alerts.change')
    const context = this.#context
    const before = await this.#byName(name, context.store)
    const type = this.#typeOf(before.kind)
    const place = places.channelSecrets(before.id)
    const secrets = without({
      ...openSecrets(context.vault, before.sealedSecrets, place),
      ...secretsOf(type, input.secrets ?? {}, true),
    })
    const settings = await this.#checked(
      type,
      withoutEmpty({ ...before.settings, ...settingsOf(type, input.fields ?? {}) }),
      secrets,
    )
    const changes = {
      settings,
      sealedSecrets:
        input.secrets === undefined ? before.sealedSecrets : sealSecrets(context.vault, secrets, place),
      ...(input.name === undefined ? {} : { name: checkName(input.name) }),
      ...(input.leastSeverity === undefined ? {} : { leastSeverity: checkSeverity(input.leastSeverity) }),
      ...(input.accounts === undefined
        ? {}
        : { accountIds: await this.#accountIds(principal, input.accounts) }),
      ...(input.quiet === undefined ? {} : { quiet: checkQuiet(input.quiet) }),
      updatedAtMs: context.clock.nowMs(),
    }
    const after = await change(context, async (c) => {
      const now = await this.#byName(name, c.reads)
      if (now.mac !== before.mac)
        throw new BhorError('generation_conflict', 'The channel was changed meanwhile.', {
          hint: 'Do it again.',
        })
      const edited = amended(context.vault, 'alert_channels', now, changes)
      const detail = { id: now.id, channel: edited.name, changed: Object.keys(input).sort().join(',') }
      await c
        .tell({ actor: principal.actor, action: 'alert.edit', result: 'ok', detail })
        .channels.update(edited)
      return edited
    })
    return channelView(context, after)
  }

  /** With what waits for it. A damaged one goes too. @throws BhorError `channel_not_found` */
  async remove(principal: Principal, name: string): Promise<void> {
    requireRight(principal, 'admin', 'house')
    requirePerson(principal)
    requireFresh(this.#context, principal, 'alerts.change')
    await change(this.#context, async (c) => {
      const { records, damaged } = await c.reads.channels.list()
      const found = [...records, ...damaged].find(
        (row) => row.name === name || (row.name === '' && row.id === name),
      )
      if (!found) throw notFound(name)
      const detail = { id: found.id, channel: name }
      await c
        .tell({ actor: principal.actor, action: 'alert.remove', result: 'ok', detail })
        .channels.delete(found.id)
    })
  }

  /** Sends a test that everybody sees who reads the channel, at once. @throws BhorError `channel_…` with what the receiver said */
  async test(principal: Principal, name: string): Promise<AlertTested> {
    requireRight(principal, 'admin', 'house')
    const context = this.#context
    const record = await this.#byName(name, context.store)
    await context.rateLimits.spend(principal, 'alertTest')
    const atMs = context.clock.nowMs()
    const text = `bhor reaches you here: this is the channel ${record.name}.`
    const alert = alertOf('test', null, atMs, { text, cause: '', event: { type: 'test', data: {} } })
    const id = newId('msg', context.random)
    const delivery = await openChannel(context, record).send({ id, atMs, alerts: [alert], leftOut: 0 })
    await this.#noteTest(principal, record, delivery)
    if (delivery.outcome === 'delivered') return { name, delivered: true, at: iso(atMs) }
    const { code, text: said } = delivery
    const hint = delivery.outcome === 'refused' ? delivery.hint : undefined
    throw new BhorError(code, said, hint === undefined ? {} : { hint })
  }

  async #noteTest(
    { actor }: Principal,
    { id, name, mac }: AlertChannelRecord,
    delivery: Delivery,
  ): Promise<void> {
    const { vault, clock } = this.#context
    await change(this.#context, async (c) => {
      const stored = await c.reads.channels.byId(id)
      if (!stored) return
      const before = (await c.reads.deliveries.of(id)) ?? freshDelivery(id)
      const detail = { id, channel: name, what: 'test' }
      const isDelivered = delivery.outcome === 'delivered'
      const ended = isDelivered
        ? { result: 'ok' as const }
        : { result: 'failed' as const, code: delivery.code }
      const tx = c.tell({ actor, action: 'alert.check', detail, ...ended })
      await tx.deliveries.set(afterwards(before, delivery, clock.nowMs()))
      const moved = isDelivered && stored.mac === mac ? delivery.moved : undefined
      if (moved) await tx.channels.update(amended(vault, 'alert_channels', stored, { settings: moved }))
    })
  }

  #typeOf(kind: AddAlertChannel['kind']): ChannelType {
    if (channelKinds.includes(kind)) return alertingOf(this.#context).types[kind]
    throw new BhorError('channel_invalid', 'There is no such kind of channel.', {
      hint: `The kinds: ${channelKinds.join(', ')}.`,
      facts: { field: 'kind' },
    })
  }

  async #checked(
    type: ChannelType,
    settings: ChannelSettings,
    secrets: ChannelSecrets,
  ): Promise<ChannelSettings> {
    const given = { ...settings, ...secrets }
    const missing = type.fields.find(({ name, optional }) => !optional && given[name] === undefined)
    if (missing)
      throw new BhorError('channel_invalid', `${missing.label} is missing.`, {
        hint: missing.help,
        facts: { field: missing.name },
      })
    return type.checked(settings, secrets)
  }

  async #byName(name: string, reads: StoreReads): Promise<AlertChannelRecord> {
    const { records } = await reads.channels.list()
    const found = records.find((record) => record.name === name)
    if (!found) throw notFound(name)
    return proven(this.#context.vault, 'alert_channels', found)
  }

  async #accountIds(
    principal: Principal,
    accounts: readonly string[] | null,
  ): Promise<readonly string[] | null> {
    if (accounts === null) return null
    if (accounts.length === 0)
      throw new BhorError('bad_field', 'A channel for no account would say nothing.', {
        hint: 'Name at least one, or leave accounts out for all.',
        facts: { field: 'accounts' },
      })
    const found = await Promise.all(
      accounts.map((alias) => accountFor(this.#context, principal, 'admin', alias)),
    )
    return [...new Set(found.map(({ id }) => id))]
  }
}

function notFound(name: string): BhorError {
  return new BhorError(
    'channel_not_found',
    namePattern.test(name) ? `There is no channel ${name}.` : undefined,
  )
}

function settingsOf({ kind, fields }: ChannelType, given: Readonly<Record<string, string>>): ChannelSettings {
  const known = fields.filter(({ secret }) => !secret).map(({ name }) => name)
  const unknown = Object.keys(given).find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new BhorError('unknown_field', `A channel of kind ${kind} has no such field.`, {
      hint: `Its fields: ${known.join(', ') || 'none'}.`,
    })
  return given
}

function secretsOf(
  { kind, fields }: ChannelType,
  given: Readonly<Record<string, string>>,
  mayBeEmpty = false,
): Record<string, Secret> {
  const known = fields.filter(({ secret }) => secret).map(({ name }) => name)
  const unknown = Object.keys(given).find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new BhorError('unknown_field', `A channel of kind ${kind} has no such secret.`, {
      hint: `Its secrets: ${known.join(', ')}.`,
    })
  const filled = Object.entries(given).filter(([, value]) => mayBeEmpty || value !== '')
  return Object.fromEntries(filled.map(([name, value]) => [name, new Secret(value)]))
}

/** An empty text takes an optional field away. */
function withoutEmpty(settings: ChannelSettings): ChannelSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== ''))
}
function without(secrets: ChannelSecrets): ChannelSecrets {
  return Object.fromEntries(Object.entries(secrets).filter(([, { length }]) => length > 0))
}

function checkName(name: string): string {
  if (namePattern.test(name)) return name
  throw new BhorError('channel_invalid', 'That is no name for a channel.', {
    hint: 'A name is 1 to 40 of a-z, 0-9, "-" and "_", starting with a letter or digit.',
    facts: { field: 'name' },
  })
}

function checkSeverity(severity: AlertChannelRecord['leastSeverity']): AlertChannelRecord['leastSeverity'] {
  if (severities.includes(severity)) return severity
  throw new BhorError('bad_field', 'There is no such severity.', {
    hint: `It is one of ${severities.join(', ')}.`,
    facts: { field: 'leastSeverity' },
  })
}

function checkQuiet(quiet: AlertChannelRecord['quiet']): AlertChannelRecord['quiet'] {
  if (quiet === null) return null
  if (isWallClock(quiet.from) && isWallClock(quiet.until) && quiet.from !== quiet.until) return quiet
  throw new BhorError('bad_field', 'Quiet hours are two different times of day.', {
    hint: 'Write them as 22:00 and 06:30, by clocks in India.',
    facts: { field: 'quiet' },
  })
}
