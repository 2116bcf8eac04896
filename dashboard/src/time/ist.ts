import { locale, words } from '../words/words.ts'

const zone = 'Asia/Kolkata'
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
/** India is so far ahead of UTC, all the year. */
const aheadMs = 5.5 * hour

const said = words.time
const clock = new Intl.DateTimeFormat(locale, {
  timeZone: zone,
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})
const date = new Intl.DateTimeFormat(locale, {
  timeZone: zone,
  weekday: 'short',
  day: 'numeric',
  month: 'short',
})
const exact = new Intl.DateTimeFormat(locale, {
  timeZone: zone,
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})
const key = new Intl.DateTimeFormat('en-CA', {
  timeZone: zone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
})

const hourOfDay = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', hourCycle: 'h23' })

/** `2026-11-24`, the day in India. */
export function istDate(atMs: number): string {
  return key.format(atMs)
}

/** When the next day begins in India. */
export function nextMidnightMs(nowMs: number): number {
  return Math.floor((nowMs + aheadMs) / day + 1) * day - aheadMs
}

/** `06:00`, as clocks in India show it. */
export function istClock(atMs: number): string {
  return clock.format(atMs)
}

/** `today`, `tomorrow`, `yesterday`, or `Mon 23 Nov`. */
export function istDay(atMs: number, nowMs: number): string {
  // India has no daylight saving, so a step of 24 hours is a step of one date.
  const names: Record<string, string> = {
    [istDate(nowMs - day)]: said.yesterday,
    [istDate(nowMs)]: said.today,
    [istDate(nowMs + day)]: said.tomorrow,
  }
  return names[istDate(atMs)] ?? date.format(atMs).replace(',', '')
}

/** `today 08:12 IST`; an unreadable time gives an empty text. */
export function whenText(instant: string | number, nowMs: number): string {
  const atMs = typeof instant === 'number' ? instant : Date.parse(instant)
  return Number.isNaN(atMs) ? '' : said.inIndia(`${istDay(atMs, nowMs)} ${istClock(atMs)}`)
}

/** `24 Nov 2026, 08:12:33 IST`, to the second. */
export function momentText(iso: string): string {
  return said.inIndia(exact.format(Date.parse(iso)))
}

/** `14 h 12 min left`, below an hour `12 min left`, in the last ten minutes `9 min 41 s left`. */
export function leftText(leftMs: number): string {
  if (leftMs <= 0) return said.over
  if (leftMs >= day) return said.daysLeft(Math.floor(leftMs / day), Math.floor((leftMs % day) / hour))
  if (leftMs >= hour) return said.hoursLeft(Math.floor(leftMs / hour), Math.floor((leftMs % hour) / minute))
  const minutes = Math.floor(leftMs / minute)
  if (leftMs >= 10 * minute) return said.minutesLeft(minutes)
  const seconds = Math.floor((leftMs % minute) / 1000)
  return leftMs >= minute ? said.minutesAndSecondsLeft(minutes, seconds) : said.secondsLeft(seconds)
}

/** `ends 06:00 tomorrow IST` and `14 h 12 min left`, or when it ended. */
export function endsWords(expiresAt: string, nowMs: number): readonly string[] {
  const atMs = Date.parse(expiresAt)
  if (Number.isNaN(atMs)) return []
  const moment = said.inIndia(`${istClock(atMs)} ${istDay(atMs, nowMs)}`)
  return atMs > nowMs ? [said.ends(moment), leftText(atMs - nowMs)] : [said.ended(moment)]
}

/** `ends 06:00 tomorrow IST · 14 h 12 min left` */
export function endsText(expiresAt: string, nowMs: number): string {
  return endsWords(expiresAt, nowMs).join(' · ')
}

/** `9:41`, for short waits. Never below `0:00`. */
export function countdown(untilMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((untilMs - nowMs) / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** How much of a life has gone, 0 to 1. */
export function lifeGone(from: string, until: string, nowMs: number): number {
  const start = Date.parse(from)
  const length = Date.parse(until) - start
  if (!(length > 0)) return 1
  return Math.min(1, Math.max(0, (nowMs - start) / length))
}

/** The greeting of the hour in India. */
export function greeting(nowMs: number): string {
  const { morning, afternoon, evening } = words.today.greetings
  const hours = Number(hourOfDay.format(nowMs))
  if (hours >= 4 && hours < 12) return morning
  return hours >= 12 && hours < 17 ? afternoon : evening
}
