import { iso } from '../../core/instant.ts'
import { tryParseJson } from '../../core/json.ts'
import { change } from './change.ts'
import type { SessionContext } from './context.ts'
import { keeper } from './rights.ts'
import { doubtSessions } from './rollback.ts'

/** Says in a store that it came out of a backup and that nobody has opened it since. */
export const restoredName = 'store.restored'

/**
 * The first start after a restore: it is recorded, and every live session is asked about before it is handed out, since
 * it may have been replaced or ended after the backup was made.
 */
export async function settleRestored(context: SessionContext): Promise<void> {
  if (!(await context.store.meta.get(restoredName)) || context.store.rollback()) return
  await change(context, async (c) => {
    const text = await c.reads.meta.get(restoredName)
    if (!text) return
    const { actor } = keeper
    const { at } = (tryParseJson(text) ?? {}) as { at?: unknown }
    const detail = { made: typeof at === 'string' ? at : iso(0) }
    const tx = c.tell({ actor, action: 'store.restore', result: 'ok', detail })
    await doubtSessions(context, actor, c)
    await tx.meta.set(restoredName, '')
  })
}
