import { toIstText } from '../../core/ist.js';
import { textOf } from '../call.js';
import { instruments, upstoxKey } from '../instruments.js';
import { averagePrice, filledQuantity, isOpen, pendingQuantity, } from '../order-book.js';
import { upstoxError, upstoxSuccess } from './errors.js';
import { orderCodes } from './unverified.js';
const types = ['MARKET', 'LIMIT', 'SL', 'SL-M'];
const sides = ['BUY', 'SELL'];
const products = ['D', 'I', 'CO', 'MTF'];
const validities = ['DAY', 'IOC'];
const statusWords = {
    open: 'open',
    'waiting for trigger': 'trigger pending',
    complete: 'complete',
    cancelled: 'cancelled',
    rejected: 'rejected',
};
/** Version 3 tells how many milliseconds the platform took. */
const latency = { metadata: { latency: 30 } };
const done = (version, data) => upstoxSuccess(data, version === 'v3' ? latency : {});
/** `POST /v2/order/place`, `POST /v3/order/place` */
export function placeOrder(world, caller, call, version) {
    const key = textOf(call.fields, 'instrument_token');
    const instrument = instruments.find((known) => upstoxKey(known) === key);
    if (!instrument)
        return invalid(orderCodes.instrument, 'Invalid Instrument key', 'instrument_token', key);
    const side = sides.find((known) => known === textOf(call.fields, 'transaction_type'));
    const product = textOf(call.fields, 'product');
    if (!side)
        return invalid('UDAPI100036', 'Invalid Input', 'transaction_type', call.fields.transaction_type);
    if (!products.includes(product))
        return invalid('UDAPI100036', 'Invalid Input', 'product', product);
    const terms = readTerms(call, { type: undefined, quantity: 0, price: 0, triggerPrice: 0, validity: '' });
    if ('body' in terms)
        return terms;
    const order = world.orders.place({
        ...terms,
        userId: caller.user.userId,
        instrument,
        exchange: 'NSE',
        variety: call.fields.is_amo === true ? 'AMO' : 'SIMPLE',
        side,
        product,
        disclosedQuantity: Number(textOf(call.fields, 'disclosed_quantity')) || 0,
        marketProtection: 0,
        tag: textOf(call.fields, 'tag'),
    });
    return done(version, version === 'v3' ? { order_ids: [order.id] } : { order_id: order.id });
}
/** `PUT /v2/order/modify`, `PUT /v3/order/modify` */
export function changeOrder(world, caller, call, version) {
    const order = openOrder(world, caller, textOf(call.fields, 'order_id'));
    if ('body' in order)
        return order;
    const terms = readTerms(call, order);
    if ('body' in terms)
        return terms;
    world.orders.change(order, terms);
    return done(version, { order_id: order.id });
}
/** `DELETE /v2/order/cancel?order_id=…`, `DELETE /v3/order/cancel?order_id=…` */
export function cancelOrder(world, caller, call, version) {
    const order = openOrder(world, caller, textOf(call.query, 'order_id'));
    if ('body' in order)
        return order;
    world.orders.cancel(order);
    return done(version, { order_id: order.id });
}
/** `GET /v2/order/retrieve-all` */
export function listOrders(world, caller) {
    return upstoxSuccess(world.orders.today(caller.user.userId).map(shown));
}
/** `GET /v2/order/details?order_id=…` */
export function showOrder(world, caller, call) {
    const order = world.orders.find(caller.user.userId, textOf(call.query, 'order_id'));
    return order
        ? upstoxSuccess(shown(order))
        : invalid(orderCodes.notFound, 'Order not found', 'order_id', null);
}
const invalid = (code, message, property, value) => upstoxError(400, code, message, property, value);
function openOrder(world, caller, orderId) {
    const order = world.orders.find(caller.user.userId, orderId);
    if (!order)
        return invalid(orderCodes.notFound, 'Order not found', 'order_id', orderId);
    if (isOpen(order))
        return order;
    return invalid(orderCodes.closed, 'The order is already complete, cancelled or rejected', 'order_id', orderId);
}
/** Type, quantity, prices and validity, checked; what the call leaves out stays as it was. */
function readTerms(call, before) {
    const given = (name, old) => textOf(call.fields, name) ? Number(textOf(call.fields, name)) : old;
    const asked = textOf(call.fields, 'order_type') || before.type;
    const type = types.find((known) => known === asked);
    const validity = textOf(call.fields, 'validity') || before.validity;
    const quantity = given('quantity', before.quantity);
    const price = given('price', before.price);
    const triggerPrice = given('trigger_price', before.triggerPrice);
    if (!asked)
        return invalid('UDAPI1004', 'Valid order type is required', 'order_type', null);
    if (!type)
        return invalid('UDAPI1056', "The 'order_type' is invalid", 'order_type', asked);
    if (!validity)
        return invalid('UDAPI1007', 'Validity is required', 'validity', null);
    if (!validities.includes(validity))
        return invalid('UDAPI1055', "The 'validity' is invalid", 'validity', validity);
    if (!Number.isInteger(quantity) || quantity <= 0) {
        return invalid(orderCodes.quantity, 'The order quantity cannot be zero', 'quantity', quantity);
    }
    if ((type === 'LIMIT' || type === 'SL') && !(price > 0)) {
        return invalid('UDAPI100036', 'Invalid Input', 'price', price);
    }
    if (type.startsWith('SL') && !(triggerPrice > 0)) {
        return invalid('UDAPI100036', 'Invalid Input', 'trigger_price', triggerPrice);
    }
    return { type, quantity, price, triggerPrice, validity };
}
function shown(order) {
    return {
        exchange: order.exchange,
        product: order.product,
        price: order.price,
        quantity: order.quantity,
        status: statusWords[order.status],
        guid: order.guid,
        tag: order.tag || null,
        instrument_token: upstoxKey(order.instrument),
        placed_by: order.userId,
        trading_symbol: order.instrument.symbol,
        tradingsymbol: order.instrument.symbol,
        order_type: order.type,
        validity: order.validity,
        trigger_price: order.triggerPrice,
        disclosed_quantity: order.disclosedQuantity,
        transaction_type: order.side,
        average_price: averagePrice(order),
        filled_quantity: filledQuantity(order),
        pending_quantity: pendingQuantity(order),
        status_message: order.statusMessage || null,
        status_message_raw: order.statusMessage || null,
        exchange_order_id: order.status === 'rejected' ? '' : order.exchangeId,
        parent_order_id: null,
        order_id: order.id,
        variety: order.variety,
        order_timestamp: toIstText(order.placedAt),
        exchange_timestamp: order.status === 'rejected' ? null : toIstText(order.changedAt),
        is_amo: order.variety === 'AMO',
        order_request_id: '1',
        order_ref_id: order.guid,
    };
}
