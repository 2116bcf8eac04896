import type {
  AlertChannelRecord,
  DeliveryRecord,
  IncidentRecord,
  OutboxRecord,
} from '../../../src/contracts/alerts.ts'
import {
  type AuditHead,
  type AuditLink,
  type AuditRecord,
  auditFields,
} from '../../../src/contracts/audit.ts'
import type { MirrorRecord } from '../../../src/contracts/mirrors.ts'
import type {
  AccountRecord,
  AppendAudit,
  AppRecord,
  BrowserRecord,
  CalendarRecord,
  ClientKeyRecord,
  FeedRecord,
  GateRecord,
  HookRecord,
  HouseRecord,
  IntentRecord,
  KeyUseRecord,
  LoginRecord,
  PassphraseRecord,
  PromptRecord,
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
    settings: {
      group: 'family',
      egress: { proxy: 'socks5://127.0.0.1:1080', sealedLogin: 'v1.dk_1.login', registered: ['192.0.2.7'] },
    },
    generation: 0,
    createdAtMs: 1_790_000_000_003,
    updatedAtMs: 1_790_000_000_004,
    lastLoginAtMs: 1_790_000_000_005,
    lastProbe: { atMs: 1_790_000_000_006, verdict: 'valid', code: 'ok' },
    lastDoubt: { atMs: 1_790_000_000_008, code: 'session_revoked' },
    lastFault: { atMs: 1_790_000_000_007, code: 'bad_grant', detail: 'Token is invalid' },
    lastEgress: { atMs: 1_790_000_000_015, addresses: ['192.0.2.7', '2001:db8::7'], code: '' },
    pause: {
      sinceMs: 1_790_000_000_008,
      firstBy: { kind: 'key', id: 'key_1' },
      atMs: 1_790_000_000_009,
      by: { kind: 'operator', id: '' },
      reason: 'away',
      untilMs: 1_790_000_500_000,
      withholds: true,
    },
    mac: 'mac-account',
    ...changes,
  }
}

export function house(changes: Partial<HouseRecord> = {}): HouseRecord {
  const kill = account('acc_1').pause
  return { id: 'house', kill, seal: null, changedAtMs: 1_790_000_000_014, mac: 'mac-house', ...changes }
}

export function browser(id: string, changes: Partial<BrowserRecord> = {}): BrowserRecord {
  return {
    id,
    name: `Browser ${id}`,
    cookieHash: `hash-${id}`,
    publicKey: 'public-key',
    host: 'a.b.localhost:7878',
    toldBy: 'run_1',
    startedAtMs: 1_790_000_000_020,
    lastUsedAtMs: 1_790_000_000_021,
    mac: 'mac-browser',
    ...changes,
  }
}

export function passphrase(changes: Partial<PassphraseRecord> = {}): PassphraseRecord {
  const sealedHash = 'v1.dk_1.hash'
  return { id: 'desk', sealedHash, changedAtMs: 1_790_000_000_022, mac: 'mac-passphrase', ...changes }
}

export function gate(accountId: string, changes: Partial<GateRecord> = {}): GateRecord {
  return {
    accountId,
    isOpen: false,
    reason: 'paused',
    sinceMs: 1_790_000_000_015,
    changesAtMs: 1_790_000_000_016,
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
    unconfirmed: 'telegram',
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
    cameBy: 'porch',
    mac: 'mac-login',
    ...changes,
  }
}

export function prompt(id: string, accountId: string, changes: Partial<PromptRecord> = {}): PromptRecord {
  return {
    id,
    accountId,
    status: 'open',
    loginId: '',
    createdAtMs: 1_790_000_000_018,
    expiresAtMs: 1_790_000_086_018,
    mac: 'mac-prompt',
    ...changes,
  }
}

