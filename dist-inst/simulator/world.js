import { Apps } from './apps.js';
import { OneTimeCodes } from './codes.js';
import { Limits } from './limits.js';
import { Logins } from './logins.js';
import { OrderBook } from './order-book.js';
import { Sessions } from './sessions.js';
import { Users } from './users.js';
export function createWorld({ now, random, demoUser, codeTtlMs, hasLimits }) {
    const limits = new Limits(now);
    return {
        now,
        random,
        apps: new Apps(),
        users: new Users(demoUser),
        logins: new Logins(now, random),
        codes: new OneTimeCodes(now, codeTtlMs),
        sessions: new Sessions(now),
        orders: new OrderBook(now, random),
        allows: (key, windows) => !hasLimits || limits.allows(key, windows),
    };
}
