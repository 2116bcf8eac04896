import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  compareDecimals,
  exactRupees,
  gainText,
  percentText,
  perMille,
  priceText,
  quantityText,
  shortRupees,
} from './money.ts'

const table = (text: (amount: string) => string, rows: Readonly<Record<string, string>>) => {
  for (const [amount, shown] of Object.entries(rows))
    assert.equal(text(amount).replaceAll('\u00a0', ' '), shown, amount)
}

test('an exact amount has every digit, in lakh and crore', () => {
  table(exactRupees, {
    '0': '₹0.00',
    '-0': '₹0.00',
    '5': '₹5.00',
    '0.5': '₹0.50',
    '999': '₹999.00',
    '1000': '₹1,000.00',
    '99999.99': '₹99,999.99',
    '100000': '₹1,00,000.00',
    '1234567.8': '₹12,34,567.80',
    '10000000': '₹1,00,00,000.00',
    '-31415926.5': '−₹3,14,15,926.50',
    '0.123456': '₹0.123456',
    '1450.333333': '₹1,450.333333',
    // Above what a float holds.
    '90071992547409930.01': '₹90,07,19,92,54,74,09,930.01',
    '123456789012345678901234567890.123456': '₹1,23,45,67,89,01,23,45,67,89,01,23,45,67,890.123456',
  })
})

test('a short amount is for a glance: rupees, lakh, crore, and over each limit by its rounding', () => {
  table(shortRupees, {
    '0': '₹0',
    '-0': '₹0',
    '-0.001': '₹0',
    '0.4': '₹0.40',
    '18.5': '₹18.50',
    '999.99': '₹999.99',
    '999.995': '₹1,000',
    '1000.4': '₹1,000',
    '84210.5': '₹84,211',
    '99999.49': '₹99,999',
    '99999.5': '₹1 L',
    '100000': '₹1 L',
    '1240000': '₹12.4 L',
    '1249999': '₹12.5 L',
    '9994999.99': '₹99.9 L',
    '9995000': '₹1 Cr',
    '10000000': '₹1 Cr',
    '31000000': '₹3.1 Cr',
    '12345678901': '₹1,234.6 Cr',
    '1234567890123456789012345678': '₹12,34,56,78,90,12,34,56,78,901.2 Cr',
    '-1240000': '−₹12.4 L',
    '-99999.5': '−₹1 L',
  })
})

test('a profit has a plus, a loss a minus, and nothing has neither, also by its rounding', () => {
  table((amount) => gainText(amount, exactRupees), { '12.5': '+₹12.50', '-12.5': '−₹12.50', '0': '₹0.00' })
  table((amount) => gainText(amount, shortRupees), {
    '250000': '+₹2.5 L',
    '-250000': '−₹2.5 L',
    '0.001': '₹0',
  })
})

test('prices end at the paisa, quantities where they end', () => {
  table(priceText, { '1450.333333': '₹1,450.33', '0.005': '₹0.01', '884.2': '₹884.20' })
  table(quantityText, { '12': '12', '-75': '−75', '123456': '1,23,456', '1.25': '1.25', '0': '0' })
})

test('shares of a whole come without a float', () => {
  assert.equal(percentText(perMille('1', '3')), '33.3')
  assert.equal(percentText(perMille('90071992547409930', '90071992547409930')), '100.0')
  assert.equal(percentText(perMille('0.0001', '1000')), '0.0')
  assert.equal(perMille('5', '0'), 0)
  assert.equal(perMille('-5', '10'), -500)
})

test('what was shown exactly is the number that came, whatever it is', () => {
  const paise = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n })
  fc.assert(
    fc.property(paise, paise, (a, b) => {
      const text = (amount: bigint) => {
        const digits = (amount < 0n ? -amount : amount).toString().padStart(3, '0')
        return `${amount < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
      }
      const back = BigInt(exactRupees(text(a)).replace('−', '-').replace(/[₹,.]/g, ''))
      assert.equal(back, a)
      assert.equal(compareDecimals(text(a), text(b)), a < b ? -1 : a > b ? 1 : 0)
      assert.match(shortRupees(text(a)), /^−?₹[\d,]+(\.\d{1,2})?(\u00a0(L|Cr))?$/)
    }),
  )
})
