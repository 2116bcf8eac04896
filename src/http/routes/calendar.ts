import type { Routes } from './route.ts'

export const calendarRoutes = {
  'GET /v1/calendar': {
    right: 'status',
    summary: 'What each day is for each segment, and its hours; 60 days from today when nothing is said.',
    query: {
      from: 'The first day in India, YYYY-MM-DD.',
      to: 'The last one, at most 400 days later.',
      segment: 'Only `equity`, `fno`, `commodity` or `currency`.',
    },
    answer: 'CalendarDay[]',
    run: ({ app, principal, query }) => app.desk.calendar.days(principal, query),
  },
  'GET /v1/calendar/now': {
    right: 'status',
    summary: 'How each segment stands at this moment, and until when.',
    answer: 'MarketNow[]',
    run: ({ app, principal }) => app.desk.calendar.now(principal),
  },
  'POST /v1/calendar': {
    right: 'admin',
    summary: 'Say of days what they are: a holiday, a special session, or ordinary.',
    body: 'CalendarChange',
    answer: 'CalendarDay[]',
    run: ({ app, principal, body }) => app.desk.calendar.change(principal, body),
  },
  'POST /v1/calendar/lists': {
    right: 'admin',
    summary: 'Give the list of a year, in place of one that was given before.',
    body: 'CalendarList',
    answer: 'CalendarDay[]',
    run: ({ app, principal, body }) => app.desk.calendar.take(principal, body),
  },
  'POST /v1/calendar/{day}/move': {
    right: 'admin',
    summary: 'Move a holiday or a special session to another day.',
    body: 'CalendarMove',
    answer: 'CalendarDay[]',
    run: ({ app, principal, params, body }) => app.desk.calendar.move(principal, params.day, body),
  },
  'DELETE /v1/calendar/{day}': {
    right: 'admin',
    summary: 'Forget what was said here of a day (YYYY-MM-DD) or of a year (YYYY).',
    run: ({ app, principal, params }) => app.desk.calendar.forget(principal, params.day),
  },
} satisfies Partial<Routes>
