import type { HookAdded } from '../../contracts/api.ts'
import type { ApprovalLogin, Broker, NotificationReading } from '../../contracts/broker.ts'
import type { AccountRecord, AppRecord, HookRecord, LoginRecord } from '../../contracts/store.ts'
import { BhorError, toBhorError } from '../../core/errors.ts'
import { isoOrNull } from '../../core/instant.ts'
import { accountFor } from '../accounts/account.ts'
import { change } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { grantHashOf } from '../ground/intent.ts'
import { proven, soundOf } from '../ground/records.ts'
import { fullRights, type Principal, requirePerson } from '../ground/rights.ts'
import { refuseRolledBack } from '../ground/rollback.ts'
import { advanceLogin, checkedGrant } from './exchange.ts'
import { hookAt, hookUrl, newHook, porchOf } from './hook-paths.ts'
import { verifyIdentity, wrongUser } from './identity.ts'
import { loginLine } from './line.ts'
import { type Carry, carryOf } from './methods.ts'

type Granted = Extract<NotificationReading, { kind: 'granted' }>

const minuteMs = 60_000
/** How far the broker's clock may be ahead of this one. */
const skewMs = 2 * minuteMs
/** No session of a broker lives longer: they end every day. */
const longestLifeMs = 48 * 60 * minuteMs
/** A broker posts once; whoever tries tokens gets no further with one request. */
const mostProbes = 5
/** More than a household has open; the oldest are forgotten. */
const mostRemembered = 1_000

/** A login that waits for what a broker posts. */
interface Waiting {
  readonly account: AccountRecord
  readonly login: LoginRecord
  readonly carry: Carry
}

/**
 * What brokers post to secret paths at the porch. Nobody has signed it: it counts only while a request is open, for the
 * app and the person of that request, at sane times, and when the broker itself confirms the token. Anything else is
 * dropped and recorded, and leaves the request as it is.
 */
export class Hooks {
  readonly #context: SessionContext
  /** How often the broker was asked about something posted, by login. */
  readonly #probes = new Map<string, number>()
  /** When an event last told of a drop, by account and cause. */
  readonly #toldMs = new Map<string, number>()

  constructor(context: SessionContext) {
    this.#context = context
  }

  /**
   * A new path for the app of an account, to be registered at the broker. Shown this once.
   *
   * @throws BhorError `porch_needed`, `bad_field` for a broker that posts nothing, `scope_missing`
   */
  async make(principal: Principal, alias: string): Promise<HookAdded> {
    requirePerson(principal)
    const context = this.#context
    const account = await accountFor(context, principal, 'admin', alias)
    const broker = await context.broker(account.broker)
    if (!postedTo(broker)) throw new BhorError('bad_field', `${broker.name} posts no sessions.`)
    const { url } = porchOf(context)
    const { secret, beforeUntilMs } = await newHook(context, principal, account)
    return {
      account: account.alias,
      broker: broker.id,
      kind: account.kind,
      url: hookUrl(url, broker.id, secret),
      beforeUntil: isoOrNull(beforeUntilMs),
    }
  }

