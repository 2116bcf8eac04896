import type { Broker, BrokerRequest, CallSite, Grant, SignContext, Values } from '../../contracts/broker.ts'
import { NetError } from '../../contracts/net.ts'
import type { AccountRecord, SessionRecord } from '../../contracts/store.ts'
import type { Secret } from '../../core/secret.ts'
import { type Credentials, credentialsOf } from '../accounts/credentials.ts'
import { resolved, withoutReferences } from '../accounts/references.ts'
import { egressOf } from '../egress/way.ts'
import { type Answered, callBroker } from './broker-call.ts'
import type { SessionContext } from './context.ts'
import { openSecrets, places, proven } from './records.ts'
import { refuseRolledBack } from './rollback.ts'

/** The way to an account's broker: the adapter, the revealed values to speak with, and the calling itself. */
export interface Line {
  readonly broker: Broker
  readonly account: AccountRecord
  /** The rows that the values were read from, to see later whether they are still the same. */
  readonly credentials: Credentials
  readonly hosts: Readonly<Record<string, string>>
  readonly values: SignContext
  /** Secrets of the app that are kept elsewhere, and are not in `values`; see {@link withSecrets}. */
  readonly references: Values
  /** How long there is for what is still to be sent; as long as it takes when left out. See {@link limited}. */
  readonly leftMs?: (() => number) | undefined
  /** @throws NetError when no complete reply came, BhorError `broker_redirect` for any 3xx */
  call(request: BrokerRequest, site: CallSite): Promise<Answered>
}

/** The same line as long as there is time for it: what would be sent later is not sent at all. */
export function limited(context: SessionContext, line: Line, withinMs: number): Line {
  const { clock } = context
  const [startedMs, countedMs] = [clock.nowMs(), clock.monotonicMs()]
  // A computer that sleeps stops the one clock, and who sets the time moves the other.
  const leftMs = () => withinMs - Math.max(clock.nowMs() - startedMs, clock.monotonicMs() - countedMs)
  return lineOver(context, line.broker, line.account, line.credentials, line.hosts, {
    ...line.values,
    baseUrl: line.values.baseUrl ?? '',
    leftMs,
  })
}

/** Reveals a set of secrets for one call to an adapter. */
export function revealed(secrets: Readonly<Record<string, Secret>>): Record<string, string> {
  return Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, secret.reveal()]))
}

/** The tokens of a session, authenticated and opened. */
export function tokensOf(
  context: Pick<SessionContext, 'vault'>,
  session: SessionRecord,
): Record<string, Secret> {
  proven(context.vault, 'sessions', session)
  return openSecrets(context.vault, session.sealedTokens, places.tokens(session.id, session.generation))
}

/** With `session` also its tokens and its own base URL. @throws BhorError `store_damaged`, `store_rolled_back`, `account_not_found` */
export async function lineTo(
  context: SessionContext,
  account: AccountRecord,
  session?: SessionRecord,
): Promise<Line> {
  const broker = await context.broker(account.broker)
  const credentials = await credentialsOf(context, account)
  refuseRolledBack(context)
  const hosts = await context.hosts(broker, account)
  const line = lineOver(context, broker, account, credentials, hosts, {
    tokens: session ? revealed(tokensOf(context, session)) : {},
    userId: session?.userId ?? account.userId,
    baseUrl: session?.baseUrl ?? '',
  })
  // Every request of such a broker is signed with what is kept elsewhere.
  return broker.handsOut === 'proxy only' ? withSecrets(context, line) : line
}

/** The way for an account that is not stored yet. */
export async function draftLine(
  context: SessionContext,
  broker: Broker,
  account: AccountRecord,
  app: Values,
): Promise<Line> {
  refuseRolledBack(context)
  const nobody = { tokens: {}, userId: account.userId, baseUrl: '' }
  const credentials = { app, account: account.fields, version: '' }
  return lineOver(context, broker, account, credentials, await context.hosts(broker, account), nobody)
}

/**
 * The same line with the secrets that are kept elsewhere, for whoever logs in or renews.
 *
 * @throws BhorError `secret_source_failed`, `secret_source_refused`
 */
export async function withSecrets(context: SessionContext, line: Line): Promise<Line> {
  const { broker, account, credentials, hosts, references, values } = line
  if (Object.keys(references).length === 0) return line
  const app = { ...credentials.app, ...revealed(await resolved(context, broker, references)) }
  return lineOver(context, broker, account, { ...credentials, app }, hosts, {
    ...values,
    baseUrl: values.baseUrl ?? '',
    ...(line.leftMs ? { leftMs: line.leftMs } : {}),
  })
}

/** The same line for a grant that is not stored yet. */
export function lineOf(context: SessionContext, line: Line, grant: Grant): Line {
  const { broker, account, credentials, hosts } = line
  return lineOver(context, broker, account, credentials, hosts, {
    tokens: grant.tokens,
    userId: grant.userId ?? account.userId,
    baseUrl: grant.baseUrl ?? '',
    ...(line.leftMs ? { leftMs: line.leftMs } : {}),
  })
}

function lineOver(
  context: SessionContext,
  broker: Broker,
  account: AccountRecord,
  credentials: Credentials,
  hosts: Line['hosts'],
  {
    tokens,
    userId,
    baseUrl,
    leftMs,
  }: Pick<SignContext, 'tokens' | 'userId'> & Pick<Line, 'leftMs'> & { baseUrl: string },
): Line {
  const { own, references } = withoutReferences(broker, credentials.app)
  const values: SignContext = {
    app: own,
    account: credentials.account,
    tokens,
    userId,
    now: context.clock.now(),
    ...(baseUrl ? { baseUrl } : {}),
  }
  const egress = egressOf(context.vault, account)
  const isSandbox = account.kind === 'sandbox'
  const way = { hosts, baseUrl, isSandbox, ...(egress ? { egress } : {}) }
  return {
    broker,
    account,
    credentials,
    hosts,
    values,
    references,
    ...(leftMs ? { leftMs } : {}),
    async call(request, site) {
      const withinMs = leftMs?.()
      if (withinMs !== undefined && withinMs <= 0) throw new NetError('not_sent', 'timeout')
      await context.pace?.turn(account, withinMs)
      return callBroker(context, broker, request, site, {
        ...way,
        ...(withinMs === undefined ? {} : { withinMs }),
      })
    },
  }
}
