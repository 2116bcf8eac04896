import type { Alert, AlertChannelRecord, AlertLink, Severity } from '../../contracts/alerts.ts'
import type { RollCallEntry } from '../../contracts/api.ts'
import type { AccountRecord } from '../../contracts/store.ts'
import { istClock, istMoment } from '../../core/ist.ts'
import { type Change, change, whoOf } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { soundOf } from '../ground/records.ts'
import { keeper } from '../ground/rights.ts'
import { type Prompts, promptPath } from './prompts.ts'
import { type RollCall, unknownHint, unknownText } from './roll-call.ts'
import { type MorningTimes, promptOutlivesMs } from './times.ts'

/** The longest time between two looks. */
const longestMs = 60_000
const toldName = 'roll_call.told'

/** What was told of a morning; all servers of a store share it. */
interface Told {
  readonly date: string
  /** How many calls are behind us, the deadline's own included. */
  readonly calls: number
  /** The channels that were told that somebody is missing, and not yet that all are ready. */
  readonly channels: readonly string[]
}
const nothingTold = (date: string): Told => ({ date, calls: 0, channels: [] })

/** Somebody who is missing. */
interface Missing {
  readonly account: AccountRecord
  readonly entry: RollCallEntry
}
/** Who is called: accounts, and names of which nobody knows whose they are. */
interface Called {
  readonly missing: readonly Missing[]
  readonly unknown: readonly string[]
}

/**
 * Calls those who are missing before the market, each time more urgently, and says once that all are ready: to whoever was
 * told that somebody was not. Who is missing again after that is called again, at the next call. A morning on which nobody is
 * missing stays quiet.
 */
export class Reminders {
  readonly #context: SessionContext
  readonly #rollCall: RollCall
  readonly #prompts: Prompts

  constructor(context: SessionContext, rollCall: RollCall, prompts: Prompts) {
    this.#context = context
    this.#rollCall = rollCall
    this.#prompts = prompts
  }

  /** Tells what is to be told by now. @returns in how many milliseconds to look again, at the latest */
  async look(): Promise<number> {
    const context = this.#context
    if (!context.alerting || context.store.rollback()) return longestMs
    const times = await this.#rollCall.times()
    const nowMs = context.clock.nowMs()
    const momentsMs = [...times.callsMs, times.deadlineMs]
    const calls = momentsMs.filter((atMs) => atMs <= nowMs).length
    const nextMs = momentsMs.find((atMs) => atMs > nowMs)
    const waitMs = Math.min(longestMs, nextMs === undefined ? longestMs : nextMs - nowMs)
    if (calls === 0 || nowMs >= times.deadlineMs + promptOutlivesMs) return waitMs
    const told = await toldOf(context.store, times)
    // Nobody waits for an answer: accounts are looked at only where somebody is to be called, and somebody to tell it to.
    if (told.channels.length === 0 && (told.calls >= calls || !(await hasChannels(context)))) return waitMs
    const { missing, ready, unknown } = await this.#looked(times)
    if (missing.length + unknown.length > 0) {
      const isLast = calls >= times.callsMs.length
      const called = missing.filter(({ entry }) => isLast || !settlesItself.has(entry.state))
      if (told.calls < calls && called.length + unknown.length > 0)
        await this.#call(times, calls, { missing: called, unknown })
      return waitMs
    }
    // Nobody is called: that is no morning on which all are ready.
    if (ready.length === 0) return waitMs
    if (told.channels.length > 0) for (const account of ready) await this.#prompts.withdraw(account)
    await this.#noteReady(times, calls, ready)
    return waitMs
  }

  async #looked(times: MorningTimes): Promise<Called & { readonly ready: readonly AccountRecord[] }> {
    const { accounts, unknown } = await this.#rollCall.roster()
    const entries = await this.#rollCall.entries(accounts, times)
    const stands = accounts.map((account, at) => ({ account, entry: entries[at]! }))
    const missing = stands.filter(({ entry }) => entry.state !== 'ready')
    const ready = stands.flatMap(({ account, entry }) => (entry.state === 'ready' ? account : []))
    return { missing, ready, unknown }
  }

  async #call(times: MorningTimes, calls: number, { missing, unknown }: Called): Promise<void> {
    const context = this.#context
    const links = new Map<string, string>()
    for (const { account, entry } of missing.filter(({ entry }) => entry.state === 'login')) {
      const token = await this.#prompts.tokenFor(account, times.deadlineMs + promptOutlivesMs)
      links.set(entry.account, context.linkTo(`${promptPath}${token}`))
    }
    await change(context, async (c) => {
      const told = await toldOf(c.reads, times)
      // Another server was faster.
      if (told.calls >= calls) return
      const severity = severityOf(times, calls)
      const channels = soundOf(context.vault, 'alert_channels', await c.reads.channels.list())
      const reached: string[] = []
      for (const channel of channels) {
        const own = calledOf(channel, { missing, unknown })
        if (own.missing.length + own.unknown.length === 0 || !passesOn(channel, severity)) continue
        reached.push(channel.id)
        const isProgram = context.alerting?.types[channel.kind].reader === 'program'
        const alerts = isProgram
          ? programAlerts(context, times, own, links, severity)
          : [peopleAlert(context, times, own, links, severity)]
        for (const alert of alerts) c.alert({ alert, channelIds: [channel.id] })
      }
      await note(
        c,
        'roll_call.call',
        { ...told, calls, channels: [...new Set([...told.channels, ...reached])] },
        missing.length + unknown.length,
      )
    })
  }

  /** The calls until now are behind us, and whoever waits for it is told that all are ready. */
  async #noteReady(times: MorningTimes, calls: number, ready: readonly AccountRecord[]): Promise<void> {
    const context = this.#context
    await change(context, async (c) => {
      const told = await toldOf(c.reads, times)
      // Another server was faster.
      if (told.calls >= calls && told.channels.length === 0) return
      const names = ready.map(({ alias }) => alias).join(', ')
      const alert: Alert = {
        ...aboutHouse(context, 'all_ready', 'info'),
        title: ready.length === 1 ? `${names} is ready` : `All ${ready.length} accounts are ready`,
        text: ready.length === 1 ? '' : `Verified: ${names}.`,
      }
      if (told.channels.length > 0) c.alert({ alert, channelIds: told.channels })
      const noted = { ...told, calls: Math.max(told.calls, calls), channels: [] }
      await note(c, 'roll_call.ready', noted, 0, told.channels.length)
    })
  }
}

