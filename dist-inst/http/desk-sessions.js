import { hash, timingSafeEqual } from 'node:crypto';
import { BhorError } from '../core/errors.js';
import { newId, newToken } from '../core/ids.js';
import { Secret } from '../core/secret.js';
export const linkTtlMs = 10 * 60 * 1000;
const idleMs = 30 * 60 * 1000;
const absoluteMs = 12 * 60 * 60 * 1000;
const mostSessions = 5;
const mostLinks = 20;
/**
 * Who is signed in to the dashboard. A sign-in link works once; what it gives has two halves, a cookie and a value
 * that only the page holds, because another program's page on another port of this computer gets the cookie too.
 * Kept in memory: a restart signs everybody out.
 */
export class DeskSessions {
    #clock;
    #random;
    #links = new Map();
    #sessions = new Map();
    constructor(clock, random) {
        this.#clock = clock;
        this.#random = random;
    }
    /** A new one-time token for a sign-in link. */
    newLink() {
        const token = new Secret(newToken(this.#random));
        const expiresAtMs = this.#nowMs() + linkTtlMs;
        if (this.#links.size >= mostLinks)
            this.#links.delete(this.#links.keys().next().value);
        this.#links.set(digest(token.reveal()), expiresAtMs);
        return { token, expiresAtMs };
    }
    /** @throws BhorError `sign_in_link_invalid` */
    signIn(linkToken) {
        const key = digest(linkToken);
        const linkEndsMs = this.#links.get(key);
        this.#links.delete(key);
        const nowMs = this.#nowMs();
        if (linkEndsMs === undefined || nowMs >= linkEndsMs) {
            throw new BhorError('sign_in_link_invalid', 'This sign-in link was used, is too old, or is not ours.');
        }
        const cookie = new Secret(newToken(this.#random));
        const page = new Secret(newToken(this.#random));
        const session = {
            id: newId('desk', this.#random),
            cookieHash: digest(cookie.reveal()),
            pageHash: digest(page.reveal()),
            startedAtMs: nowMs,
            lastUsedMs: nowMs,
        };
        if (this.#sessions.size >= mostSessions)
            this.#sessions.delete(this.#sessions.keys().next().value);
        this.#sessions.set(session.cookieHash, session);
        return { id: session.id, cookie, page, expiresAtMs: nowMs + absoluteMs };
    }
    /**
     * The session that both halves name. `isActivity` is false for a page that only waits for news.
     *
     * @throws BhorError `sign_in_needed`
     */
    check(cookie, page, isActivity) {
        const session = this.#sessions.get(digest(cookie));
        const nowMs = this.#nowMs();
        const isOver = session && (nowMs - session.lastUsedMs >= idleMs || nowMs - session.startedAtMs >= absoluteMs);
        if (session && isOver)
            this.#sessions.delete(session.cookieHash);
        if (!session || isOver || !timingSafeEqual(Buffer.from(session.pageHash), Buffer.from(digest(page)))) {
            throw new BhorError('sign_in_needed', 'You are not signed in, or not any more.');
        }
        if (isActivity)
            session.lastUsedMs = nowMs;
        return { id: session.id, expiresAtMs: session.startedAtMs + absoluteMs };
    }
    signOut(cookie) {
        this.#sessions.delete(digest(cookie));
    }
    #nowMs() {
        return this.#clock.nowMs();
    }
}
function digest(value) {
    return hash('sha256', value, 'hex');
}
