import { statfs } from 'node:fs/promises'
import { hostname } from 'node:os'
import { Dialler, type Wires } from '../alerts/dialler.ts'
import { heartbeat } from '../alerts/heartbeat.ts'
import { channelTypes } from '../alerts/types.ts'
import type { Config } from '../config/load.ts'
import type { Clock } from '../core/clock.ts'
import type { Random } from '../core/random.ts'
import type { Alerting } from '../session/alerts/alerting.ts'

const hourMs = 60 * 60_000
const dayMs = 24 * hourMs

/** What the domain sends alerts with, as the configuration has it. */
export function alertingWith(
  { alerts, home, storeFile }: Pick<Config, 'alerts' | 'home' | 'storeFile'>,
  clock: Pick<Clock, 'after' | 'nowMs'>,
  random: Random,
  wires?: Wires,
): Alerting {
  const { privateTargets, heartbeatUrl } = alerts
  const dialler = new Dialler({ clock, privateTargets, ...(wires ? { wires } : {}) })
  return {
    types: channelTypes(dialler, clock, random),
    settings: {
      sessionEndsMs: alerts.sessionHours * hourMs,
      keyEndsMs: alerts.keyDays * dayMs,
      backupAgeMs: alerts.backupDays * dayMs,
      diskBytes: alerts.diskMb * 2 ** 20,
      checkAt: alerts.checkAt,
    },
    // Several servers share a store on PostgreSQL; one bhor has a file to itself.
    ...(storeFile === undefined ? { server: `${hostname()}:${home}` } : {}),
    async freeSpace() {
      // Some file systems cannot say.
      const found = await statfs(home).catch(() => undefined)
      return found && found.blocks > 0 ? { freeBytes: found.bavail * found.bsize } : undefined
    },
    ...(heartbeatUrl ? { heartbeat: () => heartbeat(dialler, heartbeatUrl) } : {}),
  }
}
