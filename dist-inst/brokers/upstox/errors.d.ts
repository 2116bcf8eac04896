import type { BrokerReply, CallSite, Verdict } from '../../contracts/broker.ts';
export declare function classify(reply: BrokerReply, at: CallSite): Verdict;
