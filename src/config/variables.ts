import { BhorError } from '../core/errors.ts'
import { printable } from '../core/redact.ts'
import { nearest, options } from './options.ts'

/** What `bhor token --format env` prints and `bhor exec` sets. Whoever has loaded that still gets to run bhor. */
export const tokenVariables = {
  account: 'BHOR_ACCOUNT',
  broker: 'BHOR_BROKER',
  kind: 'BHOR_KIND',
  generation: 'BHOR_GENERATION',
  accessToken: 'BHOR_ACCESS_TOKEN',
  apiKey: 'BHOR_API_KEY',
  baseUrl: 'BHOR_BASE_URL',
  hosts: 'BHOR_HOSTS',
  userId: 'BHOR_USER_ID',
  expiresAt: 'BHOR_EXPIRES_AT',
} as const

const known: readonly string[] = options.map((option) => option.env)
const passed: readonly string[] = Object.values(tokenVariables)

/** One field of a hand-out as a variable holds it; the hosts as JSON. */
export function variableText(value: string | number | object): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** @throws BhorError `config_invalid` for a `BHOR_…` variable that is no option, naming the nearest one */
export function refuseUnknownVariables(env: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(env)) {
    if (!name.startsWith('BHOR_') || known.includes(name) || passed.includes(name)) continue
    const near = nearest(name, known)
    throw new BhorError(
      'config_invalid',
      `The variable ${printable(name, 60)} is not known.`,
      near ? { hint: `Did you mean ${near}?` } : {},
    )
  }
}
