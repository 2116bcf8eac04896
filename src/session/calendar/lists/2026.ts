import type { YearList } from '../spans.ts'

/**
 * 2026, read on 25 Nov 2026. No exchange's own page was read: three public code bases agree on these days (a library
 * of exchange calendars of Jul 2026, one of market calendars of Apr 2026, the calendar of openalgo of 22 Aug 2026).
 * The special sessions are in none of the three. Holidays on a weekend need no row.
 */
export const list2026: YearList = {
  year: 2026,
  segments: ['equity', 'fno', 'commodity'],
  source: 'three public code bases that agree, read on 25 Nov 2026',
  days: [
    ...onlyShares('2026-01-15', 'added late; one of the three sources lacks it'),
    ...onlyShares('2026-03-03'),
    ...onlyShares('2026-03-26'),
    ...onlyShares('2026-03-31'),
    ...onlyShares('2026-04-14'),
    ...onlyShares('2026-05-01'),
    ...onlyShares('2026-05-28'),
    ...onlyShares('2026-06-26'),
    ...onlyShares('2026-09-14'),
    ...onlyShares('2026-10-20'),
    ...onlyShares('2026-11-10'),
    ...onlyShares('2026-11-24'),
    { date: '2026-01-26', kind: 'holiday' },
    { date: '2026-04-03', kind: 'holiday' },
    { date: '2026-10-02', kind: 'holiday' },
    { date: '2026-12-25', kind: 'holiday' },
    { date: '2026-01-01', segments: ['commodity'], kind: 'special', hours: 'morning', note: 'by one source' },
    {
      date: '2026-02-01',
      segments: ['equity', 'fno'],
      kind: 'special',
      hours: 'usual',
      note: 'a full session on the day of the budget',
    },
    // In 2025 it was from 13:45 to 14:45.
    { date: '2026-11-08', kind: 'special', hours: 'unknown', note: 'Muhurat; its hours are not known' },
  ],
}

/** A day on which shares, futures and options rest, and MCX trades in the evening. */
function onlyShares(date: string, note?: string): YearList['days'] {
  const said = note === undefined ? {} : { note }
  return [
    { date, segments: ['equity', 'fno'], kind: 'holiday', ...said },
    { date, segments: ['commodity'], kind: 'special', hours: 'evening', ...said },
  ]
}
