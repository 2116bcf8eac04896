import type { AccountView } from '../../contracts/api.ts'
import type { ChatMessage, ChatPlace } from '../../contracts/chat.ts'
import { BhorError, toBhorError } from '../../core/errors.ts'
import { istClock } from '../../core/ist.ts'
import type { Accounts } from '../accounts/accounts.ts'
import type { Gates } from '../gate/gates.ts'
import type { House } from '../gate/house-seal.ts'
import type { SessionContext } from '../ground/context.ts'
import { isLimited, type Principal } from '../ground/rights.ts'
import type { Logins } from '../login/logins.ts'
import type { RollCall } from '../morning/roll-call.ts'
import type { ChatConfirmations, ShownStop } from './confirmations.ts'

/** What whoever writes can be given. */
export interface Means {
  readonly context: SessionContext
  readonly accounts: Accounts
  readonly logins: Logins
  readonly gates: Gates
  readonly house: House
  readonly rollCall: RollCall
  readonly confirmations: ChatConfirmations
}
/** Who writes, and where. */
export interface Writer {
  readonly principal: Principal
  readonly place: ChatPlace
  readonly isPrivate: boolean
}
interface Act {
  /** What stands behind the command, for people. */
  readonly takes?: string
  readonly says: string
  /** Whether it changes anything: then it is recorded who wanted it, and nobody does it for a message of long ago. */
  readonly isAct: boolean
  run(means: Means, writer: Writer, name: string): Promise<ChatMessage>
}

const everything = 'all'
const noAccountText = 'There is no account.'

/** The table: what the bot does for a word. */
export const acts: Readonly<Record<string, Act>> = {
  status: { says: 'how each account stands', isAct: false, run: status },
  rollcall: { says: 'who is ready for the market', isAct: false, run: rollCall },
  login: { takes: '[account]', says: 'a link to log in', isAct: true, run: login },
  pause: { takes: '<account|all>', says: 'stop trading', isAct: true, run: pause },
  resume: { takes: '<account|all>', says: 'lift a stop; asks once more', isAct: true, run: askToResume },
  kill: {
    says: 'stop trading for all accounts, at once',
    isAct: true,
    run: (means, writer) => pause(means, writer, everything),
  },
  seal: { says: 'panic: nothing leaves until bhor unseal at the computer', isAct: true, run: seal },
  help: { says: 'this list', isAct: false, run: async () => ({ text: helpText }) },
  // What Telegram sends when somebody opens the bot for the first time.
  start: { says: '', isAct: false, run: async () => ({ text: helpText }) },
}

const helpText = [
  ...Object.entries(acts).flatMap(([word, { takes, says }]) =>
    says === '' ? [] : [`/${word}${takes === undefined ? '' : ` ${takes}`} – ${says}`],
  ),
  'After a login, send the address at which the browser ended.',
].join('\n')

/** What the button of a reminder, or of `/login`, sends. */
export const loginTap = (accountId: string) => `login ${accountId}`
export const confirmTap = (id: string) => `yes ${id}`

async function status({ accounts, gates }: Means, { principal }: Writer): Promise<ChatMessage> {
  const house = isLimited(principal) ? undefined : await gates.ofHouse(principal)
  const lines = (await accounts.list(principal)).map(({ gate, ...view }) => {
    const closed = gate.state === 'closed' ? ` Closed: ${gate.text}` : ''
    return `${standing(view)}${view.status === 'active' || view.status === 'expiring' ? closed : ''}`
  })
  return {
    text: [
      ...(house?.state === 'closed' ? [house.text] : []),
      ...(lines.length > 0 ? lines : [noAccountText]),
    ].join('\n'),
  }
}

async function rollCall({ rollCall }: Means, { principal }: Writer): Promise<ChatMessage> {
  const { text, accounts } = await rollCall.view(principal)
  return { text: [text, ...accounts.map((entry) => `${entry.account}: ${entry.text}`)].join('\n') }
}

async function login(means: Means, writer: Writer, name: string): Promise<ChatMessage> {
  if (name !== '') return loginLink(means, writer, name)
  const wanting = (await means.accounts.list(writer.principal)).filter(({ loginHelps }) => loginHelps)
  const [only] = wanting
  if (!only) return { text: 'No account needs a login now.' }
  if (wanting.length === 1) return loginLink(means, writer, only.account)
  return {
    text: 'Which account?',
    buttons: wanting.map(({ id, account }) => ({ label: `Log in ${account}`, tap: loginTap(id) })),
  }
}

/** Makes a login, and says what to do with it. */
export async function loginLink(
  { context, logins, accounts }: Means,
  { principal, isPrivate }: Writer,
  name: string,
): Promise<ChatMessage> {
  const started = await logins.start(principal, name, { via: 'telegram' })
  const view = await accounts.get(principal, name)
  if (started.url === null)
    return { text: started.status === 'done' ? standing(view) : `Go on at the desk: bhor login ${name}.` }
  const porch = context.porch?.()?.url
  const until = istClock(Temporal.Instant.from(started.expiresAt).epochMilliseconds)
  const lines =
    porch !== undefined && started.redirectUrl.startsWith(`${porch}/`)
      ? ['Log in there; the rest happens by itself, and the page says when it is done.']
      : [
          'Log in there. The browser then ends at an address that does not open:',
          `it begins with ${started.redirectUrl}.`,
          `Copy or share the whole address to this chat${isPrivate ? '' : ', as an answer to this message'}.`,
        ]
  return {
    text: [`${name} at ${view.brokerName}; the link is good until ${until} IST.`, ...lines].join('\n'),
    buttons: [{ label: `Log in ${name}`, url: started.url }],
  }
}

