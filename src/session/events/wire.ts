import type { AuditAction } from '../../contracts/audit.ts'
import type {
  AccountChanged,
  FeedEvent,
  FeedEventName,
  FeedEvents,
  HouseChange,
  LoginFinished,
  SessionEnded,
  Told,
} from '../../contracts/events.ts'
import type { FeedRecord } from '../../contracts/store.ts'
import { iso } from '../../core/instant.ts'

/** A row about an account, with what every event of it says. */
interface Row extends FeedRecord {
  readonly told: Told
}
type Reading = (row: Row) => FeedEvent | undefined

const started =
  (startedBy?: 'renewal'): Reading =>
  ({ told, detail }) =>
    event('session.started', { ...told, startedBy: startedBy ?? (detail.startedBy as 'login') })
/** Nobody gets one of which nobody knows yet whether it is the right person's. */
const startedOrWaiting: Reading = (row) =>
  (row.detail.unconfirmed === undefined ? started() : changed('unconfirmed'))(row)
const ended =
  (reason: SessionEnded['reason']): Reading =>
  ({ told, result, code }) =>
    result === 'ok'
      ? event('session.ended', { ...told, reason, code: (reason === 'revoked' && code) || null })
      : undefined
const finished =
  (result: LoginFinished['result']): Reading =>
  ({ told, detail, code }) =>
    event('login.finished', { ...told, login: textOf(detail.login), result, code: code || null })
const changed =
  (change: AccountChanged['change']): Reading =>
  ({ told }) =>
    event('account.changed', { ...told, change })
const onlyFailed =
  (reading: Reading): Reading =>
  (row) =>
    row.result === 'failed' ? reading(row) : undefined

/** Which event each action is on the wire: about its account, or about a part of the house; null for what nobody outside is told. */
const readings: Readonly<Record<Exclude<AuditAction, 'gate.change'>, Reading | HouseChange | null>> = {
  'account.add': changed('added'),
  'account.edit': changed('edited'),
  'account.remove': changed('removed'),
  'account.learn': null,
  'login.start': changed('login_started'),
  'login.callback': (row) =>
    (row.result === 'ok' ? changed('login_returned') : onlyFailed(finished('failed')))(row),
  'login.exchange': onlyFailed(finished('failed')),
  'login.question': changed('login_asks'),
  'login.cancel': finished('cancelled'),
  'login.finish': finished('done'),
  'login.need': ({ told, detail }) => event('login.needed', { ...told, reason: detail.reason as 'expired' }),
  // The login that it makes tells of itself.
  'prompt.create': null,
  'prompt.use': null,
  'prompt.withdraw': null,
  'roll_call.call': null,
  'roll_call.ready': null,
  'login.notify': ({ told, code }) => event('login.dropped', { ...told, code }),
  'session.start': startedOrWaiting,
  'session.confirm': started(),
  'session.report': changed('doubted'),
  'session.doubt': changed('doubted'),
  'session.compromised': changed('compromised'),
  'egress.measure': changed('measured'),
  'gate.pause': changed('paused'),
  'gate.resume': changed('resumed'),
  // Of the house `gate.change` tells everybody.
  'gate.kill': null,
  'gate.unkill': null,
  'gate.create': null,
  'house.seal': 'seal',
  'house.unseal': 'seal',
  'session.handout': ({ told, detail }) => event('key.used', { ...told, key: String(detail.key) }),
  'session.probe': changed('tested'),
  'session.renew_start': null,
  'session.renew': (row) => (row.result === 'ok' ? started('renewal') : changed('renewal_failed'))(row),
  'session.expire': ended('expired'),
  'session.revoke': ended('revoked'),
  'session.logout': ended('logged_out'),
  'session.recover': ({ told, detail }) => event('recovered', { ...told, from: String(detail.from) }),
  'hook.add': null,
  'mirror.add': 'mirrors',
  'mirror.remove': 'mirrors',
  'mirror.write_start': null,
  'mirror.write': 'mirrors',
  'mirror.check': 'mirrors',
  'mirror.take': 'mirrors',
  'key.add': 'keys',
  'key.revoke': 'keys',
  'key.hold': 'keys',
  'key.refused': null,
  'desk.sign_in': 'browsers',
  'desk.sign_out': 'browsers',
  'desk.keep': 'browsers',
  'desk.use': null,
  'desk.choose': null,
  'desk.return_start': null,
  'desk.return': null,
  'desk.revoke': 'browsers',
  'desk.confirm': null,
  'desk.passphrase': 'browsers',
  'server.start': null,
  'server.stop': null,
  'vault.create': 'vault',
  'vault.rotate': 'vault',
  'vault.reseal': 'vault',
  'vault.retire': 'vault',
  'vault.master': 'vault',
  'audit.export': null,
  'audit.prune': null,
  'store.accept': 'trouble',
  'store.backup': 'backups',
  'store.drill': 'backups',
  'store.restore': null,
  'calendar.change': 'calendar',
  'config.change': 'settings',
  'alert.add': 'alerts',
  'alert.edit': 'alerts',
  'alert.remove': 'alerts',
  'alert.deliver': 'alerts',
  // The delivery that it was in tells of itself.
  'alert.tell': null,
  'alert.check': 'alerts',
  'alert.notice': null,
  'chat.listen': null,
  'chat.hear': null,
}

/** A row of the feed as it is told outside; undefined for one that is not. */
export function eventOf(row: FeedRecord): FeedEvent | undefined {
  const { seq, atMs, action, account } = row
  const head = { seq, at: iso(atMs) }
  if (action === 'gate.change') return gateEvent(row, head)
  const reading = readings[action]
  if (typeof reading === 'string') return event('house.changed', { ...head, change: reading })
  if (!account || !reading) return undefined
  const { alias, broker, kind, generation } = account
  const told = { ...head, account: alias, broker, kind, generation }
  return reading({ ...row, told })
}

function gateEvent({ account, detail }: FeedRecord, head: { seq: number; at: string }): FeedEvent {
  const { alias = null, broker = null, kind = null, generation = null } = account ?? {}
  const { state, reason } = detail
  const about = { account: alias, broker, kind, generation }
  return event('gate.changed', { ...head, ...about, state: state as 'open', reason: textOf(reason) })
}

function event<Name extends FeedEventName>(name: Name, data: FeedEvents[Name]): FeedEvent {
  return { event: name, data } as FeedEvent
}

function textOf(fact: string | number | boolean | undefined): string | null {
  return fact === undefined || fact === '' ? null : String(fact)
}
