import type { Kysely } from 'kysely'
import type { StoreReads, StoreTransaction } from '../../contracts/store.ts'
import { outward } from '../faults.ts'
import type { Schema } from '../schema.ts'
import { accountQueries } from './accounts.ts'
import { appQueries } from './apps.ts'
import { auditQueries } from './audit.ts'
import { clientKeyQueries } from './client-keys.ts'
import { intentQueries } from './intents.ts'
import { keyringQueries } from './keyring.ts'
import { loginQueries } from './logins.ts'
import { sessionQueries } from './sessions.ts'

/** Every query over one connection or transaction. */
export function allQueries(db: Kysely<Schema>): StoreTransaction {
  return {
    ...appQueries(db),
    ...accountQueries(db),
    ...sessionQueries(db),
    ...loginQueries(db),
    ...intentQueries(db),
    ...clientKeyQueries(db),
    ...keyringQueries(db),
    ...auditQueries(db),
  }
}

/** The reads that a store offers outside of transactions. */
export function allReads(db: Kysely<Schema>): StoreReads {
  const all = allQueries(db)
  return {
    accounts: all.accounts,
    account: all.account,
    accountByAlias: all.accountByAlias,
    app: all.app,
    appByKey: all.appByKey,
    accountsOfApp: all.accountsOfApp,
    latestSession: all.latestSession,
    latestSessions: all.latestSessions,
    login: all.login,
    loginByState: all.loginByState,
    openLogins: all.openLogins,
    openIntents: all.openIntents,
    clientKeys: all.clientKeys,
    clientKeyByHash: all.clientKeyByHash,
    keyring: all.keyring,
    meta: all.meta,
    auditHead: all.auditHead,
    auditRecords: all.auditRecords,
    latestAudit: all.latestAudit,
  }
}

/** Runs work on the store so that only errors of bhor's own leave it. */
export async function outwardly<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw outward(error)
  }
}
