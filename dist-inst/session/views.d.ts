import type { AccountView, AuditView, KeyView, LoginView } from '../contracts/api.ts';
import type { AuditRecord } from '../contracts/audit.ts';
import type { AccountRecord, ClientKeyRecord, LoginRecord } from '../contracts/store.ts';
import type { BhorError } from '../core/errors.ts';
import type { SessionContext } from './context.ts';
/** An account as it is shown: everything but secrets, and the truth at this moment. */
export declare function accountView(context: SessionContext, account: AccountRecord): Promise<AccountView>;
/** What may be said of an account whose stored rows are not genuine: which one it is, and that it is damaged. */
export declare function damagedView(context: Pick<SessionContext, 'clock'>, account: AccountRecord, error: BhorError): AccountView;
export declare function loginView(nowMs: number, account: AccountRecord, login: LoginRecord): LoginView;
export declare function keyView(context: SessionContext, key: ClientKeyRecord): Promise<KeyView>;
export declare function auditView(record: AuditRecord): AuditView;
