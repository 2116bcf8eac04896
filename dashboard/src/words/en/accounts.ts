/** The accounts: their cards and lines, the dialogs, and the page of each. */
export const accounts = {
  title: 'Accounts',
  reading: 'Looking at your accounts…',
  noAccount: (account: string) => `There is no account called ${account}.`,
  toAccounts: 'To the accounts',
  kinds: { live: 'live', sandbox: 'sandbox', 'broker-sandbox': 'broker’s sandbox' },

  card: {
    close: 'Close',
    closeOne: (account: string) => `Close ${account}`,
    manage: 'Manage',
    manageOne: (account: string) => `Manage ${account}`,
    sandboxReady:
      'Your sandbox is ready. Log in once, like every morning: bhor plays the broker’s page, no real account is touched.',
    lastLogin: 'Last login',
    lastCheck: 'Last check',
    lastFault: 'Last fault',
    checked: (verdict: string, when: string) => `${verdict}, ${when}`,
    verdicts: { valid: 'valid', invalid: 'not valid', unknown: 'no answer' },
    fault: (detail: string, code: string, when: string) => `${detail} (${code}, ${when})`,
  },

  actions: {
    logIn: 'Log in',
    logInOne: (account: string) => `Log in ${account}`,
    logInAgain: 'Log in again',
    test: 'Test connection',
    renew: 'Renew',
    logOut: 'Log out',
    ways: {
      redirect: 'Log in on the broker’s page',
      direct: 'Log in with PIN and code',
      approval: 'Approve on the phone',
      pasted: 'Paste a token',
    },
    logOutTitle: (account: string) => `Log out ${account}?`,
    logOutText:
      'The session ends at the broker too. Every program of this account stops until the next login.',
  },

  login: {
    left: (time: string) => `${time} left`,
    answer: 'Answer',
    onPhone: (broker: string) =>
      `Open the app of ${broker} on your phone and allow the login. This page looks by itself.`,
    blocked: 'Your browser blocked the window.',
    noWindow: 'No window to be seen?',
    closed:
      'The window was closed before an answer came. If you were done there, wait a moment; else open it again.',
    openPage: 'Open the login page',
    elsewhere: 'This login was started elsewhere.',
    cancel: 'Cancel login',
    asked: (labels: readonly string[]) => `Asked for: ${labels.join(', ')}`,
    checking: 'The broker has answered, checking…',
    asking: 'Asking the broker…',
    waitingForPhone: 'Waiting for your phone…',
    waitingForPage: 'Waiting for the broker’s page…',
    phone: {
      title: 'Log in with a phone',
      link: 'login link',
      code: 'The login link as a code to scan',
      comesBack: 'Scan it and log in on the phone. This page goes on by itself.',
      mustPaste: (url: string) =>
        `Scan it and log in on the phone. The phone ends at an address that does not open there (${url}): copy that whole address, send it to this computer, and paste it below.`,
    },
    paste: {
      title: 'The browser ended on a page that does not load?',
      label: 'Address of that page',
      help: 'Copy the whole address from the address bar, for example on your phone. What a chat or a mail has made of it is fine.',
      missing: 'Paste the address first.',
      send: 'Complete login',
    },
  },

  steps: {
    region: (broker: string) => `At ${broker}`,
    redirectUrl: 'Redirect URL to register',
    open: 'Open',
    console: (broker: string) => `${broker}’s developer console`,
    paste: 'Paste the redirect URL above, exactly as it is.',
    copy: (labels: readonly string[]) => `Copy ${labels.join(' and ')} into the fields below.`,
  },

  fields: {
    name: 'Name',
    nameHelp: 'How programs and commands call it, such as personal or papa.',
    renameHelp: 'Programs use this name. Change it there too.',
    label: 'Label',
    labelHelp: 'How this page calls it.',
    group: 'Group',
    groupHelp: 'Accounts that belong together: a member of the household, say.',
    stored: 'Stored. Leave empty to keep it.',
    userHelp: 'Then only this user can log in here. Otherwise the first login decides.',
    userId: 'User id',
    redirectUrl: 'Redirect URL',
    redirectHelp: 'As registered in the broker’s developer console.',
    ownRedirectHelp: 'Only if another one than the one above is registered for your app.',
    postbackUrl: 'Postback URL',
    postbackHelp: 'Where the broker reports orders, if you use that.',
    renewable: 'It renews by itself',
    renewableHelp: 'The sandbox gives refresh tokens, from the next login on.',
    logoutAt: 'Log out each day at',
    logoutAtHelp: 'By clocks in India, such as 15:45. Empty for never.',
    logoutUnused: 'Log out when nobody took the session for',
    logoutUnusedHelp: 'Such as 45m or 4h, from the last hand-out on. Empty for never.',
    perSecond: 'Requests per second',
    burst: 'At once',
    rateHelp: 'How often bhor and its libraries ask the broker for it. Empty: as the broker permits.',
    rateFault: 'Both, as whole numbers from 1 to 1000, or neither.',
    missing: (label: string) => `${label} is missing.`,
    more: 'More, all optional',
  },

  add: {
    title: 'Add account',
    broker: 'Broker',
    kind: 'Kind',
    kinds: {
      live: { label: 'Live', help: 'Your real account' },
      sandbox: { label: 'Sandbox', help: 'bhor plays the broker' },
      'broker-sandbox': { label: 'Broker’s sandbox', help: 'Its own test house, no real money' },
    },
    published: (broker: string, key: string) =>
      `It logs in through the app that ${broker} has published for everybody: ${key}.`,
    save: 'Save account',
    added: (account: string) => `${account} added.`,
  },

  list: {
    region: 'Accounts',
    search: 'Search accounts',
    searchFor: 'Search: name, broker, person, group',
    which: 'Which accounts',
    filters: { all: 'All', needs: 'Needs you', live: 'Ready', sandbox: 'Sandbox' },
    none: 'No account is like that.',
    others: 'Others',
    shape: 'Show accounts as',
    cards: 'Cards',
    table: 'Table',
    ended: (when: string) => `ended ${when}`,
    lastLogin: (when: string | null) => (when === null ? 'no login yet' : `login ${when}`),
    gates: { open: 'gate open', closed: 'gate closed' },
  },

  statuses: {
    none: 'No session yet',
    login_pending: 'Logging in',
    unconfirmed: 'To be confirmed',
    active: 'Active',
    expiring: 'Ends soon',
    expired: 'Expired',
    revoked: 'Ended by the broker',
    logged_out: 'Logged out',
  },

  confirm: {
    question: 'Is this the right person?',
    who: (name: string, id: string) => (name === '' ? id : `${name} (${id})`),
    ways: { porch: 'from outside', telegram: 'through Telegram' },
    text: (way: string, when: string, account: string) =>
      `logged in ${way}, ${when}, the first time for ${account}. No program gets this session until you say yes; from then on nobody else can log in to this account.`,
    yes: 'Yes, this is right',
    no: 'No, log out',
  },

  empty: {
    text: 'One tap in the morning, and every program of the household has a live, guarded session. Try it without a broker account first: it takes a minute.',
    sandbox: 'Try it with the sandbox',
    add: 'Add your broker account',
  },

  gateLine: {
    open: 'Gate open: programs may trade.',
    closed: (text: string, next: string) => `Gate closed. ${text} ${next}`,
  },

  ask: {
    title: (account: string) => `Log in ${account}`,
    asking: (broker: string) => `Asking ${broker}…`,
    close: 'Close',
    again: 'Try again',
    over: 'This login is over.',
    where: (broker: string, left: string) =>
      `${broker} asks. What you type goes there and is not kept here. ${left} left.`,
  },

  outcome: {
    dismiss: 'Dismiss',
    in: 'You are in.',
    live: (account: string, until: string) => `Every program of ${account} has a live session${until}.`,
    until: (clock: string, day: string) => ` until ${clock} ${day} IST`,
    ended: 'The login ended without a session.',
  },

  next: {
    again: 'Log in again.',
    cancelled: 'Log in again when you are ready.',
    refused: 'Log in again and allow the access on the broker’s page.',
    expired: 'A login lives 10 minutes. Log in again.',
    wrongUser: 'Log in again as the person whom this account belongs to. Nothing was stored.',
    app: 'Compare the API key, the secret and the redirect URL with the broker’s developer console: Manage, Credentials.',
    notEnabled: 'Add this user to the app in the broker’s developer console, then log in again.',
    locked: 'Unlock the user on the broker’s own page first.',
    brokerTrouble: 'The broker has trouble. Try again in a minute.',
    rateLimited: 'Wait a minute, then log in again.',
  },

  nameFaults: {
    empty: 'Give the account a short name, such as personal or papa.',
    capitals: 'Use small letters only.',
    spaces: 'No spaces; use "-" or "_".',
    start: 'Start with a letter or a digit.',
    long: 'At most 40 characters.',
    other: 'Only a-z, 0-9, "-" and "_".',
  },

  sandbox: {
    title: 'Which broker shall the sandbox play?',
    text: 'Everything happens on this computer. You need no broker account, no key and no money.',
  },

  openingBroker: 'Opening the broker’s login page…',
  verdicts: { valid: 'It works.', invalid: 'It does not work.', unknown: 'Could not find out.' },
}
