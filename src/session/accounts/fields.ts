import type { Broker, FieldSpec } from '../../contracts/broker.ts'
import { BhorError } from '../../core/errors.ts'
import { Secret } from '../../core/secret.ts'
import { checkField } from '../ground/fields.ts'
import { isReference } from './references.ts'

export type FieldSpecs = Readonly<Record<string, FieldSpec>>

/** Kept for the user, whatever the broker: document 001 asks for them. */
export const keptFields: FieldSpecs = {
  phoneNumber: {
    label: 'Phone number',
    secret: true,
    optional: true,
    pattern: /^[\p{L}\p{N}\p{P}\p{S} ]{1,20}$/u,
    help: 'At most 20 characters; bhor keeps it for you and sends it to nobody.',
  },
  password: {
    label: 'Password',
    secret: true,
    optional: true,
    pattern: /^[\p{L}\p{N}\p{P}\p{S} ]{1,200}$/u,
    help: 'At most 200 characters; bhor keeps it for you and sends it to nobody.',
  },
}

/** Everything that an account of this broker may hold beside its app. */
export function accountFieldsOf(broker: Broker): FieldSpecs {
  return { ...keptFields, ...broker.account }
}

export interface CheckedFields {
  readonly open: Record<string, string>
  readonly secret: Record<string, Secret>
  /** Given as empty text: to be forgotten. */
  readonly cleared: readonly string[]
}

/**
 * What was given, by the broker's own words for each field.
 *
 * @throws BhorError `unknown_field`, `bad_field`, `bad_secret`
 */
export function checkFields(
  specs: FieldSpecs,
  given: Readonly<Record<string, string>>,
  place: 'app' | 'fields',
): CheckedFields {
  const checked = {
    open: {} as Record<string, string>,
    secret: {} as Record<string, Secret>,
    cleared: [] as string[],
  }
  for (const [name, value] of Object.entries(given)) {
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined
    if (!spec) throw unknownField(specs, name, place)
    if (value === '' && spec.optional) checked.cleared.push(name)
    else if (spec.secret && place === 'app' && isReference(spec, value))
      checked.secret[name] = new Secret(value)
    else if (spec.secret) checked.secret[name] = new Secret(checkField(name, spec, value))
    else checked.open[name] = checkField(name, spec, value)
  }
  return checked
}

/** @throws BhorError `bad_field`, `bad_secret` for the first field that the broker needs and nobody gave */
export function refuseMissing(specs: FieldSpecs, has: (name: string) => boolean): void {
  const missing = Object.entries(specs).find(([name, spec]) => !spec.optional && !has(name))
  if (!missing) return
  const [name, { label, secret, help }] = missing
  throw new BhorError(secret ? 'bad_secret' : 'bad_field', `The ${label} is missing.`, {
    hint: help,
    facts: { field: name },
  })
}

function unknownField(specs: FieldSpecs, name: string, place: string): BhorError {
  const known = Object.keys(specs)
  return new BhorError('unknown_field', `There is no such field (${name.length} characters) in ${place}.`, {
    hint: known.length > 0 ? `Known here: ${known.join(', ')}.` : 'This broker needs none.',
    facts: { field: `${place}.${name.slice(0, 40)}` },
  })
}
