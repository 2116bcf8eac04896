import { number } from './number.ts'

const records = (count: number) => `${number(count)} ${count === 1 ? 'record' : 'records'}`

/** The page of the record. */
export const audit = {
  title: 'Audit',
  intro: 'Who did what, when. Every record seals the one before it.',
  reading: 'Reading the record…',
  today: 'Today',
  yesterday: 'Yesterday',
  newer: (count: number) => (count > 99 ? 'More than 99 new' : `${count} new`),
  older: 'Show older ones',
  begin: 'This is where the record begins.',
  nothing: 'Nothing has been recorded yet.',
  nothingFound: 'Nothing like that is in the record.',
  nothingYet: 'Nothing like that among the last 20,000 records that were looked at.',
  lookFurther: 'Look further back',
  results: { ok: 'done', refused: 'refused', failed: 'failed' },

  filters: {
    title: 'What is shown',
    account: 'Account',
    program: 'Program',
    kind: 'Kind',
    day: 'Day',
    allAccounts: 'All accounts',
    allPrograms: 'Everybody',
    allKinds: 'Everything',
    kinds: {
      login: 'Logins',
      session: 'Sessions',
      gate: 'Gate and stops',
      account: 'Accounts',
      key: 'Keys',
      page: 'This page',
      alert: 'Alerts',
      house: 'bhor itself',
    },
    clear: 'Show everything',
    found: (count: number) => `${number(count)} ${count === 1 ? 'entry' : 'entries'} shown.`,
  },

  details: {
    reading: 'Reading the details…',
    unreadable: 'This record cannot be read.',
    record: 'Record',
    range: (first: number, last: number, times: number) =>
      `${number(times)}, from ${number(first)} to ${number(last)}; here is the last of them`,
    time: 'Time',
    who: 'Who',
    action: 'Action',
    account: 'Account',
    result: 'Result',
    onlyAccount: (account: string) => `Only ${account}`,
    onlyProgram: (program: string) => `Only ${program}`,
  },

  chain: {
    title: 'Is the record whole?',
    checking: 'Checking every record…',
    intact: 'The record is whole.',
    all: (count: number) => `All ${records(count)} fit together.`,
    pruned: (upTo: number) => `Those up to ${number(upTo)} were exported and pruned.`,
    broken: (seq: number) => `The record is not whole, from record ${number(seq)} on.`,
    brokenNext: 'Take no key and no session out before you know why: bhor doctor says what to do.',
    checked: (when: string) => `Checked ${when}.`,
    again: 'Check again',
    check: 'Check it',
    unknown: 'Whether the record is whole is not known.',
  },

  copy: {
    open: 'Save a copy',
    title: 'Save a copy',
    text: 'A file for a spreadsheet or a program: one line for each record, with its words and its seal. That it was taken is recorded.',
    all: 'It holds everything that is in the record, the latest 20,000 at most.',
    some: 'It holds what the filters let through, and nothing else.',
    format: 'Kind of file',
    csv: 'CSV',
    csvHelp: 'For a spreadsheet.',
    json: 'JSON',
    jsonHelp: 'For programs.',
    cancel: 'Cancel',
    save: 'Save it',
    done: 'Done',
    saved: (name: string, count: number) => `${name} is saved, with ${records(count)}.`,
    partial: (count: number) =>
      `These are the latest ${records(count)}: older ones were left out. For all of them: bhor audit export.`,
    intact: (count: number) => `At that moment all ${records(count)} of the chain fitted together.`,
    sum: 'SHA-256 of the file',
    sumHelp: 'To tell later that the file is as it was: sha256sum on its name gives the same.',
  },
}
