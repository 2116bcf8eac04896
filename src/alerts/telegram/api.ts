import { BhorError } from '../../core/errors.ts'
import type { Secret } from '../../core/secret.ts'
import type { Dialler } from '../dialler.ts'
import { ask, faultOf, type HttpAnswer, webTarget } from '../http.ts'

/** Where Telegram's own Bot API server is; one can also run one's own. */
export const telegramServer = 'https://api.telegram.org'

/** What an answer says of a failure: https://core.telegram.org/bots/api#making-requests */
interface Refusal {
  readonly description?: string
  readonly parameters?: { readonly retry_after?: number; readonly migrate_to_chat_id?: number }
}
type Answer<Result> = { readonly ok: true; readonly result: Result } | ({ readonly ok: false } & Refusal)

/** A group became a supergroup, and has another id since. */
export class MovedChat extends Error {
  readonly chat: string
  constructor(chat: string) {
    super('The group has another id.')
    this.chat = chat
  }
}

/**
 * The Bot API. A client of our own and no library: those bring their own network and their own waiting, past the guard
 * that looks at addresses and past the clock that everything here goes by; and what is needed is one POST.
 */
export class TelegramApi {
  readonly #dialler: Dialler
  readonly #server: string
  readonly #token: Secret

  constructor(dialler: Dialler, server: string, token: Secret) {
    this.#dialler = dialler
    this.#server = server
    this.#token = token
  }

  /**
   * Calls a method, e.g. `getMe`.
   *
   * @throws BhorError `channel_…`, which never holds the token; {@link MovedChat}
   */
  async call<Result>(
    method: string,
    parameters: Readonly<Record<string, unknown>> = {},
    { timeoutMs, signal }: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
  ): Promise<Result> {
    const url = webTarget(
      this.#dialler,
      `${this.#server}/bot${this.#token.reveal()}/${method}`,
      'The Bot API’s address',
    )
    const answer = await ask(this.#dialler, {
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(parameters),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(signal ? { signal } : {}),
    })
    const said = parsed<Result>(answer)
    if (said?.ok) return said.result
    throw refusalOf(answer, said)
  }
}

function parsed<Result>({ text }: HttpAnswer): Answer<Result> | undefined {
  try {
    const said: unknown = JSON.parse(text)
    return typeof said === 'object' && said !== null && 'ok' in said ? (said as Answer<Result>) : undefined
  } catch {
    return undefined
  }
}

/** By status and by the words that the Bot API is known to use; its own words are not passed on. */
const refusals: readonly (readonly [status: number, words: RegExp, error: () => BhorError])[] = [
  [401, /./, () => new BhorError('channel_login_refused', 'Telegram does not know this bot token.')],
  [404, /./, () => new BhorError('channel_login_refused', 'Telegram does not know this bot token.')],
  [
    400,
    /chat not found/i,
    () =>
      new BhorError('channel_receiver_refused', 'Telegram knows no such chat of this bot.', {
        hint: 'Write something to the bot from that chat first, or add it to the group; then compare the chat id.',
      }),
  ],
  [
    400,
    /thread not found|TOPIC_(?:CLOSED|DELETED)/i,
    () =>
      new BhorError('channel_receiver_refused', 'The group has no such open topic.', {
        hint: 'Give the number of one that is open: bhor alerts edit with --topic.',
      }),
  ],
  [
    400,
    /query is too old/i,
    () => new BhorError('channel_receiver_refused', 'The button was tapped too long ago.'),
  ],
  [
    403,
    /./,
    () =>
      new BhorError(
        'channel_receiver_refused',
        'The bot may not write there: it was blocked, or is no member.',
        {
          hint: 'Unblock the bot in Telegram, or add it to the group again.',
        },
      ),
  ],
  [
    409,
    /./,
    () =>
      new BhorError('channel_receiver_refused', 'Another program reads what is sent to this bot.', {
        hint: 'Stop it, remove its webhook, or make a bot for bhor alone.',
      }),
  ],
]

function refusalOf(answer: HttpAnswer, said: Refusal | undefined): Error {
  const { retry_after: waitS, migrate_to_chat_id: movedTo } = said?.parameters ?? {}
  if (movedTo !== undefined && Number.isSafeInteger(movedTo)) return new MovedChat(String(movedTo))
  if (answer.status === 429)
    return new BhorError('channel_unavailable', 'Telegram asks to slow down.', {
      retryAfterMs: Math.min(Math.max(Number(waitS) || 1, 1), 3_600) * 1000,
    })
  const words = said?.description ?? ' '
  const known = refusals.find(([status, pattern]) => status === answer.status && pattern.test(words))
  return (
    known?.[2]() ??
    faultOf(answer) ??
    new BhorError('channel_unavailable', 'What answers at that address is no Bot API.')
  )
}
