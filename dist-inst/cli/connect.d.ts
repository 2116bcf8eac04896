import { type ApiClient } from './wire.ts';
/** The desk to talk to: the one that BHOR_URL names, else this user's own server, whether it runs or not. */
export declare function serverClient(): ApiClient;
/** The same, but only if it answers. */
export declare function runningServer(): Promise<ApiClient | undefined>;
