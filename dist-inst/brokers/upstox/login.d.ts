import type { CallbackInput, CallbackReading, Step } from '../../contracts/broker.ts';
/** The authorize dialog of https://upstox.com/developer/api-documentation/authorize. */
export declare const login: {
    readonly kind: 'redirect';
    readonly state: 'echoed';
    readonly callbackMethod: 'GET';
    readonly grantTtlMs: 60000;
    readonly loginUrl: ({ app, redirectUrl, state }: import("../../contracts/broker.ts").StepContext & {
        readonly state: string;
    }) => {
        host: string;
        path: string;
        query: [string, string][];
    };
    readonly readCallback: typeof readCallback;
    readonly steps: readonly [Step];
};
declare function readCallback({ params }: CallbackInput): CallbackReading;
export {};
