import type { App } from '../app/open.ts'
import { fullRights } from '../session/ground/rights.ts'
import { type BhorError, toBhorError, wordsOf } from '../core/errors.ts'
import { callbackOf } from '../session/login.ts'
import { page, pageHeaders } from './pages.ts'

/**
 * Where the broker sends the browser after a login. It spends a single-use code, so nothing but a real navigation
 * counts: no HEAD, no prefetch, no POST.
 */
export async function handleCallback(app: App, broker: string, request: Request): Promise<Response> {
  if (
    request.method !== 'GET' ||
    /prefetch|prerender/i.test(request.headers.get('sec-purpose') ?? request.headers.get('purpose') ?? '')
  ) {
    return new Response(null, { status: 405, headers: { ...pageHeaders, allow: 'GET' } })
  }
  if (!app.brokerIds.includes(broker)) return textPage(404, 'There is nothing here.', '')
  const search = request.url.indexOf('?')
  const rawQuery = search < 0 ? '' : request.url.slice(search + 1)
  try {
    const account = await app.desk.logins.complete(fullRights('broker', broker), broker, callbackOf(rawQuery))
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

function textPage(status: number, text: string, hint: string): Response {
  return page(status, { title: 'Not logged in', text, hint, isDone: false })
}

function endText(iso: string): string {
  const end = Temporal.Instant.from(iso).toZonedDateTimeISO('Asia/Kolkata')
  return `${end.toPlainTime().toString({ smallestUnit: 'minute' })} India time, ${end.toLocaleString('en-IN', { weekday: 'long', day: 'numeric', month: 'long' })}`
}
