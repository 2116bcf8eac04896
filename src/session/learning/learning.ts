import type { Learnt, QuestionView } from '../../contracts/api.ts'
import type { Broker, BrokerReply, OpenQuestion, Verdict } from '../../contracts/broker.ts'
import { NetError } from '../../contracts/net.ts'
import type { AccountRecord, SessionRecord } from '../../contracts/store.ts'
import { BhorError, isBhorError } from '../../core/errors.ts'
import { iso } from '../../core/instant.ts'
import { accountFor } from '../accounts/account.ts'
import { addressOf } from '../ground/broker-call.ts'
import { entryOf } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { type Line, lineTo } from '../ground/line.ts'
import type { Principal } from '../ground/rights.ts'
import { latestSessionOf, liveOrThrow } from '../life/live.ts'
import { plainName, shapeOf } from './shape.ts'

/** Looks like no token of any broker. */
const noToken = 'asked-by-bhor-what-a-token-gets-that-is-none'
/** Of what a broker allows, a fifth is enough for the curious: the account's programs may be at work. */
const shareOfLimit = 5
/** A broker's own code, and no value that could stand where codes do. */
const brokerCode = /^[A-Za-z]{3,40}(?:Exception|Error)$|^[A-Z]{3,10}\d{3,8}$/
const contentType = /^(?:application|text)\/[a-z0-9.+-]{1,40}(?=;|$)/

/**
 * The open questions of the brokers' facts, asked with an account of the user's: what nobody documents, and one read
 * tells. What is kept of an answer is its status, its code and its shape; no value leaves here.
 */
export class Learning {
  readonly #context: SessionContext
  /** When an account may be asked with again, by the monotonic clock. */
  readonly #nextMs = new Map<string, number>()

  constructor(context: SessionContext) {
    this.#context = context
  }

  /** What can be asked with this account's session, and by which call. @throws BhorError `session_…` */
  async questions(principal: Principal, alias: string): Promise<QuestionView[]> {
    const { line, session } = await this.#lineOf(principal, alias)
    return askable(line.broker, session).map((question) => viewOf(line, question))
  }

  /**
   * Asks one of them, once.
   *
   * @throws BhorError `not_found` for a question that cannot be asked with this account, `session_…`, `rate_limited`
   */
  async ask(principal: Principal, alias: string, id: string): Promise<Learnt> {
    const context = this.#context
    const { account, line, session } = await this.#lineOf(principal, alias)
    const question = askable(line.broker, session).find((one) => one.id === id)
    if (!question)
      throw new BhorError('not_found', `There is no such question for ${line.broker.name} with this session.`)
    await context.rateLimits.spend(principal, 'learn', account)
    await this.#pace(account, line.broker)
    const learnt = await answerOf(context, line, session, question)
    const { status, code } = learnt
    const detail = {
      question: id,
      ...(status === null ? {} : { status }),
      ...(code === null ? {} : { code }),
    }
    const told = { actor: principal.actor, action: 'account.learn', result: 'ok', account, detail } as const
    await context.audit.record(entryOf(context, told))
    return learnt
  }

  async #lineOf(principal: Principal, alias: string) {
    const context = this.#context
    const account = await accountFor(context, principal, 'admin', alias)
    const session = liveOrThrow(context.clock.nowMs(), account, await latestSessionOf(context, account))
    return { account, session, line: await lineTo(context, account, session) }
  }

  /** One call after the other, each a little later. */
  async #pace({ id }: AccountRecord, { limits }: Broker): Promise<void> {
    const { clock } = this.#context
    const nowMs = clock.monotonicMs()
    const atMs = Math.max(nowMs, this.#nextMs.get(id) ?? 0)
    this.#nextMs.set(id, atMs + (shareOfLimit * 1000) / limits.callsPerSecond)
    if (atMs > nowMs) await clock.sleep(atMs - nowMs)
  }
}

function askable(
  { openQuestions = [] }: Broker,
  { tokenExpiriesMs }: SessionRecord,
): readonly OpenQuestion[] {
  return openQuestions.filter(
    ({ token = 'access' }) => token === 'none' || Object.hasOwn(tokenExpiriesMs, token),
  )
}

function viewOf({ hosts, values }: Line, question: OpenQuestion): QuestionView {
  const { id, asks, token = 'access' } = question
  return { question: id, asks, call: `GET ${addressOf(question, hosts, values.baseUrl)}`, token }
}

async function answerOf(
  context: SessionContext,
  line: Line,
  session: SessionRecord,
  question: OpenQuestion,
): Promise<Learnt> {
  const { broker, account, values } = line
  const { host, path, token = 'access' } = question
  const access = token === 'none' ? noToken : (values.tokens[token] ?? '')
  const request = broker.sign({ method: 'GET', host, path }, { ...values, tokens: { access } })
  const isPrivate = privateOf(line, session)
  const askedAt = iso(context.clock.nowMs())
  const about = { ...viewOf(line, question), broker: broker.id, kind: account.kind, askedAt }
  try {
    const { reply, verdict } = await line.call(request, 'api')
    return { ...about, ...toldOf(reply, verdict, isPrivate), failure: null }
  } catch (error) {
    const nothing = { status: null, code: null, meaning: null, contentType: null, headers: [], shape: [] }
    if (error instanceof NetError) return { ...about, ...nothing, failure: error.reason }
    if (isBhorError(error, 'broker_redirect')) return { ...about, ...nothing, failure: error.code }
    throw error
  }
}

function toldOf(
  { status, headers, json }: BrokerReply,
  { kind, brokerCode: code = '' }: Verdict,
  isPrivate: (text: string) => boolean,
): Pick<Learnt, 'status' | 'code' | 'meaning' | 'contentType' | 'headers' | 'shape'> {
  const names = Object.keys(headers).map((name) => plainName(name, isPrivate))
  const type = contentType.exec(headers['content-type'] ?? '')?.[0]
  return {
    status,
    code: brokerCode.test(code) && !isPrivate(code) ? code : null,
    meaning: kind,
    contentType: type !== undefined && !isPrivate(type) ? type : null,
    headers: [...new Set(names)].sort(),
    shape: json === undefined ? ['no JSON'] : shapeOf(json, isPrivate),
  }
}

/** Whether a text holds anything that is the account's own, or a longer part of it. */
function privateOf({ values }: Line, session: SessionRecord): (text: string) => boolean {
  const { app, account, tokens, userId } = values
  const { userName, userShortname, email } = session
  const secrets = [app, account, tokens].flatMap((some) => Object.values(some))
  const own = [...secrets, userId, userName, userShortname, email]
    .map((value) => value.toLowerCase())
    .filter((value) => value !== '')
  const words = new Set(`${userName} ${email}`.toLowerCase().split(/[\s@.]+/))
  return (text) => {
    const said = text.toLowerCase()
    return (
      words.has(said) ||
      own.some(
        (value) =>
          said === value ||
          (value.length >= 4 && said.includes(value)) ||
          piecesOf(said).some((piece) => value.includes(piece)),
      )
    )
  }
}

/** Every run of so many letters that it is no part of a secret by chance. */
function piecesOf(text: string): string[] {
  const length = 8
  return Array.from({ length: Math.max(0, text.length - length + 1) }, (_, at) => text.slice(at, at + length))
}