  /** The path that a request names; undefined, and recorded, for one that does not count. @throws BhorError `store_…` */
  async at(brokerId: string, secret: string): Promise<HookRecord | undefined> {
    refuseRolledBack(this.#context)
    const found = await hookAt(this.#context, brokerId, secret)
    // All of them together, whatever they name: what strangers choose must not make records of its own.
    if (!found) await this.#context.refusals.record({ ...unknownPath, actor: fullRights('broker').actor })
    return found
  }

  /** Something that cannot even be read was posted to a path that counts. */
  async unreadable(hook: HookRecord): Promise<void> {
    const { account } = await this.#ownersOf(hook)
    await this.#drop(account, new BhorError('notification_invalid'))
  }

  /**
   * Takes what was posted, or drops it: the poster is told neither.
   *
   * @throws BhorError `store_…`, `broker_…` where it may be posted again
   */
  async posted(hook: HookRecord, body: unknown): Promise<void> {
    const { app, accounts, account } = await this.#ownersOf(hook)
    if (!app) return this.#drop(undefined, new BhorError('notification_unasked'))
    const broker = await this.#context.broker(app.broker)
    const method = postedTo(broker)
    if (!method) return this.#drop(account, new BhorError('notification_unasked'))
    let about = account
    try {
      const posted = this.#read(app, method, body)
      if (await this.#isSpent(broker, posted)) return
      const waiting = await this.#waitingFor(accounts, posted)
      about = waiting.account
      await this.#take(broker, method, waiting, posted)
    } catch (cause) {
      const error = toBhorError(cause)
      // It was taken already, by the same post that came twice at once.
      if (error.code === 'login_used') return
      await this.#drop(about, error)
      if (error.retryable) throw error
    }
  }

  /** @throws BhorError `notification_invalid`, `bad_token_shape` */
  #read(app: AppRecord, method: PostedLogin, body: unknown): Granted {
    const reading = method.readNotification(body)
    if (reading.kind === 'incomplete') throw invalid(`What was posted lacks ${reading.missing}.`)
    if (reading.apiKey !== app.apiKey) throw invalid('What was posted is for another app.')
    const { grantedAt, expiresAt } = reading.grant
    const nowMs = this.#context.clock.nowMs()
    const [fromMs, untilMs] = [grantedAt.epochMilliseconds, expiresAt.epochMilliseconds]
    const isSane = fromMs <= nowMs + skewMs && fromMs < untilMs && nowMs < untilMs
    if (!isSane || untilMs > nowMs + longestLifeMs)
      throw invalid('What was posted begins or ends at a time that cannot be.')
    return reading
  }

  /** The same session was stored from an earlier post. */
  async #isSpent(broker: Broker, { grant }: Granted): Promise<boolean> {
    const { store } = this.#context
    const hash = grantHashOf(this.#context, broker.id, [grant.tokens.access ?? ''])
    return (await store.intents.byGrant(hash))?.state === 'committed'
  }

  /** @throws BhorError `notification_unasked`, `wrong_user` */
  async #waitingFor(accounts: readonly AccountRecord[], { grant }: Granted): Promise<Waiting> {
    const { store, clock, vault } = this.#context
    const open: Waiting[] = []
    for (const account of accounts) {
      const logins = soundOf(vault, 'logins', await store.logins.open(clock.nowMs(), account.id))
      for (const login of logins) {
        const carry = carryOf(this.#context, login)
        if (carry.method === 'approval') open.push({ account, login, carry })
      }
    }
    if (open.length === 0) throw new BhorError('notification_unasked')
    const found =
      open.find(({ account }) => account.userId === grant.userId) ??
      open.find(({ account }) => account.userId === '')
    if (found) return found
    throw wrongUser(open[0]!.account.userId)
  }

  async #take(
    broker: Broker,
    method: PostedLogin,
    { account, login, carry }: Waiting,
    { grant }: Granted,
  ): Promise<void> {
    const context = this.#context
    const line = await loginLine(context, account)
    checkedGrant(line, grant)
    this.#countProbe(login)
    const verified = await verifyIdentity(context, line, grant)
    if (verified.verdict !== 'valid')
      throw new BhorError('broker_unavailable', `${broker.name} did not confirm what was posted.`)
    const token = grant.tokens.access ?? ''
    await advanceLogin(context, fullRights('broker', broker.id), {
      ...{ line, method, login, carry },
      brought: { token },
      secretVars: ['token'],
      way: 'porch',
      posted: { grant, verified },
    })
  }

  /** @throws BhorError `rate_limited` */
  #countProbe({ id }: LoginRecord): void {
    const times = (this.#probes.get(id) ?? 0) + 1
    remember(this.#probes, id, times)
    // Not to be tried again by the poster either.
    if (times > mostProbes) throw invalid('Too much was posted for one request.')
  }

  async #ownersOf({ appId }: HookRecord) {
    const { store, vault } = this.#context
    const stored = await store.apps.byId(appId)
    const app = stored && proven(vault, 'apps', stored)
    const accounts = app ? soundOf(vault, 'accounts', await store.accounts.ofApp(app.id)) : []
    return { app, accounts, account: accounts[0] }
  }

  /** Recorded always; told as an event the first time in a minute. */
  async #drop(account: AccountRecord | undefined, { code }: BhorError): Promise<void> {
    const { clock, refusals } = this.#context
    const { actor } = fullRights('broker', account?.broker ?? '')
    const told = { actor, action: 'login.notify', result: 'refused', code, account } as const
    const name = `${account?.id ?? ''} ${code}`
    const nowMs = clock.monotonicMs()
    const lastMs = this.#toldMs.get(name)
    if (lastMs !== undefined && nowMs - lastMs < minuteMs) return refusals.record(told)
    remember(this.#toldMs, name, nowMs)
    await change(this.#context, async (c) => void c.tell(told))
  }
}

const unknownPath = { action: 'login.notify', result: 'refused', code: 'not_found' } as const

type PostedLogin = ApprovalLogin & Required<Pick<ApprovalLogin, 'readNotification'>>

/** The way in by which this broker posts sessions, if it has one. */
function postedTo({ logins }: Broker): PostedLogin | undefined {
  return logins.find(
    (method): method is PostedLogin => method.kind === 'approval' && method.readNotification !== undefined,
  )
}

function invalid(text: string): BhorError {
  return new BhorError('notification_invalid', text)
}

function remember(map: Map<string, number>, name: string, value: number): void {
  map.delete(name)
  map.set(name, value)
  const [oldest] = map.keys()
  if (map.size > mostRemembered && oldest !== undefined) map.delete(oldest)
}
