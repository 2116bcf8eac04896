import type { Actor, AuditAction } from '../../contracts/audit.ts'
import type { MirrorRecord } from '../../contracts/mirrors.ts'
import type { AccountRecord, SessionRecord, StoreReads } from '../../contracts/store.ts'
import { BhorError, isBhorError, toBhorError } from '../../core/errors.ts'
import { printable } from '../../core/redact.ts'
import { houseOf } from '../gate/house.ts'
import { refuseSealed } from '../gate/seal.ts'
import { refuseWithheld } from '../gate/withhold.ts'
import { change, type EventDetail } from '../ground/change.ts'
import type { SessionContext } from '../ground/context.ts'
import { amended, proven, soundOf } from '../ground/records.ts'
import { keeper } from '../ground/rights.ts'
import { latestSessionOf, liveOrThrow } from '../life/live.ts'
import { unconfirmedText } from '../life/state.ts'
import { contentOf, variablesOf } from './content.ts'
import { mirrorFilesOf } from './files.ts'
import { mayBeReplaced, mostKnown, tokenHash, tokenMark } from './token.ts'

/** What is wrong with the mirror itself. What stops it on purpose, or stops all of bhor, is told by others. */
const faults: readonly string[] = ['mirror_conflict', 'mirror_unwritable', 'store_damaged', 'seal_broken']

/** Brings all mirrors of an account up to date; one that fails stops none of the others. @throws what the first one threw */
export async function writeMirrors(context: SessionContext, account: AccountRecord): Promise<void> {
  const mirrors = soundOf(context.vault, 'mirrors', await context.store.mirrors.ofAccount(account.id))
  let failure: unknown
  for (const mirror of mirrors) {
    try {
      await settleMirror(context, keeper.actor, account, mirror)
    } catch (error) {
      if (isBhorError(error, 'lease_lost')) throw error
      failure ??= error
    }
  }
  if (failure !== undefined) throw failure
}

/**
 * Looks at the file and does what is to be done about it: writes the session where it is not there, tells of a token
 * that bhor did not write. What went wrong is told once, in the mirror's row too.
 *
 * @throws BhorError `mirror_conflict`, `mirror_unwritable`, `sealed`, `gate_closed`, `unconfirmed`
 */
export async function settleMirror(
  context: SessionContext,
  actor: Actor,
  account: AccountRecord,
  mirror: MirrorRecord,
): Promise<void> {
  const files = mirrorFilesOf(context)
  let isWriting = false
  try {
    const variables = variablesOf(await context.broker(account.broker))
    const found = (await files.tokensIn(mirror, variables))?.access.reveal()
    if (!mayBeReplaced(context, mirror, found) && !(await isOwn(context, account, found)))
      throw foreign(mirror)
    const session = await latestSessionOf(context, account)
    const hasIt = found !== undefined && mirror.known.at(-1) === tokenHash(context, found)
    const isLive = session?.status === 'active' && context.clock.nowMs() < session.expiresAtMs
    const isDone = session && mirror.generation === session.generation && hasIt
    if (!session || !isLive || session.unconfirmed || isDone) return await noteSound(context, actor, mirror)
    isWriting = true
    await write(context, actor, account, mirror, session)
  } catch (cause) {
    const error = toBhorError(cause)
    if (faults.includes(error.code))
      await noteFault(context, actor, mirror, isWriting ? 'mirror.write' : 'mirror.check', error)
    throw error
  }
}

