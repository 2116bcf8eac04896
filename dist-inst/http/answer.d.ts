import type { Json } from '../core/json.ts';
import { type AccessParts, type Asked } from './access.ts';
import { type Reply } from './problem.ts';
import type { Route } from './routes.ts';
export declare const cookieName = "bhor_desk";
/** A request for one route. */
export interface RouteRequest extends Asked {
    readonly params: Readonly<Record<string, string>>;
    readonly signal: AbortSignal;
    /** The JSON object of the body; see `readBody`. */
    readBody(): Promise<Record<string, Json>>;
}
export interface ApiParts extends AccessParts {
    readonly log?: (level: 'info' | 'warn' | 'error', text: string, facts?: Readonly<Record<string, unknown>>) => void;
}
/** What a route answers: rights first, then query and body, then the action. @throws BhorError */
export declare function answerOf(request: RouteRequest, route: Route, parts: ApiParts): Promise<Reply>;
/** What is answered where something was thrown. */
export declare function failureOf(cause: unknown, { app, log }: ApiParts): Reply;
