import type { BrokerRequest, Call, Probe, Renewal, SignContext } from '../../contracts/broker.ts';
/** `Authorization: token api_key:access_token` */
export declare function sign(request: BrokerRequest, { app, tokens }: SignContext): BrokerRequest;
/** The profile. Never the instruments: they answer with a dead token too (kite.trade/forum comment 48095). */
export declare const probe: Probe;
/** In every official client and in no documentation; it works only where the exchange gave a refresh token. */
export declare const renewal: Renewal;
/** Ends this session only: Kite web and the mobile app stay logged in. The token travels in the query. */
export declare const logout: Call;
