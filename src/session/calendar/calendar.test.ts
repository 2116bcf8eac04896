import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { refused } from '../../../test/support/bed.ts'
import { openWorld } from '../../../test/support/world.ts'
import { doctor } from '../../app/doctor.ts'
import type { CalendarDay, SaidDay } from '../../contracts/calendar.ts'
import type { Principal } from '../ground/rights.ts'

const told = (days: readonly CalendarDay[]) =>
  days.map(({ date, segment, kind }) => `${date} ${segment} ${kind}`)

async function openCalendar(start?: string) {
  const world = await openWorld(start === undefined ? {} : { start })
  const { desk, operator } = world.app
  const { calendar } = desk
  return {
    world,
    operator,
    calendar,
    say: (...days: SaidDay[]) => calendar.change(operator, { days }),
    kind: async (date: string, segment = 'equity') =>
      (await calendar.days(operator, { from: date, to: date, segment }))[0]!.kind,
    finding: async () => (await doctor(world.app, operator)).find(({ check }) => check === 'calendar')!,
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  }
}

test('a day is added, removed and forgotten; each time the audit says so', async () => {
  await using at = await openCalendar()
  const added = await at.say({ date: '2026-12-01', kind: 'holiday', note: 'an election' })
  assert.deepEqual(told(added), ['2026-12-01 equity holiday', '2026-12-01 fno holiday'])
  assert.deepEqual([added[0]?.saidBy, added[0]?.note], ['user', 'an election'])
  assert.equal(await at.kind('2026-12-01', 'commodity'), 'trading')
  await at.say({ date: '2026-12-01', kind: 'ordinary' })
  assert.deepEqual([await at.kind('2026-12-01'), await at.kind('2026-12-01', 'fno')], ['trading', 'trading'])
  await at.calendar.forget(at.operator, '2026-12-01')
  await refused(at.calendar.forget(at.operator, '2026-12-01'), 'day_not_found')
  const records = await at.world.app.desk.audit.list(at.operator, { limit: 10 })
  const mine = records.filter(({ action }) => action === 'calendar.change')
  assert.deepEqual(
    mine.map(({ detail }) => detail),
    [
      { what: 'forget', days: '2026-12-01' },
      { what: 'days', segments: 'equity,fno', days: '2026-12-01', count: 1 },
      { what: 'days', segments: 'equity,fno', days: '2026-12-01', count: 1 },
    ],
  )
})

test('a holiday of bhor’s own list is taken away in every segment that has it, and comes back when that is forgotten', async () => {
  await using at = await openCalendar()
  const changed = await at.say({ date: '2026-12-25', kind: 'ordinary' })
  assert.deepEqual(told(changed), [
    '2026-12-25 equity trading',
    '2026-12-25 fno trading',
    '2026-12-25 commodity trading',
  ])
  await at.calendar.forget(at.operator, '2026-12-25')
  assert.equal(await at.kind('2026-12-25'), 'holiday')
})

test('a holiday is moved with its evening at MCX; onto another holiday it is not, and an ordinary day is no holiday', async () => {
  await using at = await openCalendar('2026-09-01T03:00:00Z')
  const moved = await at.calendar.move(at.operator, '2026-11-10', { to: '2026-11-11' })
  assert.deepEqual(told(moved), [
    '2026-11-10 equity trading',
    '2026-11-11 equity holiday',
    '2026-11-10 fno trading',
    '2026-11-11 fno holiday',
    '2026-11-10 commodity trading',
    '2026-11-11 commodity special',
  ])
  assert.equal(moved[5]?.sessions?.[0]?.from, '2026-11-11T11:30:00Z')
  await refused(at.calendar.move(at.operator, '2026-11-11', { to: '2026-11-24' }), 'already_exists')
  await refused(at.calendar.move(at.operator, '2026-11-10', { to: '2026-11-12' }), 'day_not_found')
  await refused(at.calendar.move(at.operator, '2026-11-11', { to: '2026-11-31' }), 'calendar_invalid')
  assert.equal(await at.kind('2026-11-11'), 'holiday', 'what was refused changed nothing')
  // The list is cancelled for one segment alone.
  await at.calendar.move(at.operator, '2026-11-11', { to: '2026-11-12', segments: ['commodity'] })
  assert.deepEqual(
    [await at.kind('2026-11-11'), await at.kind('2026-11-11', 'commodity')],
    ['holiday', 'trading'],
  )
})

test('the hours of Muhurat are said once they are known', async () => {
  await using at = await openCalendar('2026-11-08T08:30:00Z')
  const phases = async () =>
    (await at.calendar.now(at.operator)).map(({ segment, phase }) => `${segment} ${phase}`)
  assert.deepEqual((await phases()).slice(0, 2), ['equity unknown', 'fno unknown'])
  await at.say({ date: '2026-11-08', kind: 'special', hours: [{ from: '13:45', until: '14:45' }] })
  assert.deepEqual((await phases()).slice(0, 2), ['equity open', 'fno open'])
  const [now] = await at.calendar.now(at.operator)
  assert.deepEqual([now?.until, now?.next], ['2026-11-08T09:15:00Z', 'closed'])
})