async function pause({ accounts, gates }: Means, { principal }: Writer, name: string): Promise<ChatMessage> {
  const wish = { state: 'closed', reason: 'from Telegram' } as const
  if (name === '') throw nameMissing('/pause')
  if (name !== everything) return { text: `${name}: ${(await gates.set(principal, name, wish)).text}` }
  if (!isLimited(principal))
    return { text: `${(await gates.setHouse(principal, wish)).text}\nTo lift it: /resume all` }
  const { found: paused, refused } = await ofEach(await accounts.list(principal), async (account) => {
    await gates.set(principal, account, wish)
    return account
  })
  const lines = [...(paused.length > 0 ? [`Paused: ${paused.join(', ')}.`] : []), ...refused]
  return { text: lines.length > 0 ? lines.join('\n') : noAccountText }
}

async function seal({ house }: Means, { principal }: Writer): Promise<ChatMessage> {
  const { text } = await house.seal(principal, { reason: 'from Telegram' })
  return { text: `${text}\nOnly bhor unseal at the computer ends it.` }
}

async function askToResume(means: Means, writer: Writer, name: string): Promise<ChatMessage> {
  if (name === '') throw nameMissing('/resume')
  const { found, refused } = await stoppedBy(means, writer.principal, name)
  if (found.length === 0) {
    const none = name === everything ? 'Nothing is stopped as a whole.' : `${name} is not paused.`
    return { text: [none, ...refused].join('\n') }
  }
  const id = means.confirmations.ask(
    writer.place,
    found.map(({ stop }) => stop),
  )
  return {
    text: [
      ...found.map(({ text }) => text),
      ...refused,
      'Resume? The button works once, for 2 minutes.',
    ].join('\n'),
    buttons: [{ label: `Yes, resume ${name}`, tap: confirmTap(id) }],
  }
}

/** Lifts the stops that were confirmed. */
export async function resume(
  { gates }: Means,
  principal: Principal,
  stops: readonly ShownStop[],
): Promise<ChatMessage> {
  const wish = { state: 'open' } as const
  const lift = async ({ name, pause }: ShownStop) =>
    name === everything
      ? (await gates.setHouse(principal, wish, pause)).text
      : `${name}: ${(await gates.set(principal, name, wish, pause)).text}`
  const lines: string[] = []
  for (const stop of stops)
    lines.push(await lift(stop).catch((error: unknown) => refusedText(stop.name, error)))
  return { text: lines.join('\n') }
}

/** A stop as it was found, in words: those of the stop, or of a later one, which a yes does not lift. */
interface FoundStop {
  readonly stop: ShownStop
  readonly text: string
}

/** What a resume of this name would lift. */
async function stoppedBy(
  { accounts, gates }: Means,
  principal: Principal,
  name: string,
): Promise<OfEach<FoundStop>> {
  const ofAccount = async (account: string): Promise<FoundStop | undefined> => {
    const pause = await gates.pauseOf(principal, account)
    if (!pause) return undefined
    const { text } = await gates.get(principal, account)
    return { stop: { name: account, pause }, text: `${account}: ${text}` }
  }
  if (name === everything && isLimited(principal)) return ofEach(await accounts.list(principal), ofAccount)
  const one = await (name === everything ? ofHouse(gates, principal) : ofAccount(name))
  return { found: one ? [one] : [], refused: [] }
}

async function ofHouse(gates: Gates, principal: Principal): Promise<FoundStop | undefined> {
  const pause = await gates.killOf(principal)
  if (!pause) return undefined
  const { causes } = await gates.ofHouse(principal)
  const text = causes.filter(({ reason }) => reason === 'killed').map((cause) => cause.text)
  return { stop: { name: everything, pause }, text: text.join('\n') }
}

interface OfEach<T> {
  readonly found: readonly T[]
  /** A line for each account that cannot be read or changed. */
  readonly refused: readonly string[]
}

/** One account after the other; one that fails, e.g. because its row is damaged, keeps no other one back. */
async function ofEach<T>(
  views: readonly Pick<AccountView, 'account'>[],
  work: (account: string) => Promise<T | undefined>,
): Promise<OfEach<T>> {
  const found: T[] = []
  const refused: string[] = []
  for (const { account } of views) {
    try {
      const one = await work(account)
      if (one !== undefined) found.push(one)
    } catch (error) {
      refused.push(refusedText(account, error))
    }
  }
  return { found, refused }
}

function refusedText(name: string, error: unknown): string {
  const { message, hint } = toBhorError(error)
  return `${name}: ${message} ${hint}`
}

/** One line: who, and how it stands. */
export function standing({ account, statusText }: Pick<AccountView, 'account' | 'statusText'>): string {
  return `${account}: ${statusText}`
}

function nameMissing(command: string): BhorError {
  return new BhorError('bad_field', 'Name an account, or all.', { hint: `${command} all` })
}
