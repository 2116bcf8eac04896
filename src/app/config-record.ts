import { change } from '../session/ground/change.ts'
import type { App } from './open.ts'

const metaName = 'config.seen'

/**
 * Records which options differ from those of the last server start on this store, by name. Values of secrets are not
 * compared; that one was given or taken away is.
 */
export async function recordConfig(app: App): Promise<void> {
  const { context } = app.desk
  const seen = Object.fromEntries([
    ...app.config.explained.map(({ name, value }) => [name, value]),
    ...Object.entries(app.config.hosts).flatMap(([broker, roles]) =>
      Object.entries(roles).map(([role, origin]) => [`hosts.${broker}.${role}`, origin]),
    ),
    ...Object.entries(app.config.brokers).map(([id, { module }]) => [`brokers.${id}.module`, module]),
  ]) as Record<string, string>
  await change(context, async (c) => {
    const before = JSON.parse((await c.reads.meta.get(metaName)) ?? '{}') as Record<string, string>
    const names = [...new Set([...Object.keys(before), ...Object.keys(seen)])].sort()
    const changed = names.filter((name) => (before[name] ?? '') !== (seen[name] ?? ''))
    if (changed.length === 0) return
    const detail = { options: changed.join(',') }
    const tx = c.tell({ actor: app.operator.actor, action: 'config.change', result: 'ok', detail })
    await tx.meta.set(metaName, JSON.stringify(seen))
  })
}
