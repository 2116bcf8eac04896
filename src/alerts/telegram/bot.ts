import type { ChatBot } from '../../contracts/chat.ts'
import { isBhorError } from '../../core/errors.ts'
import type { TelegramApi } from './api.ts'
import { buttonOf, escaped } from './markup.ts'
import { updateFrom } from './updates.ts'

/** How long Telegram keeps a question for updates open; the most that it takes. */
const pollS = 50
const pollTimeoutMs = 90_000
/** https://core.telegram.org/bots/api#sendmessage; some room for buttons that become lines. */
const longestText = 3_500

/** A bot as people write to it: https://core.telegram.org/bots/api#getupdates */
export function botOver(api: TelegramApi, number: string): ChatBot {
  return {
    number,
    name: async () => {
      const { username = '' } = await api.call<{ readonly username?: string }>('getMe')
      return username
    },
    async hear(from, signal) {
      const parameters = {
        timeout: pollS,
        allowed_updates: ['message', 'callback_query'],
        ...(from > 0 ? { offset: from } : {}),
      }
      const updates = await api.call<unknown>('getUpdates', parameters, { timeoutMs: pollTimeoutMs, signal })
      return Array.isArray(updates) ? updates.flatMap((one) => updateFrom(one) ?? []) : []
    },
    async say({ chat, topic }, { text, buttons = [] }) {
      const made = buttons.map((link) => ({ link, button: buttonOf(link) }))
      const written = made.flatMap(({ link, button }) =>
        button === undefined && link.url ? [`${link.label}: ${link.url}`] : [],
      )
      const keyboard = made.flatMap(({ button }) => (button ? [[button]] : []))
      await api.call('sendMessage', {
        chat_id: Number(chat),
        ...(topic === undefined ? {} : { message_thread_id: Number(topic) }),
        text: escaped([shortened(text), ...written].join('\n')),
        parse_mode: 'HTML',
        link_preview_options: { is_disabled: true },
        ...(keyboard.length > 0 ? { reply_markup: { inline_keyboard: keyboard } } : {}),
      })
    },
    answer: (tapId, text) =>
      isPermitted(api.call('answerCallbackQuery', { callback_query_id: tapId, text: text.slice(0, 200) })),
    remove: ({ chat }, messageId) =>
      isPermitted(api.call('deleteMessage', { chat_id: Number(chat), message_id: messageId })),
  }
}

function shortened(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText)}\n…`
}

/** What the bot may not, or what is too late, is no trouble of the bot's. */
async function isPermitted(call: Promise<unknown>): Promise<boolean> {
  try {
    await call
    return true
  } catch (error) {
    if (isBhorError(error, 'channel_receiver_refused')) return false
    throw error
  }
}
