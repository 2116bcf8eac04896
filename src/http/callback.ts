import type { App } from '../app/open.ts'
import type { LoginWay } from '../contracts/store.ts'
import { BhorError, errorTable, toBhorError, wordsOf } from '../core/errors.ts'
import { fullRights } from '../session/ground/rights.ts'
import { type Callback, callbackOf } from '../session/login/callback.ts'
import type { Completed } from '../session/login/logins.ts'
import { nearPath } from '../session/login/pasted-address.ts'
import { type PageText, page } from './pages.ts'
import { linesOf, type Reply, securityHeaders } from './reply.ts'
import type { HttpRequest } from './request.ts'
import type { Params, Row } from './table.ts'

/** Where brokers send the browser after a login. */
export function callbackRows(app: App): Row[] {
  return [{ method: 'GET', path: '/callback/{broker}', answer: (...asked) => callback(app, ...asked) }]
}

/** It spends a single-use code, so nothing but a real navigation counts: no prefetch, and no HEAD. */
async function callback(app: App, request: HttpRequest, { broker = '' }: Params): Promise<Reply> {
  if (isPrefetch(request)) return notNow
  if (app.brokerIds.includes(broker)) return arrival(app, broker, callbackOf(request.search))
  if (/^[a-z0-9-]{1,32}$/.test(broker) || isForPeople(request)) return nearMiss(app, request)
  throw new BhorError('not_found', 'There is nothing at this address.')
}

/**
 * An address that is nearly one of a callback, as somebody may have registered it at a broker. A state that bhor has signed
 * proves which login it belongs to; without one it is only explained. Undefined for any other address.
 */
export async function nearCallback(app: App, request: HttpRequest): Promise<Reply | undefined> {
  const isNear = /^\/+callbacks?(?:\/|$)/.test(nearPath({ pathname: request.path }))
  if (!isNear || request.method !== 'GET' || !isForPeople(request)) return undefined
  return isPrefetch(request) ? notNow : nearMiss(app, request)
}

async function nearMiss(app: App, request: HttpRequest): Promise<Reply> {
  const brought = callbackOf(request.search)
  const broker = app.desk.logins.brokerOf(brought, app.brokerIds)
  if (broker !== undefined) return arrival(app, broker, brought)
  const [known = ''] = app.brokerIds.filter(
    (id) => nearPath({ pathname: request.path }) === `/callback/${id}`,
  )
  const own = `${app.origin}/callback/${known || '…'}`
  return page(404, {
    title: 'No login ends here',
    text: 'This is nearly, but not quite, an address at which bhor awaits a broker. Nothing was done.',
    hint: `It awaits ${known ? 'this broker' : 'each broker'} at ${own}${known ? '' : ', with the broker’s id at the end'}. Compare the redirect URL that is registered at the broker, letter by letter.`,
    isDone: false,
  })
}

async function arrival(app: App, broker: string, brought: Callback): Promise<Reply> {
  const { status, text } = await outcomeOf(app, broker, brought, 'desk')
  return page(status, text)
}

/** What a page says of a login after the browser came back, by whichever way. */
export interface Outcome {
  readonly status: number
  readonly text: PageText
}

export async function outcomeOf(
  app: App,
  broker: string,
  brought: Callback,
  way: LoginWay,
): Promise<Outcome> {
  try {
    return doneText(await app.desk.logins.complete(fullRights('broker', broker), broker, brought, way))
  } catch (cause) {
    const error = toBhorError(cause)
    // A fixed text: nothing that came in is ever written out.
    const isUnknown = error.facts.outcome === 'unknown'
    const sentence = wordsOf(isUnknown ? 'store_unavailable' : error.code).page
    return {
      status: statusOf(error),
      text: {
        title: 'Not logged in',
        text: sentence,
        hint: sentence.includes('Start again') ? '' : error.hint,
        isDone: false,
        // What passes by itself is worth loading this very address once more.
        staysHere: errorTable[error.code].retryable,
      },
    }
  }
}

function doneText({ account, login }: Completed): Outcome {
  const name = account.account
  if (login.status !== 'done') {
    const text = `The broker has answered. The login of ${name} now waits for an answer of yours in bhor.`
    return { status: 200, text: { title: 'One more step', text, isDone: true } }
  }
  const { session, status } = account
  if (session && status === 'unconfirmed') {
    const text = `This was the first login of ${name}, and it came from outside. It counts as soon as somebody at the desk has confirmed that it was the right person.`
    return { status: 200, text: { title: 'You are logged in', text, isDone: true } }
  }
  if (session && (status === 'active' || status === 'expiring')) {
    const text = `The session of ${name} is live until ${endText(session.expiresAt)}.`
    return { status: 200, text: { title: 'You are logged in', text, isDone: true } }
  }
  const text = `You were logged in with it; the session of ${name} has ended since. Log in again from bhor.`
  return { status: 200, text: { title: 'This login is over', text, isDone: false } }
}

/** A broker has sent a browser there, or a browser asks anyway. */
function isForPeople(request: HttpRequest): boolean {
  return request.search !== '' || (request.header('accept') ?? '').includes('text/html')
}

export function isPrefetch(request: HttpRequest): boolean {
  return /prefetch|prerender/i.test(request.header('sec-purpose') ?? request.header('purpose') ?? '')
}

export const notNow: Reply = {
  status: 405,
  headers: linesOf({ ...securityHeaders, allow: 'GET' }),
  body: null,
}

/** A refusal that the person chose is a page like any other; the rest keeps its status. */
function statusOf(error: BhorError): number {
  return error.code === 'login_refused' ? 200 : error.httpStatus
}

function endText(iso: string): string {
  const end = Temporal.Instant.from(iso).toZonedDateTimeISO('Asia/Kolkata')
  return `${end.toPlainTime().toString({ smallestUnit: 'minute' })} India time, ${end.toLocaleString('en-IN', { weekday: 'long', day: 'numeric', month: 'long' })}`
}
