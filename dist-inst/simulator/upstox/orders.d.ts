import type { Answer } from '../answer.ts';
import { type Call } from '../call.ts';
import type { World } from '../world.ts';
import type { Caller } from './session.ts';
export type Version = 'v2' | 'v3';
/** `POST /v2/order/place`, `POST /v3/order/place` */
export declare function placeOrder(world: World, caller: Caller, call: Call, version: Version): Answer;
/** `PUT /v2/order/modify`, `PUT /v3/order/modify` */
export declare function changeOrder(world: World, caller: Caller, call: Call, version: Version): Answer;
/** `DELETE /v2/order/cancel?order_id=…`, `DELETE /v3/order/cancel?order_id=…` */
export declare function cancelOrder(world: World, caller: Caller, call: Call, version: Version): Answer;
/** `GET /v2/order/retrieve-all` */
export declare function listOrders(world: World, caller: Caller): Answer;
/** `GET /v2/order/details?order_id=…` */
export declare function showOrder(world: World, caller: Caller, call: Call): Answer;
