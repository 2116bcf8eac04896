import type { Answer } from '../answer.ts';
import type { SimulatedUser } from '../users.ts';
export declare function profileOf(user: SimulatedUser): Record<string, unknown>;
/** `GET /v2/user/get-funds-and-margin[?segment=SEC|COM]`; equity holds both since 19 July 2025. */
export declare function showFundsV2(segment: string): Answer;
/** `GET /v3/user/get-funds-and-margin` */
export declare function showFundsV3(): Answer;
/** `GET /v2/portfolio/long-term-holdings` */
export declare function showHoldings(): Answer;
/** `GET /v2/portfolio/short-term-positions` */
export declare function showPositions(): Answer;
/** Historical candles answer without any token (measured), so they prove nothing about one. */
export declare function showCandles(key: string, toDate: string): Answer;
