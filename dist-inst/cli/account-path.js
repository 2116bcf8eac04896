import { checkAlias } from '../session/fields.js';
/** The address of an account, and of what lies below it. @throws BhorError `bad_alias` */
export function pathOf(account) {
    return `/v1/accounts/${checkAlias(account)}`;
}
