import { one, type PlantedBug } from './bug.ts'

/** What bhor does by itself. */
export const keeperBugs: readonly PlantedBug[] = [
  {
    name: 'lease by local clock',
    what: 'A lease has run out when the clock of whoever wants it says so.',
    edits: [
      one(
        'stores/tables/work.ts',
        '  const now = nowOf(leaseClock)\n  const skip',
        '  const now = nowOf(nowMs)\n  const skip',
      ),
    ],
    caughtBy: {
      file: 'src/stores/sqlite.test.ts',
      test: 'sqlite: a lease goes by the store’s own clock, whatever time it is where somebody else wants it',
    },
  },
  {
    name: 'lease not asked',
    what: 'What is done under a lease is written when somebody else has it by now.',
    edits: [one('session/ground/change.ts', '      if (lease) await tx.work.hold(lease)\n', '')],
    caughtBy: {
      file: 'src/session/ground/change.test.ts',
      test: 'what is done under a lease that somebody else has by now is not written',
    },
  },
  {
    name: 'delete on invalid_grant',
    what: 'A renewal that the broker refuses ends the session.',
    edits: [
      one(
        'session/life/renewal.ts',
        "import { latestSessionOf, liveOrThrow } from './live.ts'",
        "import { endSession } from './ending.ts'\nimport { latestSessionOf, liveOrThrow } from './live.ts'",
      ),
      one(
        'session/life/renewal.ts',
        'if (isUnknown(error)) throw error\n',
        "if (isUnknown(error)) throw error\n      if (error.code === 'bad_grant') await endSession(context, principal.actor, session, 'revoked')\n",
      ),
    ],
    caughtBy: {
      file: 'src/session/life/renewal.test.ts',
      test: 'a refresh token that the broker refuses leaves the session that there is',
    },
  },
  {
    name: 'drop old refresh token at once',
    what: 'A renewal that brings no new refresh token leaves none.',
    edits: [
      one(
        'session/life/renewal.ts',
        'tokens: { ...values.tokens, ...renewed.tokens },',
        'tokens: { ...renewed.tokens },',
      ),
    ],
    caughtBy: {
      file: 'src/session/life/renewal.test.ts',
      test: 'what a renewal does not replace stays: the refresh token above all',
    },
  },
  {
    name: 'retry credentials',
    what: 'A refresh token that the broker has refused is sent again and again.',
    edits: [one('session/ground/retries.ts', 'bad_grant: never(', 'bad_grant: later(')],
    caughtBy: {
      file: 'src/session/keeper/renewing.test.ts',
      test: 'a refused refresh token is sent once and never again',
    },
  },
  {
    name: 'refusal and end in two commits',
    what: 'A refresh token was refused, and whoever loses the next commit sends it again.',
    edits: [
      one(
        'session/ground/intent.ts',
        "    if (intent.kind === 'renewal' && endsRenewal(error.code)) await giveUpRenewal(c, actor, after)\n",
        '',
      ),
    ],
    caughtBy: {
      file: 'src/session/keeper/renewing.test.ts',
      test: 'a refusal and its end are one commit: nothing that is lost afterwards has the token sent again',
    },
  },
  {
    name: 'renewal after the lease',
    what: 'Whoever was stopped past his lease sends the refresh token all the same.',
    edits: [
      one(
        'session/keeper/deeds.ts',
        'renewals.renew(keeper, account.alias, lease)',
        'renewals.renew(keeper, account.alias)',
      ),
    ],
    caughtBy: {
      file: 'src/session/keeper/renewing.test.ts',
      test: 'whoever has lost his lease while he was stopped sends no token any more',
    },
  },
  {
    name: 'no jitter',
    what: 'All who failed together try again together.',
    edits: [one('session/ground/retries.ts', 'capMs * fraction(random)', 'capMs')],
    caughtBy: {
      file: 'src/session/ground/retries.test.ts',
      test: 'waits are spread evenly from nothing to the cap, which doubles and has an end',
    },
  },
  {
    name: 'breaker shared by brokers',
    what: 'A broker that is down keeps the keeper from asking another one.',
    edits: [
      one('session/keeper/keeper.ts', 'this.#breakers.restMs(site, ', 'this.#breakers.restMs(deed.site!, '),
      one('session/keeper/keeper.ts', 'this.#breakers.record(site, ', 'this.#breakers.record(deed.site!, '),
    ],
    caughtBy: {
      file: 'src/session/keeper/breakers.test.ts',
      test: 'a broker that is down rests alone',
    },
  },
  {
    name: 'closed is dead',
    what: 'A broker that is closed for the night ends the session.',
    edits: [
      one(
        'session/life/probe.ts',
        "if (verdict.kind === 'expired')\n      return { verdict: 'invalid'",
        "if (verdict.kind !== 'ok')\n      return { verdict: 'invalid'",
      ),
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'given up at once',
    what: 'An exchange that is still under way is told as lost.',
    edits: [
      one(
        'session/ground/intent.ts',
        'export const intentLostAfterMs = 60_000',
        'export const intentLostAfterMs = 1_000',
      ),
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'probe of before counts',
    what: 'A probe that was answered before an exchange was lost counts as one of after.',
    edits: [
      one(
        'session/ground/intent.ts',
        '...(arrivesInMs > 0 ? { lastDoubt: { atMs: nowMs + arrivesInMs, code: error.code } } : {}),',
        '',
      ),
    ],
    caughtBy: {
      file: 'src/session/keeper/lost.test.ts',
      test: 'kite: an answer from before a lost exchange came to the broker says nothing of afterwards',
    },
  },
]
