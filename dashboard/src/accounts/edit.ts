import type { AccountView, EditAccount } from '../../../src/contracts/api.ts'

/** Shown with their value; an emptied one is sent empty. */
const open = ['account', 'label', 'apiKey', 'userId', 'redirectUrl', 'postbackUrl'] as const
/** Never shown; empty means keep. */
const sealed = ['apiSecret', 'phoneNumber', 'password'] as const

export const editFields = [...open, ...sealed] as const
export type EditField = (typeof editFields)[number]

/** Only what the form changed. */
export function readEdit(account: AccountView, form: Pick<FormData, 'get'>): EditAccount {
  const change: EditAccount = {}
  for (const field of open) {
    const text = String(form.get(field) ?? '').trim()
    if (text !== (account[field] ?? '')) change[field] = text
  }
  for (const field of sealed) {
    const typed = String(form.get(field) ?? '')
    const text = field === 'password' ? typed : typed.trim()
    if (text !== '') change[field] = text
  }
  return change
}
