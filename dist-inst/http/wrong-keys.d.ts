import type { App } from '../app/open.ts';
import type { Principal } from '../session/context.ts';
/** Client keys as they come in, with an end to guessing: beyond the limit only the good ones are looked at. */
export declare class WrongKeys {
    #private;
    constructor(app: App);
    /** @throws BhorError `key_malformed`, `key_invalid`, `rate_limited` */
    authenticate(presented: string): Promise<Principal>;
    /** One more refusal that was written to the audit log. */
    count(): void;
    get isFlooded(): boolean;
}
