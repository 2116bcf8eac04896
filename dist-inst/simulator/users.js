import { BhorError } from '../core/errors.js';
import { decodeBase32 } from './totp.js';
/** One user per broker exists from the start. */
export const demoUsers = {
    kite: {
        broker: 'kite',
        userId: 'DM0001',
        password: 'demo-kite',
        totpSeed: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
        name: 'Demo User',
        email: 'demo.kite@example.com',
    },
    upstox: {
        broker: 'upstox',
        userId: 'DM0002',
        password: 'demo-upstox',
        totpSeed: 'KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU',
        name: 'Demo User',
        email: 'demo.upstox@example.com',
    },
};
/** Whom the fault `wrong_user` logs in where the broker has no second user. Shown on no page. */
export const strangerId = 'DM0099';
export class Users {
    #byId = new Map();
    constructor(demo) {
        this.add(demo);
        this.add({ ...demo, userId: strangerId, name: 'Another User', email: 'stranger@example.com' });
    }
    /** Adds a user, or replaces the one with this id. Throws `bad_field`, `bad_secret`. */
    add(user) {
        if (!/^[A-Z0-9]{2,12}$/.test(user.userId)) {
            throw new BhorError('bad_field', 'A simulated user id is 2 to 12 capital letters and digits.');
        }
        decodeBase32(user.totpSeed);
        this.#byId.set(user.userId, user);
    }
    get(userId) {
        return this.#byId.get(userId);
    }
    /** Those whom the login page offers. */
    shown() {
        return [...this.#byId.values()].filter((user) => user.userId !== strangerId);
    }
    /** Somebody else than `userId`: a user who was added, else the stranger. */
    otherThan(userId) {
        return this.shown().find((user) => user.userId !== userId) ?? this.#byId.get(strangerId);
    }
}
