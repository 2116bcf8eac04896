import type { ActivityKind } from '../../contracts/activity.ts'
import type { AuditAction, AuditRecord } from '../../contracts/audit.ts'
import { wordsOf } from '../../core/errors.ts'

/** How an action is told: what somebody did, what somebody wanted to do, and which small facts belong to it. */
interface Told {
  readonly kind: ActivityKind
  /** `@` stands for the account, `#` for the state that it came to. */
  readonly did: string
  readonly wanted: string
  readonly facts?: readonly string[]
}

const told = (kind: ActivityKind, did: string, wanted: string, ...facts: readonly string[]): Told => ({
  kind,
  did,
  wanted,
  ...(facts.length > 0 ? { facts } : {}),
})

/** The words for everything that is recorded: the page and the command line say the same. */
const words: Readonly<Record<AuditAction, Told>> = {
  'account.add': told('account', 'added the account @', 'add the account @', 'broker', 'replaces'),
  'account.edit': told('account', 'changed the account @', 'change the account @', 'fields'),
  'account.remove': told('account', 'removed the account @', 'remove the account @'),
  'egress.measure': told(
    'account',
    'measured by which address @ leaves',
    'measure by which address @ leaves',
    'addresses',
  ),
  'account.learn': told(
    'account',
    'asked the broker an open question of @',
    'ask the broker an open question of @',
  ),
  'mirror.add': told('account', 'had a file kept in step with @', 'have a file kept in step with @'),
  'mirror.remove': told(
    'account',
    'had a file of @ kept in step no longer',
    'have a file of @ kept in step no longer',
  ),
  'mirror.write_start': told(
    'session',
    'began to write the session of @ into its file',
    'write the session of @ into its file',
  ),
  'mirror.write': told(
    'session',
    'wrote the session of @ into its file',
    'write the session of @ into its file',
  ),
  'mirror.check': told(
    'session',
    'found the file of @ otherwise than it was written',
    'look at the file of @',
  ),
  'mirror.take': told('session', 'took the token of @ from its file', 'take the token of @ from its file'),
  'hook.add': told('account', 'made a secret address for @', 'make a secret address for @'),

  'login.start': told('login', 'started a login of @', 'start a login of @'),
  'login.callback': told('login', 'came back from the broker with a login of @', 'finish a login of @'),
  'login.exchange': told('login', 'exchanged the one-time code of @', 'exchange the one-time code of @'),
  'login.question': told('login', 'was asked for more at the login of @', 'answer at the login of @'),
  'login.cancel': told('login', 'cancelled the login of @', 'cancel the login of @'),
  'login.finish': told('login', 'finished the login of @', 'finish the login of @'),
  'login.need': told('login', 'saw that @ needs a login', 'see whether @ needs a login'),
  'login.notify': told('login', 'posted a session of @', 'have a session of @ taken that was posted'),
  'prompt.create': told('login', 'made a login link for @', 'make a login link for @'),
  'prompt.use': told('login', 'opened the login link for @', 'open the login link for @'),
  'prompt.withdraw': told('login', 'withdrew the login link for @', 'withdraw the login link for @'),
  'roll_call.call': told(
    'login',
    'called who was missing before the market',
    'call who was missing before the market',
    'missing',
  ),
  'roll_call.ready': told('login', 'saw that everybody was ready', 'see that everybody was ready'),

  'session.start': told('session', 'logged in @', 'log in @', 'user', 'generation'),
  'session.handout': told('session', 'got the session of @', 'get the session of @'),
  'session.probe': told(
    'session',
    'asked the broker about the session of @',
    'hear from the broker about the session of @',
    'verdict',
  ),
  'session.renew_start': told('session', 'began to renew the session of @', 'renew the session of @'),
  'session.renew': told('session', 'renewed the session of @', 'renew the session of @', 'generation'),
  'session.expire': told('session', 'saw the session of @ end at its hour', 'end the session of @'),
  'session.revoke': told(
    'session',
    'heard that the broker had ended the session of @',
    'end the session of @',
  ),
  'session.report': told(
    'session',
    'was told by the broker that the session of @ is dead',
    'report the session of @',
  ),
  'session.doubt': told('session', 'put the session of @ in doubt', 'put the session of @ in doubt'),
  'session.logout': told('session', 'logged out @', 'log out @'),
  'session.recover': told(
    'session',
    'saw that the session of @ works again',
    'see whether the session of @ works',
  ),
  'session.compromised': told(
    'session',
    'gave up the session of @: somebody else may have it',
    'give up the session of @',
  ),
  'session.confirm': told('session', 'confirmed who had logged in to @', 'confirm who had logged in to @'),

  'gate.pause': told('gate', 'paused @', 'pause @', 'reason'),
  'gate.resume': told('gate', 'lifted the pause of @', 'lift the pause of @'),
  'gate.kill': told('gate', 'stopped trading for all accounts', 'stop trading for all accounts', 'reason'),
  'gate.unkill': told('gate', 'lifted the stop of trading for all accounts', 'lift the stop of trading'),
  'gate.change': told('gate', 'found the gate of @ #', 'look at the gate of @', 'reason'),
  'gate.create': told('gate', 'made the switch that stops trading', 'make the switch that stops trading'),
  'house.seal': told('gate', 'sealed bhor', 'seal bhor', 'reason'),
  'house.unseal': told('gate', 'unsealed bhor', 'unseal bhor'),

  'key.add': told('key', 'made a key', 'make a key', 'key', 'scopes'),
  'key.revoke': told('key', 'revoked a key', 'revoke a key', 'key'),
  'key.hold': told('key', 'held the key of a run', 'hold the key of a run', 'key'),
  'key.refused': told('key', 'used bhor', 'use bhor', 'why'),

  'desk.sign_in': told('page', 'signed in to the page', 'sign in to the page'),
  'desk.sign_out': told('page', 'signed out of the page', 'sign out of the page'),
  'desk.keep': told('page', 'let a browser stay signed in', 'let a browser stay signed in', 'name'),
  'desk.use': told('page', 'used the page', 'use the page'),
  'desk.choose': told('page', 'chose how the page looks', 'choose how the page looks'),
  'desk.return_start': told('page', 'came back to the page', 'come back to the page'),
  'desk.return': told('page', 'was signed in again', 'be signed in again'),
  'desk.revoke': told('page', 'signed out a browser', 'sign out a browser', 'why'),
  'desk.confirm': told('page', 'confirmed to be the same person', 'confirm to be the same person', 'by'),
  'desk.passphrase': told('page', 'set the passphrase of the page', 'set the passphrase of the page'),

  'alert.add': told('alert', 'added a channel for alerts', 'add a channel for alerts', 'channel', 'kind'),
  'alert.edit': told(
    'alert',
    'changed a channel for alerts',
    'change a channel for alerts',
    'channel',
    'changed',
  ),
  'alert.remove': told('alert', 'removed a channel for alerts', 'remove a channel for alerts', 'channel'),
  'alert.deliver': told('alert', 'delivered alerts', 'deliver alerts', 'channel', 'count'),
  'alert.tell': told('alert', 'sent an alert about @', 'send an alert about @', 'channel', 'title'),
  'alert.check': told('alert', 'tried a channel for alerts', 'try a channel for alerts', 'channel'),
  'alert.notice': told('alert', 'noticed something', 'notice something', 'kind'),
  'chat.listen': told('alert', 'began to hear a bot', 'hear a bot'),
  'chat.hear': told('alert', 'wrote to the bot', 'write to the bot'),

  'calendar.change': told('house', 'changed the calendar', 'change the calendar'),
  'server.start': told('house', 'started', 'start', 'version'),
  'server.stop': told('house', 'stopped', 'stop'),
  'config.change': told('house', 'found another configuration', 'read the configuration', 'options'),
  'vault.create': told('house', 'made the vault', 'make the vault'),
  'vault.rotate': told('house', 'began to replace the data key', 'replace the data key'),
  'vault.reseal': told('house', 'sealed what is stored under the new data key', 'seal what is stored anew'),
  'vault.retire': told('house', 'gave up the old data key', 'give up the old data key'),
  'vault.master': told('house', 'replaced the master key', 'replace the master key'),
  'audit.export': told(
    'house',
    'took a copy of the record',
    'take a copy of the record',
    'records',
    'format',
  ),
  'audit.prune': told('house', 'pruned old records that had been exported', 'prune old records', 'records'),
  'store.accept': told('house', 'took a store that went back for the latest', 'take a store for the latest'),
  'store.backup': told('house', 'wrote a backup', 'write a backup'),
  'store.drill': told('house', 'tried a backup out', 'try a backup out'),
  'store.restore': told('house', 'restored a backup', 'restore a backup'),
}

