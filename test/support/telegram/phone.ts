import type { AddAlertChannel } from '../../../src/contracts/alerts.ts'
import type { AuditRecord } from '../../../src/contracts/audit.ts'
import { type AlertWorld, openAlertWorld } from '../alerts/house.ts'
import type { WorldOptions } from '../world.ts'
import { type Hand, handAt } from './hand.ts'

/** A bhor with a bot, and whoever holds the phone. */
export interface Phone extends Hand, AsyncDisposable {
  readonly house: AlertWorld
  addChannel(name: string, more?: Partial<AddAlertChannel>): Promise<void>
  /** Of the records that the audit holds, those with this action, oldest first. */
  records(action: string): Promise<readonly AuditRecord[]>
}
export async function openPhone(options: WorldOptions = {}): Promise<Phone> {
  const house = await openAlertWorld(options)
  const { phone, world } = house
  return {
    house,
    ...handAt(phone),
    async addChannel(name, more = {}) {
      await house.addPhone({ name, ...more })
      // Whoever listens is woken.
      await world.advance(1)
    },
    async records(action) {
      const records = await world.app.store.audit.latest(200)
      return records.filter((record) => record.action === action).toReversed()
    },
    [Symbol.asyncDispose]: () => house[Symbol.asyncDispose](),
  }
}
