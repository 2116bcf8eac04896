import { istZone } from '../core/ist.js';
import { owned } from './instruments.js';
import { uuid } from './tokens.js';
/** Shares move at most this far from the last price on one day. */
const circuit = 0.2;
/**
 * The orders of one broker's clients. Prices stand still, so an order's fate is known at once: a market order and
 * a limit order through the last price are complete, other limits rest, stop orders wait; a price outside the
 * circuit and an order beyond the client's cash are accepted and then rejected, as at the exchange.
 */
export class OrderBook {
    #byId = new Map();
    #now;
    #random;
    #count = 0;
    constructor(now, random) {
        this.#now = now;
        this.#random = random;
    }
    place(draft) {
        const placedAt = this.#now();
        const day = placedAt.toZonedDateTimeISO(istZone).toPlainDate().toString().replaceAll('-', '').slice(2);
        const number = String(++this.#count).padStart(9, '0');
        const order = {
            ...draft,
            ...fate(draft),
            id: `${day}${number}`,
            exchangeId: `13${number}`,
            guid: uuid(this.#random),
            placedAt,
            changedAt: placedAt,
            changes: 0,
        };
        this.#byId.set(order.id, order);
        return order;
    }
    change(order, to) {
        const draft = { ...order, ...to };
        return this.#keep({ ...draft, ...fate(draft), changes: order.changes + 1 });
    }
    cancel(order) {
        return this.#keep({ ...order, status: 'cancelled' });
    }
    /** The client's order of today with this id. */
    find(userId, id) {
        return this.today(userId).find((order) => order.id === id);
    }
    /** Both brokers forget orders overnight. */
    today(userId) {
        const today = this.#now().toZonedDateTimeISO(istZone).toPlainDate();
        return [...this.#byId.values()].filter((order) => order.userId === userId && order.placedAt.toZonedDateTimeISO(istZone).toPlainDate().equals(today));
    }
    #keep(order) {
        const kept = { ...order, changedAt: this.#now() };
        this.#byId.set(kept.id, kept);
        return kept;
    }
}
export const isOpen = (order) => order.status === 'open' || order.status === 'waiting for trigger';
export const filledQuantity = (order) => (order.status === 'complete' ? order.quantity : 0);
export const pendingQuantity = (order) => (isOpen(order) ? order.quantity : 0);
export const averagePrice = (order) => order.status === 'complete' ? order.instrument.lastPrice : 0;
function fate(draft) {
    const last = draft.instrument.lastPrice;
    const price = draft.type === 'MARKET' || draft.type === 'SL-M' ? last : draft.price;
    if (Math.abs(price - last) > last * circuit) {
        return { status: 'rejected', statusMessage: 'The price is out of the current execution range.' };
    }
    if (draft.side === 'BUY' && draft.quantity * price > owned.cash) {
        const needed = (draft.quantity * price).toFixed(2);
        const message = `Insufficient funds. Required margin is ${needed} but available margin is ${owned.cash.toFixed(2)}.`;
        return { status: 'rejected', statusMessage: message };
    }
    if (draft.type === 'SL' || draft.type === 'SL-M')
        return { status: 'waiting for trigger', statusMessage: '' };
    const isThrough = draft.side === 'BUY' ? price >= last : price <= last;
    return { status: isThrough ? 'complete' : 'open', statusMessage: '' };
}
