import type { FundsView, Holding } from '../contracts/broker.ts'
import { type Decimal, decimalOf, minus, productOf, roundedTo } from '../core/decimal.ts'
import { BhorError } from '../core/errors.ts'
import { instantFromIst } from '../core/ist.ts'
import { printable } from '../core/redact.ts'
import { objectOf } from './reading.ts'

/** One object of a broker's reply, strictly read: what is not there or of another type is no zero. */
export interface Row {
  /** Printable. @throws BhorError `bad_reply` */
  text(name: string): string
  textOrNull(name: string): string | null
  /** A text, or a number without a fraction: instruments are either. @throws BhorError `bad_reply` */
  name(name: string): string
  /** @throws BhorError `bad_reply` */
  decimal(name: string): Decimal
  /** null where nothing is there, or an empty text. @throws BhorError `bad_reply` for anything else that is no number */
  decimalOrNull(name: string): Decimal | null
  /** null also for 0: nothing is traded at that, brokers send it where they know no price. @throws BhorError `bad_reply` */
  price(name: string): Decimal | null
  /** @throws BhorError `bad_reply` */
  flag(name: string): boolean
  /** An object in it; undefined where there is none. */
  row(name: string): Row | undefined
  /** An object in it. @throws BhorError `bad_reply` */
  part(name: string): Row
}

const longestText = 200

/** @param what the thing that it should be, for the message: `a holding` */
export function rowOf(brokerName: string, what: string, value: unknown): Row {
  const object = objectOf(value)
  if (!object) throw badReply(brokerName, `is no ${what}`)
  const own = (name: string) => (Object.hasOwn(object, name) ? object[name] : undefined)
  const textOf = (name: string) => {
    const value = own(name)
    return typeof value === 'string' ? printable(value, longestText) : ''
  }
  const fault = (name: string) => badReply(brokerName, `has no usable ${name} in a ${what}`)
  const row: Row = {
    text(name) {
      const text = textOf(name)
      if (text === '') throw fault(name)
      return text
    },
    textOrNull: (name) => textOf(name) || null,
    name(name) {
      const value = own(name)
      return Number.isSafeInteger(value) ? String(value) : row.text(name)
    },
    decimal(name) {
      const decimal = decimalOf(own(name))
      if (decimal === undefined) throw fault(name)
      return decimal
    },
    decimalOrNull(name) {
      const value = own(name)
      return value === undefined || value === null || value === '' ? null : row.decimal(name)
    },
    price(name) {
      const price = row.decimalOrNull(name)
      return price === '0' ? null : price
    },
    flag(name) {
      const value = own(name)
      if (typeof value !== 'boolean') throw fault(name)
      return value
    },
    row(name) {
      const value = own(name)
      return objectOf(value) ? rowOf(brokerName, what, value) : undefined
    },
    part(name) {
      const part = row.row(name)
      if (!part) throw fault(name)
      return part
    },
  }
  return row
}

/** The objects of a list. @throws BhorError `bad_reply` for anything else: no list is not an empty one */
export function rowsOf(brokerName: string, what: string, value: unknown): readonly Row[] {
  if (!Array.isArray(value)) throw badReply(brokerName, `is no list of ${what}s`)
  return value.map((part) => rowOf(brokerName, what, part))
}

/** @throws BhorError `bad_reply` for another text than these */
export function oneOf<const Text extends string>(
  row: Row,
  brokerName: string,
  name: string,
  texts: readonly Text[],
): Text {
  const text = row.textOrNull(name)
  const found = texts.find((one) => one === text)
  if (found === undefined) throw badReply(brokerName, `has a ${name} that it does not document`)
  return found
}

/** The segments of a client's funds. @throws BhorError `bad_reply` where none is there: that says nothing of the money */
export function segmentsOf(
  brokerName: string,
  value: unknown,
): readonly (readonly [FundsView['segment'], Row])[] {
  const all = rowOf(brokerName, 'margin', value)
  const there = (['equity', 'commodity'] as const).flatMap((segment) => {
    const row = all.row(segment)
    return row ? [[segment, row] as const] : []
  })
  if (there.length === 0) throw badReply(brokerName, 'has no segment of funds')
  return there
}

/** What so many shares have cost, are worth, and have gained since the close of the day before; null without a price. */
export function worthOf({
  quantity,
  averagePrice,
  lastPrice,
  closePrice,
}: Pick<Holding, 'quantity' | 'averagePrice' | 'lastPrice' | 'closePrice'>): Pick<
  Holding,
  'invested' | 'value' | 'dayPnl'
> {
  const amount = (price: Decimal | null) =>
    quantity === '0' ? '0' : price === null ? null : amountOf(price, quantity)
  const change = lastPrice === null || closePrice === null ? null : minus(lastPrice, closePrice)
  return { invested: amount(averagePrice), value: amount(lastPrice), dayPnl: amount(change) }
}

/** Rupees for so many: a hundredth of a paisa and less is noise of the average price. */
export function amountOf(price: Decimal, quantity: Decimal): Decimal {
  return roundedTo(productOf(price, quantity), 4)
}

/** A time of India without a zone, as an instant of UTC; null for anything else. */
export function momentOf(text: string | null): string | null {
  if (text === null || !/^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d$/.test(text)) return null
  try {
    return instantFromIst(text).toString()
  } catch {
    // 31 February and its kind
    return null
  }
}

function badReply(brokerName: string, why: string): BhorError {
  return new BhorError('bad_reply', `What ${brokerName} answered ${why}.`)
}
