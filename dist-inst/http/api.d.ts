import { Hono } from 'hono';
import { type ApiParts } from './answer.ts';
import type { Door } from './gate.ts';
/** How a request came in; `library` is the caller's own process. */
export interface Bindings {
    readonly door: Door | 'library';
}
/** The `/v1` API as a function from request to response, for every door alike. */
export declare function buildApi(parts: ApiParts): Hono<{
    Bindings: Bindings;
}>;
