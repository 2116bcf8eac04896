import type { Hours, MarketSession, Segment } from '../../contracts/calendar.ts'
import { istZone } from '../../core/ist.ts'

/** The closing auction of shares with derivatives, and futures and options until 15:40. */
const closingAuctionSince = '2026-08-03'

const preOpen: MarketSession = { phase: 'pre_open', from: '09:00', until: '09:08' }
const morning: MarketSession = { phase: 'open', from: '09:00', until: '17:00' }

/** The hours of an ordinary day; null where no source gives them. From 09:08 to 09:15 nothing is traded. */
export function usualHours(segment: Segment, date: string): readonly MarketSession[] | null {
  const hasAuction = date >= closingAuctionSince
  switch (segment) {
    case 'equity':
      return hasAuction
        ? [
            preOpen,
            { phase: 'open', from: '09:15', until: '15:15', only: 'shares with derivatives' },
            { phase: 'open', from: '09:15', until: '15:30', only: 'other shares' },
            { phase: 'closing_auction', from: '15:15', until: '15:35', only: 'shares with derivatives' },
          ]
        : [preOpen, { phase: 'open', from: '09:15', until: '15:30' }]
    case 'fno':
      return [preOpen, { phase: 'open', from: '09:15', until: hasAuction ? '15:40' : '15:30' }]
    case 'commodity':
      return [morning, evening(date)]
    case 'currency':
      return null
  }
}

/**
 * MCX ends at 23:30 or 23:55, with the daylight saving of the United States. That the earlier hour belongs to their
 * summer is [U]: no source of these facts says which is which.
 */
function evening(date: string): MarketSession {
  const noon = Temporal.PlainDate.from(date).toZonedDateTime({
    timeZone: 'America/New_York',
    plainTime: '12:00',
  })
  return { phase: 'open', from: '17:00', until: noon.offset === '-04:00' ? '23:30' : '23:55' }
}

/** What a special day's hours come to; null for unknown ones. */
export function hoursOn(date: string, segment: Segment, hours: Hours): readonly MarketSession[] | null {
  if (typeof hours !== 'string') return hours
  if (hours === 'unknown') return null
  if (hours === 'usual') return usualHours(segment, date)
  return [hours === 'morning' ? morning : evening(date)]
}

/** An instant on that day in India. */
export function istInstant(date: string, time: string): Temporal.Instant {
  return Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: istZone, plainTime: time }).toInstant()
}
