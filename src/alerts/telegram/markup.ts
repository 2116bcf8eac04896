import type { AlertLink } from '../../contracts/alerts.ts'

/** What goes back to the bot, or an address that Telegram takes: one of this computer it refuses. */
export function buttonOf({ label, url, tap }: AlertLink) {
  if (tap !== undefined) return { text: label, callback_data: tap }
  const address = url === undefined ? null : URL.parse(url)
  if (address?.protocol !== 'https:' || !address.hostname.includes('.')) return undefined
  return /^[\d.]+$/.test(address.hostname) ? undefined : { text: label, url }
}

/** As text within HTML: https://core.telegram.org/bots/api#html-style */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
