import { classify } from './errors.ts';
import { sign } from './session.ts';
/**
 * Zerodha Kite Connect v3, by https://kite.trade/docs/connect/v3/user.
 *
 * One app has one access token at any time: the next login kills it (kite.trade/forum/discussion/5917). A refresh
 * token exists for approved platforms only; everybody else gets `""`, and the morning login is the renewal.
 */
export declare const kite: {
    readonly id: "kite";
    readonly name: "Zerodha Kite Connect";
    readonly verifiedOn: "2026-11-21";
    readonly console: {
        readonly url: "https://developers.kite.trade";
        readonly registerHint: "Create an app of type Connect or Personal, add your client id, and enter the Redirect URL exactly as bhor shows it.";
    };
    readonly hosts: {
        readonly login: "https://kite.zerodha.com";
        readonly api: "https://api.kite.trade";
    };
    readonly app: {
        readonly apiKey: {
            readonly label: "API key";
            readonly secret: false;
            readonly pattern: RegExp;
            readonly help: "The API key of the app on developers.kite.trade.";
        };
        readonly apiSecret: {
            readonly label: "API secret";
            readonly secret: true;
            readonly pattern: RegExp;
            readonly help: "Show API secret on the app’s page on developers.kite.trade.";
        };
    };
    readonly account: {};
    readonly userId: {
        readonly label: "Client id";
        readonly secret: false;
        readonly pattern: RegExp;
        readonly help: "The id that you log in to Kite with, such as AB1234.";
    };
    readonly logins: readonly [{
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
        readonly readCallback: ({ params }: import("../../contracts/broker.ts").CallbackInput) => import("../../contracts/broker.ts").CallbackReading;
        readonly steps: readonly [import("../../contracts/broker.ts").Step];
    }];
    readonly tokens: {
        readonly access: {
            readonly canOrder: true;
            readonly pattern: RegExp;
        };
        readonly public: {
            readonly canOrder: false;
            readonly pattern: RegExp;
        };
        readonly enctoken: {
            readonly canOrder: false;
            readonly pattern: RegExp;
            readonly internal: true;
        };
        readonly refresh: {
            readonly canOrder: false;
            readonly pattern: RegExp;
            readonly internal: true;
        };
    };
    readonly expiry: {
        readonly kind: "daily_at";
        readonly time: "06:00";
    };
    readonly liveSessions: "one per app";
    readonly probe: import("../../contracts/broker.ts").Probe;
    readonly renewal: import("../../contracts/broker.ts").Renewal;
    readonly logout: import("../../contracts/broker.ts").Call;
    readonly sign: typeof sign;
    readonly classify: typeof classify;
    readonly orders: readonly ["POST /orders/*", "PUT /orders/*/*", "DELETE /orders/*/*", "POST /gtt/triggers", "PUT /gtt/triggers/*", "DELETE /gtt/triggers/*", "POST /alerts", "PUT /alerts/*", "DELETE /alerts", "POST /mf/orders", "DELETE /mf/orders/*", "POST /mf/sips", "PUT /mf/sips/*", "DELETE /mf/sips/*", "PUT /portfolio/positions"];
    readonly limits: {
        readonly probesPerMinute: 6;
        readonly ordersPerSecond: 10;
        readonly callsPerSecond: 10;
    };
};
