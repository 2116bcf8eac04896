import { instruments, owned, upstoxKey } from '../instruments.js';
import { upstoxError, upstoxSuccess } from './errors.js';
export function profileOf(user) {
    return {
        email: user.email,
        exchanges: ['NSE', 'NFO', 'BSE', 'MCX'],
        products: ['D', 'I', 'CO', 'MTF'],
        broker: 'UPSTOX',
        user_id: user.userId,
        user_name: user.name,
        order_types: ['MARKET', 'LIMIT', 'SL', 'SL-M'],
        user_type: 'individual',
        poa: false,
        is_active: true,
    };
}
const segmentFunds = (cash) => ({
    used_margin: 0,
    payin_amount: 0,
    span_margin: 0,
    adhoc_margin: 0,
    notional_cash: 0,
    available_margin: cash,
    exposure_margin: 0,
});
/** `GET /v2/user/get-funds-and-margin[?segment=SEC|COM]`; equity holds both since 19 July 2025. */
export function showFundsV2(segment) {
    const equity = segmentFunds(owned.cash);
    const commodity = segmentFunds(0);
    if (segment === '')
        return upstoxSuccess({ equity, commodity });
    if (segment === 'SEC')
        return upstoxSuccess({ equity });
    if (segment === 'COM')
        return upstoxSuccess({ commodity });
    return upstoxError(400, 'UDAPI100036', 'Invalid Input', 'segment', segment);
}
const deliveryMargin = { total: 0 };
/** `GET /v3/user/get-funds-and-margin` */
export function showFundsV3() {
    const used = { total: 0, mtf: 0, span_exposure: 0, cash_margin_var_elm: 0, premium_present: 0 };
    return upstoxSuccess({
        available_to_trade: {
            total: owned.cash,
            cash_available_to_trade: {
                total: owned.cash,
                cash: {
                    opening_balance: owned.cash,
                    added_today: 0,
                    withdrawn_today: 0,
                    amount_from_stock_sale: 0,
                    unpaid_charges: 0,
                },
                margin_used: { ...used, loss: { total: 0 }, delivery_margin: deliveryMargin },
            },
            pledge_available_to_trade: {
                total: 0,
                margin_from_pledge: { total: 0, equity: 0, mutual_funds: 0 },
                margin_used: { ...used, delivery_margin: deliveryMargin },
            },
        },
        unavailable_to_trade: {
            total: 0,
            cash_unavailable_to_trade: { total: 0, unsettled_profit: { total: 0 } },
            pledge_unavailable_to_trade: { equity: 0, mutual_funds: 0 },
        },
    });
}
/** `GET /v2/portfolio/long-term-holdings` */
export function showHoldings() {
    const { instrument, quantity, averagePrice } = owned.holding;
    const dayChange = instrument.lastPrice - instrument.closePrice;
    return upstoxSuccess([
        {
            isin: instrument.isin,
            cnc_used_quantity: 0,
            collateral_type: 'WC',
            company_name: instrument.name,
            haircut: 0.2,
            product: 'D',
            quantity,
            trading_symbol: instrument.symbol,
            tradingsymbol: instrument.symbol,
            last_price: instrument.lastPrice,
            close_price: instrument.closePrice,
            pnl: (instrument.lastPrice - averagePrice) * quantity,
            day_change: dayChange,
            day_change_percentage: (dayChange / instrument.closePrice) * 100,
            instrument_token: upstoxKey(instrument),
            average_price: averagePrice,
            collateral_quantity: 0,
            collateral_update_quantity: 0,
            t1_quantity: 0,
            exchange: 'NSE',
        },
    ]);
}
/** `GET /v2/portfolio/short-term-positions` */
export function showPositions() {
    const { instrument, quantity, averagePrice } = owned.position;
    const pnl = (instrument.lastPrice - averagePrice) * quantity;
    const buyValue = quantity * averagePrice;
    return upstoxSuccess([
        {
            exchange: 'NSE',
            multiplier: 1,
            value: buyValue,
            pnl,
            product: 'I',
            instrument_token: upstoxKey(instrument),
            average_price: averagePrice,
            buy_value: buyValue,
            overnight_quantity: 0,
            day_buy_value: buyValue,
            day_buy_price: averagePrice,
            day_buy_quantity: quantity,
            overnight_buy_amount: 0,
            overnight_buy_quantity: 0,
            day_sell_value: 0,
            day_sell_price: 0,
            day_sell_quantity: 0,
            overnight_sell_amount: 0,
            overnight_sell_quantity: 0,
            quantity,
            last_price: instrument.lastPrice,
            unrealised: pnl,
            realised: 0,
            sell_value: 0,
            trading_symbol: instrument.symbol,
            tradingsymbol: instrument.symbol,
            close_price: instrument.closePrice,
            buy_price: averagePrice,
            sell_price: 0,
        },
    ]);
}
/** Historical candles answer without any token (measured), so they prove nothing about one. */
export function showCandles(key, toDate) {
    const instrument = instruments.find((known) => upstoxKey(known) === key);
    if (!instrument)
        return upstoxError(400, 'UDAPI100011', 'Invalid Instrument key', 'instrumentKey', key);
    const { closePrice, lastPrice } = instrument;
    return upstoxSuccess({
        candles: [[`${toDate}T00:00:00+05:30`, closePrice, lastPrice, closePrice, lastPrice, 100_000, 0]],
    });
}
