import type { App } from '../app/open.ts'
import { BhorError, toBhorError, wordsOf } from '../core/errors.ts'
import { fullRights } from '../session/ground/rights.ts'
import { callbackOf } from '../session/login/callback.ts'
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
    const account = await app.desk.logins.complete(
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
    // A fixed text: nothing that came in is ever written out.
    const sentence = wordsOf(error.code).page
    return textPage(statusOf(error), sentence, sentence.includes('Start again') ? '' : error.hint)
  }
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
