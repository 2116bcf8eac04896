import { BhorError } from '../../core/errors.ts'

/** A query parameter that is a number. @throws BhorError `bad_field` */
export function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  throw new BhorError('bad_field', `${name} must be a whole number from ${least} to ${most}.`, {
    facts: { field: name },
  })
}
