import type { IncidentRecord } from '../../contracts/alerts.ts'
import { istClock, istDayNumber } from '../../core/ist.ts'
import { printable } from '../../core/redact.ts'
import { healthOf } from '../gate/health.ts'
import { type Change, change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { soundOf } from '../ground/records.ts'
import { keeper } from '../ground/rights.ts'
import type { Alerting } from './alerting.ts'
import { failingFrom } from './courier.ts'
import { type Found, facts } from './facts.ts'
import { incidentOf } from './outbox.ts'
import { causeOf } from './rules.ts'

/** One unheard heartbeat is the network's; two are somebody's. */
const mostUnheard = 2

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
    // Without anybody to tell nothing is noted either: who comes later is told of what is so then.
    if (soundOf(vault, 'alert_channels', await store.channels.list()).length === 0) return
    const told = await store.incidents.list()
    let failure: unknown
    await this.#verify(alerting, told).catch((error: unknown) => {
      failure = error
    })
    const remembered = { auditFault: this.#auditFault, heartbeatFault: this.#heartbeatFault }
    for (const { kind, find } of facts) {
      try {
        const found = await find(this.#context, alerting, remembered)
        if (found) await this.#compare(kind, found, told)
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
    kind: (typeof facts)[number]['kind'],
    found: readonly Found[],
    told: readonly IncidentRecord[],
  ): Promise<void> {
    const known = new Set(told.filter((incident) => incident.kind === kind).map(({ id }) => id))
    const nameOf = ({ account, about }: Found) =>
      incidentOf({ cause: causeOf(kind, about), account: account ?? null })
    const begun = found.filter((one) => !known.has(nameOf(one)))
    const now = new Set(found.map(nameOf))
    const over = told.filter((incident) => incident.kind === kind && !now.has(incident.id))
    if (begun.length === 0 && over.length === 0) return
    await change(this.#context, async (c) => {
      // Another server may have told it meanwhile.
      const stored = new Set((await c.reads.incidents.list()).map(({ id }) => id))
      for (const one of begun) if (!stored.has(nameOf(one))) tellOf(c, kind, 'begun', one)
      for (const incident of over) if (stored.has(incident.id)) await tellEnd(c, incident)
    })
  }

  /**
   * Once a day, at the hour at which channels are looked at: the whole log is read. And once after a start where the log
   * was told to be at fault: whether that is over nobody knows before.
   */
  async #verify({ settings }: Alerting, told: readonly IncidentRecord[]): Promise<void> {
    const { audit, clock } = this.#context
    const nowMs = clock.nowMs()
    const today = istDayNumber(nowMs)
    const isDue = this.#auditDay !== today && istClock(nowMs) >= settings.checkAt
    const isTold = this.#auditFault === undefined && told.some(({ kind }) => kind === 'audit_broken')
    if (!isDue && !isTold) return
    const verdict = await audit.verify()
    if (isDue) this.#auditDay = today
    this.#auditFault = verdict.intact ? null : `Record ${verdict.seq} is the first at fault.`
  }
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
