import { number } from './number.ts'

const times = (count: number) => (count === 1 ? 'once' : `${number(count)} times`)

/** The page of the client keys, and the way to a first program. */
export const programs = {
  title: 'Programs',
  intro: 'Each program gets a key of its own. It opens sessions, never your broker’s password or secret.',
  newKey: 'New key',
  reading: 'Looking at the keys…',
  empty:
    'No program is connected yet. Make a key for the first one: the lines that it needs come with it, and this page says when it got its first session.',
  connectFirst: 'Connect your first program',
  list: 'Programs',
  allAccounts: 'all accounts',
  noAccounts: 'no account any more',
  accounts: 'Accounts',
  may: 'May',
  ends: 'Ends',
  made: 'Made',
  used: 'Sessions',
  usedHere: (account: string) => `Sessions of ${account}`,
  noEnd: 'never by itself',
  madeBy: (name: string) => `by the key ${name}`,
  noSessionYet: 'no session yet',
  lastSession: (when: string) => `the last ${when}`,
  usedInDays: (count: number) => `${times(count)} in 7 days`,
  unused: 'not used',
  unusedNote: (names: readonly string[], days: number) =>
    `${names.join(', ')}: no session for ${days === 1 ? '1 day' : `${days} days`}. Revoke what no program needs any more.`,
  firstUse: (name: string) => `${name} got its first session just now.`,
  seeInRecord: 'See it in the record',
  connect: 'Connect',
  connectOne: (name: string) => `How to connect ${name}`,
  revoke: 'Revoke',
  revokeOne: (name: string) => `Revoke ${name}`,

  runs: {
    title: 'Running now',
    text: 'Programs that bhor exec started. Each run has a key of its own, which ends with it.',
    since: (when: string) => `since ${when}`,
    end: 'End',
    endOne: (name: string) => `End the key of ${name}`,
    endTitle: (name: string) => `End the key of ${name}?`,
    endText: 'The program goes on running, but gets no session any more.',
  },

  over: {
    title: (count: number) => (count === 1 ? 'One key that is over' : `${number(count)} keys that are over`),
    revoked: (when: string) => `revoked ${when}`,
    expired: (when: string) => `ended ${when}`,
  },

  revoking: {
    title: (name: string) => `Revoke ${name}?`,
    text: 'Every program that uses this key is refused from now on. A revoked key never comes back.',
    also: (names: readonly string[]) => ` The keys that it made go with it: ${names.join(', ')}.`,
    action: 'Revoke key',
  },

  rights: {
    status: { short: 'see how accounts stand', help: 'No tokens.' },
    use: { short: 'call the broker through bhor’s proxy', help: 'Without ever seeing a token.' },
    'read-token': { short: 'get sessions', help: 'The live token, to call the broker itself.' },
    login: { short: 'start logins', help: 'And complete them.' },
    pause: { short: 'stop an account from trading', help: 'Not let it trade again.' },
    portfolio: { short: 'see the portfolio', help: 'Holdings, positions, funds and orders.' },
    admin: { short: 'do everything', help: 'Also add accounts and keys, and read the record.' },
  },

  form: {
    title: 'New key',
    name: 'Name',
    nameHelp: 'Which program is it for? The record calls it so.',
    noName: 'Name the program that gets this key.',
    rights: 'What it may do',
    noRights: 'Choose at least one.',
    accounts: 'Accounts (none chosen: all of them)',
    days: 'Ends after days',
    daysHelp: 'Leave empty for a key without an end.',
    wrongDays: 'A whole number of days, at least 1.',
    create: 'Create key',
  },

  /** What has to be there before the lines of a program run. */
  snippetNeeds: { curl: 'curl and jq', shell: 'bhor on this computer' },

  shown: {
    title: (name: string) => `Key for ${name}`,
    howTitle: (name: string) => `Connect ${name}`,
    key: 'key',
    once: 'Copy it now: it is shown this once and stored only as a fingerprint.',
    lost: 'The key itself was shown once, when it was made. Lost? Make a new one and revoke this one.',
    steps: 'Three steps',
    give: 'Give the key to the program as BHOR_KEY, not in its code. In a terminal, type this and paste the key; it is not shown and stays in no history:',
    giveCommand: 'read -rs BHOR_KEY && export BHOR_KEY',
    giveLabel: 'line for the terminal',
    write: 'Take these lines for your program:',
    test: 'Run it in the same terminal. The first session that it gets is told below, at once.',
    account: 'For the account',
    languages: 'Languages',
    needs: (what: string) => `Needs: ${what}`,
    example: (language: string) => `${language} example`,
    cannotRead: 'This key cannot get sessions. The examples need a key that may.',
    noAccount: 'There is no account that it could open yet. Add one first, then come back here.',
    addAccount: 'Add an account',
    noSession: (account: string) =>
      `${account} has no live session now: log in first, or the program is told to wait.`,
    logIn: (account: string) => `To the login of ${account}`,
    waiting: (name: string) => `Waiting for the first session of ${name}…`,
    done: 'Done',
  },

  today: {
    title: 'Connect your first program',
    text: (account: string) =>
      `${account} has a live session, and no program uses it yet. It takes two minutes: make a key, take the lines for your language, run them.`,
    waitingText:
      'Its key is made, and it has not asked for a session yet. The lines for your language are on its card.',
    open: 'Connect a program',
    how: 'How to connect it',
    later: 'Not now',
  },
}
