import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { BhorError } from '../core/errors.ts'
import { spansOf, type YearList } from '../session/calendar/spans.ts'
import { readCalendarFile } from './calendar-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'bhor-calendar-'))
process.once('exit', () => rmSync(folder, { recursive: true }))

const head = 'year = 2027\nsegments = ["equity", "fno"]\nsource = "a circular of the exchange"\n'
const row = (date: string, rest = 'kind = "holiday"') => `[[days]]\ndate = ${date}\n${rest}\n`

/** As the command and the desk look at a file. */
function take(text: string | Buffer) {
  const path = join(folder, 'list.toml')
  writeFileSync(path, text)
  return spansOf(readCalendarFile(path) as YearList)
}

const wrong: readonly (readonly [what: string, text: string | Buffer, says: RegExp])[] = [
  ['a wrong date', head + row('"2027-01-26"') + row('"2027-02-30"'), /Row 2 \(2027-02-30\) is no day/],
  ['a wrong date without quotes', head + row('2027-02-30'), /date or a time stands .* without quotes/],
  ['a right date without quotes', head + row('2027-01-26'), /date or a time stands .* without quotes/],
  [
    'two rows for one day',
    head + row('"2027-01-26"') + row('"2027-01-26"'),
    /Row 2 .* another row for equity/,
  ],
  [
    'the time 25:00',
    head + row('"2027-10-29"', 'kind = "special"\nhours = [{ from = "25:00", until = "26:00" }]'),
    /“25:00”, which no clock shows/,
  ],
  [
    'the time 25:00 without quotes',
    head + row('"2027-10-29"', 'hours = [{ from = 25:00 }]'),
    /not valid TOML/,
  ],
  ['no TOML', `${head}[[days]\n`, /not valid TOML \(line 4/],
  ['nothing', '', /does not say year, segments, source/],
  ['a key that is not known', `${head}holidays = []\n`, /key “holidays” is not known/],
  ['no source', 'year = 2027\nsegments = ["equity"]\n', /does not say year, segments, source/],
  ['days that are none', `${head}days = "2027-01-26"\n`, /does not say year, segments, source/],
  ['no UTF-8', Buffer.from([0x79, 0xff]), /not UTF-8/],
  ['too much in it', '#'.repeat(300_000), /larger than 256 KiB/],
]
for (const [what, text, says] of wrong) {
  test(`a calendar file with ${what}: a named error with one hint`, () => {
    assert.throws(
      () => take(text),
      (error: BhorError) => {
        assert.equal(error.code, 'calendar_invalid')
        assert.match(error.message, says)
        assert.ok(error.hint)
        return true
      },
    )
  })
}

test('a calendar file that is not there, or is a folder', () => {
  for (const path of [join(folder, 'nowhere.toml'), folder])
    assert.throws(() => readCalendarFile(path), { code: 'calendar_invalid' })
})

test('a calendar file as docs/calendar.md shows it', () => {
  const [equity, fno] = take(
    head + row('"2027-01-26"') + row('"2027-10-29"', 'kind = "special"\nhours = "unknown"'),
  )
  assert.deepEqual([equity?.days.length, fno?.days.length], [2, 2])
})
