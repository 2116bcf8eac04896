import type { AnswerOf, AnyInput, ArgumentsOf, Endpoint } from '../contracts/endpoints.ts'
import { targetOf } from '../contracts/endpoints.ts'
import { checkAlias } from '../session/ground/fields.ts'
import type { ApiClient } from './wire.ts'

/**
 * One request of the API, e.g. `call(desk, 'GET /v1/accounts/{account}', { params: { account } })`.
 *
 * @throws BhorError with the server's own code; `bad_alias` before anything is asked
 */
export async function call<E extends Endpoint>(
  client: ApiClient,
  endpoint: E,
  ...[input]: ArgumentsOf<E>
): Promise<AnswerOf<E>> {
  const { params, query, body }: AnyInput = input ?? {}
  if (params?.account !== undefined) checkAlias(params.account)
  const [method, target] = targetOf(endpoint, { ...(params ? { params } : {}), ...(query ? { query } : {}) })
  return (await client.request(method, target, body)) as AnswerOf<E>
}
