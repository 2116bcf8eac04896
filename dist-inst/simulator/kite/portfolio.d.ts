import { type Answer } from '../answer.ts';
import type { SimulatedUser } from '../users.ts';
export declare function profileOf(user: SimulatedUser): Record<string, unknown>;
/** `GET /user/margins` and `/user/margins/:segment` */
export declare function showMargins(segment?: string): Answer;
/** `GET /portfolio/holdings` */
export declare function showHoldings(): Answer;
/** `GET /portfolio/positions` */
export declare function showPositions(): Answer;
/** `GET /instruments[/:exchange]`: needs no token (kite.trade/forum comment 48095), so it proves nothing about one. */
export declare function showInstruments(exchange?: string): Answer;
