import type { Broker, FieldSpec, Values } from '../../contracts/broker.ts'
import { BhorError, isBhorError } from '../../core/errors.ts'
import type { Secret } from '../../core/secret.ts'
import type { SessionContext } from '../ground/context.ts'

const shape = /^(?:env:[A-Za-z_][A-Za-z0-9_]*|file:\/[^\p{Cc}]{1,1000}|command:[^\p{Cc}]{1,1000})$/u

/** Whether a value says where the secret is, and is not the secret itself. */
export function isReference({ pattern }: Pick<FieldSpec, 'pattern'>, value: string): boolean {
  return shape.test(value) && !pattern.test(value)
}

/** What an app has of its own, and what is kept elsewhere. */
export function withoutReferences(
  { app }: Pick<Broker, 'app'>,
  values: Values,
): { readonly own: Values; readonly references: Values } {
  const isElsewhere = ([name, value]: [string, string]) => {
    const spec = Object.hasOwn(app, name) ? app[name] : undefined
    return spec?.secret === true && isReference(spec, value)
  }
  const { own = [], references = [] } = Object.groupBy(Object.entries(values), (entry) =>
    isElsewhere(entry) ? 'references' : 'own',
  )
  return { own: Object.fromEntries(own), references: Object.fromEntries(references) }
}

/**
 * The secrets that are kept elsewhere, asked for now.
 *
 * @throws BhorError `secret_source_failed`, `secret_source_refused`
 */
export async function resolved(
  { secretSources }: Pick<SessionContext, 'secretSources'>,
  { app }: Pick<Broker, 'app'>,
  references: Values,
): Promise<Record<string, Secret>> {
  const found: Record<string, Secret> = {}
  for (const [name, reference] of Object.entries(references)) {
    if (!secretSources) throw new BhorError('secret_source_failed', 'Nobody asks for secrets here.')
    const secret = await secretSources.read(reference)
    if (!secretSources.fits(secret, app[name]?.pattern ?? /^/))
      throw new BhorError(
        'secret_source_failed',
        `What ${sourceOf(reference)} gives is no ${app[name]?.label ?? 'secret'} (${secret.length} characters).`,
        { hint: 'Look whether it names the right entry: the secret alone, on one line.' },
      )
    found[name] = secret
  }
  return found
}

/** What speaks already against the places of secrets that were given, in sentences. They may be right by the time they are needed. */
export async function doubtsOf(
  { secretSources }: Pick<SessionContext, 'secretSources'>,
  broker: Pick<Broker, 'app'>,
  given: Values = {},
): Promise<string[]> {
  const doubts: string[] = []
  for (const [name, reference] of Object.entries(withoutReferences(broker, given).references)) {
    try {
      await secretSources?.check(reference)
    } catch (error) {
      if (!isBhorError(error)) throw error
      doubts.push(
        `The ${broker.app[name]?.label} cannot be read from there yet: ${error.message} ${error.hint}`,
      )
    }
  }
  return doubts
}

/** `the variable NAME`: what may be said of a reference. */
export function sourceOf(reference: string): string {
  const [kind = '', rest = ''] = [
    reference.slice(0, reference.indexOf(':')),
    reference.slice(reference.indexOf(':') + 1),
  ]
  if (kind === 'env') return `the variable ${rest}`
  if (kind === 'file') return 'the file of the secret'
  return `the command ${rest.split(' ')[0] ?? ''}`
}
