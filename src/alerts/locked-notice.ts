import type { Delivery } from '../contracts/alerts.ts'
import type { Secret } from '../core/secret.ts'
import type { Dialler } from './dialler.ts'
import { ask, deliveryOf, faultOf, webTarget } from './http.ts'

/**
 * Says that bhor waits for the passphrase of its vault. As long as that is locked so are the secrets of all channels: this
 * goes to an address of its own, as plain text, which ntfy and most receivers of webhooks take as it is.
 */
export async function lockedNotice(dialler: Dialler, address: Secret, text: string): Promise<Delivery> {
  try {
    const url = webTarget(dialler, address.reveal(), 'locked_notice_url')
    const headers = { 'content-type': 'text/plain; charset=utf-8' }
    const fault = faultOf(await ask(dialler, { method: 'POST', url, headers, body: text }))
    if (fault) throw fault
    return { outcome: 'delivered' }
  } catch (error) {
    return deliveryOf(error)
  }
}
