import { type Answer } from './answer.ts';
import type { Fault } from './faults.ts';
import type { Simulator } from './simulator.ts';
import type { SimulatedBroker } from './world.ts';
/** What the control endpoint needs to know of a request. */
export interface ControlCall {
    readonly method: string;
    readonly path: string;
    readonly query: URLSearchParams;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
}
/** What it steers. */
export interface Controlled {
    readonly simulator: Simulator;
    readonly brokers: ReadonlyMap<string, SimulatedBroker>;
    readonly armed: () => readonly {
        readonly fault: Fault;
        readonly left: number;
    }[];
}
/**
 * The steering wheel, for tests and people with `curl`. JSON in (`content-type: application/json`), JSON out,
 * errors as problem+json with a `code` of bhor's error table. Requests of other web pages are refused.
 *
 * | route | body or query | does |
 * |---|---|---|
 * | `GET /control/state` | – | clock, apps, users with the TOTP of now, live sessions, armed faults |
 * | `POST /control/clock` | `{advanceMs}` or `{set: "2026-11-24T00:30:00Z"}` | moves the brokers' clock |
 * | `POST /control/faults` | {@link Fault}; `times: "always"` for no end | arms a fault |
 * | `DELETE /control/faults` | – | disarms all |
 * | `GET /control/calls` | `?broker=&method=&path=` (`*` for any characters) | what the brokers were asked, in full |
 * | `DELETE /control/calls` | – | forgets them |
 * | `POST /control/apps` | `{broker, apiKey, apiSecret, redirectUrl, userIds?, approvedForRefresh?}` | registers or changes an app |
 * | `POST /control/users` | `{broker, userId, password, pin?, totpSeed, name, email}` | adds or changes a user |
 * | `POST /control/sessions` | `{broker, apiKey, userId, accessToken, expiresAt}` | adopts a session of an earlier run |
 * | `POST /control/kill-session` | `{broker, apiKey}` | ends a session from outside, as a master logout does |
 *
 * @example
 * ```sh
 * curl -s http://127.0.0.1:7890/control/faults -H 'content-type: application/json' \
 *   -d '{"broker":"kite","match":{"path":"/session/token"},"kind":"answer_lost"}'
 * ```
 */
export declare function control(controlled: Controlled, call: ControlCall): Answer;
