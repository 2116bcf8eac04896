import { words } from '../words/words.ts'

const zone = 'Asia/Kolkata'
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: zone,
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})
const date = new Intl.DateTimeFormat('en-GB', {
  timeZone: zone,
  weekday: 'short',
  day: 'numeric',
  month: 'short',
})
const exact = new Intl.DateTimeFormat('en-GB', {
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

/** `2026-11-24`, the day in India. */
export function istDate(atMs: number): string {
  return key.format(atMs)
}

/** `06:00`, as clocks in India show it. */
export function istClock(atMs: number): string {
  return clock.format(atMs)
}

/** `today`, `tomorrow`, `yesterday`, or `Mon 23 Nov`. */
export function istDay(atMs: number, nowMs: number): string {
  // India has no daylight saving, so a step of 24 hours is a step of one date.
  const names: Record<string, string> = {
    [istDate(nowMs - day)]: 'yesterday',
    [istDate(nowMs)]: 'today',
    [istDate(nowMs + day)]: 'tomorrow',
  }
  return names[istDate(atMs)] ?? date.format(atMs).replace(',', '')
}

/** `today 08:12 IST`; an unreadable time gives an empty text. */
export function whenText(instant: string | number, nowMs: number): string {
  const atMs = typeof instant === 'number' ? instant : Date.parse(instant)
  return Number.isNaN(atMs) ? '' : `${istDay(atMs, nowMs)} ${istClock(atMs)} IST`
}

/** `24 Nov 2026, 08:12:33 IST`, to the second. */
export function momentText(iso: string): string {
  return `${exact.format(Date.parse(iso))} IST`
}

/** `14 h 12 min left`, below an hour `12 min left`, in the last ten minutes `9 min 41 s left`. */
export function leftText(leftMs: number): string {
  if (leftMs <= 0) return 'over'
  if (leftMs >= day) return `${Math.floor(leftMs / day)} d ${Math.floor((leftMs % day) / hour)} h left`
  if (leftMs >= hour) return `${Math.floor(leftMs / hour)} h ${Math.floor((leftMs % hour) / minute)} min left`
  if (leftMs >= 10 * minute) return `${Math.floor(leftMs / minute)} min left`
  const seconds = Math.floor((leftMs % minute) / 1000)
  return leftMs >= minute ? `${Math.floor(leftMs / minute)} min ${seconds} s left` : `${seconds} s left`
}

/** `ends 06:00 tomorrow IST` and `14 h 12 min left`, or when it ended. */
export function endsWords(expiresAt: string, nowMs: number): readonly string[] {
  const atMs = Date.parse(expiresAt)
  if (Number.isNaN(atMs)) return []
  const moment = `${istClock(atMs)} ${istDay(atMs, nowMs)} IST`
  return atMs > nowMs ? [`ends ${moment}`, leftText(atMs - nowMs)] : [`ended ${moment}`]
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
  const said = words.today.greetings
  const hours = Number(istClock(nowMs).slice(0, 2))
  if (hours >= 4 && hours < 12) return said.morning
  return hours >= 12 && hours < 17 ? said.afternoon : said.evening
}
