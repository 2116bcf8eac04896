import type { App } from '../app/open.ts';
import type { Scope } from '../contracts/api.ts';
import type { Secret } from '../core/secret.ts';
import type { Principal } from '../session/context.ts';
import type { DeskSessions } from './desk-sessions.ts';
import type { Door } from './gate.ts';
import type { answers, bodies } from './schemas.ts';
/** What an action gets: everything is checked, the caller has the right. */
export interface Call {
    readonly app: App;
    readonly sessions: DeskSessions;
    readonly door: Door | 'library';
    readonly principal: Principal;
    readonly params: Readonly<Record<string, string>>;
    readonly query: Readonly<Record<string, string>>;
    readonly body: unknown;
    readonly signal: AbortSignal;
    /** For the two routes that deal in cookies. */
    readonly cookie: string;
    setCookie(value: Secret, maxAgeMs: number): void;
}
export interface Route {
    readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
    /** `{name}` for a segment. */
    readonly path: `/${string}`;
    /** The right that it takes. `anyone`: no credential. `person`: the operator or somebody signed in, never a key. `operator`: only the command line of the same user. */
    readonly scope: Scope | 'anyone' | 'person' | 'operator';
    readonly summary: string;
    /** Query parameters that are known; any other is refused. */
    readonly query?: readonly string[];
    readonly body?: keyof typeof bodies;
    readonly answer?: keyof typeof answers;
    readonly isList?: true;
    /** 200 when left out, 204 without an answer. */
    readonly status?: 201;
    /** Sent as text of this type instead of JSON. */
    readonly contentType?: string;
    /** Waits for news: no sign that somebody is there. */
    readonly isWaiting?: true;
    /** A {@link Secret} is sent as JSON text as it is. */
    run(call: Call): Promise<unknown>;
}
/** Every route of the desk's API, in the order of `/openapi.json`. A test compares it with the rights table. */
export declare const routes: readonly Route[];
/** The token stands behind `#`, which no browser sends to anybody. */
export declare function signInUrl(app: App, token: Secret): string;
