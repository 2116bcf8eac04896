import type { Problem } from '../../src/contracts/api.ts'

// Codes that belong to one field even when the answer does not name it; the first that the form has counts.
const homes: Partial<Record<Problem['code'], readonly string[]>> = {
  bad_alias: ['account'],
  already_exists: ['account', 'name'],
  bad_secret: ['app.apiSecret'],
  broker_not_found: ['broker'],
  app_invalid: ['app.apiKey'],
}

/** The field of a form that a problem belongs to; null for the top of the form. */
export function placeProblem(problem: Problem | null, fields: readonly string[]): string | null {
  if (problem === null) return null
  const named = problem.facts?.field
  // The API says `pin` where the form has `fields.pin`.
  const input = fields.find(
    (field) => field === named || field === `app.${named}` || field === `fields.${named}`,
  )
  if (input !== undefined) return input
  return homes[problem.code]?.find((field) => fields.includes(field)) ?? null
}
