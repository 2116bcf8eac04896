import type { BrokerRequest, Call, Probe, SignContext } from '../../contracts/broker.ts';
/** `Authorization: Bearer access_token` */
export declare function sign(request: BrokerRequest, { tokens }: SignContext): BrokerRequest;
/** The profile. Never the candles: they answer without any token. */
export declare const probe: Probe;
/** Ends the access token. The extended token lives on, and nothing can end it. */
export declare const logout: Call;