export function kindOf(action: AuditAction): ActivityKind {
  return words[action].kind
}

/** Names that stand in records as ids. */
export interface Names {
  readonly keys: ReadonlyMap<string, string>
  readonly channels: ReadonlyMap<string, string>
}

/** Who did it, as people call him. */
export function whoOf({ kind, id }: AuditRecord['actor'], { keys, channels }: Names): string {
  switch (kind) {
    case 'key':
      return keys.get(id) ?? (id === '' ? 'A program with a wrong key' : 'A program with a key that is gone')
    case 'operator':
      return 'The operator'
    case 'desk':
      return 'Somebody at the page'
    case 'broker':
      return 'Somebody at the broker’s page'
    case 'prompt':
      return 'Whoever had a reminder’s link'
    case 'keeper':
      return 'bhor'
    case 'library':
      return 'A program around bhor'
    case 'telegram':
      return `Somebody in the chat of ${channels.get(id) ?? 'a channel that is gone'}`
  }
}

/** A record as a sentence without its end: `my-bot got the session of demo`. */
export function sentenceOf(record: AuditRecord, names: Names): string {
  const { action, account = 'an account', result, code, detail = {} } = record
  const { did, wanted, facts = [] } = words[action]
  const who = whoOf(record.actor, names)
  const about = (text: string) => text.replace('@', account).replace('#', String(detail.state ?? 'changed'))
  if (result !== 'ok') {
    const why = code === undefined ? '' : `: ${wordsOf(code).sentence.replace(/\.$/, '')}`
    return `${who} could not ${about(wanted)}${why}`
  }
  const said = facts.flatMap((name) => {
    const value = detail[name]
    if (value === undefined || value === '') return []
    if (name === 'key') return [names.keys.get(String(value)) ?? 'one that is gone']
    if (name === 'replaces') return ['with another secret for its app']
    if (name === 'reason') return [String(value).replaceAll('_', ' ')]
    return [name === 'generation' ? `session ${value}` : String(value)]
  })
  return `${who} ${about(did)}${said.length > 0 ? ` (${said.join(', ')})` : ''}`
}
