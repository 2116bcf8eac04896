import type {
  Alert,
  AlertChannel,
  AlertMessage,
  ChannelSettings,
  ChannelType,
  Delivery,
} from '../../contracts/alerts.ts'
import { channelFields } from '../../contracts/channel-fields.ts'
import { BhorError } from '../../core/errors.ts'
import type { Secret } from '../../core/secret.ts'
import type { Dialler } from '../dialler.ts'
import { checkedField } from '../fields.ts'
import { deliveryOf, webTarget } from '../http.ts'
import { gravestOf, inPieces, leftOutText, sendEach, toldOf } from '../words.ts'
import { MovedChat, TelegramApi, telegramServer } from './api.ts'
import { botOver } from './bot.ts'
import { buttonOf, escaped } from './markup.ts'

/** https://core.telegram.org/bots/api#sendmessage, after entities are parsed. */
const longestText = 4_096
/** Telegram refuses a keyboard of more than a hundred or so, and says nowhere how many. */
const mostButtons = 80

/** A chat with a bot. */
export function telegramType(dialler: Dialler): ChannelType {
  return {
    kind: 'telegram',
    reader: 'person',
    leastSeverity: 'warning',
    fields: channelFields.telegram,
    async checked(settings, { token }) {
      const { topic, server } = settings
      checkedField(
        { token: token?.reveal() ?? '' },
        'token',
        (text) => /^\d{5,15}:[A-Za-z0-9_-]{30,60}$/.test(text),
        'The bot token does not look right.',
        'It is the number, the colon and about 35 characters that @BotFather shows, without spaces or line breaks.',
      )
      if (/^-?\d+[:/_]\d+$/.test(settings.chat ?? ''))
        throw new BhorError(
          'channel_invalid',
          'The chat id is that of a group and one of its topics in one.',
          {
            hint: 'Give the two apart: --chat -1001234567890 --topic 42.',
            facts: { field: 'chat' },
          },
        )
      checkedField(
        settings,
        'chat',
        (text) => /^-?[1-9]\d{0,15}$/.test(text) || /^@[A-Za-z]\w{3,31}$/.test(text),
        'The chat id does not look right.',
        'It is a number; write to the bot and look it up with getUpdates, or ask @userinfobot.',
      )
      if (topic !== undefined)
        checkedField(
          settings,
          'topic',
          (text) => /^[1-9]\d{0,9}$/.test(text),
          'The topic does not look right.',
          'It is a number.',
        )
      return server === undefined
        ? settings
        : { ...settings, server: webTarget(dialler, server, 'The address of the Bot API server').origin }
    },
    target: ({ chat = '', topic }) => `chat ${chat}${topic === undefined ? '' : `, topic ${topic}`}`,
    open: (settings, { token }): AlertChannel => channelOver(apiOf(dialler, settings, token!), settings),
    bot: (settings, { token }) => botOver(apiOf(dialler, settings, token!), botNumber(token!)),
  }
}

/** The part of the token before the colon is the bot's number, which everybody sees who talks to it. */
function botNumber(token: Secret): string {
  return token.reveal().split(':')[0]!
}

/** The Bot API as a channel's settings name it. */
function apiOf(dialler: Dialler, { server = telegramServer }: ChannelSettings, token: Secret): TelegramApi {
  return new TelegramApi(dialler, server, token)
}

function channelOver(api: TelegramApi, settings: ChannelSettings): AlertChannel {
  const sendTo = (chat: string, message: AlertMessage) =>
    api.call('sendMessage', {
      chat_id: /^-?\d+$/.test(chat) ? Number(chat) : chat,
      ...(settings.topic === undefined ? {} : { message_thread_id: Number(settings.topic) }),
      ...contentOf(message),
      disable_notification: gravestOf(message) === 'info',
    })
  const send = async (message: AlertMessage): Promise<Delivery> => {
    const { chat = '' } = settings
    try {
      await sendTo(chat, message)
      return { outcome: 'delivered' }
    } catch (error) {
      if (!(error instanceof MovedChat)) return deliveryOf(error)
      return sendTo(error.chat, message).then(
        () => ({ outcome: 'delivered', moved: { ...settings, chat: error.chat } }),
        (again: unknown) => deliveryOf(again instanceof MovedChat ? wanders() : again),
      )
    }
  }
  return {
    send: (message) => sendEach(inPieces(message, fits), send),
    async check(): Promise<Delivery> {
      try {
        await api.call('getMe')
        return { outcome: 'delivered' }
      } catch (error) {
        return deliveryOf(error)
      }
    },
  }
}

function wanders(): BhorError {
  return new BhorError('channel_receiver_refused', 'The group’s id changes with every message.')
}

/** Text and buttons: https://core.telegram.org/bots/api#html-style */
export function contentOf(message: AlertMessage) {
  const text = textOf(message)
  const buttons = buttonsOf(message)
  return {
    text: text.length <= longestText ? text : shortened(partsOf(message)),
    parse_mode: 'HTML',
    link_preview_options: { is_disabled: true },
    ...(buttons.length > 0 ? { reply_markup: { inline_keyboard: buttons.map((button) => [button]) } } : {}),
  }
}

function fits(message: AlertMessage): boolean {
  return textOf(message).length <= longestText && buttonsOf(message).length <= mostButtons
}

function textOf(message: AlertMessage): string {
  const leftOut = leftOutText(message)
  return [...partsOf(message), ...(leftOut ? [leftOut] : [])].join('\n\n')
}

function partsOf(message: AlertMessage): readonly string[] {
  return toldOf(message).map(({ alert, heading, lines }) => {
    const written = (alert.links ?? []).flatMap((link) =>
      buttonOf(link) === undefined && link.url ? [`${escaped(link.label)}: ${escaped(link.url)}`] : [],
    )
    return [`<b>${mark(alert)}${escaped(heading)}</b>`, ...lines.map(escaped), ...written].join('\n')
  })
}

function buttonsOf({ alerts }: AlertMessage) {
  return alerts.flatMap((alert) => alert.links ?? []).flatMap((link) => buttonOf(link) ?? [])
}

/** Whole headings, as many as fit: a tag that is cut is refused. */
function shortened(parts: readonly string[]): string {
  let text = ''
  for (const part of parts) {
    const heading = part.split('\n')[0]!
    if (text.length + heading.length + 2 > longestText - 40) return `${text}\n… and more: bhor status`
    text += `${text === '' ? '' : '\n\n'}${heading}`
  }
  return text
}

function mark({ severity, kind }: Alert): string {
  if (kind === 'recovered' || kind === 'all_ready') return '✓ '
  return severity === 'critical' ? '‼ ' : severity === 'warning' ? '! ' : ''
}