test('two rows of one day, hours of an ordinary day, a wrong date or time: refused as a whole', async () => {
  await using at = await openCalendar()
  const good: SaidDay = { date: '2026-12-01', kind: 'holiday' }
  for (const days of [
    [good, good],
    [good, { date: '2026-12-01', kind: 'special', hours: 'usual', segments: ['fno'] }],
    [good, { date: '2026-12-32', kind: 'holiday' }],
    [good, { date: '2026-12-02', kind: 'ordinary', hours: 'usual' }],
    [good, { date: '2026-12-02', kind: 'special', hours: [{ from: '25:00', until: '26:00' }] }],
    [good, { date: '1926-12-02', kind: 'holiday' }],
    [],
  ] as SaidDay[][])
    await refused(at.say(...days), 'calendar_invalid')
  for (const wish of [
    { from: '2026-02-30' },
    { from: '2026-12-02', to: '2026-12-01' },
    { to: '2028-01-01' },
    { segment: 'nse' },
  ])
    await refused(at.calendar.days(at.operator, wish), 'calendar_invalid')
  assert.equal(await at.kind('2026-12-01'), 'trading')
})

test('doctor misses next year’s list from 15 December on, until somebody gives it; a day said alone stays', async () => {
  await using at = await openCalendar('2026-12-14T03:00:00Z')
  assert.deepEqual(await at.finding(), {
    check: 'calendar',
    ok: true,
    gravity: 'fine',
    text: 'Trading days of 2026 are known for equity, fno, commodity.',
    hint: null,
    command: null,
  })
  at.world.clock.set('2026-12-15T03:00:00Z')
  const missing = await at.finding()
  assert.deepEqual([missing.ok, /2027 for equity, fno/.test(missing.text)], [false, true])
  assert.match(missing.hint ?? '', /bhor calendar import/)
  assert.equal(await at.kind('2027-01-26'), 'unconfirmed')
  await at.say({ date: '2027-02-07', kind: 'special', hours: 'usual' })
  const list = { year: 2027, segments: ['equity', 'fno'], source: 'a circular' } as const
  const take = (...dates: string[]) =>
    at.calendar.take(at.operator, {
      ...list,
      segments: [...list.segments],
      days: dates.map((date) => ({ date, kind: 'holiday' as const })),
    })
  assert.deepEqual(told(await take('2027-01-26')), ['2027-01-26 equity holiday', '2027-01-26 fno holiday'])
  assert.equal((await at.finding()).ok, true)
  assert.deepEqual([await at.kind('2027-01-27'), await at.kind('2027-02-07')], ['trading', 'special'])
  // The whole of a later list is in place of the one before.
  await take('2027-01-27')
  assert.deepEqual([await at.kind('2027-01-26'), await at.kind('2027-01-27')], ['trading', 'holiday'])
  await at.calendar.forget(at.operator, '2027')
  assert.equal(await at.kind('2027-01-27'), 'unconfirmed')
})

test('a row that somebody changed from outside does not count, and doctor names its day', async () => {
  await using at = await openCalendar()
  await at.say({ date: '2026-12-01', kind: 'holiday', segments: ['equity'] })
  const edit = (sql: string) => {
    using database = new DatabaseSync(join(at.world.home, 'bhor.db'), { timeout: 5000 })
    assert.equal(Number(database.prepare(sql).run().changes), 1)
  }
  for (const sql of [
    `update calendar set first_day = '2026-12-02', last_day = '2026-12-02'`,
    `update calendar set days_json = '{'`,
  ]) {
    edit(sql)
    assert.deepEqual([await at.kind('2026-12-01'), await at.kind('2026-12-02')], ['trading', 'trading'])
    const { ok, text, hint } = await at.finding()
    assert.deepEqual(
      [ok, /2026-12-01 .*is damaged/.test(text), hint?.endsWith('forget 2026-12-01')],
      [false, true, true],
    )
  }
  await at.calendar.forget(at.operator, '2026-12-01')
  assert.equal((await at.finding()).ok, true)
})

test('a key limited to an account reads the days and changes nothing', async () => {
  await using at = await openCalendar()
  const limited: Principal = {
    actor: { kind: 'key', id: 'key_x' },
    rights: new Set(['admin']),
    accountIds: new Set(['acc_x']),
  }
  assert.ok((await at.calendar.days(limited, {})).length > 200)
  await refused(
    at.calendar.change(limited, { days: [{ date: '2026-12-01', kind: 'holiday' }] }),
    'scope_missing',
  )
  await refused(at.calendar.move(limited, '2026-12-25', { to: '2026-12-28' }), 'scope_missing')
  await refused(at.calendar.forget(limited, '2026-12-01'), 'scope_missing')
})
