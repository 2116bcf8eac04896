import type { Broker } from '../../contracts/broker.ts'
import type { MirrorContent } from '../../contracts/mirrors.ts'
import type { AccountRecord, SessionRecord } from '../../contracts/store.ts'
import type { SessionContext } from '../ground/context.ts'
import { lineTo } from '../ground/line.ts'
import { allowedRate } from '../ground/pace.ts'

/** All that a mirror may write of a session. */
export async function contentOf(
  context: SessionContext,
  account: AccountRecord,
  session: SessionRecord,
): Promise<MirrorContent> {
  const { broker, hosts, values } = await lineTo(context, account, session)
  const { access = '', extended = '' } = values.tokens
  const refresh = broker.renewal ? values.tokens[broker.renewal.needs] : undefined
  return {
    account: account.alias,
    broker: broker.id,
    kind: account.kind,
    generation: session.generation,
    apiKey: values.app.apiKey ?? '',
    accessToken: access,
    refreshToken: refresh ?? '',
    extendedToken: extended,
    userId: session.userId,
    userName: session.userName,
    email: session.email,
    exchanges: session.exchanges,
    products: session.products,
    orderTypes: session.orderTypes,
    baseUrl: session.baseUrl || hosts.login || hosts.api || '',
    issuedAtMs: session.grantedAtMs,
    expiresAtMs: session.expiresAtMs,
    rateLimit: allowedRate(broker, account),
    variables: variablesOf(broker),
  }
}

/** The names that programs for this broker look for in their environment; bhor's own where nobody has any. */
export function variablesOf({ environment }: Broker): MirrorContent['variables'] {
  const names = (field: string) => environment?.names[field] ?? []
  const [accessToken, apiKey, userId] = [names('accessToken'), names('apiKey'), names('userId')]
  return { accessToken: accessToken.length > 0 ? accessToken : ['BROKER_ACCESS_TOKEN'], apiKey, userId }
}