export function hook(id: string, changes: Partial<HookRecord> = {}): HookRecord {
  return {
    id,
    appId: app.id,
    pathHash: `path-${id}`,
    createdAtMs: 1_790_000_000_017,
    endsAtMs: 1_790_000_086_017,
    mac: 'mac-hook',
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
    mac: 'mac-intent',
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
    madeBy: 'key_0',
    createdAtMs: 1_790_000_000_012,
    expiresAtMs: 1_790_000_000_013,
    revokedAtMs: null,
    heldBy: 'server_0',
    mac: 'mac-key',
    ...changes,
  }
}

export function calendarRow(id: string, changes: Partial<CalendarRecord> = {}): CalendarRecord {
  return {
    id,
    segment: 'equity',
    firstDay: '2027-01-01',
    lastDay: '2027-12-31',
    source: 'a circular of the exchange',
    days: [
      { date: '2027-01-26', kind: 'holiday', note: 'ünï"code' },
      {
        date: '2027-10-29',
        kind: 'special',
        hours: [{ phase: 'open', from: '18:00', until: '19:00', only: 'other shares' }],
      },
      { date: '2027-10-30', kind: 'special', hours: 'unknown' },
    ],
    createdAtMs: 1_790_000_000_014,
    mac: 'mac-calendar',
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

export function keyUse(keyId: string, changes: Partial<KeyUseRecord> = {}): KeyUseRecord {
  return {
    minute: 29_833_333,
    keyId,
    accountId: 'acc_1',
    count: 3,
    lastAtMs: 1_790_000_000_014,
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
export function adds(
  count: number,
  changes: Partial<AuditRecord> = {},
): (head: AuditHead) => ReturnType<AppendAudit> {
  return (head) => {
    const seq = head.seq + count
    return {
      links: records(head.seq + 1, count, changes).map(linkOf),
      head: { seq, mac: `mac-${seq}`, inventory: head.inventory, headMac: `head-${seq}` },
    }
  }
}

/** A channel of alerts. */
export const channelRow = (id: string, more: Partial<AlertChannelRecord> = {}): AlertChannelRecord => ({
  id,
  name: id,
  kind: 'webhook',
  settings: { server: 'x' },
  sealedSecrets: 'v1.dk_1.secret',
  leastSeverity: 'warning',
  accountIds: ['acc_1'],
  quiet: { from: '22:00', until: '06:00' },
  createdAtMs: 1,
  updatedAtMs: 2,
  mac: 'mac',
  ...more,
})
/** An alert that waits for the channel `chan_1`. */
export const outboxRow = (id: string, more: Partial<OutboxRecord> = {}): OutboxRecord => ({
  id,
  channelId: 'chan_1',
  atMs: 10,
  severity: 'warning',
  sealedAlert: 'v1.dk_1.alert',
  ...more,
})
export const mirror = (id: string, accountId: string, more: Partial<MirrorRecord> = {}): MirrorRecord => ({
  id,
  accountId,
  path: `/home/you/${id}.json`,
  format: 'json',
  template: '{"token":"{{access_token}}"}',
  isInPlace: true,
  generation: 3,
  known: ['before', 'now'],
  writtenAtMs: 1_790_000_000_001,
  fault: { atMs: 1_790_000_000_002, code: 'mirror_conflict', text: 'Held back.' },
  createdAtMs: 1_790_000_000_000,
  mac: 'mac-mirror',
  ...more,
})
export const incidentRow = (id: string, more: Partial<IncidentRecord> = {}): IncidentRecord => ({
  id,
  kind: 'disk_full',
  cause: 'disk_full',
  accountId: null,
  sinceMs: 5,
  toldAtMs: 6,
  channelIds: ['chan_1'],
  ...more,
})
export const deliveryRow: DeliveryRecord = {
  channelId: 'chan_1',
  triedAtMs: 1_790_000_000_000,
  trying: ['alert_1'],
  deliveredAtMs: null,
  failedAtMs: 4,
  failureCode: 'channel_unavailable',
  failureText: 'No.',
  failures: 1,
  checkedAtMs: null,
  deliveredCount: 0,
  failedCount: 1,
  leftOut: 2,
}
