import type { AccountRecord } from '../../contracts/store.ts'
import { BhorError } from '../../core/errors.ts'
import type { SessionContext } from '../ground/context.ts'
import { type Line, lineTo, withSecrets } from '../ground/line.ts'

/**
 * The way to a broker for a login, with everything that one is made with.
 *
 * @throws BhorError `bad_secret` for an account that was imported without the secrets of its app, `secret_source_…`
 */
export async function loginLine(context: SessionContext, account: AccountRecord): Promise<Line> {
  const line = await withSecrets(context, await lineTo(context, account))
  const missing = missingSecret(line)
  if (missing === undefined) return line
  throw new BhorError('bad_secret', `${account.alias} has no ${missing} yet, so nobody can log in.`, {
    hint: `Give it: bhor accounts edit ${account.alias} --api-secret-file FILE.`,
  })
}

/** The label of a secret that the app needs and nobody gave; undefined for none. */
export function missingSecret({ broker, values, references }: Line): string | undefined {
  const missing = Object.entries(broker.app).find(
    ([name, { secret, optional }]) =>
      secret && !optional && values.app[name] === undefined && references[name] === undefined,
  )
  return missing?.[1].label
}
