import { type AuditLink, type AuditRecord, auditFields } from '../../../src/contracts/audit.ts'
import type {
  AccountRecord,
  AppendAudit,
  AppRecord,
  ClientKeyRecord,
  FeedRecord,
  IntentRecord,
  LoginRecord,
  SessionRecord,
} from '../../../src/contracts/store.ts'

/** Records for the suite: every field set, so that a column that is lost or swapped shows. */
export const app: AppRecord = {
  id: 'app_1',
  broker: 'kite',
  kind: 'live',
  apiKey: 'key-of-the-app',
  fields: { redirect: 'https://localhost/x?a=1', 'ünï"code\'\\': '\n\t;--' },
  sealedSecrets: 'v1.dk_1.sealed',
  createdAtMs: 1_790_000_000_001,
  updatedAtMs: 1_790_000_000_002,
  mac: 'mac-app',
}

export function account(id: string, changes: Partial<AccountRecord> = {}): AccountRecord {
  return {
    id,
    alias: id,
    label: `The account ${id}`,
    broker: 'kite',
    kind: 'live',
    appId: app.id,
    userId: 'AB1234',
    redirectUrl: 'http://127.0.0.1:7878/callback/kite',
    postbackUrl: 'https://demo.example/hooks/kite',
    fields: { region: 'in' },
    sealedSecrets: 'v1.dk_1.more',
    settings: { group: 'family', egress: { from: '192.0.2.7' } },
    generation: 0,
    createdAtMs: 1_790_000_000_003,
    updatedAtMs: 1_790_000_000_004,
    lastLoginAtMs: 1_790_000_000_005,
    lastProbe: { atMs: 1_790_000_000_006, verdict: 'valid', code: 'ok' },
    lastFault: { atMs: 1_790_000_000_007, code: 'bad_grant', detail: 'Token is invalid' },
    mac: 'mac-account',
    ...changes,
  }
}

export function session(
  accountId: string,
  generation: number,
  changes: Partial<SessionRecord> = {},
): SessionRecord {
  return {
    id: `${accountId}-s${generation}`,
    accountId,
    generation,
    status: 'active',
    endReason: null,
    endedAtMs: null,
    startedBy: 'login',
    sealedTokens: 'v1.dk_1.tokens',
    sealedGrant: 'v1.dk_1.grant',
    tokenExpiriesMs: { access: 1_790_000_100_000, refresh: 1_790_000_200_000 },
    userId: 'AB1234',
    userName: 'Demo',
    userShortname: 'D',
    email: 'demo@demo.example',
    userType: 'individual',
    brokerName: 'ZERODHA',
    exchanges: ['NSE', 'BSE'],
    products: ['CNC'],
    orderTypes: ['MARKET', 'LIMIT'],
    baseUrl: 'https://one.example',
    grantedAtMs: 1_790_000_000_008,
    expiresAtMs: 1_790_000_100_000,
    createdAtMs: 1_790_000_000_009,
    mac: 'mac-session',
    ...changes,
  }
}

export function login(id: string, accountId: string, changes: Partial<LoginRecord> = {}): LoginRecord {
  return {
    id,
    accountId,
    broker: 'kite',
    stateHash: `state-${id}`,
    redirectUrl: 'http://127.0.0.1:7878/callback/kite',
    status: 'open',
    outcome: 'none',
    generation: 3,
    sealedCarry: 'v1.dk_1.carry',
    startedBy: 'operator',
    createdAtMs: 1_790_000_000_010,
    expiresAtMs: 1_790_000_600_000,
    mac: 'mac-login',
    ...changes,
  }
}

export function intent(id: string, accountId: string, changes: Partial<IntentRecord> = {}): IntentRecord {
  return {
    id,
    accountId,
    loginId: 'login_1',
    kind: 'exchange',
    grantHash: `grant-${id}`,
    state: 'open',
    code: 'none',
    createdAtMs: 1_790_000_000_011,
    finishedAtMs: null,
    ...changes,
  }
}

export function clientKey(id: string, changes: Partial<ClientKeyRecord> = {}): ClientKeyRecord {
  return {
    id,
    name: `Key ${id}`,
    hash: `hash-${id}`,
    scopes: ['token', 'status'],
    accountIds: ['acc_1', 'acc_2'],
    createdAtMs: 1_790_000_000_012,
    expiresAtMs: 1_790_000_000_013,
    revokedAtMs: null,
    mac: 'mac-key',
    ...changes,
  }
}

export function feedRow(seq: number, changes: Partial<FeedRecord> = {}): FeedRecord {
  return {
    seq,
    atMs: 1_790_000_000_000 + seq,
    action: 'session.start',
    result: 'ok',
    account: { id: 'acc_1', alias: 'personal', broker: 'kite', kind: 'broker-sandbox', generation: 3 },
    code: 'internal',
    detail: { by: 'login', generation: 3, isFirst: false },
    ...changes,
  }
}

/** Records without cryptography: the store does not look at MACs. */
export function records(from: number, count: number, changes: Partial<AuditRecord> = {}): AuditRecord[] {
  return Array.from({ length: count }, (_, index): AuditRecord => {
    const seq = from + index
    return {
      seq,
      atMs: 1_790_000_000_000 + seq,
      actor: { kind: 'key', id: 'key_1' },
      action: 'session.handout',
      accountId: 'acc_1',
      account: 'personal',
      result: 'ok',
      code: 'internal',
      detail: { generation: 3, kind: 'access', isShort: false },
      mac: `mac-${seq}`,
      ...changes,
    }
  })
}

export function linkOf(record: AuditRecord): AuditLink {
  const { seq, atMs, accountId = null, mac } = record
  return { seq, atMs, accountId, fields: auditFields(record), mac }
}

/** Adds {@link records}. */
export function adds(count: number, changes: Partial<AuditRecord> = {}): AppendAudit {
  return (head) => {
    const seq = head.seq + count
    return {
      links: records(head.seq + 1, count, changes).map(linkOf),
      head: { seq, mac: `mac-${seq}`, headMac: `head-${seq}` },
    }
  }
}
