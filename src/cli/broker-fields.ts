import type { BrokerView, FieldView } from '../contracts/api.ts'
import { BhorError } from '../core/errors.ts'
import { askField } from './ask.ts'
import { secretFrom } from './secret-input.ts'
import { terminal } from './terminal.ts'

/** The values of an account as the API takes them: those of its app and its own. */
export interface FieldValues {
  readonly app: Record<string, string>
  readonly fields: Record<string, string>
}

export interface FieldOptions {
  field?: readonly string[]
  secretFile?: readonly string[]
  apiKey?: string
  apiSecretFile?: string
  apiSecretFrom?: string
  phoneFile?: string
  passwordFile?: string
}

/** A field of the broker's manifest, and where it belongs. */
interface Slot {
  readonly place: 'app' | 'fields'
  readonly field: FieldView
  /** What the options call it: with the place in front where both have a field of that name. */
  readonly name: string
}

/**
 * What the options say of the broker's fields, files and stdin read.
 *
 * @throws BhorError `secret_in_arguments`, `unknown_field`, `duplicate_field`, `usage`, `bad_secret`
 */
export async function givenFields(broker: BrokerView, options: FieldOptions): Promise<FieldValues> {
  const texts = [...(options.field ?? []), ...pairOf('app.apiKey', options.apiKey)]
  const files = [
    ...(options.secretFile ?? []),
    ...pairOf('app.apiSecret', options.apiSecretFile),
    ...pairOf('fields.phoneNumber', options.phoneFile),
    ...pairOf('fields.password', options.passwordFile),
  ]
  if (files.filter((text) => text.endsWith('=-')).length > 1)
    throw new BhorError('usage', 'Only one secret can come on stdin.', { hint: 'Give files for the others.' })
  const values: FieldValues = { app: {}, fields: {} }
  for (const text of texts) {
    const [name, value] = split('--field', text)
    const slot = slotOf(broker, name)
    // Empty text forgets a field: that may stand on a command line.
    if (slot.field.secret && value !== '') throw secretInArguments(slot)
    put(values, slot, value)
  }
  if (options.apiSecretFrom !== undefined)
    put(values, slotOf(broker, 'app.apiSecret'), secretPlace(options.apiSecretFrom))
  for (const text of files) {
    const [name, file] = split('--secret-file', text)
    const slot = slotOf(broker, name)
    put(values, slot, await secretFrom(file, slot.field.label))
  }
  return values
}

/** Asks for everything that was not given: what the broker needs first, then what it can use. @throws BhorError `needs_terminal` */
export async function askedFields(broker: BrokerView, given: FieldValues): Promise<FieldValues> {
  const open = slotsOf(broker, broker.account).filter(
    ({ place, field }) => given[place][field.name] === undefined,
  )
  const needed = open.filter(({ field }) => !field.optional)
  if (needed.length > 0 && !terminal.canAsk) throw missing(needed)
  const values = { app: { ...given.app }, fields: { ...given.fields } }
  if (!terminal.canAsk) return values
  for (const { place, field } of [...needed, ...open.filter((slot) => slot.field.optional)]) {
    const answer = await askField(field)
    if (answer !== '') values[place][field.name] = answer
  }
  return values
}

/** @throws BhorError `usage` for what is no place: it may be the secret itself */
export function secretPlace(text: string): string {
  if (/^(?:env:\w+|file:\/.+|command:.+)$/.test(text)) return text
  throw new BhorError('usage', '--api-secret-from takes a place, not the secret.', {
    hint: 'Write env:NAME, file:/path or "command:op read op://vault/item/field".',
  })
}

function slotsOf(broker: BrokerView, account: readonly FieldView[]): Slot[] {
  const isTwice = (name: string) =>
    [broker.app, account].every((all) => all.some((field) => field.name === name))
  const slot = (place: Slot['place']) => (field: FieldView) => ({
    place,
    field,
    name: isTwice(field.name) ? `${place}.${field.name}` : field.name,
  })
  return [...broker.app.map(slot('app')), ...account.map(slot('fields'))]
}

function slotOf(broker: BrokerView, name: string): Slot {
  const slots = slotsOf(broker, [...broker.account, ...broker.kept])
  const found = slots.find((slot) => slot.name === name || `${slot.place}.${slot.field.name}` === name)
  if (found) return found
  throw new BhorError('unknown_field', `${broker.name} has no such field (${name.length} characters).`, {
    hint: `It has: ${slots.map((slot) => slot.name).join(', ')}.`,
  })
}

function put(values: FieldValues, { place, field, name }: Slot, value: string): void {
  if (values[place][field.name] !== undefined)
    throw new BhorError('duplicate_field', `${name} was given twice.`)
  values[place][field.name] = value
}

function pairOf(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`${name}=${value}`]
}

function split(option: string, text: string): [string, string] {
  const at = text.indexOf('=')
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)]
  const what = option === '--field' ? 'name=value' : 'name=FILE'
  throw new BhorError('usage', `${option} takes ${what}.`, { hint: `Write ${option} ${what}.` })
}

function secretInArguments({ field, name }: Slot): BhorError {
  return new BhorError(
    'secret_in_arguments',
    `The ${field.label} is a secret and not taken on the command line: other users can see it.`,
    { hint: `Use --secret-file ${name}=FILE, “-” for stdin, or let bhor ask.` },
  )
}

function missing(slots: readonly Slot[]): BhorError {
  const labels = slots.map(({ field }) => field.label).join(', ')
  const options = slots.map(({ field, name }) =>
    field.secret ? `--secret-file ${name}=FILE (- for stdin)` : `--field ${name}=…`,
  )
  return new BhorError('needs_terminal', `Missing, and no terminal to ask at: ${labels}.`, {
    hint: `Give ${options.join(', ')}.`,
  })
}
