import { opaqueToken } from './tokens.js';
const ttlMs = 10 * 60_000;
/** Pages that somebody opens and leaves must not fill the memory. */
const most = 1000;
export class Logins {
    #byId = new Map();
    #now;
    #random;
    constructor(now, random) {
        this.#now = now;
        this.#random = random;
    }
    start(apiKey, carried) {
        if (this.#byId.size >= most)
            this.#byId.delete(this.#byId.keys().next().value);
        const id = opaqueToken(this.#random, 32);
        const login = {
            id,
            apiKey,
            carried,
            isComplete: false,
            expiresAt: this.#now().add({ milliseconds: ttlMs }),
        };
        this.#byId.set(id, login);
        return login;
    }
    get(id) {
        const login = this.#byId.get(id);
        return login && Temporal.Instant.compare(this.#now(), login.expiresAt) < 0 ? login : undefined;
    }
    end(login) {
        this.#byId.delete(login.id);
    }
}
