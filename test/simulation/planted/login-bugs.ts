import { one, type PlantedBug } from './bug.ts'

/** Between the wish for a session and the stored one. */
export const loginBugs: readonly PlantedBug[] = [
  {
    name: 'no intent row',
    what: 'A code is sent without an intent in the store.',
    edits: [
      one(
        'session/login/exchange.ts',
        '    if (!(await tx.intents.insert(intent))) throw alreadyUsed()\n',
        '',
      ),
      one(
        'stores/tables/intents.ts',
        "update: (intent) => rows.update(intent, { id: intent.id, state: 'open' }, { kept: 'grantHash' }),",
        "update: async (intent) => (await rows.update(intent, { id: intent.id, state: 'open' }, { kept: 'grantHash' })) || true,",
      ),
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'intent after send',
    what: 'A code is sent while its intent is still on its way to the store.',
    edits: [
      one(
        'session/ground/intent.ts',
        'await change(lease ? { ...context, lease } : context, write)',
        'void change(lease ? { ...context, lease } : context, write).catch(() => {})',
      ),
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'commit error = failure',
    what: 'A commit of which nobody knows is taken for one that failed.',
    edits: [
      one(
        'session/login/unknown-commit.ts',
        "return isBhorError(error) && error.facts.outcome === 'unknown'",
        'return isBhorError(error) && error.facts.outcome === 42',
      ),
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'no fence predicate',
    what: 'A late write changes a login that somebody else has ended.',
    edits: [
      one('stores/tables/logins.ts', '{ id: login.id, status }', '{ id: login.id, ...(status && {}) }'),
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'state not single-use',
    what: 'A redirect that comes twice sends its code twice.',
    edits: [
      one('stores/tables/logins.ts', '{ id: login.id, status }', '{ id: login.id, ...(status && {}) }'),
      one(
        'session/login/logins.ts',
        "const isWaiting = login.status === 'open' && awaitsRedirect(carryOf(context, login))",
        'const isWaiting = awaitsRedirect(carryOf(context, login))',
      ),
      one(
        'session/login/exchange.ts',
        "const codes = secretVars.map((name) => brought[name] ?? '')\n  const intent",
        'const codes = secretVars.slice(0, 0)\n  const intent',
      ),
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'state not bound to account',
    what: 'The address of one account’s login, pasted at another account, finishes it.',
    edits: [
      one(
        'session/login/logins.ts',
        'if (expected && stored.id !== expected.id)',
        "if (expected && stored.id === '')",
      ),
    ],
    caughtBy: {
      file: 'src/session/login/login-callback.test.ts',
      test: 'kite: a login works once, for ten minutes, for its own account and broker',
    },
  },
  {
    name: 'state not signed',
    what: 'A state that bhor did not sign is looked up all the same.',
    edits: [
      one(
        'session/login/redirected.ts',
        '  if (!isStateFor(context, broker.id, state))\n    throw',
        '  if (dot)\n    throw',
      ),
      one(
        'session/login/redirected.ts',
        "  if (state === '')\n",
        "  const dot = state.includes(' ')\n  if (state === '')\n",
      ),
    ],
    caughtBy: {
      file: 'src/session/login/login-callback.test.ts',
      test: 'a state that bhor did not sign is not even looked up',
    },
  },
  {
    name: 'error before state',
    what: 'An error in a callback breaks off whatever login is open, before its state was checked.',
    edits: [
      one(
        'session/login/redirected.ts',
        "if (method.state !== 'none' && !isLost) return loginByState",
        "if (method.state !== 'none' && !isLost && reading.kind === 'granted') return loginByState",
      ),
    ],
    caughtBy: {
      file: 'src/session/login/login-callback.test.ts',
      test: 'kite: a stranger’s error, a thousand times, does not break off a login',
    },
  },
  {
    name: 'no identity pin',
    what: 'Whoever has logged in at the broker, the account takes it.',
    edits: [
      one(
        'session/login/identity.ts',
        '  if (named.some((id) => id !== expected)) throw wrongUser(expected)\n',
        '',
      ),
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'token accepted without intent',
    what: 'A session is stored although its intent was given up, and perhaps another exchange is under way.',
    edits: [
      one(
        'session/login/commit.ts',
        "if (!(await tx.intents.update(overIntent(context, intent, { state: 'committed' })))) throw givenUp()",
        "await tx.intents.update(overIntent(context, intent, { state: 'committed' }))",
      ),
      one(
        'session/login/commit.ts',
        "if (!(await tx.logins.update(done, 'used'))) throw givenUp()",
        "await tx.logins.update(done, 'used')",
      ),
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'two exchanges at once',
    what: 'A second exchange of an account goes out while the first is under way.',
    edits: [
      one(
        'session/ground/intent.ts',
        'if (!open.some(({ accountId }) => accountId === account.id)) return\n',
        'if (open.length >= 0) return\n',
      ),
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'lost login of another account',
    what: 'A login that was lost leaves sessions unasked that it may have ended at accounts that share the app.',
    edits: [
      one('session/ground/intent.ts', '    await doubt(context, c, others, account, arrivesInMs)\n', ''),
    ],
    caughtBy: {
      file: 'src/session/ground/rivals.test.ts',
      test: 'kite: a lost answer at an account that shares the app has the others asked about',
    },
  },
  {
    name: 'logins that cross',
    what: 'Of two logins that cross at the broker the one that is stored last is believed.',
    edits: [one('session/login/commit.ts', '...(hasMet ? {', '...(hasMet && rivals.length < 0 ? {')],
    caughtBy: {
      file: 'src/session/ground/rivals.test.ts',
      test: 'kite: of two logins that cross at the broker, the one that is stored last is asked about',
    },
  },
  {
    name: 'dropped with the live one',
    what: 'A token that is dropped is logged out where that ends all that the user has.',
    edits: [
      one(
        'session/login/identity.ts',
        "logout.ends === 'user' && (await",
        "logout.ends === 'token' && (await",
      ),
    ],
    caughtBy: {
      file: 'test/contract-families/user-logout.test.ts',
      test: 'where a logout ends all that a user has, a token that is dropped does not take the live session with it',
    },
  },
  {
    name: 'an exchange without an end',
    what: 'An exchange asks the broker when others may have given it up.',
    edits: [
      one(
        'session/login/exchange.ts',
        'limited(context, exchange.line, askedWithinMs)',
        'limited(context, exchange.line, 10 * askedWithinMs)',
      ),
    ],
    caughtBy: {
      file: 'src/session/ground/rivals.test.ts',
      test: 'an exchange has forty seconds to ask: what would be sent later is not sent',
    },
  },
]
