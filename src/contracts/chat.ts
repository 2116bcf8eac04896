import type { AlertLink } from './alerts.ts'

/** A chat, or one topic of a group. */
export interface ChatPlace {
  readonly chat: string
  /** Absent for a chat without topics, and for the general one. */
  readonly topic?: string
}

/** What is said in a chat: plain text, and buttons below it. */
export interface ChatMessage {
  readonly text: string
  readonly buttons?: readonly AlertLink[]
}

/** Something that happened in a chat of a bot. Nothing in it is to be believed but by whom and where it was written. */
export type ChatUpdate =
  | (Heard & {
      readonly kind: 'message'
      readonly messageId: number
      readonly atMs: number
      /** What somebody typed. */
      readonly text: string
      /** That, and what else stands in the message: the addresses of its links, what it quotes. */
      readonly whole: string
      /** Somebody else wrote it at another time. */
      readonly isForwarded: boolean
    })
  | (Heard & {
      readonly kind: 'tap'
      readonly tapId: string
      /** What the button sends. */
      readonly data: string
    })
  /** What nobody obeys: something that was changed afterwards, a message of another bot, a picture. */
  | { readonly kind: 'other'; readonly id: number }

interface Heard {
  /** Rises with each update of a bot. */
  readonly id: number
  readonly place: ChatPlace
  /** `@name` of a public group; empty for none. */
  readonly chatName: string
  /** Only one person and the bot are in it. */
  readonly isPrivate: boolean
  /** The number of the person. */
  readonly sender: string
}

/** A bot that people write to. */
export interface ChatBot {
  /** Who it is, as everybody may know: the same for all channels with this bot. */
  readonly number: string
  /** Without `@`. @throws BhorError `channel_…` */
  name(): Promise<string>
  /**
   * Waits for what people write, for less than a minute.
   *
   * @param from the number of the first update that was not handled yet: all before are forgotten; 0 for whatever there is
   * @throws BhorError `channel_…`
   */
  hear(from: number, signal: AbortSignal): Promise<readonly ChatUpdate[]>
  /** @throws BhorError `channel_…` */
  say(place: ChatPlace, message: ChatMessage): Promise<void>
  /** Tells whoever tapped that he was heard. @returns whether it was in time: an old tap is not to be obeyed */
  answer(tapId: string, text: string): Promise<boolean>
  /** Takes a message away. @returns whether the bot may */
  remove(place: ChatPlace, messageId: number): Promise<boolean>
}
