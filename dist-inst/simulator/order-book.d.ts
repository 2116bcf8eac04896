import type { Random } from '../core/random.ts';
import { type Instrument } from './instruments.ts';
export type OrderStatus = 'open' | 'waiting for trigger' | 'complete' | 'cancelled' | 'rejected';
/** What a client asks for, already checked by the broker's own rules. */
export interface OrderDraft {
    readonly userId: string;
    readonly instrument: Instrument;
    readonly exchange: string;
    readonly variety: string;
    readonly side: 'BUY' | 'SELL';
    readonly type: 'MARKET' | 'LIMIT' | 'SL' | 'SL-M';
    readonly product: string;
    readonly validity: string;
    readonly quantity: number;
    readonly price: number;
    readonly triggerPrice: number;
    readonly disclosedQuantity: number;
    readonly marketProtection: number;
    readonly tag: string;
}
export interface Order extends OrderDraft {
    readonly id: string;
    readonly exchangeId: string;
    readonly guid: string;
    readonly placedAt: Temporal.Instant;
    readonly changedAt: Temporal.Instant;
    readonly changes: number;
    readonly status: OrderStatus;
    readonly statusMessage: string;
}
/**
 * The orders of one broker's clients. Prices stand still, so an order's fate is known at once: a market order and
 * a limit order through the last price are complete, other limits rest, stop orders wait; a price outside the
 * circuit and an order beyond the client's cash are accepted and then rejected, as at the exchange.
 */
export declare class OrderBook {
    #private;
    constructor(now: () => Temporal.Instant, random: Random);
    place(draft: OrderDraft): Order;
    change(order: Order, to: Partial<OrderDraft>): Order;
    cancel(order: Order): Order;
    /** The client's order of today with this id. */
    find(userId: string, id: string): Order | undefined;
    /** Both brokers forget orders overnight. */
    today(userId: string): Order[];
}
export declare const isOpen: (order: Order) => boolean;
export declare const filledQuantity: (order: Order) => number;
export declare const pendingQuantity: (order: Order) => number;
export declare const averagePrice: (order: Order) => number;
