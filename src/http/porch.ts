import type { App } from '../app/open.ts'
import { BhorError, isBhorError } from '../core/errors.ts'
import { callbackOf } from '../session/login/callback.ts'
import { isPrefetch, notNow, outcomeOf } from './callback.ts'
import { porchPage } from './porch-page.ts'
import { promptRows } from './prompts.ts'
import { readBody } from './read-body.ts'
import { linesOf, type Reply, securityHeaders } from './reply.ts'
import type { HttpRequest } from './request.ts'
import type { Params, Row } from './table.ts'

/** What a broker posts is a token of at most 8 KiB with a few words. */
const longestPostBytes = 16 * 1024
/** So many at once of whoever shows neither a state that bhor has signed nor a path that counts, then one a second. */
const strangersAtOnce = 60
const strangerEveryMs = 1_000

const taken: Reply = {
  status: 200,
  headers: linesOf({ ...securityHeaders, 'content-type': 'application/json' }),
  body: '{"status":"ok"}',
}
const over = porchPage(200, { title: 'Nothing more to do here', text: 'This login is over.', isDone: false })

/**
 * All that the porch serves: where brokers send the browser, where they post what was approved on a phone, and where the
 * links of reminders lead.
 */
export function porchRows(app: App): Row[] {
  const strangers = new Budget(app)
  return [
    { method: 'GET', path: '/callback/over', answer: () => over },
    { method: 'GET', path: '/callback/{broker}', answer: (...asked) => callback(app, strangers, ...asked) },
    { method: 'POST', path: '/hooks/{broker}/{path}', answer: (...asked) => hook(app, strangers, ...asked) },
    ...promptRows(app).map((row) => ofOwnLinks(app, strangers, row)),
  ]
}

/** Whoever has a link that bhor has made is answered, also when it is over. Any other is no address here. */
function ofOwnLinks({ desk: { prompts } }: App, strangers: Budget, row: Row): Row {
  return {
    ...row,
    async answer(request, params) {
      if (await prompts.isOwn(params.token ?? '')) return row.answer(request, params)
      strangers.spend()
      throw nothingHere()
    },
  }
}

async function callback(
  app: App,
  strangers: Budget,
  request: HttpRequest,
  { broker = '' }: Params,
): Promise<Reply> {
  if (isPrefetch(request)) return notNow
  if (!app.brokerIds.includes(broker)) throw nothingHere()
  const brought = callbackOf(request.search)
  if (app.desk.logins.brokerOf(brought, [broker]) === undefined) strangers.spend()
  const { status, text } = await outcomeOf(app, broker, brought, 'porch')
  return porchPage(status, text)
}

async function hook(
  app: App,
  strangers: Budget,
  request: HttpRequest,
  { broker = '', path = '' }: Params,
): Promise<Reply> {
  const { hooks } = app.desk
  const found = await hooks.at(broker, path)
  if (!found) {
    strangers.spend()
    throw nothingHere()
  }
  let body: unknown
  try {
    if (request.header('content-encoding') !== undefined)
      throw new BhorError('json_only', 'What is posted must not be compressed.')
    body = await readBody(request, longestPostBytes)
  } catch (error) {
    if (isBhorError(error)) await hooks.unreadable(found)
    throw error
  }
  await hooks.posted(found, body)
  return taken
}

function nothingHere(): BhorError {
  return new BhorError('not_found', 'There is nothing at this address.')
}

/** Shared by all who show nothing: they come from anywhere, and who they are nobody can tell. */
class Budget {
  readonly #clock: App['clock']
  /** When the last of what was granted would be due at an even pace. */
  #dueMs = 0

  constructor({ clock }: Pick<App, 'clock'>) {
    this.#clock = clock
  }

  /** @throws BhorError `rate_limited` */
  spend(): void {
    const nowMs = this.#clock.monotonicMs()
    const dueMs = Math.max(this.#dueMs, nowMs)
    const waitMs = dueMs - (strangersAtOnce - 1) * strangerEveryMs - nowMs
    if (waitMs > 0) throw new BhorError('rate_limited', 'Too many requests.', { retryAfterMs: waitMs })
    this.#dueMs = dueMs + strangerEveryMs
  }
}
