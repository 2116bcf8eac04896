import type { Broker, BrokerRequest, CallSite, Grant, SignContext } from '../../contracts/broker.ts'
import type { AccountRecord, SessionRecord } from '../../contracts/store.ts'
import type { Secret } from '../../core/secret.ts'
import { type Credentials, credentialsOf } from '../accounts/credentials.ts'
import { type Answered, callBroker } from './broker-call.ts'
import type { SessionContext } from './context.ts'
import { openSecrets, places, proven } from './records.ts'

/** The way to an account's broker: the adapter, the revealed values to speak with, and the calling itself. */
export interface Line {
  readonly broker: Broker
  readonly account: AccountRecord
  /** The rows that the values were read from, to see later whether they are still the same. */
  readonly credentials: Credentials
  readonly hosts: Readonly<Record<string, string>>
  readonly values: SignContext
  /** @throws NetError when no complete reply came, BhorError `broker_redirect` for any 3xx */
  call(request: BrokerRequest, site: CallSite): Promise<Answered>
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

/** With `session` also its tokens and its own base URL. @throws BhorError `store_damaged`, `account_not_found` */
export async function lineTo(
  context: SessionContext,
  account: AccountRecord,
  session?: SessionRecord,
): Promise<Line> {
  const broker = await context.broker(account.broker)
  const credentials = await credentialsOf(context, account)
  const hosts = await context.hosts(broker, account)
  return lineOver(context, broker, account, credentials, hosts, {
    tokens: session ? revealed(tokensOf(context, session)) : {},
    userId: session?.userId ?? account.userId,
    baseUrl: session?.baseUrl ?? '',
  })
}

/** The same line for a grant that is not stored yet. */
export function lineOf(context: SessionContext, line: Line, grant: Grant): Line {
  const { broker, account, credentials, hosts } = line
  return lineOver(context, broker, account, credentials, hosts, {
    tokens: grant.tokens,
    userId: grant.userId ?? account.userId,
    baseUrl: grant.baseUrl ?? '',
  })
}

function lineOver(
  context: SessionContext,
  broker: Broker,
  account: AccountRecord,
  credentials: Credentials,
  hosts: Line['hosts'],
  { tokens, userId, baseUrl }: Pick<SignContext, 'tokens' | 'userId'> & { baseUrl: string },
): Line {
  const values: SignContext = {
    app: credentials.app,
    account: credentials.account,
    tokens,
    userId,
    now: context.clock.now(),
    ...(baseUrl ? { baseUrl } : {}),
  }
  const { egress } = account.settings
  return {
    broker,
    account,
    credentials,
    hosts,
    values,
    call: (request, site) =>
      callBroker(context.net, broker, request, site, { hosts, baseUrl, ...(egress ? { egress } : {}) }),
  }
}
