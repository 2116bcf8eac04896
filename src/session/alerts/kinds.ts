import type { AlertKind, Severity } from '../../contracts/alerts.ts'

/** What is the same of every alert of a kind. */
export interface Kind {
  readonly severity: Severity
  /** One line, without the account's name. */
  readonly title: string
  /** What to do about it; empty for nothing. `{account}` stands for the name. */
  readonly next: string
  /** The same trouble is not told again within this time; always told when left out. */
  readonly againAfterMs?: number
  /** That it is over is told where it was told. */
  readonly recovers?: true
  /** Only to programs: no person wants to be told. */
  readonly only?: 'program'
  /** Of the same account and moment: a person who is told this need not be told that as well. */
  readonly covers?: readonly AlertKind[]
  /** It concerns every account, and so whoever is limited to some. */
  readonly concernsAll?: true
  /** It is about no account: whoever is limited to some does not hear of it. */
  readonly ofHouse?: true
}

const hourMs = 60 * 60_000
const halfAnHour = { againAfterMs: hourMs / 2 }
const onceADay = { againAfterMs: 24 * hourMs }

const logIn = 'Log in: bhor login {account}.'

/** Every kind of alert. Which event makes which one stands in `rules.ts`. */
export const kinds: Readonly<Record<AlertKind, Kind>> = {
  session_ending: { severity: 'info', title: 'The session ends soon', next: logIn, ...onceADay },
  // It ends each day: that is no trouble, and the morning's roll-call reminds of it.
  session_ended: { severity: 'info', title: 'The session ended', next: '' },
  session_died: {
    severity: 'critical',
    title: 'The session ended before its hour',
    next: logIn,
    ...halfAnHour,
    recovers: true,
    covers: ['login_needed', 'gate_closed', 'session_ended'],
  },
  session_started: { severity: 'info', title: 'A new session', next: '', only: 'program' },
  login_needed: { severity: 'info', title: 'A login is needed', next: logIn, ...halfAnHour },
  login_failed: {
    severity: 'warning',
    title: 'A login failed',
    next: logIn,
    ...halfAnHour,
    recovers: true,
    covers: ['login_needed', 'gate_closed'],
  },
  login_dropped: {
    severity: 'warning',
    title: 'A session that was posted was dropped',
    next: 'If nobody approved a login, make a new path: bhor accounts hook {account}.',
    ...onceADay,
  },
  renewal_failed: {
    severity: 'warning',
    title: 'The renewal failed for good',
    next: logIn,
    ...onceADay,
    recovers: true,
    covers: ['login_needed', 'gate_closed'],
  },
  wrong_person: {
    severity: 'critical',
    title: 'Somebody else logged in',
    next: 'Find out who it was, then log in as the right person: bhor login {account}.',
    ...halfAnHour,
    covers: ['login_failed', 'gate_closed'],
  },
  gate_closed: {
    severity: 'critical',
    title: 'The gate is closed in market hours',
    next: 'See what closed the gate: bhor status {account}.',
    ...halfAnHour,
    recovers: true,
  },
  trading_stopped: {
    severity: 'critical',
    title: 'Trading is stopped for all accounts',
    next: 'A person lifts it: bhor kill --undo.',
    ...halfAnHour,
    recovers: true,
    concernsAll: true,
  },
  egress_changed: {
    severity: 'critical',
    title: 'The account leaves by another address',
    next: 'Compare it with what is registered at the broker: bhor egress {account}.',
    // It is measured again and again while it lasts.
    ...onceADay,
    recovers: true,
  },
  key_ending: {
    severity: 'warning',
    title: 'A client key ends soon',
    next: 'Make another one and give it to its program: bhor keys add.',
    ...onceADay,
    ofHouse: true,
  },
  backup_old: {
    severity: 'warning',
    title: 'The last backup is too old',
    next: 'Make one: bhor backup.',
    ...onceADay,
    recovers: true,
    ofHouse: true,
  },
  audit_broken: {
    severity: 'critical',
    title: 'The audit log was changed or cannot be written',
    next: 'Look at once: bhor audit verify.',
    ...onceADay,
    recovers: true,
    ofHouse: true,
  },
  store_rolled_back: {
    severity: 'critical',
    title: 'The store went back to an earlier state',
    next: 'Put the newest store back, or accept this one: bhor doctor --accept-rollback.',
    ...onceADay,
    recovers: true,
    ofHouse: true,
  },
  disk_full: {
    severity: 'critical',
    title: 'The disk is nearly full',
    next: 'Free some space: without it nothing can be recorded, and then nothing leaves.',
    ...onceADay,
    recovers: true,
    ofHouse: true,
  },
  clock_wrong: {
    severity: 'critical',
    title: 'The clock of this computer is wrong',
    next: 'Set it: sessions end by it, and logins wait until it is right.',
    ...halfAnHour,
    recovers: true,
    ofHouse: true,
  },
  channel_failing: {
    severity: 'critical',
    title: 'A channel of alerts does not work',
    next: 'See why: bhor alerts list.',
    ...onceADay,
    recovers: true,
    ofHouse: true,
  },
  heartbeat_failing: {
    severity: 'warning',
    title: 'The heartbeat address does not answer',
    next: 'Compare heartbeat_url with what its service shows.',
    ...onceADay,
    recovers: true,
    ofHouse: true,
  },
  mirror_failing: {
    severity: 'critical',
    title: 'A mirror was not written',
    next: 'See why: bhor mirrors list {account}.',
    ...onceADay,
    recovers: true,
  },
  recovered: { severity: 'info', title: 'Recovered', next: '' },
  test: { severity: 'info', title: 'This is a test', next: '' },
  reminder: { severity: 'warning', title: 'Who still has to log in', next: '' },
  all_ready: { severity: 'info', title: 'All accounts are ready', next: '' },
  notice: { severity: 'info', title: 'bhor', next: '' },
}
