import { one, type PlantedBug } from './bug.ts'

/** Where a token leaves, or is withheld. */
export const handOutBugs: readonly PlantedBug[] = [
  {
    name: 'no expiry check at hand-out',
    what: 'A token is handed out without a look at the clock.',
    edits: [
      one(
        'session/handout/handout.ts',
        '        checkLife(this.#nowMs(), entry, kind, ready, wish)\n        try {',
        '        try {',
      ),
      one(
        'session/handout/handout.ts',
        '        // The commit took time too.\n        checkLife(this.#nowMs(), entry, kind, ready, wish)\n',
        '',
      ),
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'timers only',
    what: 'A session has ended when the keeper has written so, and not before.',
    edits: [
      one(
        'session/handout/handout.ts',
        "if (status !== 'active' || nowMs >= ready.expiresAtMs)",
        "if (status !== 'active')",
      ),
    ],
    caughtBy: {
      file: 'src/session/handout/handout.test.ts',
      test: 'kite: never an expired session at any minute around dawn, and never a live one withheld',
    },
  },
  {
    name: 'expiry before the commit only',
    what: 'A token whose end comes while its record is written is handed out.',
    edits: [
      one(
        'session/handout/handout.ts',
        '        // The commit took time too.\n        checkLife(this.#nowMs(), entry, kind, ready, wish)\n',
        '',
      ),
    ],
    caughtBy: {
      file: 'src/session/handout/handout.test.ts',
      test: 'kite: dawn that breaks while the record is being written withholds the token',
    },
  },
  {
    name: 'local-TZ expiry',
    what: 'The end of the day is reckoned in the zone of the computer.',
    edits: [
      one(
        'core/ist.ts',
        'after.toZonedDateTimeISO(istZone)\n  const sameDay',
        "after.toZonedDateTimeISO('UTC')\n  const sameDay",
      ),
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'audit after release',
    what: 'A token is given before its record is durable.',
    edits: [
      one(
        'session/handout/handout.ts',
        'await this.#recorderOf(principal, entry, ready, kind)()',
        'void this.#recorderOf(principal, entry, ready, kind)().catch(() => {})',
      ),
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'audit swallow-error',
    what: 'A record that could not be written is taken for one that was.',
    edits: [
      one(
        'audit/log.ts',
        'for (const waiting of group) if (!isMixed || !told.includes(waiting)) waiting.reject(fault)',
        'for (const waiting of group) if (!isMixed || !told.includes(waiting)) waiting.resolve(fault as never)',
      ),
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'hand-out of what was replaced',
    what: 'A token is given although its session was replaced while its record was written.',
    edits: [
      one(
        'session/handout/handout.ts',
        'return isCurrent(held, watched) ? undefined : replaced(account)',
        'return watched.accounts.size >= 0 ? undefined : replaced(account)',
      ),
    ],
    caughtBy: {
      file: 'src/session/handout/handout.test.ts',
      test: 'kite: a new login or a logout between request and record is what counts',
    },
  },
  {
    name: 'revoked key still served',
    what: 'A key that another process has revoked gets a token.',
    edits: [
      one(
        'session/handout/client-keys.ts',
        'store.isShared ? { ...principal, confirm: () => this.authenticate(presented) } : principal',
        'principal',
      ),
      one(
        'session/handout/handout.ts',
        'if (isKey && !watched.liveKeyIds.has(actor.id)) return keyRevoked()\n',
        '',
      ),
    ],
    caughtBy: {
      file: 'src/session/handout/handout.test.ts',
      test: 'kite: a key revoked between request and record gets nothing',
    },
  },
  {
    name: 'no doubt',
    what: 'A login that went wrong leaves the session before it unasked.',
    edits: [
      one(
        'session/life/doubts.ts',
        '.filter((atMs) => atMs >= session.createdAtMs && atMs > answeredAtMs)',
        '.filter(() => false)',
      ),
    ],
    caughtBy: {
      file: 'src/session/life/doubts.test.ts',
      test: 'kite: a session that a failed login ended at the broker is found dead and handed out no more',
    },
  },
  {
    name: 'rivals live on',
    what: 'A login of another account of the same app leaves the session that it has ended as it is.',
    edits: [one('session/login/commit.ts', '  await doubt(context, c, rivals, updated)\n', '')],
    caughtBy: {
      file: 'src/session/accounts/accounts.test.ts',
      test: 'after a login through the app of another account the broker is asked, and that one’s session is over',
    },
  },
  {
    name: 'stop not asked at hand-out',
    what: 'A token that can order leaves while trading is stopped.',
    edits: [
      one(
        'session/handout/handout.ts',
        '        if (ready.canOrder) refuseWithheld(this.#nowMs(), entry.account, entry.house)\n',
        '',
      ),
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'way out forgotten',
    what: 'The calls of an account with a way out of its own leave directly.',
    edits: [
      one(
        'session/ground/line.ts',
        'const egress = egressOf(context.vault, account)',
        'const egress = account.id ? undefined : egressOf(context.vault, account)',
      ),
    ],
    caughtBy: 'simulation',
  },
]
