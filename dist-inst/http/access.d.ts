import type { App } from '../app/open.ts';
import { type Principal } from '../session/context.ts';
import type { DeskSessions } from './desk-sessions.ts';
import type { Door } from './gate.ts';
import type { Route } from './routes.ts';
import type { WrongKeys } from './wrong-keys.ts';
/** A request as far as rights are concerned, whatever brought it. */
export interface Asked {
    /** How it came in; `library` is the caller's own process. */
    readonly door: Door | 'library';
    /** Decoded, without the query. */
    readonly path: string;
    /** The query as it came, without its `?`; empty without one. */
    readonly search: string;
    /** The desk's own cookie. */
    readonly cookie: string | undefined;
    /** By its name in lower case. */
    header(name: HeaderName): string | undefined;
}
export type HeaderName = 'authorization' | 'sec-fetch-site' | 'x-bhor-session' | 'bhor-version';
/** What a decision about rights is made from. */
export interface AccessParts {
    readonly app: App;
    readonly sessions: DeskSessions;
    readonly wrongKeys: WrongKeys;
}
/** Who asks. The credential alone decides; nothing in the body, the query or another header can name somebody else. */
export declare function identify(asked: Asked, route: Route, { app, sessions, wrongKeys }: AccessParts): Principal | Promise<Principal>;
/** @throws BhorError `scope_missing` */
export declare function requireRight(principal: Principal, route: Route): void;
/** The query that the route knows, each parameter once. @throws BhorError `unknown_field`, `duplicate_field`, `credential_in_url` */
export declare function readQuery(asked: Asked, route: Route, parts: AccessParts): Readonly<Record<string, string>> | Promise<never>;
