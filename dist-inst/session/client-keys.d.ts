import { type AddKey } from '../contracts/api.ts';
import type { ClientKeyRecord } from '../contracts/store.ts';
import { Secret } from '../core/secret.ts';
import { type Principal, type SessionContext } from './context.ts';
/** The secrets by which local programs talk to bhor: 256 random bits each, stored as SHA-256. */
export declare class ClientKeys {
    #private;
    constructor(context: SessionContext);
    /** Who presents this key, where that can be said at once; a revoked or expired one is never known. */
    known(presented: string): Principal | undefined;
    /**
     * Who presents this key? Unknown, revoked and expired keys get one and the same answer; the audit tells them apart.
     *
     * @throws BhorError `key_malformed`, `key_invalid`
     */
    authenticate(presented: string): Promise<Principal>;
    list(): Promise<readonly ClientKeyRecord[]>;
    /** @throws BhorError `bad_field`, `account_not_found` */
    add(principal: Principal, input: AddKey): Promise<{
        record: ClientKeyRecord;
        key: Secret;
    }>;
    /** A revoked key is refused from the next request on. @throws BhorError `key_not_found` */
    revoke(principal: Principal, id: string): Promise<ClientKeyRecord>;
}
