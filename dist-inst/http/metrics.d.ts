import type { App } from '../app/open.ts';
import type { Principal } from '../session/context.ts';
/** Prometheus text about the accounts that the caller may see: names and states, never a value that could be a secret. */
export declare function metricsText(app: App, principal: Principal): Promise<string>;
