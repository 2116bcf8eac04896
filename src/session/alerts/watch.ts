import type { Alert, AlertChannelRecord, AlertKind, IncidentRecord } from '../../contracts/alerts.ts'
import { istClock, istDayNumber } from '../../core/ist.ts'
import { printable } from '../../core/redact.ts'
import { healthOf } from '../gate/health.ts'
import { type Change, change, whoOf } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { soundOf } from '../ground/records.ts'
import { keeper } from '../ground/rights.ts'
import type { Alerting } from './alerting.ts'
import { failingFrom } from './courier.ts'
import { type Fact, type Found, facts } from './facts.ts'
import { incidentOf, isUntold } from './outbox.ts'
import { alertOf, causeOf } from './rules.ts'

/** One unheard heartbeat is the network's; two are somebody's. */
const mostUnheard = 2
const dayMs = 24 * 60 * 60_000

/** Tells what no event tells, when it begins and when it is over. */
export class Watch {
  readonly #context: SessionContext
  #auditDay = 0
  #auditFault: string | null | undefined
  #unheard = 0
  #heartbeatFault: string | null | undefined

  constructor(context: SessionContext) {
    this.#context = context
  }

  /** Compares how things are with what was told of them. What cannot be found out changes nothing. */
  async look(): Promise<void> {
    const { alerting, store, vault } = this.#context
    if (!alerting) return
    const channels = soundOf(vault, 'alert_channels', await store.channels.list())
    if (channels.length === 0) return
    const told = await store.incidents.list()
    let failure: unknown
    await this.#verify(alerting, told).catch((error: unknown) => {
      failure = error
    })
    const remembered = { auditFault: this.#auditFault, heartbeatFault: this.#heartbeatFault }
    for (const fact of facts) {
      try {
        const found = await fact.find(this.#context, alerting, remembered)
        const server = fact.ofServer ? alerting.server : undefined
        if (found)
          await this.#compare(
            fact,
            found.map((one) => at(server, one)),
            server,
            told,
            channels,
          )
      } catch (error) {
        failure ??= error
      }
    }
    if (failure !== undefined) throw failure
  }

  /** Calls the heartbeat's address, if all is well. Somebody else notices when it is not called. */
  async beat(): Promise<void> {
    const { alerting, store } = this.#context
    if (!alerting?.heartbeat) return
    if (healthOf(this.#context).length > 0) return
    if ((await store.deliveries.list()).some(({ failures }) => failures >= failingFrom)) return
    const delivery = await alerting.heartbeat()
    const isHeard = delivery.outcome === 'delivered'
    this.#unheard = isHeard ? 0 : this.#unheard + 1
    if (isHeard) this.#heartbeatFault = null
    else if (this.#unheard >= mostUnheard) this.#heartbeatFault = delivery.text
  }

  async #compare(
    fact: Fact,
    found: readonly Found[],
    server: string | undefined,
    told: readonly IncidentRecord[],
    channels: readonly AlertChannelRecord[],
  ): Promise<void> {
    const { kind } = fact
    const now = new Set(found.map((one) => incidentOf(alertFor(kind, one))))
    const begun = (incidents: readonly IncidentRecord[]) =>
      found.filter((one) => this.#isToTell(fact, one, incidents, channels))
    // What another server has told is that one's to end. One that lives tells it again each day.
    const leftSinceMs = this.#context.clock.nowMs() - 2 * dayMs
    const isOwn = ({ cause, toldAtMs }: IncidentRecord) =>
      !fact.ofServer || cause === causeOf(kind, server) || toldAtMs < leftSinceMs
    const over = (incidents: readonly IncidentRecord[]) =>
      incidents.filter((incident) => incident.kind === kind && isOwn(incident) && !now.has(incident.id))
    if (begun(told).length === 0 && over(told).length === 0) return
    await change(this.#context, async (c) => {
      // Another server may have told it meanwhile.
      const stored = await c.reads.incidents.list()
      for (const one of begun(stored)) tellOf(c, kind, 'begun', one)
      for (const incident of over(stored)) await tellEnd(c, incident)
    })
  }

  /** Without anybody to tell nothing is noted either: who comes later is told of what is so then. */
  #isToTell(
    { kind, toldSinceMs }: Fact,
    one: Found,
    incidents: readonly IncidentRecord[],
    channels: readonly AlertChannelRecord[],
  ): boolean {
    if (one.isQuiet) return false
    const nowMs = this.#context.clock.nowMs()
    const alert = alertFor(kind, one, nowMs)
    const incident = incidents.find(({ id }) => id === incidentOf(alert))
    return isUntold(this.#context, channels, incident, alert, toldSinceMs?.(nowMs) ?? nowMs - dayMs)
  }

  /**
   * Once a day, at the hour at which channels are looked at: the whole log is read. And once after a start where the log
   * was told to be at fault: whether that is over nobody knows before.
   */
  async #verify({ settings, server }: Alerting, told: readonly IncidentRecord[]): Promise<void> {
    const { audit, clock } = this.#context
    const nowMs = clock.nowMs()
    const today = istDayNumber(nowMs)
    const isDue = this.#auditDay !== today && istClock(nowMs) >= settings.checkAt
    const cause = causeOf('audit_broken', server)
    const isTold = this.#auditFault === undefined && told.some((incident) => incident.cause === cause)
    if (!isDue && !isTold) return
    const verdict = await audit.verify()
    if (isDue) this.#auditDay = today
    this.#auditFault = verdict.intact ? null : `Record ${verdict.seq} is the first at fault.`
  }
}

/** The same, found at this server. */
function at(server: string | undefined, one: Found): Found {
  return server === undefined ? one : { ...one, about: server, said: `${one.said} Server: ${server}.` }
}

function alertFor(kind: AlertKind, { account, about }: Found, atMs = 0): Alert {
  return alertOf(kind, account ? whoOf(account) : null, atMs, about === undefined ? {} : { about })
}

function tellOf(
  c: Change,
  kind: string,
  state: 'begun' | 'over',
  { account, about = '', said }: Found,
): void {
  const detail = { alert: kind, state, about, said: printable(said) }
  c.tell({ actor: keeper.actor, action: 'alert.notice', result: 'ok', account, detail })
}

async function tellEnd(c: Change, { kind, cause, accountId }: IncidentRecord): Promise<void> {
  const account =
    accountId === null ? undefined : await c.reads.accounts.byId(accountId).catch(() => undefined)
  const about = cause.slice(kind.length).trim()
  tellOf(c, kind, 'over', { ...(account ? { account } : {}), about, said: '' })
}
