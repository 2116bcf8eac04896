import { type Answer } from '../answer.ts';
import type { Refusal } from '../world.ts';
/** The envelope of every Upstox error; the camelCase names are deprecated and still sent. */
export declare function upstoxError(status: number, code: string, message: string, property?: string | null, invalid?: unknown): Answer;
export declare function upstoxSuccess(data: unknown, more?: Record<string, unknown>): Answer;
declare const wordedErrors: {
    readonly UDAPI100057: 'Invalid Auth code';
    readonly UDAPI100068: "Check your 'client_id' and 'redirect_uri'; one or both are incorrect.";
    readonly UDAPI100069: "Check your 'client_id' and 'client_secret'; one or both are incorrect.";
    readonly UDAPI100070: "The 'redirect_uri' does not match the registered one.";
    readonly UDAPI100016: 'Invalid Credentials';
};
/** An error of the login, in the words of the error table. */
export declare const loginError: (code: keyof typeof wordedErrors) => Answer;
export declare const deadToken: () => Answer;
export declare const notForExtended: () => Answer;
export declare const notAcceptable: () => Answer;
export declare function upstoxRefusal(refusal: Refusal, status?: number): Answer;
export {};
