import type { App } from './open.ts';
/**
 * Records which options differ from those of the last server start on this store, by name. Values of secrets are not
 * compared; that one was given or taken away is.
 */
export declare function recordConfig(app: App): Promise<void>;
