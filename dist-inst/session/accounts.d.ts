import type { AddAccount, EditAccount } from '../contracts/api.ts';
import type { AccountRecord, AppRecord, StoreReads } from '../contracts/store.ts';
import { BhorError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import { type Principal, type SessionContext } from './context.ts';
/** The account of that name, authenticated. @throws BhorError `account_not_found` also where `principal` may not see it */
export declare function accountNamed(context: Pick<SessionContext, 'store' | 'vault'>, alias: string, principal?: Principal, reads?: StoreReads): Promise<AccountRecord>;
export declare function noAccount(): BhorError;
/** The app of an account, authenticated, with its fields and secrets. */
export declare function appOf(context: Pick<SessionContext, 'store' | 'vault'>, account: AccountRecord, reads?: StoreReads): Promise<{
    app: AppRecord;
    secrets: Record<string, Secret>;
}>;
/**
 * Creates an account and, unless one with this API key exists, its app. A sandbox account needs no key: an app is
 * registered at the simulator for it.
 *
 * @throws BhorError `bad_alias`, `bad_field`, `bad_secret`, `broker_not_found`, `already_exists`
 */
export declare function addAccount(context: SessionContext, principal: Principal, input: AddAccount): Promise<AccountRecord>;
/** Changes what is given and leaves the rest. @throws as {@link addAccount} */
export declare function editAccount(context: SessionContext, principal: Principal, alias: string, input: EditAccount): Promise<AccountRecord>;
/**
 * Removes an account with its sessions and logins; its audit records stay. A damaged row can be removed too: that is
 * the way out of it.
 */
export declare function removeAccount(context: SessionContext, principal: Principal, alias: string): Promise<void>;
