import { phoneChat } from '../alerts/house.ts'
import { type BotApi, type DoublePerson, type SentMessage, visible, type Written } from './bot-api.ts'

/** Whoever holds the phone: what he does, and what the bot says to it. */
export interface Hand {
  /** Writes something and waits until it was heard. @returns what the bot said to it */
  say(text: string, more?: Written & { readonly chat?: number }): Promise<string[]>
  /** Taps a button of the newest message that has it. @returns what the bot said to it */
  tap(label: string | RegExp, from?: DoublePerson): Promise<string[]>
  /** What the bot says to what this does. */
  heard(does: () => unknown): Promise<string[]>
  /** The address behind the button of a login: of a broker on loopback it stands in the text. */
  loginUrl(): string
}

export function handAt(phone: BotApi): Hand {
  const shown = ({ text, parse_mode }: SentMessage) => visible(text, parse_mode)
  const hand: Hand = {
    async heard(does) {
      await phone.polled()
      const before = phone.messages.length
      await does()
      await phone.polled()
      return phone.messages.slice(before).map(shown)
    },
    say: (text, { chat = phoneChat, ...more } = {}) => hand.heard(() => phone.write(chat, text, more)),
    tap(label, from) {
      const buttons = phone.messages.flatMap(({ message_id, reply_markup }) =>
        (reply_markup?.inline_keyboard ?? []).flat().map((button) => ({ message_id, ...button })),
      )
      const found = buttons.findLast(({ text }) =>
        typeof label === 'string' ? text === label : label.test(text),
      )
      if (found?.callback_data === undefined) throw new Error(`There is no button ${String(label)}.`)
      return hand.heard(() => phone.tap(found.message_id, found.callback_data!, from))
    },
    loginUrl: () => {
      const [url = ''] =
        /http:\/\/\S+connect\S*$|http:\/\/\S+\?\S+$/m.exec(shown(phone.messages.at(-1)!)) ?? []
      return url
    },
  }
  return hand
}
