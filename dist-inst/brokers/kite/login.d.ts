import type { CallbackInput, CallbackReading, Grant, Step } from '../../contracts/broker.ts';
/** `https://kite.zerodha.com/connect/login`; the redirect URL is fixed in the developer console and is not sent. */
export declare const login: {
    readonly kind: 'redirect';
    readonly state: 'echoed';
    readonly callbackMethod: 'GET';
    readonly grantTtlMs: number;
    readonly loginUrl: ({ app, state }: import("../../contracts/broker.ts").StepContext & {
        readonly state: string;
    }) => {
        host: string;
        path: string;
        query: [string, string][];
    };
    readonly readCallback: typeof readCallback;
    readonly steps: readonly [Step];
};
/** The header that every call to Kite Connect v3 carries. */
export declare const versionHeader: {
    readonly 'x-kite-version': '3';
};
/** The form of an exchange or a renewal: `checksum` is the hex SHA-256 of key, one-time value and secret, joined. */
export declare function signedForm(app: Readonly<Record<string, string>>, name: 'request_token' | 'refresh_token', value: string): readonly (readonly [string, string])[];
/** The `data` of a success. @throws BhorError `bad_token_shape` */
export declare function dataOf(json: unknown): Readonly<Record<string, unknown>>;
/** The tokens of a session and when it began. @throws BhorError `bad_token_shape` */
export declare function grantOf(data: Readonly<Record<string, unknown>>, now: Temporal.Instant): Grant;
declare function readCallback({ params }: CallbackInput): CallbackReading;
export {};
