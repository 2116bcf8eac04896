import type { MirrorRecord } from '../../contracts/mirrors.ts'
import type { SessionRecord } from '../../contracts/store.ts'

/** Whether a session waits for its file. */
export function isBehind({ generation }: MirrorRecord, session: SessionRecord): boolean {
  return session.status === 'active' && !session.unconfirmed && generation < session.generation
}
