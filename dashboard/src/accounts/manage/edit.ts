import type { AccountView, BrokerView, EditAccount, SettingsChange } from '../../../../src/contracts/api.ts'
import { words } from '../../words/manage.ts'
import { inputsOf, valuesOf } from '../field-names.ts'

/** Shown with their value; an emptied one is sent empty. */
const open = ['account', 'label', 'userId', 'redirectUrl', 'postbackUrl'] as const
const ofSettings = [
  'settings.group',
  'settings.hygiene.logoutAt',
  'settings.hygiene.logoutUnusedAfter',
  'settings.rateLimit',
] as const

type Form = Pick<FormData, 'get' | 'has'>

/** Every input of the form that changes an account. */
export function editInputs(broker: BrokerView | undefined): string[] {
  return [...open, ...ofSettings, ...inputsOf(broker).map(([input]) => input)]
}

/** Only what the form changed, or what is wrong with it. A secret is never shown: empty means keep. */
export function readEdit(
  account: AccountView,
  broker: BrokerView | undefined,
  form: Form,
  isRenewable: boolean,
): { readonly change: EditAccount; readonly faults: Readonly<Record<string, string>> } {
  const change: EditAccount = {}
  for (const field of open) {
    const text = textOf(form, field)
    if (text !== undefined && text !== (account[field] ?? '')) change[field] = text
  }
  const texts: Record<string, string> = {}
  for (const [input, { name, secret }] of inputsOf(broker)) {
    const typed = String(form.get(input) ?? '')
    const text = name === 'password' ? typed : typed.trim()
    const before = secret ? '' : (input.startsWith('app.') ? account.app : account.fields)[name]
    if (text !== (before ?? '')) texts[input] = text
  }
  const { settings, faults } = readSettings(account, form)
  return {
    change: {
      ...change,
      ...valuesOf(texts),
      ...(isRenewable === (account.settings.renewable ?? false) ? {} : { renewable: isRenewable }),
      ...(Object.keys(settings).length > 0 ? { settings } : {}),
    },
    faults,
  }
}

function readSettings(
  { settings: before }: AccountView,
  form: Form,
): { readonly settings: SettingsChange; readonly faults: Readonly<Record<string, string>> } {
  const settings: SettingsChange = {}
  const group = textOf(form, 'settings.group')
  if (group !== undefined && group !== (before.group ?? '')) settings.group = group
  for (const name of ['logoutAt', 'logoutUnusedAfter'] as const) {
    const text = textOf(form, `settings.hygiene.${name}`)
    if (text !== undefined && text !== (before.hygiene?.[name] ?? ''))
      settings.hygiene = { ...settings.hygiene, [name]: text }
  }
  const perSecond = textOf(form, 'settings.rateLimit')
  const burst = textOf(form, 'settings.rateLimit.burst')
  if (perSecond === undefined || burst === undefined) return { settings, faults: {} }
  const rate = before.rateLimit
  const isSame = perSecond === numberText(rate?.requestsPerSecond) && burst === numberText(rate?.burstSize)
  if (isSame) return { settings, faults: {} }
  const isWhole = [perSecond, burst].every((text) => /^\d{1,4}$/.test(text))
  const isNone = perSecond === '' && burst === ''
  if (!isWhole && !isNone)
    return { settings, faults: { 'settings.rateLimit': words.accounts.fields.rateFault } }
  settings.rateLimit = isNone ? null : { requestsPerSecond: Number(perSecond), burstSize: Number(burst) }
  return { settings, faults: {} }
}

function numberText(value: number | undefined): string {
  return value === undefined ? '' : String(value)
}

/** Trimmed; undefined where the form has no such input. */
function textOf(form: Form, name: string): string | undefined {
  return form.has(name) ? String(form.get(name)).trim() : undefined
}
