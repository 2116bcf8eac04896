import { BhorError } from '../core/errors.js';
import { fraction } from '../core/random.js';
/** What can go wrong, and whether the broker has acted by then. */
export const faultKinds = {
    /** Waits `delayMs` (5 s), then answers as usual. */
    slow: 'acts',
    /** Refuses with `status` (502) in the broker's own error shape. */
    status: 'does not act',
    /** Refuses with 429 in the broker's own shape, without `Retry-After`. */
    rate_limited: 'does not act',
    /** Tears the connection down before doing anything. */
    reset_before: 'does not act',
    /** Does everything, then tears the connection down without a byte. */
    reset_after: 'acts',
    /** Does everything, then tears the connection down in the middle of the answer. */
    answer_lost: 'acts',
    /** A gateway's HTML error page with `status` (503). */
    html: 'does not act',
    /** 302 to `location` (`/moved`). */
    redirect: 'does not act',
    /** The exchange grants a session of another person. */
    wrong_user: 'acts',
    /** 403, this IP address may not place orders. Orders only, unless `match` says otherwise. */
    ip_refused: 'does not act',
    /** Does everything, then answers with the right status and a body that is no JSON. */
    garbage: 'acts',
    /** Does everything, then answers with 64 MiB. */
    huge: 'acts',
    /** Does everything, then answers one byte each `delayMs` (1 s). */
    drip: 'acts',
};
export class Faults {
    #armed = [];
    #random;
    constructor(random) {
        this.#random = random;
    }
    /** Arms a fault behind those already armed; the first that strikes wins. Throws `bad_field`. */
    add(fault) {
        if (!Object.hasOwn(faultKinds, fault.kind)) {
            throw new BhorError('bad_field', `A fault is one of: ${Object.keys(faultKinds).join(', ')}.`);
        }
        const { times = 1, probability = 1, delayMs = 0, status = 500 } = fault;
        if (!(times >= 1))
            throw new BhorError('bad_field', 'A fault strikes once or more (times).');
        if (!(probability > 0 && probability <= 1))
            throw new BhorError('bad_field', 'A probability is above 0 and at most 1.');
        if (!(delayMs >= 0))
            throw new BhorError('bad_field', 'A delay is not negative (delayMs).');
        if (!(Number.isInteger(status) && status >= 200 && status <= 599)) {
            throw new BhorError('bad_field', 'A status is 200 to 599.');
        }
        this.#armed.push({ fault, left: times });
    }
    clear() {
        this.#armed = [];
    }
    armed() {
        return this.#armed.map((entry) => ({ ...entry }));
    }
    /** The fault that strikes this call, if any. */
    strike(target) {
        for (const entry of this.#armed) {
            if (!fits(entry.fault, target))
                continue;
            const { probability = 1 } = entry.fault;
            if (probability < 1 && fraction(this.#random) >= probability)
                continue;
            entry.left--;
            this.#armed = this.#armed.filter(({ left }) => left > 0);
            return entry.fault;
        }
        return undefined;
    }
}
function fits(fault, target) {
    if (fault.broker !== undefined && fault.broker !== target.broker)
        return false;
    if (fault.kind === 'wrong_user' && !target.isExchange)
        return false;
    if (fault.kind === 'ip_refused' && !fault.match && !target.isOrder)
        return false;
    const { method, path } = fault.match ?? {};
    if (method !== undefined && method.toUpperCase() !== target.method)
        return false;
    return path === undefined || matchesPath(path, target.path);
}
export function matchesPath(pattern, path) {
    const source = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}/]/g, '\\$&'));
    return new RegExp(`^${source.join('.*')}$`).test(path);
}
