/** What somebody wants who writes to the bot. */
export interface Wish {
  /** `pause`, of `/pause papa`; empty for a text that is no command. */
  readonly word: string
  /** What stands behind it. */
  readonly name: string
}

/**
 * Reads a command as Telegram writes it: `/pause@house_bot papa`. Undefined for one that is another bot's.
 *
 * @param botName without `@`; empty where nobody knows it yet
 */
export function wishOf(text: string, botName: string): Wish | undefined {
  const [, word, bot, rest = ''] = /^\s*\/([a-z_]+)(?:@(\w+))?(?:\s+(.*?))?\s*$/is.exec(text) ?? []
  if (word === undefined) return { word: '', name: '' }
  if (bot !== undefined && bot.toLowerCase() !== botName.toLowerCase()) return undefined
  return { word: word.toLowerCase(), name: rest.trim().toLowerCase() }
}
