import type { AccountView, BrokerView, EditAccount } from '../../../src/contracts/api.ts'
import { inputsOf, valuesOf } from './field-names.ts'

/** Shown with their value; an emptied one is sent empty. */
const open = ['account', 'label', 'userId', 'redirectUrl', 'postbackUrl'] as const

/** Every input of the form that changes an account. */
export function editInputs(broker: BrokerView | undefined): string[] {
  return [...open, ...inputsOf(broker).map(([input]) => input)]
}

/** Only what the form changed. A secret is never shown: empty means keep. */
export function readEdit(
  account: AccountView,
  broker: BrokerView | undefined,
  form: Pick<FormData, 'get' | 'has'>,
): EditAccount {
  const change: EditAccount = {}
  for (const field of open) {
    if (!form.has(field)) continue
    const text = String(form.get(field)).trim()
    if (text !== (account[field] ?? '')) change[field] = text
  }
  const texts: Record<string, string> = {}
  for (const [input, { name, secret }] of inputsOf(broker)) {
    const typed = String(form.get(input) ?? '')
    const text = name === 'password' ? typed : typed.trim()
    const before = secret ? '' : (input.startsWith('app.') ? account.app : account.fields)[name]
    if (text !== (before ?? '')) texts[input] = text
  }
  return { ...change, ...valuesOf(texts) }
}
