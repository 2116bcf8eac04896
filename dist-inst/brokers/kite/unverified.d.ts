/**
 * What Zerodha documents nowhere, or not clearly. Each is an assumption made in this one place; correct it here.
 */
/**
 * The documentation says "6 AM on the next day"; for a login between midnight and 06:00 that can mean today or
 * tomorrow. bhor takes the first 06:00 after the login. (Staff have also spoken of a flush at 07:00 to 07:30: a
 * session of these minutes may end early, which the next probe finds.)
 */
export declare const sessionEndsAt = "06:00";
/** The refusal of an address is known by its words; HTTP status and `error_type` are reported differently. */
export declare const ipRefusal: RegExp;
/** The `status` with which the browser comes back when the person cancels: documented nowhere. */
export declare const cancelledStatus = "cancelled";
/** Lifetime of a `request_token`: "only a few minutes"; staff said five, in 2017 (kite.trade/forum comment 3502). */
export declare const requestTokenTtlMs: number;
/** Whether a static IP is checked for GTT, alerts and mutual funds too is not documented: they count as orders. */
export declare const routesLikeOrders: readonly ['POST /gtt/triggers', 'PUT /gtt/triggers/*', 'DELETE /gtt/triggers/*', 'POST /alerts', 'PUT /alerts/*', 'DELETE /alerts', 'POST /mf/orders', 'DELETE /mf/orders/*', 'POST /mf/sips', 'PUT /mf/sips/*', 'DELETE /mf/sips/*', 'PUT /portfolio/positions'];
