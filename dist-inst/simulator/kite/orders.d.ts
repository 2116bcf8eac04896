import type { Answer } from '../answer.ts';
import { type Call } from '../call.ts';
import type { SimulatedSession } from '../sessions.ts';
import type { World } from '../world.ts';
/** `POST /orders/:variety` */
export declare function placeOrder(world: World, session: SimulatedSession, call: Call, variety: string): Answer;
/** `PUT /orders/:variety/:orderId` */
export declare function changeOrder(world: World, session: SimulatedSession, call: Call, orderId: string): Answer;
/** `DELETE /orders/:variety/:orderId` */
export declare function cancelOrder(world: World, session: SimulatedSession, orderId: string): Answer;
/** `GET /orders` */
export declare function listOrders(world: World, session: SimulatedSession): Answer;
/** `GET /orders/:orderId`: the order's history; the simulator keeps the last state only. */
export declare function showOrder(world: World, session: SimulatedSession, orderId: string): Answer;
