import type { SimulatedBroker, World } from '../world.ts';
/** Upstox v2 and v3: api.upstox.com and api-hft.upstox.com under one roof. */
export declare function simulateUpstox(world: World): SimulatedBroker;
