/** By name where that is short. */
function few(count: number, names: readonly string[]): string {
  return count <= 3 ? names.join(', ') : `${count} accounts`
}

/** The first page: what is so this morning, and what keeps somebody from trading. */
export const today = {
  reading: 'Looking at your accounts…',
  add: 'Add account',
  greetings: { morning: 'Good morning', afternoon: 'Good afternoon', evening: 'Good evening' },
  summary: {
    none: 'Let us begin.',
    one: 'Your session is live.',
    all: (count: number) => `All ${count} sessions are live.`,
    oneWaits: 'One login, and the day can start.',
    allWait: (count: number) => `${count} accounts wait for their login.`,
    some: (live: number, count: number) => `${live} of ${count} sessions are live.`,
  },
  rollCall: {
    ready: 'Ready for the market.',
    by: (when: string) => `by ${when}`,
    allAre: (ready: number, by: string) => `All ${ready} are, ${by}.`,
    missing: (missing: number, all: number, by: string) => `${missing} of ${all} are not ready yet ${by}.`,
    reasons: {
      login: (count: number, names: readonly string[]) => `${few(count, names)} to log in.`,
      endsEarly: (count: number, names: readonly string[]) =>
        `Log in again when the session ends before that: ${few(count, names)}.`,
      renewing: (count: number, names: readonly string[]) => `bhor renews by itself: ${few(count, names)}.`,
      unproven: (count: number, names: readonly string[]) =>
        `The broker has not confirmed yet: ${few(count, names)}.`,
      blocked: (count: number, names: readonly string[]) => `No login helps: ${few(count, names)}.`,
      unknown: (_count: number, names: readonly string[]) =>
        `roll_call_accounts has ${names.join(', ')}, and no account is named so.`,
    },
  },
  rest: {
    all: (count: number) => `Log in all ${count}, one after another`,
    isThere: 'is at the broker now.',
    next: (account: string) => `Then ${account}.`,
    last: 'It is the last one.',
    goOn: (account: string) => `Go on with ${account}`,
    stop: 'Stop here',
  },
  troubles: {
    region: 'Brokers, alerts and backups',
    broker: (broker: string, count: number, since: string | null) =>
      `${broker} does not say ${count === 1 ? 'whether the session of one account lives' : `whether the sessions of ${count} accounts live`}${since === null ? '' : `, since ${since}`}. bhor asks again by itself.`,
    egress: (account: string, seen: string, before: string) =>
      `The world sees ${account} as ${seen} now, and saw it as ${before} before.`,
    mirror: (path: string, account: string) => `The file ${path} does not follow the session of ${account}.`,
    lookAtIt: 'Look at it',
    failing: (channel: string) => `Alerts by ${channel} do not get through.`,
    noBackup: 'There is no backup of the last two days.',
    noAlert: 'No alert was sent yet.',
    lastAlert: (channel: string, when: string) => `Last alert by ${channel}, ${when}.`,
  },
  market: {
    phases: {
      pre_open: 'Pre-open',
      open: 'Market open',
      closing_auction: 'Closing auction',
      closed: 'Market closed',
      holiday: 'Holiday',
      unknown: 'Special session, hours unknown',
    },
    follows: {
      pre_open: 'pre-open',
      open: 'opens',
      closing_auction: 'closing auction',
      closed: 'closes',
      holiday: 'holiday',
      unknown: 'special session',
    },
    /** Where several of them run at once, each for some of the shares. */
    runs: {
      pre_open: (of: string) => `pre-open of ${of}`,
      open: (of: string) => `Market open for ${of}`,
      closing_auction: (of: string) => `closing auction of ${of}`,
    },
    shares: {
      'shares with derivatives': 'shares with derivatives',
      'other shares': 'other shares',
      all: 'all shares',
    },
    weekend: 'Weekend',
    unconfirmed: 'no list speaks of this day',
  },
  stop: {
    title: 'Stop all trading',
    text: 'Closes every gate at once and withholds every token that can order. Orders that are at the broker stay there.',
    question: 'Stop trading for all accounts?',
    means:
      'Every gate closes now, on every server, and programs get no token that can order until you let them trade again, here or by bhor kill --undo. Orders and positions that are at the broker stay as they are.',
    is: (accounts: number) =>
      `${accounts === 1 ? 'The gate of its one account is' : `The gates of all ${accounts} accounts are`} closed, and no token that can order is handed out. Sessions live on, and so do logins.`,
    lift: 'Let them trade again',
  },
}
