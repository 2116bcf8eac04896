import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hoursOf, readList } from './read-list.ts'

test('a list as people paste it', () => {
  const { days, fault } = readList(
    [
      '# circular of the exchange',
      '2027-01-26 Republic Day',
      '26-Mar-2027\tFriday\tGood Friday',
      '1 May 2027, Sat: Maharashtra Day',
      '',
      '29 October 2027 | Friday | special 18:00-19:00 Muhurat',
      '2027-11-01 special',
      '15-Aug-2027',
    ].join('\r\n'),
    2027,
  )
  assert.equal(fault, null)
  assert.deepEqual(days, [
    { date: '2027-01-26', kind: 'holiday', note: 'Republic Day' },
    { date: '2027-03-26', kind: 'holiday', note: 'Good Friday' },
    { date: '2027-05-01', kind: 'holiday', note: 'Maharashtra Day' },
    { date: '2027-10-29', kind: 'special', hours: [{ from: '18:00', until: '19:00' }], note: 'Muhurat' },
    { date: '2027-11-01', kind: 'special', hours: 'unknown' },
    { date: '2027-08-15', kind: 'holiday' },
  ])
})

test('a line that is no day is named, and one of another year', () => {
  assert.deepEqual(readList('2027-01-26\nRepublic Day', 2027).fault, {
    line: 2,
    text: 'Republic Day',
    isOtherYear: false,
  })
  assert.deepEqual(readList('26-Foo-2027', 2027).fault?.line, 1)
  assert.equal(readList('2026-01-26 x', 2027).fault?.isOtherYear, true)
  assert.deepEqual(readList('', 2027), { days: [], fault: null })
})

test('hours: spans or a word', () => {
  assert.deepEqual(hoursOf('18:00 – 19:00, 20:00-21:00'), [
    { from: '18:00', until: '19:00' },
    { from: '20:00', until: '21:00' },
  ])
  assert.equal(hoursOf('Evening'), 'evening')
})
