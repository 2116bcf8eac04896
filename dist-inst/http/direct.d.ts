import { type ApiParts } from './answer.ts';
import type { Admitted } from './gate.ts';
import type { Handler } from './guard.ts';
/**
 * Reads are answered on Node's own request and response: what stands between programs and their tokens shall not
 * pay for making a `Request` and a `Response`, and a desk that only hands out never loads Node's fetch (15 MB).
 * Rights, query, actions and errors are those of every other request; see `answerOf`.
 *
 * @returns a function that says who answers a request; what it does not know is for the API as a whole
 */
export declare function directAnswers(parts: ApiParts): (admitted: Admitted) => Handler | undefined;
