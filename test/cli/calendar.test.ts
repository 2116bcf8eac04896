import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { CalendarDay } from '../../src/contracts/calendar.ts'
import { bhor, json, newFolder, startServer } from '../support/at-the-terminal.ts'

const head = 'year = 2027\nsegments = ["equity", "fno"]\nsource = "a circular of the exchange"\n'
const row = (date: string, rest = 'kind = "holiday"') => `[[days]]\ndate = ${date}\n${rest}\n`

test('a calendar file that is wrong is refused with a named error and one hint, and nothing is changed', async () => {
  using folder = newFolder()
  const { env, home } = folder
  await using _server = await startServer(env)
  const file = join(home, 'list.toml')
  const wrong = [
    [head + row('"2027-01-26"') + row('"2027-02-30"'), /Row 2 \(2027-02-30\) is no day/],
    [head + row('2027-02-30'), /without quotes/],
  ] as const
  for (const [text, says] of wrong) {
    writeFileSync(file, text)
    const { code, stdout, stderr } = await bhor(env, ['calendar', 'import', file])
    assert.deepEqual([code, stdout], [2, ''], stderr)
    assert.match(stderr, says)
    assert.match(stderr, /^bhor: .+\n {6}Try: .+\n$/)
  }
  const of2027 = ['calendar', 'list', '--from', '2027-01-01', '--to', '2027-12-31', '--json']
  const days = json<CalendarDay[]>(await bhor(env, of2027))
  assert.ok(days.every(({ kind }) => kind === 'unconfirmed' || kind === 'weekend'))

  writeFileSync(file, head + row('"2027-01-26"') + row('"2027-10-29"', 'kind = "special"\nhours = "unknown"'))
  assert.equal((await bhor(env, ['calendar', 'import', file])).code, 0)
  const listed = await bhor(env, [...of2027.slice(0, -1), '--segment', 'equity'])
  assert.match(listed.stdout, /Tue,? 26 Jan 2027 .*equity .*holiday .*user/)
  assert.match(listed.stdout, /Fri,? 29 Oct 2027 .*equity .*special .*unknown .*user/)
})

test('days are added, moved, removed and forgotten with and without a server; stdout is data only', async () => {
  using folder = newFolder()
  const { env } = folder
  const steps = [
    ['add', '2027-03-05', '--note', 'an election'],
    ['move', '2027-03-05', '2027-03-08'],
    ['add', '2027-11-01', '--special', '--hours', '18:00-18:15,18:15-19:15', '--segments', 'equity'],
    ['remove', '2027-03-08'],
  ]
  for (const [at, step] of steps.entries()) {
    await using _server = at === 1 ? await startServer(env) : undefined
    const { code, stdout, stderr } = await bhor(env, ['calendar', ...step])
    assert.deepEqual([code, stdout], [0, ''], stderr)
  }
  const kinds = async (day: string) =>
    json<CalendarDay[]>(await bhor(env, ['calendar', 'list', '--from', day, '--to', day, '--json'])).map(
      ({ segment, kind, sessions }) => `${segment} ${kind} ${sessions?.length}`,
    )
  assert.deepEqual((await kinds('2027-03-08')).slice(0, 2), ['equity trading 4', 'fno trading 2'])
  assert.deepEqual((await kinds('2027-11-01')).slice(0, 2), ['equity special 2', 'fno unconfirmed 2'])
  assert.equal((await bhor(env, ['calendar', 'forget', '2027-11-01'])).code, 0)
  assert.equal((await bhor(env, ['calendar', 'forget', '2027-11-01'])).code, 3)
  for (const args of [
    ['add', '2027-03-05', '--hours', 'usual'],
    ['move', 'soon', 'later'],
  ])
    assert.equal((await bhor(env, ['calendar', ...args])).code, 2, args.join(' '))
})

test('the bare command tells the days and how the market stands', async () => {
  using folder = newFolder()
  const { code, stderr } = await bhor(folder.env, ['calendar'])
  assert.equal(code, 0)
  assert.match(stderr, /^Now: equity is .+ until \w{3} \d+ \w+ \d\d:\d\d IST, then .+\.$/m)
  assert.match(stderr, /for currency: its weekdays are unconfirmed|, currency: its weekdays are unconfirmed/)
})
