import type { AddKey, Scope } from '../../../src/contracts/api.ts'
import { words } from '../words/programs.ts'

type KeyForm =
  | { readonly body: AddKey; readonly faults: Record<string, never> }
  | { readonly body: null; readonly faults: Partial<Record<keyof AddKey, string>> }

/** The form as a request, or what is wrong with it. No account chosen means all accounts. */
export function readKeyForm(
  texts: Readonly<Record<string, string>>,
  scopes: readonly Scope[],
  accounts: readonly string[],
): KeyForm {
  const faults: Partial<Record<keyof AddKey, string>> = {}
  const { name = '', expiresInDays } = texts
  const days = Number(expiresInDays)
  if (name === '') faults.name = words.programs.form.noName
  if (scopes.length === 0) faults.scopes = words.programs.form.noRights
  if (expiresInDays !== undefined && !(Number.isInteger(days) && days >= 1))
    faults.expiresInDays = words.programs.form.wrongDays
  if (Object.keys(faults).length > 0) return { body: null, faults }
  const body: AddKey = { name, scopes: [...scopes] }
  if (accounts.length > 0) body.accounts = [...accounts]
  if (expiresInDays !== undefined) body.expiresInDays = days
  return { body, faults: {} }
}
