import type { Broker } from '../contracts/broker.ts'
import { type Sandbox, sandboxEchoPath } from '../contracts/sandbox.ts'
import type { AccountRecord, Store } from '../contracts/store.ts'
import { BhorError, isBhorError } from '../core/errors.ts'
import { sandboxSecret } from '../session/accounts/app.ts'
import { appOf } from '../session/accounts/credentials.ts'
import type { SessionContext } from '../session/ground/context.ts'
import { tokensOf } from '../session/ground/line.ts'

/** A refresh token lives until it is used, or ended. */
const noEndMs = Temporal.Instant.from('9999-01-01T00:00:00Z').epochMilliseconds

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

/** Whoever lives by a time that somebody moves must not be a client of a real broker. @throws BhorError `config_invalid` */
export async function refuseOtherThanSandbox(store: Store): Promise<void> {
  const { records, damaged } = await store.accounts.list()
  const other = records.find(({ kind }) => kind !== 'sandbox') ?? damaged[0]
  const why = store.isShared
    ? 'A database that servers share has a clock of its own, which nobody moves.'
    : other && `The account ${'alias' in other ? other.alias : other.name} is not one at the simulator.`
  if (why === undefined) return
  throw new BhorError('config_invalid', `The clock is not moved here. ${why}`, {
    hint: 'Use a data folder of its own: BHOR_HOME.',
  })
}

/** Where the simulator says the address of who asks. */
export async function sandboxEcho(context: SessionContext, broker: Broker): Promise<string> {
  const [origin = ''] = Object.values(await sandboxHosts(context, broker))
  return `${origin}${sandboxEchoPath}`
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
    ...(account.settings.renewable && { approvedForRefresh: true }),
  })
  if (!session) return
  const tokens = tokensOf(context, session)
  const adopt = (kind: string, expiresAtMs: number) =>
    sandbox.adopt({
      broker: account.broker,
      apiKey: app.apiKey,
      userId: session.userId,
      accessToken: tokens[kind]?.reveal() ?? '',
      kind,
      expiresAtMs,
    })
  if (session.status === 'active' && nowMs < session.expiresAtMs) await adopt('access', session.expiresAtMs)
  const { renewal } = await context.broker(account.broker)
  const isRenewable = renewal && tokens[renewal.needs] !== undefined
  // One that was refused before is dead there too.
  if (isRenewable && (await context.planner.willRenew(context.store, account, session)))
    await adopt(renewal.needs, noEndMs)
}
