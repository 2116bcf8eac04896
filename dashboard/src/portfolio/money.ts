import { minus, negated, productOf, roundedTo, signOf } from '../../../src/core/decimal.ts'
import { words } from '../words/portfolio.ts'

/** Decimal text, as the API gives it. */
type Decimal = string

const minusSign = '−'
const noBreak = '\u00a0'

/** How an amount is shortened: the first step whose rounded number is still below its limit. */
const steps = [
  { times: '1', places: 2, below: '1000', unit: () => '' },
  { times: '1', places: 0, below: '100000', unit: () => '' },
  { times: '0.00001', places: 1, below: '100', unit: () => `${noBreak}${words.portfolio.lakh}` },
  { times: '0.0000001', places: 1, below: null, unit: () => `${noBreak}${words.portfolio.crore}` },
] as const

/** Every digit of it, in lakh and crore: `₹12,34,567.80`. Never by a float. */
export function exactRupees(amount: Decimal): string {
  return withSign(amount, (size) => `₹${groupedExactly(size, 2)}`)
}

/** For a glance: `₹18.50`, `₹84,211`, `₹12.4 L`, `₹3.1 Cr`. */
export function shortRupees(amount: Decimal): string {
  return withSign(shortened(amount).rounded, (size) => {
    const { unit, places } = shortened(amount)
    return `₹${groupedExactly(size, places === 2 && size.includes('.') ? 2 : 0)}${unit}`
  })
}

/** The same with a plus before a profit. */
export function gainText(amount: Decimal, text: (amount: Decimal) => string): string {
  const shown = text(amount)
  return signOf(amount) > 0 && /[1-9]/.test(shown) ? `+${shown}` : shown
}

/** A price to the paisa; what lies behind it is the noise of an average. */
export function priceText(price: Decimal): string {
  return exactRupees(roundedTo(price, 2))
}

/** `1,23,456`, with parts where there are some. */
export function quantityText(quantity: Decimal): string {
  return withSign(quantity, (size) => groupedExactly(size, 0))
}

export function compareDecimals(a: Decimal, b: Decimal): number {
  return signOf(minus(a, b))
}

/** The same, and what is not known is smaller than everything. */
export function compareOrLast(a: Decimal | null, b: Decimal | null): number {
  return a === null || b === null ? Number(a !== null) - Number(b !== null) : compareDecimals(a, b)
}

/** How much of the whole a part is, in per mille; 0 where there is no whole. */
export function perMille(part: Decimal, whole: Decimal): number {
  const [of, all] = [inUnits(part), inUnits(whole)]
  return all === 0n ? 0 : Number((of * 1000n) / all)
}

/** `23.4` */
export function percentText(mille: number): string {
  return `${Math.floor(mille / 10)}.${mille % 10}`
}

export function sizeOf(amount: Decimal): Decimal {
  return signOf(amount) < 0 ? negated(amount) : amount
}

function shortened(amount: Decimal) {
  for (const { times, places, below, unit } of steps) {
    const rounded = roundedTo(productOf(amount, times), places)
    if (below === null || compareDecimals(sizeOf(rounded), below) < 0)
      return { rounded, places, unit: unit() }
  }
  throw new TypeError('the last step takes all')
}

function withSign(amount: Decimal, text: (size: Decimal) => string): string {
  return signOf(amount) < 0 ? `${minusSign}${text(negated(amount))}` : text(sizeOf(roundedTo(amount, 40)))
}

/** As India groups: three digits, then by two. */
function groupedExactly(size: Decimal, leastPlaces: number): string {
  const [whole = '', fraction = ''] = size.split('.')
  const places = fraction.padEnd(leastPlaces, '0')
  return `${whole.replace(/\B(?=(\d\d)*\d{3}$)/g, ',')}${places === '' ? '' : `.${places}`}`
}

function inUnits(amount: Decimal): bigint {
  return BigInt(roundedTo(productOf(amount, '10000'), 0))
}
