import type { Broker, BrokerReply, BrokerRequest, CallSite, Verdict } from '../contracts/broker.ts';
import type { Net } from '../contracts/net.ts';
import { BhorError } from '../core/errors.ts';
export interface Answered {
    readonly reply: BrokerReply;
    readonly verdict: Verdict;
}
/** The absolute address of a request; role `session` is the session's own base URL. */
export declare function addressOf(request: Pick<BrokerRequest, 'host' | 'path' | 'query'>, hosts: Readonly<Record<string, string>>, sessionBaseUrl?: string): string;
/**
 * Sends one broker request and says what the reply means. The only place where an adapter's request meets the
 * network.
 *
 * @throws NetError when no complete reply came, BhorError `broker_redirect` for any 3xx
 */
export declare function callBroker(net: Net, broker: Broker, hosts: Readonly<Record<string, string>>, request: BrokerRequest, site: CallSite, sessionBaseUrl?: string): Promise<Answered>;
/** A verdict other than `ok` as an error: our sentence, with the broker's own words made safe to show. */
export declare function errorOfVerdict(broker: Broker, verdict: Verdict, status: number): BhorError;
/** A failed call as an error that fits a caller who only wants to know whether the broker can be reached. */
export declare function errorOfNet(broker: Broker, error: unknown): BhorError;
