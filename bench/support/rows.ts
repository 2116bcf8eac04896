import type { AccountRecord, AppRecord, ClientKeyRecord, SessionRecord } from '../../src/contracts/store.ts'

/** Rows as bhor writes them, but for their MACs. */
type Unstamped<Record> = Omit<Record, 'mac'>

const nowMs = 1_790_000_000_000
const sealed = `v1.dk_0123456789abcdef.${'A'.repeat(120)}`
const times = { createdAtMs: nowMs, updatedAtMs: nowMs }

export const appRow: Unstamped<AppRecord> = {
  id: 'app_0123456789abcdef',
  broker: 'kite',
  kind: 'live',
  apiKey: 'demo-key',
  fields: {},
  sealedSecrets: sealed,
  ...times,
}

export function accountRow(generation: number): Unstamped<AccountRecord> {
  return {
    id: 'acc_0123456789abcdef',
    alias: 'demo',
    label: '',
    broker: 'kite',
    kind: 'live',
    appId: appRow.id,
    userId: 'DM0001',
    redirectUrl: 'http://127.0.0.1:7878/callback/kite',
    postbackUrl: '',
    fields: {},
    sealedSecrets: '',
    settings: {},
    generation,
    ...times,
    lastLoginAtMs: nowMs,
    lastProbe: { atMs: nowMs, verdict: 'valid', code: 'ok' },
    lastDoubt: null,
    lastFault: null,
    lastEgress: null,
    pause: null,
  }
}

export function sessionRow(generation: number, isCurrent: boolean): Unstamped<SessionRecord> {
  return {
    id: `ses_${String(generation).padStart(16, '0')}`,
    accountId: accountRow(0).id,
    generation,
    status: isCurrent ? 'active' : 'ended',
    endReason: isCurrent ? null : 'replaced',
    endedAtMs: isCurrent ? null : nowMs,
    startedBy: 'login',
    sealedTokens: sealed,
    sealedGrant: sealed,
    tokenExpiriesMs: { access: nowMs },
    userId: 'DM0001',
    userName: 'Demo',
    userShortname: 'Demo',
    email: 'demo@example.com',
    userType: 'individual',
    brokerName: 'ZERODHA',
    exchanges: ['NSE', 'BSE'],
    products: ['CNC'],
    orderTypes: ['MARKET'],
    baseUrl: '',
    grantedAtMs: nowMs,
    expiresAtMs: nowMs,
    createdAtMs: nowMs,
    unconfirmed: '',
  }
}

export function keyRow(key: number): Unstamped<ClientKeyRecord> {
  const number = String(key).padStart(16, '0')
  return {
    id: `key_${number}`,
    name: `bench ${key}`,
    hash: number.repeat(4),
    scopes: ['read-token'],
    accountIds: null,
    createdAtMs: nowMs,
    expiresAtMs: null,
    revokedAtMs: null,
    madeBy: null,
    heldBy: null,
  }
}
