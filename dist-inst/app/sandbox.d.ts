import type { Broker } from '../contracts/broker.ts';
import type { SessionContext } from '../session/context.ts';
/** The simulator's hosts for a broker, after it was told of the apps and live sessions of an earlier run. */
export declare function sandboxHosts(context: SessionContext, broker: Broker): Promise<Record<string, string>>;
