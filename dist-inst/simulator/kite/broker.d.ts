import type { SimulatedBroker, World } from '../world.ts';
/** Staff said 5 minutes, single use (kite.trade/forum comment 3502). */
export declare const requestTokenTtlMs: number;
/** Kite Connect v3: login pages of kite.zerodha.com and API of api.kite.trade under one roof. */
export declare function simulateKite(world: World): SimulatedBroker;
