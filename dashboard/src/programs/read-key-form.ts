import type { AddKey, Scope } from '../../../src/contracts/api.ts'

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
  if (name === '') faults.name = 'Name the program that gets this key.'
  if (scopes.length === 0) faults.scopes = 'Choose at least one.'
  if (expiresInDays !== undefined && !(Number.isInteger(days) && days >= 1))
    faults.expiresInDays = 'A whole number of days, at least 1.'
  if (Object.keys(faults).length > 0) return { body: null, faults }
  const body: AddKey = { name, scopes: [...scopes] }
  if (accounts.length > 0) body.accounts = [...accounts]
  if (expiresInDays !== undefined) body.expiresInDays = days
  return { body, faults: {} }
}
