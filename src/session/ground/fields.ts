import type { FieldSpec } from '../../contracts/broker.ts'
import { BhorError } from '../../core/errors.ts'

const aliasPattern = /^[a-z0-9][a-z0-9_-]{0,39}$/

/** @throws BhorError `bad_alias` */
export function checkAlias(alias: string): string {
  if (!aliasPattern.test(alias)) {
    throw new BhorError('bad_alias', `This is not an account name (${alias.length} characters).`, {
      facts: { field: 'account' },
    })
  }
  return alias
}

/** @throws BhorError `bad_field`, or `bad_secret` for a secret; the value is never quoted */
export function checkField(name: string, spec: FieldSpec, value: string): string {
  if (spec.pattern.test(value)) return value
  throw new BhorError(
    spec.secret ? 'bad_secret' : 'bad_field',
    `${spec.label} does not look right (${kindOf(value)}).`,
    {
      hint: spec.help,
      facts: { field: name },
    },
  )
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

/** A free text for people. @throws BhorError `bad_field` */
export function checkText(name: string, value: string, limit: number): string {
  if (value.length <= limit && !unprintable.test(value)) return value
  throw new BhorError(
    'bad_field',
    `The field ${name} must be one line of at most ${limit} characters (${kindOf(value)}).`,
    {
      facts: { field: name },
    },
  )
}

/**
 * The redirect URL as it is registered at the broker. Brokers compare it letter by letter, and the one-time code
 * comes over it: https, or plain http to this computer only.
 *
 * @throws BhorError `bad_field`
 */
export function checkRedirectUrl(name: string, value: string): string {
  const refuse = (why: string, hint: string) =>
    new BhorError('bad_field', why, { hint, facts: { field: name } })
  const address = URL.canParse(value) ? new URL(value) : undefined
  if (!address || value.length > 500)
    throw refuse('The redirect URL is not an address.', 'Leave it out for the usual one.')
  if (address.hash || address.username || address.password) {
    throw refuse('The redirect URL holds a fragment or a credential.', 'Use the plain address.')
  }
  const isThisComputer = address.hostname === '127.0.0.1' || address.hostname === '[::1]'
  if (address.hostname === 'localhost') {
    throw refuse(
      '“localhost” can lead to another program over IPv6.',
      'Register and use http://127.0.0.1:… instead.',
    )
  }
  if (address.protocol !== 'https:' && !(address.protocol === 'http:' && isThisComputer)) {
    throw refuse('The redirect URL must be https, except to 127.0.0.1.', 'Use https, or http://127.0.0.1:…')
  }
  return value
}

function kindOf(value: string): string {
  if (value === '') return 'empty'
  if (value.trim() !== value) return 'it has spaces at an end'
  return `${value.length} characters`
}
