import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Clock, systemClock } from '../../../src/core/clock.ts'

/** https://core.telegram.org/bots/api#chat, and what the double has to know of it beside. */
export interface DoubleChat {
  readonly id: number
  readonly type: 'private' | 'group' | 'supergroup'
  /** The person blocked the bot, or the group threw it out. */
  isBlocked?: boolean
  /** The group became a supergroup with this id. */
  movedTo?: number
  /** Open topics, where the group has some. */
  readonly topics?: ReadonlySet<number>
  /** In a group only who manages it takes messages of others away. */
  readonly mayDelete?: boolean
}
export interface DoublePerson {
  readonly id: number
  readonly first_name: string
  readonly is_bot: boolean
  readonly username?: string
}
export interface SentMessage {
  readonly message_id: number
  readonly chat_id: number
  readonly message_thread_id?: number
  text: string
  readonly parse_mode?: string
  readonly disable_notification?: boolean
  reply_markup?: { readonly inline_keyboard: readonly (readonly Button[])[] }
}
interface Button {
  readonly text: string
  readonly url?: string
  readonly callback_data?: string
}
export interface Call {
  readonly method: string
  readonly token: string
  readonly parameters: Readonly<Record<string, unknown>>
}

/**
 * Telegram's Bot API on loopback, as https://core.telegram.org/bots/api says that it behaves: messages and buttons, 429
 * with `retry_after`, groups that move, long polling with one poller at a time, updates that come again until they are confirmed.
 */
export interface BotApi extends AsyncDisposable {
  readonly url: string
  readonly token: string
  readonly username: string
  readonly calls: Call[]
  /** What the bot wrote, as it stands now in its chats. */
  readonly messages: SentMessage[]
  /** Answers to taps on buttons, by the id of the tap. */
  readonly answers: Map<string, string>
  /** The numbers of messages that the bot took away. */
  readonly deleted: number[]
  chat(chat: DoubleChat): DoubleChat
  /** Each call from now on is told to wait so many seconds; 0 for none. @param times how often; always when left out */
  slowDown(seconds: number, times?: number): void
  /** Answers every call with this status and no JSON, as a broken server in front does; 0 for none. */
  breakDown(status: number): void
  /** Does what is asked and never answers. */
  answerLate(isLate: boolean): void
  /** Another address gets the updates: whoever polls is refused. */
  setWebhook(isSet: boolean): void
  /** Somebody writes. @returns the number of the update */
  write(chatId: number, text: string, more?: Written): number
  /** Somebody changes what he wrote. */
  edit(chatId: number, messageId: number, text: string, from?: DoublePerson): number
  /** Somebody taps a button of a message of the bot's. @returns the id of the tap */
  tap(messageId: number, data: string, from?: DoublePerson): string
  /** An update comes once more under its old number, as after a fault at Telegram. */
  repeat(updateId: number): void
  /** The number of the newest message, whoever wrote it. */
  lastMessageId(): number
  /** Resolves when somebody waits for updates. */
  polled(): Promise<void>
}

export interface Written {
  readonly from?: DoublePerson
  readonly quotes?: string
  readonly entities?: readonly object[]
  readonly topic?: number
  readonly isForwarded?: boolean
}

interface Update {
  readonly update_id: number
  readonly [kind: string]: unknown
}
interface Poll {
  readonly response: ServerResponse
  readonly offset: number
  readonly limit: number
  readonly timer: Disposable
}

/** Telegram does not say how long a tap may wait for its answer. */
const oldestTapMs = 5 * 60_000
const tokenShape = /^\d+:[A-Za-z0-9_-]{35}$/
export const somebody: DoublePerson = { id: 7001, first_name: 'Papa', is_bot: false, username: 'papa' }

