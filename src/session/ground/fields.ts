import type { FieldSpec } from '../../contracts/broker.ts'
import { hasControls } from '../../core/control-characters.ts'
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
  // What is not sealed is shown: on terminals, in logs, on the page.
  if (spec.pattern.test(value) && (spec.secret || !hasControls(value))) return value
  throw new BhorError(
    spec.secret ? 'bad_secret' : 'bad_field',
    `${spec.label} does not look right (${kindOf(value)}).`,
    {
      hint: spec.help,
      facts: { field: name },
    },
  )
}

/** A free text for people. @throws BhorError `bad_field` */
export function checkText(name: string, value: string, limit: number): string {
  if (value.length <= limit && !hasControls(value)) return value
  throw new BhorError(
    'bad_field',
    `The field ${name} must be one line of at most ${limit} characters (${kindOf(value)}).`,
    {
      facts: { field: name },
    },
  )
}

function kindOf(value: string): string {
  if (value === '') return 'empty'
  if (hasControls(value)) return 'it holds characters that cannot be seen'
  if (value.trim() !== value) return 'it has spaces at an end'
  return `${value.length} characters`
}
