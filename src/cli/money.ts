import { type Decimal, signOf } from '../core/decimal.ts'
import { terminal } from './terminal.ts'

const money = {
  style: 'currency',
  currency: 'INR',
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
} as const
/** Lakh and crore: `₹1,23,45,678.90`. From text, so that no float comes between. */
const plain = new Intl.NumberFormat('en-IN', money)
const signed = new Intl.NumberFormat('en-IN', { ...money, signDisplay: 'exceptZero' })
const count = new Intl.NumberFormat('en-IN', { maximumFractionDigits: 6 })

/** `?` for what is not known. */
export function rupees(amount: Decimal | null): string {
  if (amount === null) return '?'
  return plain.format(amount as Intl.StringNumericLiteral)
}

/** A profit or loss: with its sign, and with colour where there is some. */
export function pnl(amount: Decimal | null): string {
  if (amount === null) return '?'
  const text = signed.format(amount as Intl.StringNumericLiteral)
  const sign = signOf(amount)
  return sign === 0 ? text : sign > 0 ? terminal.green(text) : terminal.red(text)
}

export function quantity(amount: Decimal): string {
  return count.format(amount as Intl.StringNumericLiteral)
}
