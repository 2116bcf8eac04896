import { type Json } from '../core/json.ts';
/**
 * The JSON object of a request, strictly read; an empty body is an empty object.
 *
 * @throws BhorError `json_only`, `too_large`, `not_utf8`, `bad_json`, `too_deep`, `duplicate_field`, `bad_field`
 */
export declare function readBody(request: Request): Promise<Record<string, Json>>;