async function write(
  context: SessionContext,
  actor: Actor,
  { id }: AccountRecord,
  mirror: MirrorRecord,
  { generation }: SessionRecord,
): Promise<void> {
  const { vault, clock } = context
  const { account, session } = await currentOf(context, context.store, id)
  const content = await contentOf(context, account, session)
  const hash = tokenHash(context, content.accessToken)
  // The record is durable before the token leaves, and what will stand in the file is known for ours whatever happens.
  const marked = await change(context, async (c) => {
    const now = await mirrorNow(context, c.reads, mirror)
    const { session: current } = await currentOf(context, c.reads, id)
    if (current.generation !== generation || session.generation !== generation)
      throw new BhorError('generation_conflict')
    // Of what was let go before, and is not known to have arrived, there is a record.
    if (now.known.at(-1) === hash && (now.generation < generation || now.fault)) return now
    const known = [...now.known.filter((one) => one !== hash), hash].slice(-mostKnown)
    const after = amended(vault, 'mirrors', now, { known })
    const detail = { ...about(mirror), generation }
    await c.tell({ actor, action: 'mirror.write_start', result: 'ok', account, detail }).mirrors.update(after)
    return after
  })
  await mirrorFilesOf(context).write(mirror, content, (token) => mayBeReplaced(context, marked, token))
  await change(context, async (c) => {
    const now = await mirrorNow(context, c.reads, mirror)
    // Whoever was faster has told of it.
    if (mirror.generation < generation && now.generation >= generation) return
    const before = mirror.known.at(-1)
    const detail = {
      ...about(mirror),
      generation,
      now: tokenMark(hash),
      ...(before && before !== hash ? { before: tokenMark(before) } : {}),
      until: content.expiresAtMs,
      renewable: content.refreshToken !== '',
    }
    const written = { generation, writtenAtMs: clock.nowMs(), fault: null }
    await c
      .tell({ actor, action: 'mirror.write', result: 'ok', account, detail })
      .mirrors.update(amended(vault, 'mirrors', now, written))
  })
}

/** Account and session as they may leave now. */
async function currentOf(
  context: SessionContext,
  reads: StoreReads,
  accountId: string,
): Promise<{ readonly account: AccountRecord; readonly session: SessionRecord }> {
  const stored = await reads.accounts.byId(accountId)
  if (!stored) throw new BhorError('account_not_found')
  const account = proven(context.vault, 'accounts', stored)
  const house = await houseOf(context, reads)
  refuseSealed(house)
  const nowMs = context.clock.nowMs()
  const session = liveOrThrow(nowMs, account, await latestSessionOf(context, account, reads))
  if (session.unconfirmed) throw new BhorError('unconfirmed', unconfirmedText(account, session))
  const { tokens } = await context.broker(account.broker)
  if (tokens.access?.canOrder ?? true) refuseWithheld(nowMs, account, house)
  return { account, session }
}

/** The token of the session itself: of an import, or what was written just before a crash. */
async function isOwn(context: SessionContext, account: AccountRecord, token = ''): Promise<boolean> {
  const session = await latestSessionOf(context, account)
  if (!session) return false
  return (await contentOf(context, account, session)).accessToken === token
}

/** The file is as it should be, whatever was wrong with it before. */
async function noteSound(context: SessionContext, actor: Actor, mirror: MirrorRecord): Promise<void> {
  if (!mirror.fault) return
  await change(context, async (c) => {
    const now = await mirrorNow(context, c.reads, mirror)
    const account = await c.reads.accounts.byId(mirror.accountId)
    const tx = c.tell({ actor, action: 'mirror.check', result: 'ok', account, detail: about(mirror) })
    await tx.mirrors.update(amended(context.vault, 'mirrors', now, { fault: null }))
  })
}

async function noteFault(
  context: SessionContext,
  actor: Actor,
  mirror: MirrorRecord,
  action: AuditAction,
  { code, message }: BhorError,
): Promise<void> {
  if (mirror.fault?.code === code) return
  await change(context, async (c) => {
    const now = await c.reads.mirrors.byId(mirror.id)
    if (!now || now.fault?.code === code) return
    const account = await c.reads.accounts.byId(mirror.accountId)
    const fault = { atMs: context.clock.nowMs(), code, text: message }
    const tx = c.tell({ actor, action, result: 'failed', code, account, detail: about(mirror) })
    await tx.mirrors.update(amended(context.vault, 'mirrors', now, { fault }))
  })
}

/** @throws BhorError `mirror_not_found` for one that was removed meanwhile, `store_damaged` */
export async function mirrorNow(
  { vault }: Pick<SessionContext, 'vault'>,
  reads: StoreReads,
  { id }: Pick<MirrorRecord, 'id'>,
): Promise<MirrorRecord> {
  const stored = await reads.mirrors.byId(id)
  if (!stored) throw new BhorError('mirror_not_found')
  return proven(vault, 'mirrors', stored)
}

/** What every record of a mirror says. */
export function about({ id, path, format }: MirrorRecord): EventDetail {
  return { mirror: id, path, format }
}

function foreign({ path }: MirrorRecord): BhorError {
  const text = `${printable(path, 400)} holds a token that bhor did not write. It was left alone.`
  return new BhorError('mirror_conflict', text)
}
