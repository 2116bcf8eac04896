import { BhorError } from '../core/errors.js';
export class Apps {
    #byKey = new Map();
    /** Registers an app, or changes it: like at the brokers, a new secret kills no session. Throws `bad_field`. */
    register(app) {
        if (!app.apiKey || !app.apiSecret)
            throw new BhorError('bad_field', 'An app needs an API key and an API secret.');
        const url = URL.parse(app.redirectUrl);
        if (!url || !/^https?:$/.test(url.protocol))
            throw new BhorError('bad_field', 'The redirect URL is not an http address.');
        this.#byKey.set(app.apiKey, app);
    }
    get(apiKey) {
        return this.#byKey.get(apiKey);
    }
    all() {
        return [...this.#byKey.values()];
    }
}
/** May this client log in through this app? */
export function isEnabled(app, userId) {
    return app.userIds === undefined || app.userIds.includes(userId);
}
