/**
 * Money and quantities as decimal text such as `-1234.5`: no exponent, no zeros that say nothing, no minus before
 * zero. Sums and products are exact; a float is only ever read, never added.
 */
export type Decimal = string

/** Behind that a number of a broker holds nothing but the noise of its own floats: `4.549999999999955`. */
const readPlaces = 6
/** No sum of money has more digits; a longer text is none. */
const longest = 40
const largestExponent = 30
const plain = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/

/** Scaled by ten to the power of `places`. */
interface Scaled {
  readonly value: bigint
  readonly places: number
}

/**
 * Reads what a broker calls a number, as a number of JSON or as text; undefined for anything else. The shortest text of
 * a float is what was written, up to 15 digits.
 */
export function decimalOf(value: unknown): Decimal | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined
  const scaled = read(String(value))
  return scaled && written(rounded(scaled, readPlaces))
}

/** The exact sum; `0` of none. */
export function sumOf(decimals: Iterable<Decimal>): Decimal {
  let sum: Scaled = { value: 0n, places: 0 }
  for (const decimal of decimals) {
    const one = known(decimal)
    const places = Math.max(sum.places, one.places)
    sum = { value: atPlaces(sum, places) + atPlaces(one, places), places }
  }
  return written(sum)
}

export function minus(from: Decimal, what: Decimal): Decimal {
  return sumOf([from, negated(what)])
}

/** The exact product; `1` of none. */
export function productOf(...decimals: readonly Decimal[]): Decimal {
  let product: Scaled = { value: 1n, places: 0 }
  for (const decimal of decimals) {
    const one = known(decimal)
    product = { value: product.value * one.value, places: product.places + one.places }
  }
  return written(product)
}

export function negated(decimal: Decimal): Decimal {
  const { value, places } = known(decimal)
  return written({ value: -value, places })
}

/** −1, 0 or 1. */
export function signOf(decimal: Decimal): -1 | 0 | 1 {
  const { value } = known(decimal)
  return value < 0n ? -1 : value > 0n ? 1 : 0
}

/** Half away from zero, as money is rounded. */
export function roundedTo(decimal: Decimal, places: number): Decimal {
  return written(rounded(known(decimal), places))
}

function read(text: string): Scaled | undefined {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    text.length <= longest ? (plain.exec(text) ?? []) : []
  if (sign === undefined || Number(exponent) > largestExponent) return undefined
  const magnitude = BigInt(whole + fraction)
  const value = sign === '-' ? -magnitude : magnitude
  const places = fraction.length - Number(exponent)
  return places < 0 ? { value: value * 10n ** BigInt(-places), places: 0 } : { value, places }
}

function known(decimal: Decimal): Scaled {
  const scaled = read(decimal)
  if (!scaled) throw new TypeError('This text is no decimal number.')
  return scaled
}

function atPlaces({ value, places }: Scaled, wanted: number): bigint {
  return value * 10n ** BigInt(wanted - places)
}

function rounded({ value, places }: Scaled, wanted: number): Scaled {
  if (places <= wanted) return { value, places }
  const unit = 10n ** BigInt(places - wanted)
  const half = value < 0n ? -unit / 2n : unit / 2n
  return { value: (value + half) / unit, places: wanted }
}

function written({ value, places }: Scaled): Decimal {
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, '0')
  const whole = digits.slice(0, digits.length - places)
  const fraction = digits.slice(digits.length - places).replace(/0+$/, '')
  return `${value < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}
