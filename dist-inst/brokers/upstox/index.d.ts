import { classify } from './errors.ts';
import { sign } from './session.ts';
/**
 * Upstox v2 and v3, by https://upstox.com/developer/api-documentation/get-token.
 *
 * A token dies at the first 03:30 in India after it was made, whatever the hour. There are no refresh tokens. A user
 * has one active app, and a new token ends the one before (community.upstox.com topics 14822, 11307).
 */
export declare const upstox: {
    readonly id: "upstox";
    readonly name: "Upstox";
    readonly verifiedOn: "2026-11-21";
    readonly console: {
        readonly url: "https://account.upstox.com/developer/apps";
        readonly registerHint: "Create an app and enter the Redirect URL exactly as bhor shows it; addresses that end in .php may be refused.";
    };
    /** `orders` takes place, modify and cancel only; every other call, the lists of orders too, goes to `api`. */
    readonly hosts: {
        readonly api: "https://api.upstox.com";
        readonly orders: "https://api-hft.upstox.com";
    };
    readonly app: {
        readonly apiKey: {
            readonly label: "API key";
            readonly secret: false;
            readonly pattern: RegExp;
            readonly help: "The API Key of the app under Developer Apps, a UUID; Upstox’ documentation calls it client_id.";
        };
        readonly apiSecret: {
            readonly label: "API secret";
            readonly secret: true;
            readonly pattern: RegExp;
            readonly help: "The API Secret beside the API Key; Upstox’ documentation calls it client_secret.";
        };
    };
    readonly account: {};
    readonly userId: {
        readonly label: "User id";
        readonly secret: false;
        readonly pattern: RegExp;
        readonly help: "Your UCC, on the profile page of Upstox.";
    };
    readonly logins: readonly [{
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
        readonly readCallback: ({ params }: import("../../contracts/broker.ts").CallbackInput) => import("../../contracts/broker.ts").CallbackReading;
        readonly steps: readonly [import("../../contracts/broker.ts").Step];
    }];
    readonly tokens: {
        readonly access: {
            readonly canOrder: true;
            readonly pattern: RegExp;
        };
        readonly extended: {
            readonly canOrder: false;
            readonly pattern: RegExp;
            readonly expiry: {
                readonly kind: 'earliest';
                readonly of: readonly [{
                    readonly kind: 'jwt_exp';
                    readonly token: 'extended';
                }, {
                    readonly kind: 'after';
                    readonly ms: number;
                }];
            };
        };
    };
    readonly expiry: {
        readonly kind: "earliest";
        readonly of: readonly [{
            readonly kind: "daily_at";
            readonly time: "03:30";
        }, {
            readonly kind: "jwt_exp";
            readonly token: "access";
        }];
    };
    readonly liveSessions: "one per user";
    readonly probe: import("../../contracts/broker.ts").Probe;
    readonly logout: import("../../contracts/broker.ts").Call;
    readonly sign: typeof sign;
    readonly classify: typeof classify;
    readonly orders: readonly ["POST /v2/order/place", "PUT /v2/order/modify", "DELETE /v2/order/cancel", "POST /v2/order/multi/place", "DELETE /v2/order/multi/cancel", "POST /v2/order/positions/exit", "POST /v3/order/place", "PUT /v3/order/modify", "DELETE /v3/order/cancel", "POST /v3/order/gtt/place", "PUT /v3/order/gtt/modify", "DELETE /v3/order/gtt/cancel", "PUT /v2/portfolio/convert-position", "POST /v2/ipos/orders", "DELETE /v2/ipos/orders/*"];
    readonly limits: {
        readonly probesPerMinute: 6;
        readonly ordersPerSecond: 10;
        readonly callsPerSecond: 50;
    };
};
