import { timingSafeEqual } from 'node:crypto'
import { upstox } from '../brokers/upstox/index.ts'
import type { CallbackReading } from '../contracts/broker.ts'
import { BhorError, isBhorError } from '../core/errors.ts'
import { printable } from '../core/redact.ts'
import { type Callback, callbackInput } from '../session/login/callback.ts'
import { pastedAddresses } from '../session/login/pasted-address.ts'

const [login] = upstox.logins

/**
 * The one-time code in what a person brings back from the browser: the code itself, or the whole address.
 *
 * @param states what logins were started with in this process; of an address with another one nothing is believed
 * @throws BhorError `callback_incomplete`, `login_refused`, `login_state_invalid`, `wrong_page`
 */
export function codeIn(brought: string, redirectUri: string, states: readonly string[]): string {
  const text = brought.trim()
  const { own, others } = pastedAddresses(text, [new URL(redirectUri)])
  const readings = own.flatMap((callback) => readingOf(callback) ?? [])
  const granted = readings.filter((one) => one.kind === 'granted')
  const isOurs = ({ state = '' }: { readonly state?: string }) => states.some((one) => isEqual(state, one))
  const [chosen] = [...granted.filter(isOurs), ...granted, ...readings]
  if (!chosen) {
    const isCode = others.length === 0 && /^[\x21-\x7e]{1,512}$/.test(text)
    if (isCode) return text
    if (text === '') throw new BhorError('callback_incomplete', 'There is no code.')
    throw new BhorError('wrong_page')
  }
  if (chosen.kind === 'wrong_page') throw new BhorError('wrong_page', undefined, { hint: chosen.hint })
  if (states.length > 0 && !isOurs(chosen))
    throw new BhorError('login_state_invalid', 'The address belongs to another login.', {
      hint: 'Start the login again: getLoginUrl().',
    })
  if (chosen.kind === 'refused') {
    const said = chosen.brokerMessage ? ` It says: “${printable(chosen.brokerMessage)}”` : ''
    throw new BhorError('login_refused', `Upstox did not grant the login.${said}`)
  }
  if (chosen.kind === 'incomplete')
    throw new BhorError('callback_incomplete', `The address lacks ${chosen.missing}.`)
  return chosen.vars.code!
}

/** Undefined for what no adapter is given: values that come twice, are too long or no text. */
function readingOf(callback: Callback): CallbackReading | undefined {
  try {
    return login.readCallback(callbackInput(callback))
  } catch (error) {
    if (isBhorError(error)) return undefined
    throw error
  }
}

function isEqual(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}
