import type { App } from '../app/open.ts'
import { fullRights } from '../app/open.ts'
import { BhorError, type ErrorCode, isBhorError, toBhorError } from '../core/errors.ts'
import { callbackOf } from '../session/login.ts'
import { page } from './pages.ts'
import { linesOf, type Reply, securityHeaders } from './reply.ts'
import type { HttpRequest } from './request.ts'
import type { Params, Row } from './table.ts'

/** Where brokers send the browser after a login. */
export function callbackRows(app: App): Row[] {
  return [{ method: 'GET', path: '/callback/{broker}', answer: (...asked) => callback(app, ...asked) }]
}

/** It spends a single-use code, so nothing but a real navigation counts: no prefetch, and no HEAD. */
async function callback(app: App, request: HttpRequest, { broker = '' }: Params): Promise<Reply> {
  if (/prefetch|prerender/i.test(request.header('sec-purpose') ?? request.header('purpose') ?? '')) {
    const headers = linesOf({ ...securityHeaders, allow: 'GET' })
    return { status: 405, headers, body: null }
  }
  if (!/^[a-z0-9-]{1,32}$/.test(broker)) throw new BhorError('not_found', 'There is nothing at this address.')
  if (!app.brokerIds.includes(broker)) return textPage(404, 'There is nothing here.', '')
  try {
    const account = await app.desk.completeLogin(
      fullRights('broker', broker),
      broker,
      callbackOf(request.search),
    )
    const until = account.session ? endText(account.session.expiresAt) : ''
    return page(200, {
      title: 'You are logged in',
      text: `The session of ${account.account} is live until ${until}.`,
      isDone: true,
    })
  } catch (cause) {
    const error = toBhorError(cause)
    const sentence = sentences[error.code] ?? fallback(error)
    return textPage(statusOf(error), sentence, sentence.includes('Start again') ? '' : error.hint)
  }
}

/** Fixed texts: nothing that came in is ever written out. */
const sentences: Partial<Record<ErrorCode, string>> = {
  login_state_invalid: 'This login link is not valid (or too old). Start again from bhor.',
  login_expired: 'This login link is older than 10 minutes. Start again from bhor.',
  login_used: 'This login link was already used. Start again from bhor.',
  login_refused: 'The broker says the login was refused or cancelled.',
  callback_incomplete: 'The broker’s answer was incomplete.',
  wrong_user: 'You logged in as a different user than this account expects. Nothing was stored.',
  bad_grant: 'The broker did not accept the one-time code of this login.',
  app_invalid: 'The broker does not accept the API key, the secret or the redirect URL of this account.',
  answer_lost: 'The broker’s answer was lost on the way. No session was stored.',
  broker_unavailable: 'The broker does not answer. No session was stored.',
  broker_timeout: 'The broker did not answer in time. No session was stored.',
  broker_redirect: 'The broker answered with a redirect, which bhor does not follow. No session was stored.',
  broker_rate_limited: 'The broker asks to slow down. No session was stored.',
  user_not_enabled: 'This user is not enabled for the app. Nothing was stored.',
}

function fallback(error: BhorError): string {
  return isBhorError(error, 'internal')
    ? 'Something inside bhor went wrong. No session was stored.'
    : 'The login did not succeed. No session was stored.'
}

/** A refusal that the person chose is a page like any other; the rest keeps its status. */
function statusOf(error: BhorError): number {
  return error.code === 'login_refused' ? 200 : error.httpStatus
}

function textPage(status: number, text: string, hint: string): Reply {
  return page(status, { title: 'Not logged in', text, hint, isDone: false })
}

function endText(iso: string): string {
  const end = Temporal.Instant.from(iso).toZonedDateTimeISO('Asia/Kolkata')
  return `${end.toPlainTime().toString({ smallestUnit: 'minute' })} India time, ${end.toLocaleString('en-IN', { weekday: 'long', day: 'numeric', month: 'long' })}`
}
