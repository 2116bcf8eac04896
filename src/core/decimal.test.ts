import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decimalOf, minus, productOf, roundedTo, signOf, sumOf } from './decimal.ts'

/** An amount in paise, and as text. */
const paise = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n })
const asText = (amount: bigint): string => {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(3, '0')
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}
const inPaise = (decimal: string): bigint => {
  const [whole = '', fraction = ''] = decimal.replace('-', '').split('.')
  const amount = BigInt(whole + fraction.padEnd(2, '0'))
  return decimal.startsWith('-') ? -amount : amount
}

test('sums of money are those of the paise, in any order', () => {
  fc.assert(
    fc.property(fc.array(paise), (amounts) => {
      const sum = amounts.reduce((all, one) => all + one, 0n)
      assert.equal(inPaise(sumOf(amounts.map(asText))), sum)
      assert.equal(sumOf(amounts.map(asText)), sumOf(amounts.toReversed().map(asText)))
    }),
  )
})

test('what is taken away and added again leaves what was', () => {
  fc.assert(
    fc.property(paise, paise, (a, b) => {
      const before = sumOf([asText(a)])
      assert.equal(sumOf([minus(before, asText(b)), asText(b)]), before)
      assert.equal(signOf(minus(asText(a), asText(b))), a < b ? -1 : a > b ? 1 : 0)
    }),
  )
})

test('products are exact', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }), paise, (quantity, price) => {
      assert.equal(inPaise(productOf(quantity.toString(), asText(price))), quantity * price)
    }),
  )
  assert.equal(productOf('0.1', '0.2'), '0.02')
})

test('a sum of floats would be wrong, this one is right', () => {
  assert.equal(sumOf(['0.1', '0.2']), '0.3')
  assert.equal(sumOf(Array.from({ length: 10 }, () => '0.1')), '1')
  assert.equal(sumOf(['99999999999999.99', '0.01']), '100000000000000')
})

test('a number with two places is read as it was written', () => {
  fc.assert(
    fc.property(fc.integer({ min: -(10 ** 14), max: 10 ** 14 }), (amount) => {
      const written = asText(BigInt(amount))
      assert.equal(decimalOf(JSON.parse(written)), sumOf([written]))
      assert.equal(decimalOf(written), sumOf([written]))
    }),
  )
})

test('every number reads as plain text that means the same', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e21, max: 1e21 }), (number) => {
      const text = decimalOf(number)
      assert.match(text ?? '', /^(?!-0$)-?(0|[1-9]\d*)(\.\d*[1-9])?$/)
      assert.ok(Math.abs(Number(text) - number) <= 5.1e-7 + Math.abs(number) * 1e-15)
    }),
  )
})

test('the noise of a broker’s floats is left out, exponents are written out', () => {
  assert.equal(decimalOf(4.549999999999955), '4.55')
  assert.equal(decimalOf(-0.1 - 0.2), '-0.3')
  assert.equal(decimalOf(1e-7), '0')
  assert.equal(decimalOf(-0), '0')
  assert.equal(decimalOf(1.5e21), '1500000000000000000000')
  assert.equal(decimalOf('007.50'), '7.5')
  assert.equal(decimalOf(' 1'), undefined)
})

test('what is no number is none', () => {
  for (const value of [
    '',
    '.',
    '1,000',
    'NaN',
    '0x10',
    '1e999',
    '9'.repeat(41),
    null,
    {},
    [],
    true,
    Number.NaN,
    Infinity,
  ])
    assert.equal(decimalOf(value), undefined, String(value))
})

test('money is rounded half away from zero', () => {
  const cases = { '1.005': '1.01', '-1.005': '-1.01', '2.994999': '2.99', '-0.004': '0', '7': '7' }
  for (const [from, to] of Object.entries(cases)) assert.equal(roundedTo(from, 2), to)
})
