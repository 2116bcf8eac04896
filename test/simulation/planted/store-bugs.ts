import { one, type PlantedBug } from './bug.ts'

/** How things are stored and authenticated. */
export const storeBugs: readonly PlantedBug[] = [
  {
    name: 'synchronous=NORMAL',
    what: 'SQLite acknowledges what a power cut can take back.',
    edits: [one('stores/sqlite/connection.ts', "'synchronous = full'", "'synchronous = normal'")],
    caughtBy: {
      file: 'src/stores/sqlite/open.test.ts',
      test: 'the handles are set as the security model asks',
    },
  },
  {
    name: 'change without a record',
    what: 'A change of which one thing is told leaves no record.',
    edits: [
      one(
        'session/ground/change.ts',
        'if (told.length === 0) return result',
        'if (told.length < 2) return result',
      ),
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'feed rows of a try before',
    what: 'A transaction that was tried twice tells its events twice.',
    edits: [
      one(
        'session/ground/change.ts',
        'let rows: FeedRecord[] = []\n  try {',
        'let rows: FeedRecord[] = []\n  const told: Event[] = []\n  try {',
      ),
      one('session/ground/change.ts', '      const told: Event[] = []\n', ''),
    ],
    caughtBy: 'simulation',
  },
  {
    name: 'no AAD',
    what: 'A sealed value opens wherever it is put.',
    edits: [
      one('vault/envelope.ts', '  cipher.setAAD(bound)', '  cipher.setAAD(bound.subarray(0, 0))'),
      one('vault/envelope.ts', '  decipher.setAAD(bound)', '  decipher.setAAD(bound.subarray(0, 0))'),
    ],
    caughtBy: { file: 'src/vault/sealing.test.ts', test: 'a value opens in none of the other places' },
  },
  {
    name: 'AAD without generation',
    what: 'The tokens of an earlier session open in the row of the present one.',
    edits: [one('vault/sealing.ts', 'place.field, String(place.generation), keyId', 'place.field, keyId')],
    caughtBy: { file: 'src/vault/sealing.test.ts', test: 'a value opens in none of the other places' },
  },
  {
    name: 'plaintext fallback',
    what: 'What is no sealed value is taken as it stands.',
    edits: [
      one(
        'vault/sealing.ts',
        '    const keyId = keyIdOf(sealed)\n',
        "    if (!sealed.startsWith('v1.')) return Buffer.from(sealed, 'utf8')\n    const keyId = keyIdOf(sealed)\n",
      ),
    ],
    caughtBy: {
      file: 'src/vault/sealing.test.ts',
      test: 'every truncation, and every text that is no envelope, is refused',
    },
  },
  {
    name: 'row MAC skipped',
    what: 'A row that was changed from outside is believed.',
    edits: [
      one(
        'session/ground/records.ts',
        'if (vault.isMacValid(macInput(table, record), record.mac)) return true',
        'if (macInput(table, record)) return true',
      ),
    ],
    caughtBy: {
      file: 'src/session/tampering.test.ts',
      test: 'kite: a session whose expires_at_ms was changed is not served',
    },
  },
  {
    name: 'unkeyed chain',
    what: 'Whoever can write the file can make a chain of the audit that passes.',
    edits: [
      one(
        'vault/sealing.ts',
        "auditMac: (text) => hmac(ring.audit.current.key, text, 'base64url')",
        "auditMac: (text) => createHmac('sha256', '').update(text).digest('base64url')",
      ),
    ],
    caughtBy: {
      file: 'src/vault/sealing.test.ts',
      test: 'fingerprints, states and the audit’s MACs are apart from each other',
    },
  },
  {
    name: 'no anchor',
    what: 'A chain of the audit whose tail was cut off is whole.',
    edits: [
      one(
        'audit/chain.ts',
        'return head.headMac === mac(auditHeadText(head))',
        'return mac(auditHeadText(head)) !== head.inventory + head.mac',
      ),
    ],
    caughtBy: { file: 'src/audit/chain.test.ts', test: 'nobody goes on from an end that was changed' },
  },
]
