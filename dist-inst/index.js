import { fullRights, openApp } from './app/open.js';
import { loadConfig } from './config/load.js';
export { BhorError, errorTable, isBhorError } from './core/errors.js';
/**
 * Opens the data folder in this process. One process at a time: while `bhor serve` runs, talk to it instead.
 *
 * @throws BhorError `store_locked`, `key_wrong`, `config_invalid`, …
 *
 * @example
 * ```ts
 * await using bhor = await openBhor()
 * const { accessToken, apiKey } = await bhor.session('personal', { minLifeMs: 20 * 60_000 })
 * ```
 */
export async function openBhor(options = {}) {
    const { home, ...injected } = options;
    const config = loadConfig(home === undefined ? {} : { flags: { home } });
    const app = await openApp({ config, ...injected });
    const { desk } = app;
    const caller = fullRights('library');
    return {
        accounts: () => desk.accounts(caller),
        account: (name) => desk.account(caller, name),
        addAccount: (input) => desk.addAccount(caller, input),
        startLogin: (account) => desk.startLogin(caller, account, 'api'),
        completeLogin: (account, address) => desk.completePasted(caller, account, address),
        session: async (account, wish = {}) => JSON.parse((await desk.handOut(caller, account, wish)).reveal()),
        test: (account) => desk.test(caller, account),
        renew: (account) => desk.renew(caller, account),
        logout: (account) => desk.logout(caller, account),
        [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
    };
}
