import { nearest } from '../config/options.ts'
import type { AnswerOf, AnyInput, ArgumentsOf, Endpoint } from '../contracts/endpoints.ts'
import { targetOf } from '../contracts/endpoints.ts'
import { BhorError, isBhorError } from '../core/errors.ts'
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
  try {
    return (await client.request(method, target, body)) as AnswerOf<E>
  } catch (error) {
    if (!isBhorError(error, 'account_not_found')) throw error
    const named = (body as { accounts?: readonly string[] } | undefined)?.accounts
    throw await withNearest(client, error, [
      ...(params?.account ? [params.account] : []),
      ...(named ? named : []),
    ])
  }
}

/** Whoever may list the accounts is told which one was probably meant. */
async function withNearest(
  client: ApiClient,
  error: BhorError,
  names: readonly string[],
): Promise<BhorError> {
  const all = await call(client, 'GET /v1/accounts').catch(() => [])
  const known = all.map(({ account }) => account)
  const unknown = names.find((name) => !known.includes(name))
  const near = unknown === undefined ? undefined : nearest(unknown, known)
  if (near === undefined) return error
  return new BhorError(error.code, error.message, { hint: `Did you mean ${near}?`, cause: error })
}
