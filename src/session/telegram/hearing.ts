import type { ChatMessage, ChatUpdate } from '../../contracts/chat.ts'
import { type BhorError, isBhorError, toBhorError } from '../../core/errors.ts'
import { istClock } from '../../core/ist.ts'
import { entryOf } from '../ground/change.ts'
import { chatRights } from '../ground/rights.ts'
import { acts, loginLink, type Means, resume, standing, type Writer } from './acts.ts'
import { type HeardBot, partyIn } from './bots.ts'
import { wishOf } from './words.ts'

/** What was written longer ago, while nobody listened, may not be wanted any more. */
const freshForMs = 10 * 60_000
const mostTries = 3
const longestWaitMs = 60_000

type Message = Extract<ChatUpdate, { kind: 'message' }>
type Tap = Extract<ChatUpdate, { kind: 'tap' }>
type Party = NonNullable<ReturnType<typeof partyIn>>

/** What is done about one update. */
export class Hearing {
  readonly #means: Means

  constructor(means: Means) {
    this.#means = means
  }

  /**
   * Obeys what was written in a chat of these channels; a stranger gets no answer, and is counted. Never throws for what
   * somebody wrote.
   *
   * @param botName by which commands may address the bot
   */
  async hear(
    { bot, channels }: HeardBot,
    botName: string,
    update: ChatUpdate,
    signal: AbortSignal,
  ): Promise<void> {
    if (update.kind === 'other') return
    const party = partyIn(channels, update)
    if (!party) return this.#turnAway()
    const writer = { principal: chatRights(party), place: update.place, isPrivate: update.isPrivate }
    const said = await (update.kind === 'tap'
      ? this.#tapped(bot, party, writer, update)
      : this.#written(bot, party, writer, update, botName)
    ).catch((error: unknown) => ({ text: troubleText(toBhorError(error)) }))
    if (said) await this.#say(() => bot.say(update.place, said), signal)
  }

  async #written(
    bot: HeardBot['bot'],
    party: Party,
    writer: Writer,
    message: Message,
    botName: string,
  ): Promise<ChatMessage | undefined> {
    const wish = wishOf(message.text, botName)
    if (!wish) return undefined
    if (wish.word === '' || message.isForwarded) return this.#maybePasted(bot, party, writer, message)
    const act = Object.hasOwn(acts, wish.word) ? acts[wish.word]! : undefined
    // In a group it may be meant for another bot.
    if (!act) return writer.isPrivate ? { text: 'There is no such command. /help' } : undefined
    if (act.isAct) {
      if (this.#isOld(message)) return { text: oldText(message.atMs) }
      await this.#record(party, message.sender, `/${wish.word}`)
    }
    return act.run(this.#means, writer, wish.name)
  }

  async #maybePasted(
    bot: HeardBot['bot'],
    party: Party,
    { principal, isPrivate }: Writer,
    message: Message,
  ): Promise<ChatMessage | undefined> {
    const { logins } = this.#means
    const isAddress = await logins.isAddress(principal, message.whole)
    if (!isAddress && !isPrivate) return undefined
    if (!isAddress && !/:\/\/|\/callback\//.test(message.whole))
      return { text: 'That is no command and no address of a login. /help' }
    await this.#record(party, message.sender, 'an address')
    // It holds a one-time code, whatever comes of it.
    const finished = this.#isOld(message)
      ? Promise.resolve(oldText(message.atMs))
      : logins.pasteAny(principal, message.whole, 'telegram').then(standing)
    const text = await finished.catch((error: unknown) => troubleText(toBhorError(error)))
    if (!isAddress || (await bot.remove(message.place, message.messageId).catch(() => false))) return { text }
    return { text: `${text}\nDelete your message with the address: I may not, and it held a one-time code.` }
  }

  async #tapped(
    bot: HeardBot['bot'],
    party: Party,
    writer: Writer,
    { tapId, data, sender, place }: Tap,
  ): Promise<ChatMessage | undefined> {
    const [word, what = ''] = data.split(' ')
    if (word !== 'login' && word !== 'yes') return void (await bot.answer(tapId, 'This button does nothing.'))
    if (word === 'login') {
      // Telegram alone knows when it was tapped.
      if (!(await bot.answer(tapId, 'One moment: the link comes.')))
        return { text: 'The button was tapped too long ago. Tap it again.' }
      const views = await this.#means.accounts.list(writer.principal)
      const account = views.find(({ id }) => id === what)?.account
      if (account === undefined) return { text: 'There is no such account any more. /login' }
      await this.#record(party, sender, 'the button of a login')
      return loginLink(this.#means, writer, account)
    }
    const stops = this.#means.confirmations.take(what, place)
    const isInTime = await bot.answer(tapId, stops ? 'One moment.' : spentText)
    if (!stops) return undefined
    if (!isInTime) return { text: spentText }
    await this.#record(party, sender, 'yes to /resume')
    return resume(this.#means, chatRights(party, true), stops)
  }

  #isOld({ atMs }: Message): boolean {
    return this.#means.context.clock.nowMs() - atMs > freshForMs
  }

  /** Who it was, before anything happens: what happens then is recorded as done by the channel. */
  #record({ id, name }: Party, sender: string, said: string): Promise<void> {
    const { context } = this.#means
    const detail = { channel: name, sender, said }
    return context.audit.record(
      entryOf(context, { actor: { kind: 'telegram', id }, action: 'chat.hear', result: 'ok', detail }),
    )
  }

  #turnAway(): Promise<void> {
    const actor = { kind: 'telegram', id: '' } as const
    const refusal = { action: 'chat.hear', result: 'refused', code: 'chat_unknown' } as const
    return this.#means.context.refusals.record({ actor, ...refusal })
  }

  /** What was done stays done when nobody can be told; Telegram may ask to wait. */
  async #say(send: () => Promise<void>, signal: AbortSignal): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await send()
      } catch (error) {
        if (!isBhorError(error, 'channel_unavailable') || tries >= mostTries) return
        // Whether or not somebody stops the server meanwhile.
        const waited = this.#means.context.clock.sleep(
          Math.min(error.retryAfterMs ?? 1_000, longestWaitMs),
          signal,
        )
        if ((await waited.catch(() => 'stopped')) === 'stopped') return
      }
    }
  }
}

const spentText = 'This button is too old, or was used. Say it again: /resume'

function oldText(atMs: number): string {
  return `That was written at ${istClock(atMs)} IST, while I was away: too old. Say it again if you still want it.`
}

function troubleText({ message, hint }: BhorError): string {
  return `${message}\n${hint}`
}
