import { type Answer } from '../answer.ts';
import type { Refusal } from '../world.ts';
/** The types of kite.trade/docs/connect/v3/exceptions, and PermissionException, which only the clients know. */
export type KiteErrorType = 'TokenException' | 'UserException' | 'OrderException' | 'InputException' | 'PermissionException' | 'NetworkException' | 'GeneralException';
export declare function kiteError(status: number, type: KiteErrorType, message: string): Answer;
export declare function kiteSuccess(data: unknown): Answer;
export declare const inputError: (message: string) => Answer;
export declare const unknownApp: () => Answer;
/** Any call with a dead or wrong token. */
export declare const deadToken: () => Answer;
/** The exchange: kite.trade/forum/discussion/3016. */
export declare const badChecksum: () => Answer;
/** The exchange with a `request_token` that was used or is too old. */
export declare const badGrant: () => Answer;
export declare function kiteRefusal(refusal: Refusal, status?: number): Answer;
