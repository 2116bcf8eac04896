import type { ChatUpdate } from '../../contracts/chat.ts'

// As https://core.telegram.org/bots/api#update says; of what comes nothing is taken for granted.
interface Update {
  readonly update_id?: unknown
  readonly message?: Message
  readonly callback_query?: {
    readonly id?: unknown
    readonly data?: unknown
    readonly from?: User
    readonly message?: Message
  }
}
interface User {
  readonly id?: unknown
  readonly is_bot?: unknown
}
interface Message {
  readonly message_id?: unknown
  readonly message_thread_id?: unknown
  readonly is_topic_message?: unknown
  readonly date?: unknown
  readonly from?: User
  readonly chat?: { readonly id?: unknown; readonly type?: unknown; readonly username?: unknown }
  readonly text?: unknown
  readonly caption?: unknown
  readonly entities?: readonly { readonly url?: unknown }[]
  readonly caption_entities?: readonly { readonly url?: unknown }[]
  readonly quote?: { readonly text?: unknown }
  readonly forward_origin?: unknown
  readonly forward_date?: unknown
}

/** An update as it is listened to; undefined for what has no number and cannot be told apart from others. */
export function updateFrom(given: unknown): ChatUpdate | undefined {
  const update = (given ?? {}) as Update
  const id = update.update_id
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) return undefined
  const other = { kind: 'other', id } as const
  try {
    return messageOf(id, update) ?? tapOf(id, update) ?? other
  } catch {
    // Of another shape than is documented.
    return other
  }
}

function messageOf(id: number, { message }: Update): ChatUpdate | undefined {
  const heard = message && heardIn(id, message, message.from)
  const text = textOf(message?.text ?? message?.caption)
  const { message_id: messageId, date } = message ?? {}
  if (!heard || typeof messageId !== 'number' || typeof date !== 'number') return undefined
  const entities = [...(message?.entities ?? []), ...(message?.caption_entities ?? [])]
  const parts = [text, ...entities.map(({ url }) => textOf(url)), textOf(message?.quote?.text)]
  const whole = parts.filter((part) => part !== '').join('\n')
  if (whole === '') return undefined
  const isForwarded = message?.forward_origin !== undefined || message?.forward_date !== undefined
  return { kind: 'message', ...heard, messageId, atMs: date * 1000, text, whole, isForwarded }
}

function tapOf(id: number, { callback_query: tap }: Update): ChatUpdate | undefined {
  const heard = tap?.message && heardIn(id, tap.message, tap.from)
  if (!heard || typeof tap?.id !== 'string' || typeof tap.data !== 'string') return undefined
  return { kind: 'tap', ...heard, tapId: tap.id, data: tap.data }
}

function heardIn(id: number, { chat, ...message }: Message, from: User | undefined) {
  if (typeof chat?.id !== 'number' || typeof from?.id !== 'number' || from.is_bot === true) return undefined
  // Outside of topics a thread is only what somebody replies to.
  const topic = message.is_topic_message === true ? message.message_thread_id : undefined
  return {
    id,
    place: { chat: String(chat.id), ...(typeof topic === 'number' ? { topic: String(topic) } : {}) },
    chatName: typeof chat.username === 'string' ? `@${chat.username}` : '',
    isPrivate: chat.type === 'private',
    sender: String(from.id),
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
