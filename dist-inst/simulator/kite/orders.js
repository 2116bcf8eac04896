import { toIstText } from '../../core/ist.js';
import { textOf } from '../call.js';
import { instruments, kiteToken } from '../instruments.js';
import { averagePrice, filledQuantity, isOpen, pendingQuantity, } from '../order-book.js';
import { inputError, kiteError, kiteSuccess } from './errors.js';
import { tooManyChangesMessage, unknownInstrumentMessage } from './unverified.js';
const varieties = ['regular', 'amo', 'co', 'iceberg', 'auction'];
const required = ['exchange', 'tradingsymbol', 'transaction_type', 'order_type', 'quantity', 'product'];
const types = ['MARKET', 'LIMIT', 'SL', 'SL-M'];
const sides = ['BUY', 'SELL'];
const products = ['CNC', 'NRML', 'MIS', 'MTF'];
const mostChanges = 25;
const statusWords = {
    open: 'OPEN',
    'waiting for trigger': 'TRIGGER PENDING',
    complete: 'COMPLETE',
    cancelled: 'CANCELLED',
    rejected: 'REJECTED',
};
/** `POST /orders/:variety` */
export function placeOrder(world, session, call, variety) {
    if (!varieties.includes(variety))
        return inputError('Invalid `variety`.');
    const missing = required.find((field) => !textOf(call.fields, field));
    if (missing)
        return inputError(`Missing or empty field \`${missing}\``);
    const instrument = instruments.find(({ symbol }) => symbol === textOf(call.fields, 'tradingsymbol'));
    if (!instrument || textOf(call.fields, 'exchange') !== 'NSE')
        return inputError(unknownInstrumentMessage);
    const side = sides.find((known) => known === textOf(call.fields, 'transaction_type'));
    const product = textOf(call.fields, 'product');
    if (!side)
        return inputError('Invalid `transaction_type`.');
    if (!products.includes(product))
        return inputError('Invalid `product`.');
    const terms = readTerms(call, { type: 'LIMIT', quantity: 0, price: 0, triggerPrice: 0 });
    if ('status' in terms)
        return terms;
    const order = world.orders.place({
        ...terms,
        userId: session.userId,
        instrument,
        exchange: 'NSE',
        variety,
        side,
        product,
        validity: textOf(call.fields, 'validity') || 'DAY',
        disclosedQuantity: Number(textOf(call.fields, 'disclosed_quantity')) || 0,
        tag: textOf(call.fields, 'tag'),
    });
    return kiteSuccess({ order_id: order.id });
}
/** `PUT /orders/:variety/:orderId` */
export function changeOrder(world, session, call, orderId) {
    const order = openOrder(world, session, orderId);
    if ('body' in order)
        return order;
    if (order.changes >= mostChanges)
        return inputError(tooManyChangesMessage);
    const terms = readTerms(call, order);
    if ('status' in terms)
        return terms;
    world.orders.change(order, terms);
    return kiteSuccess({ order_id: orderId });
}
/** `DELETE /orders/:variety/:orderId` */
export function cancelOrder(world, session, orderId) {
    const order = openOrder(world, session, orderId);
    if ('body' in order)
        return order;
    world.orders.cancel(order);
    return kiteSuccess({ order_id: orderId });
}
/** `GET /orders` */
export function listOrders(world, session) {
    return kiteSuccess(world.orders.today(session.userId).map(shown));
}
/** `GET /orders/:orderId`: the order's history; the simulator keeps the last state only. */
export function showOrder(world, session, orderId) {
    const order = world.orders.find(session.userId, orderId);
    return order
        ? kiteSuccess([shown(order)])
        : kiteError(404, 'GeneralException', "Couldn't find that `order_id`.");
}
function openOrder(world, session, orderId) {
    const order = world.orders.find(session.userId, orderId);
    if (!order)
        return kiteError(400, 'OrderException', "Couldn't find that `order_id`.");
    if (isOpen(order))
        return order;
    return kiteError(400, 'OrderException', 'Order cannot be modified or cancelled as it is being processed or is closed.');
}
/** Type, quantity and prices, checked; what the call leaves out stays as it was. */
function readTerms(call, before) {
    const given = (name, old) => textOf(call.fields, name) ? Number(textOf(call.fields, name)) : old;
    const type = types.find((known) => known === (textOf(call.fields, 'order_type') || before.type));
    const quantity = given('quantity', before.quantity);
    const price = given('price', before.price);
    const triggerPrice = given('trigger_price', before.triggerPrice);
    const marketProtection = given('market_protection', 0);
    if (!type)
        return inputError('Invalid `order_type`.');
    if (!Number.isInteger(quantity) || quantity <= 0)
        return inputError('Invalid `quantity`.');
    if (type.startsWith('SL') && !(triggerPrice > 0))
        return inputError('Invalid `trigger_price`.');
    if (type === 'LIMIT' || type === 'SL') {
        if (!(price > 0))
            return inputError('Invalid `price`.');
    }
    else if (!marketProtection) {
        // zero or missing is refused, -1 means automatic (the rules for retail algos of 2026)
        return inputError('Market orders without market protection are not allowed via API. Please set market protection or use a Limit order.');
    }
    return { type, quantity, price, triggerPrice, marketProtection };
}
function shown(order) {
    const isRejected = order.status === 'rejected';
    return {
        account_id: order.userId,
        placed_by: order.userId,
        order_id: order.id,
        exchange_order_id: isRejected ? null : order.exchangeId,
        parent_order_id: null,
        status: statusWords[order.status],
        status_message: order.statusMessage || null,
        status_message_raw: order.statusMessage || null,
        order_timestamp: toIstText(order.placedAt),
        exchange_update_timestamp: isRejected ? null : toIstText(order.changedAt),
        exchange_timestamp: isRejected ? null : toIstText(order.changedAt),
        variety: order.variety,
        modified: order.changes > 0,
        exchange: order.exchange,
        tradingsymbol: order.instrument.symbol,
        instrument_token: kiteToken(order.instrument),
        order_type: order.type,
        transaction_type: order.side,
        validity: order.validity,
        validity_ttl: 0,
        product: order.product,
        quantity: order.quantity,
        disclosed_quantity: order.disclosedQuantity,
        price: order.price,
        trigger_price: order.triggerPrice,
        average_price: averagePrice(order),
        filled_quantity: filledQuantity(order),
        pending_quantity: pendingQuantity(order),
        cancelled_quantity: order.status === 'cancelled' ? order.quantity : 0,
        market_protection: order.marketProtection,
        meta: {},
        tag: order.tag || null,
        guid: order.guid,
    };
}
