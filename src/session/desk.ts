import type { Unused } from '../contracts/api.ts'
import { Accounts } from './accounts/accounts.ts'
import { Activity } from './activity/activity.ts'
import { AlertChannels } from './alerts/channels.ts'
import { Courier } from './alerts/courier.ts'
import { Watch } from './alerts/watch.ts'
import { Browsers } from './browsers/browsers.ts'
import { Choices } from './browsers/choices.ts'
import { Confirmations } from './browsers/confirmations.ts'
import { Calendar } from './calendar/calendar.ts'
import { Egresses } from './egress/egresses.ts'
import { Events } from './events/events.ts'
import { Gates } from './gate/gates.ts'
import { House } from './gate/house-seal.ts'
import { Audit } from './ground/audit.ts'
import type { SessionContext } from './ground/context.ts'
import { type Principal, requireRight } from './ground/rights.ts'
import { ClientKeys } from './handout/client-keys.ts'
import { RunKeys } from './handout/run-keys.ts'
import { unusedView } from './hygiene/unused.ts'
import { Imports } from './import/imports.ts'
import { Keeper } from './keeper/keeper.ts'
import { Learning } from './learning/learning.ts'
import { Probes } from './life/probe.ts'
import { Renewals } from './life/renewal.ts'
import { Reports } from './life/report.ts'
import { Sessions } from './life/sessions.ts'
import { Hooks } from './login/hooks.ts'
import { Logins } from './login/logins.ts'
import { Mirrors } from './mirrors/mirrors.ts'
import { Prompts } from './morning/prompts.ts'
import { Reminders } from './morning/reminders.ts'
import { RollCall } from './morning/roll-call.ts'
import { Portfolios } from './portfolio/portfolios.ts'
import { ChatConfirmations } from './telegram/confirmations.ts'
import { Listener } from './telegram/listener.ts'
import { DataKeys } from './vault/data-keys.ts'

/** The domain as its callers see it, by noun. Every action takes a principal and decides itself whether it may. */
export class Desk {
  readonly context: SessionContext
  readonly accounts: Accounts
  readonly imports: Imports
  readonly logins: Logins
  readonly hooks: Hooks
  readonly sessions: Sessions
  /** What the accounts have at their brokers. */
  readonly portfolios: Portfolios
  readonly egress: Egresses
  /** Asks what nobody documents of the brokers. */
  readonly learning: Learning
  /** Files that are kept in step. */
  readonly mirrors: Mirrors
  readonly gates: Gates
  readonly house: House
  readonly keys: ClientKeys
  /** The keys that end with the run of a program. */
  readonly runs: RunKeys
  readonly calendar: Calendar
  /** Who is signed in to the page, and what they confirmed. */
  readonly browsers: Browsers
  /** How they want it. */
  readonly choices: Choices
  readonly confirmations: Confirmations
  readonly vault: DataKeys
  readonly audit: Audit
  /** The same in people's words. */
  readonly activity: Activity
  /** What bhor does by itself. */
  readonly keeper: Keeper
  readonly events: Events
  readonly rollCall: RollCall
  readonly prompts: Prompts
  readonly reminders: Reminders
  readonly alerts: AlertChannels
  /** Takes alerts to their receivers. */
  readonly courier: Courier
  /** Hears what people write to the bots. */
  readonly listener: Listener
  /** Notices what no event tells. */
  readonly watch: Watch

  constructor(context: SessionContext) {
    this.context = context
    this.accounts = new Accounts(context)
    this.imports = new Imports(context)
    this.logins = new Logins(context)
    this.hooks = new Hooks(context)
    const means = { probes: new Probes(context), renewals: new Renewals(context) }
    const reports = new Reports(context, means.probes)
    this.sessions = new Sessions(context, means, reports)
    this.portfolios = new Portfolios(context, reports)
    this.egress = new Egresses(context)
    this.learning = new Learning(context)
    this.mirrors = new Mirrors(context)
    this.gates = new Gates(context)
    this.house = new House(context)
    this.keys = new ClientKeys(context)
    this.runs = new RunKeys(context, this.keys)
    this.calendar = new Calendar(context)
    this.confirmations = new Confirmations(context)
    this.browsers = new Browsers(context, this.confirmations)
    this.choices = new Choices(context)
    this.vault = new DataKeys(context)
    this.audit = new Audit(context)
    this.activity = new Activity(context, this.audit)
    this.rollCall = new RollCall(context)
    this.prompts = new Prompts(context, this.logins)
    this.reminders = new Reminders(context, this.rollCall, this.prompts)
    this.keeper = new Keeper(context, means)
    this.alerts = new AlertChannels(context)
    this.courier = new Courier(context)
    this.watch = new Watch(context)
    const { accounts, logins, gates, house, rollCall } = this
    const confirmations = new ChatConfirmations(context)
    this.listener = new Listener({ context, accounts, logins, gates, house, rollCall, confirmations })
    this.events = new Events(context, this.accounts, this.keys)
  }

  /** What nobody used for the set time. @throws BhorError `scope_missing` */
  unused(principal: Principal): Promise<Unused> {
    requireRight(principal, 'admin', 'house')
    return unusedView(this.context)
  }
}
