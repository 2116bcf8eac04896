import type { Delivery } from '../contracts/alerts.ts'
import type { Secret } from '../core/secret.ts'
import type { Dialler } from './dialler.ts'
import { ask, deliveryOf, faultOf, webTarget } from './http.ts'

/** Says that all is well to a service that tells somebody when it hears nothing any more. */
export async function heartbeat(dialler: Dialler, address: Secret): Promise<Delivery> {
  try {
    const url = webTarget(dialler, address.reveal(), 'heartbeat_url')
    const fault = faultOf(await ask(dialler, { method: 'GET', url }))
    if (fault) throw fault
    return { outcome: 'delivered' }
  } catch (error) {
    return deliveryOf(error)
  }
}
