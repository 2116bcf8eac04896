import { doctor } from '../../app/doctor.ts'
import { requireRight } from '../../session/ground/rights.ts'
import type { Routes } from './route.ts'
import { wholeNumber } from './whole-number.ts'

/** How long a caller waits for news at most. */
const longestWaitMs = 25_000

export const houseRoutes = {
  'GET /v1/unused': {
    right: 'admin',
    summary: 'The live sessions and the client keys that nobody used for the set time.',
    answer: 'Unused',
    run: ({ app, principal }) => app.desk.unused(principal),
  },
  'GET /v1/doctor': {
    right: 'admin',
    summary: 'Check this installation.',
    answer: 'DoctorFinding[]',
    run: ({ app, principal }) => doctor(app, principal),
  },
  'POST /v1/doctor/accept-rollback': {
    right: 'operator',
    summary:
      'Take a store that went back for the latest. Live sessions are asked about before they are handed out.',
    answer: 'RollbackAccepted',
    run: async ({ app, principal }) => ({ found: (await app.acceptRollback(principal)) ?? null }),
  },
  'GET /v1/vault': {
    right: 'admin',
    summary: 'The data key of the vault, and how far its replacement is.',
    answer: 'VaultView',
    run: ({ app, principal }) => app.desk.vault.state(principal),
  },
  'POST /v1/vault/rotate': {
    right: 'person',
    summary:
      'Replace the data key. Everything is sealed anew meanwhile; asked again, it says how far that is.',
    answer: 'VaultView',
    run: ({ app, principal }) => app.desk.vault.rotate(principal),
  },
  'POST /v1/vault/master': {
    right: 'person',
    summary: 'Replace the master key: the one of before opens nothing any more.',
    body: 'ChangeMaster',
    answer: 'MasterChanged',
    run: ({ app, principal, body }) => app.changeMaster(principal, body),
  },
  'GET /v1/backup': {
    right: 'admin',
    summary: 'The last backup, whether one is being written, and when the next one is due.',
    answer: 'BackupsView',
    run: ({ app, principal }) => app.backups.state(principal),
  },
  'POST /v1/backup': {
    right: 'person',
    summary: 'Write a backup into one file, sealed under a passphrase of its own.',
    body: 'MakeBackup',
    answer: 'BackupsView',
    run: ({ app, principal, body }) => app.backups.make(principal, body),
  },
  'POST /v1/backup/drill': {
    right: 'person',
    summary:
      'Restore a backup into a folder that is thrown away, and read all of it. The running store is not touched.',
    body: 'DrillBackup',
    answer: 'BackupsView',
    run: ({ app, principal, body }) => app.backups.drill(principal, body),
  },
  'GET /v1/config': {
    right: 'admin',
    summary: 'Every option, its value and where it comes from. Secrets are masked.',
    answer: 'ConfigOption[]',
    async run({ app, principal }) {
      requireRight(principal, 'admin', 'house')
      return [...app.config.explained]
    },
  },
  'GET /metrics': {
    right: 'status',
    summary: 'Metrics for Prometheus.',
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
    run: async ({ app, principal }) => (await import('../metrics.ts')).metricsText(app, principal),
  },
  'GET /v1/proof': {
    right: 'anyone',
    summary:
      'Proves that this server knows your key, before you send it: HMAC-SHA256 under sha256(key) of the nonce, a line end and the origin that you ask.',
    query: {
      key: 'The first 8 hex digits of sha256(sha256(key)).',
      nonce: '16 to 64 random characters of base64url.',
    },
    answer: 'Proof',
    async run({ app, addresses, request, query }) {
      const origin = addresses.originOf(request.header('host') ?? '') ?? app.origin
      return { proof: await app.desk.keys.prove(query.key ?? '', query.nonce ?? '', origin) }
    },
  },
  'GET /v1/changes': {
    right: 'status',
    summary: 'Answers when something has changed since `after`, or after 25 seconds.',
    query: { after: 'The number that was answered before; 0 when left out.' },
    answer: 'Version',
    isWaiting: true,
    async run({ app, principal, query, request }) {
      requireRight(principal, 'status', 'own')
      const after = wholeNumber('after', query.after ?? '0', 0, Number.MAX_SAFE_INTEGER)
      const { feed } = app.desk.context
      const version = await feed.past(after, app.clock, longestWaitMs, {
        accountIds: principal.accountIds,
        signal: request.signal(),
      })
      const rollback = app.store.rollback()
      const trouble = rollback ? { code: rollback.code, text: rollback.message, hint: rollback.hint } : null
      return { version, trouble }
    },
  },
} satisfies Partial<Routes>
