import type { AccountView, AddAccount, AddKey, AuditCheck, AuditView, BrokerView, EditAccount, KeyView, LoginStarted, LoginView, TestResult } from '../contracts/api.ts';
import type { Secret } from '../core/secret.ts';
import { ClientKeys } from './client-keys.ts';
import type { Principal, SessionContext } from './context.ts';
import { type HandOutWish } from './handout.ts';
import { type Callback } from './login.ts';
/** The domain as its callers see it: every action by name, for a principal, answering with what may be shown. */
export declare class Desk {
    #private;
    readonly context: SessionContext;
    readonly keys: ClientKeys;
    constructor(context: SessionContext);
    brokers(ids: readonly string[]): Promise<BrokerView[]>;
    accounts(principal: Principal): Promise<AccountView[]>;
    account(principal: Principal, alias: string): Promise<AccountView>;
    addAccount(principal: Principal, input: AddAccount): Promise<AccountView>;
    editAccount(principal: Principal, alias: string, input: EditAccount): Promise<AccountView>;
    /** Logs out first, as far as that goes: afterwards nobody could any more. */
    removeAccount(principal: Principal, alias: string): Promise<void>;
    startLogin(principal: Principal, alias: string, via: string): Promise<LoginStarted>;
    login(principal: Principal, alias: string, loginId: string): Promise<LoginView>;
    cancelLogin(principal: Principal, alias: string, loginId: string): Promise<void>;
    completeLogin(principal: Principal, broker: string, callback: Callback): Promise<AccountView>;
    completePasted(principal: Principal, alias: string, address: string): Promise<AccountView>;
    /** The session as JSON text of a `HandOut`; see {@link HandOuts.handOut}. */
    handOut(principal: Principal, alias: string, wish: HandOutWish): Promise<Secret>;
    test(principal: Principal, alias: string): Promise<TestResult>;
    /** See {@link settleDoubts}. */
    settleDoubts(isStopped: () => boolean): Promise<void>;
    renew(principal: Principal, alias: string): Promise<AccountView>;
    logout(principal: Principal, alias: string): Promise<AccountView>;
    listKeys(): Promise<KeyView[]>;
    addKey(principal: Principal, input: AddKey): Promise<{
        view: KeyView;
        key: Secret;
    }>;
    revokeKey(principal: Principal, id: string): Promise<KeyView>;
    audit(principal: Principal, wish: {
        limit: number;
        account?: string;
        before?: number;
    }): Promise<AuditView[]>;
    verifyAudit(): Promise<AuditCheck>;
}
