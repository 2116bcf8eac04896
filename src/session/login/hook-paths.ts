import type { AccountRecord, AppRecord, HookRecord } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import { newId, newToken } from '../../core/ids.ts'
import { appOf } from '../accounts/credentials.ts'
import { change } from '../ground/change.ts'
import type { Porch, SessionContext } from '../ground/context.ts'
import type { Line } from '../ground/line.ts'
import { amended, proven, soundOf, stamped } from '../ground/records.ts'
import { keeper, type Principal } from '../ground/rights.ts'

/** How long a path still counts after a newer one was made: until the user has registered that one everywhere. */
export const overlapMs = 24 * 60 * 60_000

/** The form of a secret path: 256 bits in base64url. */
const secretForm = /^[A-Za-z0-9_-]{43}$/

/** @throws BhorError `porch_needed` */
export function porchOf({ porch }: Pick<SessionContext, 'porch'>): Porch {
  const found = porch?.()
  if (found) return found
  throw new BhorError('porch_needed')
}

/** The path that this secret stands in; undefined where there is none that counts. */
export async function hookAt(
  { store, vault, clock }: Pick<SessionContext, 'store' | 'vault' | 'clock'>,
  brokerId: string,
  secret: string,
): Promise<HookRecord | undefined> {
  if (!secretForm.test(secret)) return undefined
  const found = await store.hooks.byPath(hashOf({ vault }, brokerId, secret))
  if (!found) return undefined
  const { endsAtMs } = proven(vault, 'hooks', found)
  return endsAtMs === null || clock.nowMs() < endsAtMs ? found : undefined
}

/**
 * Makes a new path for an app, and gives the only copy of its secret. The one before counts for a while longer where a
 * person has to register the new one.
 */
export async function newHook(
  context: SessionContext,
  { actor }: Pick<Principal, 'actor'>,
  account: AccountRecord,
): Promise<{ readonly secret: string; readonly beforeUntilMs: number | null }> {
  const { vault, clock, random } = context
  const { app } = await appOf(context, account)
  const secret = newToken(random)
  const nowMs = clock.nowMs()
  const hook = stamped(vault, 'hooks', {
    id: newId('hook', random),
    appId: app.id,
    pathHash: hashOf(context, app.broker, secret),
    createdAtMs: nowMs,
    endsAtMs: null,
  })
  const isByHand = account.kind !== 'sandbox'
  const beforeUntilMs = await change(context, async (c) => {
    const before = await c.reads.hooks.ofApp(app.id)
    const tx = c.tell({ actor, action: 'hook.add', result: 'ok', account, detail: { hook: hook.id } })
    let untilMs: number | null = null
    for (const { id } of before.damaged) await tx.hooks.delete(id)
    for (const one of before.records) {
      const isOver = one.endsAtMs !== null && one.endsAtMs <= nowMs
      if (isOver || !isByHand) await tx.hooks.delete(one.id)
      else if (one.endsAtMs === null) {
        untilMs = nowMs + overlapMs
        await tx.hooks.update(amended(vault, 'hooks', one, { endsAtMs: untilMs }))
      }
    }
    await tx.hooks.insert(hook)
    return untilMs
  })
  return { secret, beforeUntilMs }
}

/**
 * Sees to it, before a broker is asked for an approval, that what it posts will arrive. The simulator is told where by
 * bhor itself, anew with each request; at a real broker the user has registered an address.
 *
 * @throws BhorError `porch_needed`, `hook_unregistered`
 */
export async function expectPost(context: SessionContext, { account, broker }: Line): Promise<void> {
  const { local } = porchOf(context)
  if (account.kind !== 'sandbox') {
    const { app } = await appOf(context, account)
    if ((await currentHooks(context, app)).length > 0) return
    throw unregistered(account, `${broker.name} has no address to post to yet: none was made.`)
  }
  if (local === undefined || !context.sandbox) {
    throw new BhorError('porch_needed', 'The simulator can post to the porch only while that is open.', {
      hint: 'Run bhor serve, with a porch that listens on 127.0.0.1.',
    })
  }
  const { app } = await appOf(context, account)
  const { secret } = await newHook(context, keeper, account)
  const notifierUrl = hookUrl(local, broker.id, secret)
  await context.sandbox.notifyAt({ broker: broker.id, apiKey: app.apiKey, notifierUrl })
}

/** Where the broker says to which address it will post, it must be this app's own. @throws BhorError `hook_unregistered` */
export async function checkNotifier(
  context: SessionContext,
  { account, broker }: Line,
  said: string | undefined,
): Promise<void> {
  if (said === undefined || said === '') return
  const { url, local } = porchOf(context)
  const at = said.lastIndexOf('/')
  const base = account.kind === 'sandbox' ? local : url
  const isHere = base !== undefined && said.slice(0, at) === `${base}/hooks/${broker.id}`
  const hook = isHere ? await hookAt(context, broker.id, said.slice(at + 1)) : undefined
  if (hook?.appId === account.appId) return
  throw unregistered(account, `${broker.name} will post to another address than this account’s own.`)
}

export function hookUrl(origin: string, brokerId: string, secret: string): string {
  return `${origin}/hooks/${brokerId}/${secret}`
}

async function currentHooks({ store, vault }: SessionContext, app: AppRecord): Promise<HookRecord[]> {
  return soundOf(vault, 'hooks', await store.hooks.ofApp(app.id)).filter(({ endsAtMs }) => endsAtMs === null)
}

function unregistered({ alias }: AccountRecord, text: string): BhorError {
  const hint = `Make one with bhor accounts hook ${alias}, and register it as the app’s notifier address in the broker’s console.`
  return new BhorError('hook_unregistered', text, { hint })
}

function hashOf({ vault }: Pick<SessionContext, 'vault'>, brokerId: string, secret: string): string {
  return vault.fingerprint('hook', `${brokerId} ${secret}`)
}
