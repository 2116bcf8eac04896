import type { AccountRecord } from '../../contracts/store.ts'

/** What every account begins with. */
export const nothingYet = {
  generation: 0,
  lastLoginAtMs: null,
  lastProbe: null,
  lastDoubt: null,
  lastFault: null,
  lastEgress: null,
  pause: null,
} as const satisfies Partial<AccountRecord>