/** What bhor does by itself is called at the end only. */
const settlesItself: ReadonlySet<RollCallEntry['state']> = new Set(['renewing', 'unproven'])

async function hasChannels({ store }: SessionContext): Promise<boolean> {
  return (await store.channels.list()).records.length > 0
}

function severityOf({ callsMs }: MorningTimes, calls: number): Severity {
  return calls >= callsMs.length ? 'critical' : 'warning'
}

/** Of whom a channel hears: one that is limited to accounts, of those alone. */
function calledOf({ accountIds }: AlertChannelRecord, called: Called): Called {
  if (accountIds === null) return called
  return { missing: called.missing.filter(({ account }) => accountIds.includes(account.id)), unknown: [] }
}

function passesOn({ leastSeverity }: AlertChannelRecord, severity: Severity): boolean {
  return severity === 'critical' || leastSeverity !== 'critical'
}

/** One message that names them all, each with its link. */
function peopleAlert(
  context: SessionContext,
  { deadlineMs }: MorningTimes,
  { missing, unknown }: Called,
  links: ReadonlyMap<string, string>,
  severity: Severity,
): Alert {
  const isLate = context.clock.nowMs() >= deadlineMs
  const length = missing.length + unknown.length
  const count = length === 1 ? '1 account is' : `${length} accounts are`
  const lines = missing.map(({ entry }) => `${entry.account} (${entry.broker}): ${entry.text}`)
  if (unknown.length > 0) lines.push(`${unknownText(unknown)} ${unknownHint}`)
  return {
    ...aboutHouse(context, 'reminder', severity),
    title: isLate
      ? `The deadline is over: ${count} not ready`
      : `${count} not ready; deadline ${istClock(deadlineMs)} IST`,
    text: lines.join('\n'),
    links: missing.flatMap((one) => linkOf(one, links) ?? []),
  }
}

/** A program gets one event for each account, and one for the names that no account has. */
function programAlerts(
  context: SessionContext,
  times: MorningTimes,
  { missing, unknown }: Called,
  links: ReadonlyMap<string, string>,
  severity: Severity,
): Alert[] {
  const alerts = missing.map((one) => programAlert(context, times, one, links, severity))
  if (unknown.length === 0) return alerts
  const ofNames = aboutHouse(context, 'reminder', severity)
  return [...alerts, { ...ofNames, title: unknownText(unknown), next: unknownHint }]
}

function programAlert(
  context: SessionContext,
  { deadlineMs }: MorningTimes,
  one: Missing,
  links: ReadonlyMap<string, string>,
  severity: Severity,
): Alert {
  const link = linkOf(one, links)
  const deadline = Temporal.Instant.fromEpochMilliseconds(deadlineMs).toString()
  return {
    ...aboutHouse(context, 'reminder', severity),
    account: whoOf(one.account),
    title: `Not ready; the deadline is ${istMoment(deadlineMs)}`,
    text: one.entry.text,
    event: { type: 'login.needed', data: { reason: 'roll_call', state: one.entry.state, deadline } },
    ...(link ? { links: [link] } : {}),
  }
}

function linkOf(
  { account: { id, alias } }: Missing,
  links: ReadonlyMap<string, string>,
): AlertLink | undefined {
  const url = links.get(alias)
  return url === undefined ? undefined : { label: `Log in ${alias}`, url, tap: `login ${id}` }
}

function aboutHouse(
  { clock }: SessionContext,
  kind: Alert['kind'],
  severity: Severity,
): Omit<Alert, 'title'> {
  return { kind, severity, account: null, cause: '', text: '', next: '', atMs: clock.nowMs() }
}

async function toldOf(reads: Pick<SessionContext['store'], 'meta'>, { date }: MorningTimes): Promise<Told> {
  const text = await reads.meta.get(toldName)
  const told = text === undefined ? undefined : toldFrom(text)
  return told?.date === date ? told : nothingTold(date)
}

/** It decides nothing but what is told: from one that was damaged, a call comes once more. */
function toldFrom(text: string): Told | undefined {
  try {
    const { date, calls, channels, isOver } = JSON.parse(text) as Told & { readonly isOver?: boolean }
    // Earlier versions kept the channels that were told that all are ready, and said so by this.
    return { date, calls, channels: isOver ? [] : channels }
  } catch {
    return undefined
  }
}

function note(
  c: Change,
  action: 'roll_call.call' | 'roll_call.ready',
  told: Told,
  missing: number,
  channels = told.channels.length,
): Promise<void> {
  const { date, calls } = told
  const detail = { date, call: calls, missing, channels }
  return c
    .tell({ actor: keeper.actor, action, result: 'ok', detail })
    .meta.set(toldName, JSON.stringify(told))
}
