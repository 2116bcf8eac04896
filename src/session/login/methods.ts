import type { Broker, LoginMethod, Prompt, Values } from '../../contracts/broker.ts'
import type { LoginRecord } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { Secret } from '../../core/secret.ts'
import type { SessionContext } from '../ground/context.ts'
import type { Line } from '../ground/line.ts'
import { openSecrets, places, sealSecrets } from '../ground/records.ts'
import { approval } from './approval.ts'
import { direct } from './direct.ts'
import { pasted } from './pasted.ts'
import { redirect } from './redirect.ts'
import type { Reached } from './runner.ts'

/** What every kind of login works with. */
export interface LoginRun {
  readonly context: SessionContext
  readonly line: Line
  readonly redirectUrl: string
}
/** How far a login came, as it is kept until the next thing happens. */
export interface Carry {
  readonly method: LoginMethod['kind']
  /** The step at which it goes on; empty for the first. */
  readonly next: string
  readonly vars: Values
  /** The broker's page, as long as it is waited for: with the state in it, of which there is only a hash elsewhere. */
  readonly page?: string
}
/** What a new login offers to the person who asked for it. */
export interface Begun {
  /** The page to open; null where there is none. */
  readonly page: string | null
  readonly next: string
  readonly vars: Values
}

/** One way to log in: what happens when it is asked for, and with what comes afterwards. */
export interface LoginKind<Method extends LoginMethod> {
  begin(run: LoginRun, method: Method, state: string): Promise<Begun>
  /** `vars`: what the steps before carried and what was brought now. */
  resume(run: LoginRun, method: Method, next: string, vars: Values): Promise<Reached>
  /** What a person must give at this point. */
  asks(method: Method, next: string): readonly Prompt[]
}

const kinds: { readonly [Kind in LoginMethod['kind']]: LoginKind<Extract<LoginMethod, { kind: Kind }>> } = {
  redirect,
  direct,
  approval,
  pasted,
}

/** The kind of a method. Each kind is only ever given methods of its own. */
export function kindOf(method: LoginMethod): LoginKind<LoginMethod> {
  return kinds[method.kind] as LoginKind<LoginMethod>
}

/** The broker's method of that kind, its first one when none is named. @throws BhorError `bad_field` */
export function methodOf(broker: Broker, kind?: string): LoginMethod {
  const method = kind === undefined ? broker.logins[0] : broker.logins.find((login) => login.kind === kind)
  if (method) return method
  const known = broker.logins.map((login) => login.kind).join(', ')
  throw new BhorError('bad_field', `${broker.name} has no such way to log in.`, {
    hint: `It has: ${known}.`,
    facts: { field: 'method' },
  })
}

/** Everything that a person may be asked in the course of such a login. */
export function asksOf(method: LoginMethod): readonly PromptView[] {
  const steps = 'steps' in method ? method.steps : []
  const all = 'asks' in method ? method.asks : steps.flatMap((step) => step.asks ?? [])
  return all.map(promptView)
}

/** What a person must give now. */
export function openAsks(
  run: Pick<LoginRun, 'context' | 'line'>,
  method: LoginMethod,
  carry: Carry,
): readonly Prompt[] {
  const asks = kindOf(method).asks(method, carry.next)
  return asks.filter(({ storedIn }) => storedIn === undefined || !run.line.values.account[storedIn])
}

export interface PromptView {
  readonly name: string
  readonly label: string
  readonly kind: Prompt['kind']
  /** Not shown while it is typed. */
  readonly secret: boolean
}

export function promptView({ name, label, kind }: Prompt): PromptView {
  return { name, label, kind, secret: kind === 'pin' || kind === 'password' }
}

/** It waits for the broker to send the browser back, and for nothing else. */
export function awaitsRedirect({ method, next }: Carry): boolean {
  return method === 'redirect' && next === ''
}

/** What is kept of a login whose page nobody waits for any more. */
export function carryWithoutPage(
  context: Pick<SessionContext, 'vault'>,
  login: LoginRecord,
): Pick<LoginRecord, 'sealedCarry'> {
  const { page: _, ...carry } = carryOf(context, login)
  return { sealedCarry: sealedCarry(context, login.id, carry) }
}

/** The kept part of a login. A row without one is a redirect that carries nothing. */
export function carryOf({ vault }: Pick<SessionContext, 'vault'>, login: LoginRecord): Carry {
  const { carry } = openSecrets(vault, login.sealedCarry, places.carry(login.id))
  return carry ? (JSON.parse(carry.reveal()) as Carry) : { method: 'redirect', next: '', vars: {} }
}

export function sealedCarry({ vault }: Pick<SessionContext, 'vault'>, loginId: string, kept: Carry): string {
  if (kept.method === 'redirect' && kept.next === '' && Object.keys(kept.vars).length === 0 && !kept.page)
    return ''
  // One secret: the name of a method or of a step alone would be taken out of every text that holds the word.
  const carry = new Secret(JSON.stringify(kept))
  return sealSecrets(vault, { carry }, places.carry(loginId))
}
