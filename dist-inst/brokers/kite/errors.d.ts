import type { BrokerReply, CallSite, Verdict } from '../../contracts/broker.ts';
/**
 * Only a `TokenException` away from the login marks a session as dead: 403 alone can be a refused address, a missing
 * permission or a wrong checksum.
 */
export declare function classify(reply: BrokerReply, at: CallSite): Verdict;
