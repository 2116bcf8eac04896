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
export function codeIn(brought: unknown, redirectUri: string, states: readonly string[]): string {
  const text = broughtText(brought)
  const { own, others } = pastedAddresses(text, [new URL(redirectUri)])
  const readings = own.flatMap((callback) => readingOf(callback) ?? [])
  const granted = readings.filter((one) => one.kind === 'granted')
  const isOurs = ({ state = '' }: { readonly state?: string }) => states.some((one) => isEqual(state, one))
  const [chosen] = [...granted.filter(isOurs), ...granted, ...readings]
  if (!chosen) {
    const code = others.length === 0 ? bareCode(text) : undefined
    if (code !== undefined) return code
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

/** @throws BhorError `callback_incomplete` for nothing */
export function broughtText(brought: unknown): string {
  const text = typeof brought === 'string' ? brought.trim() : ''
  if (text !== '') return text
  throw new BhorError('callback_incomplete', 'There is no code.')
}

/** The code alone, without what people copy around it: quotes, brackets, `code=`. Undefined for a text of several words. */
export function bareCode(text: string): string | undefined {
  const named = withoutQuotes(text)
  const code = withoutQuotes(named.replace(/^[?&]?code["']?\s*[=:]\s*/i, ''))
  return /^[\x21-\x7e]{1,512}$/.test(code) ? code : undefined
}

function withoutQuotes(text: string): string {
  return text.replace(/^["'`“”„‘’«<([{\s]+|["'`“”’»>)\]},;.&\s]+$/g, '')
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
