import type { FieldView } from '../contracts/api.ts'
import { BhorError } from '../core/errors.ts'
import { shownOn, terminal } from './terminal.ts'

/** Prompts, on stderr and only on a terminal. @throws BhorError `needs_terminal`, `cancelled` */
export async function askText(message: string, isOptional = false): Promise<string> {
  const prompts = await promptsOrThrow(message)
  const validate = isOptional ? allowAll : refuseEmpty
  return answered(await prompts.text({ ...on(message), validate }), prompts) ?? ''
}

/** Like {@link askText}, without echo. */
export async function askSecret(message: string, isOptional = false): Promise<string> {
  const prompts = await promptsOrThrow(message)
  const validate = isOptional ? allowAll : refuseEmpty
  return answered(await prompts.password({ ...on(message), validate }), prompts) ?? ''
}

/** A field of a broker's manifest, with its help; empty text where an optional one was skipped with Enter. */
export function askField({ label, help, secret, optional }: FieldView): Promise<string> {
  const message = `${label}${optional ? ' (Enter skips it)' : ''}\n${terminal.dim(help)}`
  return secret ? askSecret(message, optional) : askText(message, optional)
}

export async function askChoice(
  message: string,
  choices: readonly { value: string; label: string; hint?: string }[],
): Promise<string> {
  const prompts = await promptsOrThrow(message)
  const options = choices.map((choice) => ({ ...choice, label: shown(choice.label) }))
  return answered(await prompts.select({ ...on(message), options }), prompts)
}

/** What Enter alone answers is No: it is asked before something is taken away. */
export async function confirm(
  message: string,
  otherwise = 'Run it in a terminal, or add --yes.',
): Promise<boolean> {
  const prompts = await promptsOrThrow(message, otherwise)
  return answered(await prompts.confirm({ ...on(message), initialValue: false }), prompts)
}

/** A new one is asked for twice: with a slip in it nobody could open the vault again. */
export async function askPassphrase(isNew: boolean): Promise<string> {
  if (!isNew) return askSecret('Passphrase of the vault')
  const first = await askSecret('Choose a passphrase for the vault')
  if ((await askSecret('The same passphrase again')) === first) return first
  throw new BhorError('cancelled', 'The two passphrases differ. Nothing was made.')
}

type Prompts = typeof import('@clack/prompts')

async function promptsOrThrow(what: string, hint?: string): Promise<Prompts> {
  if (!terminal.canAsk) {
    const text = `This would ask: “${what}”, but there is no terminal.`
    throw new BhorError('needs_terminal', text, hint === undefined ? {} : { hint })
  }
  return import('@clack/prompts')
}

const shown = (text: string) => shownOn(process.stderr, text)
const on = (message: string) => ({ message: shown(message), output: process.stderr })

const allowAll = () => undefined
function refuseEmpty(answer: string | undefined): string | undefined {
  return answer?.trim() ? undefined : 'Type something, or press Ctrl-C.'
}

function answered<T>(answer: T, prompts: Prompts): Exclude<T, symbol> {
  if (prompts.isCancel(answer)) throw new BhorError('cancelled', 'Cancelled.')
  return answer as Exclude<T, symbol>
}