export async function startBotApi(
  options: { readonly clock?: Pick<Clock, 'after' | 'nowMs'>; readonly token?: string } = {},
): Promise<BotApi> {
  const { clock = systemClock, token = `123456789:${'AbCdE-_fGh'.repeat(4).slice(0, 35)}` } = options
  const username = 'house_bhor_bot'
  const chats = new Map<number, DoubleChat>()
  const calls: Call[] = []
  const messages: SentMessage[] = []
  const answers = new Map<string, string>()
  const deleted: number[] = []
  const tappedAtMs = new Map<string, number>()
  const waiters: (() => void)[] = []
  let updates: Update[] = []
  let all: Update[] = []
  /** Those that come again, whatever was confirmed. */
  const again = new Set<Update>()
  let poll: Poll | undefined
  let slow = { seconds: 0, times: 0 }
  let brokenStatus = 0
  let isLate = false
  let hasWebhook = false
  let lastMessage = 100
  let lastUpdate = 9_000
  let lastTap = 0

  const send = (response: ServerResponse, status: number, body: object) => {
    if (!response.writableEnded)
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  const fail = (response: ServerResponse, code: number, description: string, parameters?: object) =>
    send(response, code, { ok: false, error_code: code, description, ...(parameters ? { parameters } : {}) })
  const seconds = () => Math.floor(clock.nowMs() / 1000)
  const me = () => ({ id: Number(token.split(':')[0]), is_bot: true, first_name: 'bhor', username })

  const answerPoll = () => {
    if (!poll) return
    const due = updates
      .filter((update) => update.update_id >= poll!.offset || again.has(update))
      .slice(0, poll.limit)
    if (due.length === 0) return
    for (const update of due) again.delete(update)
    const { response, timer } = poll
    poll = undefined
    timer[Symbol.dispose]()
    send(response, 200, { ok: true, result: due })
  }
  const happens = (update: Omit<Update, 'update_id'>): number => {
    const whole = { update_id: ++lastUpdate, ...update } as Update
    updates.push(whole)
    all.push(whole)
    answerPoll()
    return whole.update_id
  }
  const messageBy = (chatId: number, messageId: number, text: string, from: DoublePerson) => ({
    message_id: messageId,
    from,
    chat: { id: chatId, type: chats.get(chatId)?.type ?? 'private' },
    date: seconds(),
    text,
  })

  type Method = (parameters: Readonly<Record<string, unknown>>, response: ServerResponse) => void
  const refusedContent = ({
    text,
    parse_mode,
    reply_markup,
  }: Readonly<Record<string, unknown>>): string | undefined => {
    if (typeof text !== 'string' || text === '') return 'Bad Request: message text is empty'
    if (visible(text, parse_mode).length > 4096) return 'Bad Request: message is too long'
    if (parse_mode === 'HTML' && !isHtml(text))
      return "Bad Request: can't parse entities: Unsupported start tag"
    const { inline_keyboard: rows = [] } = (reply_markup ?? {}) as {
      inline_keyboard?: readonly (readonly Button[])[]
    }
    for (const { text: label, url, callback_data: data } of rows.flat()) {
      if (!label || (url === undefined) === (data === undefined)) return 'Bad Request: BUTTON_INVALID'
      if (data !== undefined && (data === '' || Buffer.byteLength(data) > 64))
        return 'Bad Request: BUTTON_DATA_INVALID'
      if (url !== undefined && !/^https?:\/\/[^/]+\.[a-z]{2,}(?:[:/?#]|$)/i.test(url))
        return 'Bad Request: BUTTON_URL_INVALID'
    }
    return undefined
  }
  const chatFor = (
    parameters: Readonly<Record<string, unknown>>,
    response: ServerResponse,
  ): DoubleChat | undefined => {
    const chat = chats.get(Number(parameters.chat_id))
    if (!chat) return void fail(response, 400, 'Bad Request: chat not found')
    if (chat.movedTo !== undefined)
      return void fail(response, 400, 'Bad Request: group chat was upgraded to a supergroup chat', {
        migrate_to_chat_id: chat.movedTo,
      })
    if (chat.isBlocked)
      return void fail(
        response,
        403,
        chat.type === 'private'
          ? 'Forbidden: bot was blocked by the user'
          : 'Forbidden: bot was kicked from the supergroup chat',
      )
    const { message_thread_id: topic } = parameters
    if (topic !== undefined && !chat.topics?.has(Number(topic)))
      return void fail(response, 400, 'Bad Request: message thread not found')
    return chat
  }
  const methods: Readonly<Record<string, Method>> = {
    getMe: (_parameters, response) => send(response, 200, { ok: true, result: me() }),
    sendMessage(parameters, response) {
      const chat = chatFor(parameters, response)
      if (!chat) return
      const wrong = refusedContent(parameters)
      if (wrong) return fail(response, 400, wrong)
      const { chat_id: _, ...content } = parameters
      const message = { ...content, message_id: ++lastMessage, chat_id: chat.id } as unknown as SentMessage
      messages.push(message)
      if (!isLate)
        send(response, 200, {
          ok: true,
          result: { ...messageBy(chat.id, message.message_id, message.text, { ...me() }), from: me() },
        })
    },
    editMessageText(parameters, response) {
      if (!chatFor(parameters, response)) return
      const found = messages.find(
        ({ message_id, chat_id }) =>
          message_id === parameters.message_id && chat_id === Number(parameters.chat_id),
      )
      if (!found) return fail(response, 400, 'Bad Request: message to edit not found')
      const wrong = refusedContent(parameters)
      if (wrong) return fail(response, 400, wrong)
      if (
        found.text === parameters.text &&
        JSON.stringify(found.reply_markup) === JSON.stringify(parameters.reply_markup)
      )
        return fail(response, 400, 'Bad Request: message is not modified')
      found.text = String(parameters.text)
      if (parameters.reply_markup === undefined) delete found.reply_markup
      else found.reply_markup = parameters.reply_markup as NonNullable<SentMessage['reply_markup']>
      send(response, 200, {
        ok: true,
        result: messageBy(found.chat_id, found.message_id, found.text, { ...me() }),
      })
    },
    answerCallbackQuery(parameters, response) {
      const id = String(parameters.callback_query_id)
      if (clock.nowMs() - (tappedAtMs.get(id) ?? 0) > oldestTapMs)
        return fail(
          response,
          400,
          'Bad Request: query is too old and response timeout expired or query ID is invalid',
        )
      answers.set(id, String(parameters.text ?? ''))
      send(response, 200, { ok: true, result: true })
    },
    deleteMessage(parameters, response) {
      const chat = chatFor(parameters, response)
      if (!chat) return
      if (chat.type !== 'private' && !chat.mayDelete)
        return fail(response, 400, "Bad Request: message can't be deleted")
      deleted.push(Number(parameters.message_id))
      send(response, 200, { ok: true, result: true })
    },
    setMyCommands: (_parameters, response) => send(response, 200, { ok: true, result: true }),
    deleteWebhook(_parameters, response) {
      hasWebhook = false
      send(response, 200, { ok: true, result: true })
    },
    getUpdates(parameters, response) {
      if (hasWebhook)
        return fail(
          response,
          409,
          "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
        )
      if (poll) {
        // The one that waits is ended, and told why: https://core.telegram.org/bots/api#getupdates
        poll.timer[Symbol.dispose]()
        fail(
          poll.response,
          409,
          'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
        )
        poll = undefined
      }
      const { offset = 0, limit = 100, timeout = 0 } = parameters as Record<string, number>
      // Whoever asks from a number on has confirmed all before it.
      if (offset > 0) updates = updates.filter((update) => update.update_id >= offset || again.has(update))
      else if (offset < 0) updates = updates.slice(offset)
      const timer = clock.after(Math.min(timeout, 50) * 1000, () => {
        if (poll?.response !== response) return
        poll = undefined
        send(response, 200, { ok: true, result: [] })
      })
      poll = { response, offset, limit, timer }
      response.once('close', () => {
        if (poll?.response === response) poll = undefined
      })
      answerPoll()
      for (const resolve of waiters.splice(0)) resolve()
    },
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const [, given = '', method = ''] = /^\/bot([^/]*)\/(\w+)$/.exec(request.url ?? '') ?? []
      const body = Buffer.concat(chunks).toString('utf8')
      const parameters = (body === '' ? {} : JSON.parse(body)) as Readonly<Record<string, unknown>>
      calls.push({ method, token: given, parameters })
      if (brokenStatus !== 0)
        return void response.writeHead(brokenStatus, { 'content-type': 'text/html' }).end('<html>')
      if (!tokenShape.test(given)) return fail(response, 404, 'Not Found')
      if (given !== token) return fail(response, 401, 'Unauthorized')
      if (slow.seconds > 0 && slow.times > 0) {
        slow.times--
        return fail(response, 429, `Too Many Requests: retry after ${slow.seconds}`, {
          retry_after: slow.seconds,
        })
      }
      const known = methods[method]
      if (known) known(parameters, response)
      else fail(response, 404, 'Not Found: method not found')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    username,
    calls,
    messages,
    answers,
    deleted,
    chat(chat) {
      chats.set(chat.id, chat)
      return chat
    },
    slowDown(wait, times = Number.POSITIVE_INFINITY) {
      slow = { seconds: wait, times }
    },
    breakDown(status) {
      brokenStatus = status
    },
    answerLate(late) {
      isLate = late
    },
    setWebhook(isSet) {
      hasWebhook = isSet
    },
    write(chatId, text, { from = somebody, quotes, entities, topic, isForwarded } = {}) {
      const message = messageBy(chatId, ++lastMessage, text, from)
      return happens({
        message: {
          ...message,
          ...(quotes === undefined ? {} : { quote: { text: quotes, position: 0 } }),
          ...(entities ? { entities } : {}),
          ...inTopic(topic),
          ...(isForwarded ? { forward_origin: { type: 'hidden_user', sender_user_name: 'X' } } : {}),
        },
      })
    },
    edit(chatId, messageId, text, from = somebody) {
      return happens({
        edited_message: { ...messageBy(chatId, messageId, text, from), edit_date: seconds() },
      })
    },
    tap(messageId, data, from = somebody) {
      const found = messages.find(({ message_id }) => message_id === messageId)
      const id = `tap_${++lastTap}`
      tappedAtMs.set(id, clock.nowMs())
      const message = found && {
        ...messageBy(found.chat_id, messageId, found.text, { ...me() }),
        ...inTopic(found.message_thread_id),
      }
      happens({ callback_query: { id, from, message, chat_instance: '1', data } })
      return id
    },
    repeat(updateId) {
      const found = all.find(({ update_id }) => update_id === updateId)
      if (found) {
        again.add(found)
        updates = [...updates.filter((update) => update !== found), found].sort(
          (a, b) => a.update_id - b.update_id,
        )
      }
      answerPoll()
    },
    lastMessageId: () => lastMessage,
    polled: () => (poll ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))),
    async [Symbol.asyncDispose]() {
      poll?.timer[Symbol.dispose]()
      all = []
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function inTopic(topic: number | undefined) {
  return topic === undefined ? {} : { message_thread_id: topic, is_topic_message: true }
}

/** What is counted and shown: without tags, entities as their characters. */
export function visible(text: string, parseMode: unknown): string {
  if (parseMode !== 'HTML') return text
  const plain = text.replace(/<[^>]*>/g, '')
  return plain
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
}

/** Only known tags, each closed, and no bare `<` or `&`: https://core.telegram.org/bots/api#html-style */
function isHtml(text: string): boolean {
  const open: string[] = []
  for (const [whole, slash, name] of text.matchAll(/<(\/?)([a-z]*)[^>]*>?/gi)) {
    if (!whole.endsWith('>') || !/^(?:b|i|u|s|code|pre|a)$/i.test(name!)) return false
    if (slash === '') open.push(name!)
    else if (open.pop() !== name) return false
  }
  return open.length === 0 && !/&(?!(?:lt|gt|amp|quot|#\d+);)/.test(text)
}
