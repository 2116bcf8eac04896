import { outward } from '../faults.js';
import { accountQueries } from './accounts.js';
import { appQueries } from './apps.js';
import { auditQueries } from './audit.js';
import { clientKeyQueries } from './client-keys.js';
import { intentQueries } from './intents.js';
import { keyringQueries } from './keyring.js';
import { loginQueries } from './logins.js';
import { sessionQueries } from './sessions.js';
/** Every query over one connection or transaction. */
export function allQueries(db) {
    return {
        ...appQueries(db),
        ...accountQueries(db),
        ...sessionQueries(db),
        ...loginQueries(db),
        ...intentQueries(db),
        ...clientKeyQueries(db),
        ...keyringQueries(db),
        ...auditQueries(db),
    };
}
/** The reads that a store offers outside of transactions. */
export function allReads(db) {
    const all = allQueries(db);
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
    };
}
/** Runs work on the store so that only errors of bhor's own leave it. */
export async function outwardly(work) {
    try {
        return await work();
    }
    catch (error) {
        throw outward(error);
    }
}
