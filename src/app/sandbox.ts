import type { Broker } from '../contracts/broker.ts'
import type { Sandbox } from '../contracts/sandbox.ts'
import type { AccountRecord } from '../contracts/store.ts'
import { BhorError, isBhorError } from '../core/errors.ts'
import { sandboxSecret } from '../session/accounts/app.ts'
import { appOf } from '../session/accounts/credentials.ts'
import type { SessionContext } from '../session/ground/context.ts'
import { tokensOf } from '../session/ground/line.ts'

/** Simulators that know this store's apps. A simulator forgets everything when it stops. */
const introduced = new WeakMap<Sandbox, Promise<void>>()

/** The simulator's hosts for a broker, after it was told of the apps and live sessions of an earlier run. */
export async function sandboxHosts(context: SessionContext, broker: Broker): Promise<Record<string, string>> {
  const { sandbox } = context
  if (!sandbox)
    throw new BhorError('config_invalid', 'There is no simulator here for a sandbox account.', {
      hint: 'Run bhor serve.',
    })
  const introduction = introduced.get(sandbox) ?? introduce(context, sandbox)
  introduced.set(sandbox, introduction)
  await introduction.catch((error: unknown) => {
    introduced.delete(sandbox)
    throw error
  })
  return { ...(await sandbox.hosts(broker.id)) }
}

async function introduce(context: SessionContext, sandbox: Sandbox): Promise<void> {
  const nowMs = context.clock.nowMs()
  for (const account of (await context.store.accounts.list()).records) {
    if (account.kind !== 'sandbox') continue
    await introduceOne(context, sandbox, account, nowMs).catch((error: unknown) => {
      // It says so to whoever uses it; the others work.
      if (!isBhorError(error, 'store_damaged')) throw error
    })
  }
}

async function introduceOne(
  context: SessionContext,
  sandbox: Sandbox,
  account: AccountRecord,
  nowMs: number,
): Promise<void> {
  const { app, secrets } = await appOf(context, account)
  const session = await context.store.sessions.latest(account.id)
  const userId = account.userId || session?.userId
  await sandbox.register({
    broker: account.broker,
    apiKey: app.apiKey,
    apiSecret: sandboxSecret(secrets),
    redirectUrl: account.redirectUrl,
    ...(userId && { userId }),
  })
  if (session?.status !== 'active' || nowMs >= session.expiresAtMs) return
  const accessToken = tokensOf(context, session).access?.reveal() ?? ''
  await sandbox.adopt({
    broker: account.broker,
    apiKey: app.apiKey,
    userId: session.userId,
    accessToken,
    expiresAtMs: session.expiresAtMs,
  })
}
