import type { MirrorRecord } from '../../contracts/mirrors.ts'
import type { SessionContext } from '../ground/context.ts'

/** How many tokens of a mirror are remembered: the one before stands in the file until the next one does. */
export const mostKnown = 4

/** What example files say where a token belongs. */
const placeholder = /^(?:your[-_ ]|<.*>$|x+$)/i

/** Keyed: it tells nothing of the token. */
export function tokenHash({ vault }: Pick<SessionContext, 'vault'>, token: string): string {
  return vault.fingerprint('mirror-token', token)
}

/** What a record or a line of the log shows instead of a token. */
export function tokenMark(hash: string): string {
  return hash.slice(0, 5)
}

/** Whether what stands in the file is bhor's own, or no token at all. */
export function mayBeReplaced(
  context: Pick<SessionContext, 'vault'>,
  { known }: Pick<MirrorRecord, 'known'>,
  token: string | undefined,
): boolean {
  if (token === undefined || token === '' || placeholder.test(token)) return true
  return known.includes(tokenHash(context, token))
}
