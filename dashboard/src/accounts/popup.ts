import { words } from '../words/words.ts'

const size = 'popup,width=520,height=760'
const isSmall = matchMedia('(max-width: 640px)')

/**
 * Opens an empty window. Must be called inside the click, or browsers block it. The broker's page cannot reach
 * back (its opener is cut off), and this page can close it only until the broker's page is there. Null when the browser refused.
 */
export function openPopup(): Window | null {
  const popup = open('about:blank', '_blank', isSmall.matches ? '' : size)
  if (popup === null) return null
  try {
    popup.opener = null
    popup.document.title = 'bhor'
    popup.document.body.textContent = words.accounts.openingBroker
  } catch {
    // Some browsers give no access to the empty page. The window works all the same.
  }
  return popup
}

/** Only web addresses: an address never becomes code. */
export function isWebAddress(url: string): boolean {
  return /^https?:\/\//i.test(url)
}
