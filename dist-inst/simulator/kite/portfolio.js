import { csvAnswer } from '../answer.js';
import { instruments, kiteToken, owned } from '../instruments.js';
import { inputError, kiteSuccess } from './errors.js';
export function profileOf(user) {
    return {
        user_id: user.userId,
        user_type: 'individual',
        email: user.email,
        user_name: user.name,
        user_shortname: user.name.split(' ')[0],
        broker: 'ZERODHA',
        exchanges: ['NSE', 'BSE', 'NFO', 'MCX'],
        products: ['CNC', 'NRML', 'MIS', 'BO', 'CO'],
        order_types: ['MARKET', 'LIMIT', 'SL', 'SL-M'],
        avatar_url: null,
        meta: { demat_consent: 'consent' },
    };
}
function segmentMargins(cash) {
    return {
        enabled: cash > 0,
        net: cash,
        available: {
            adhoc_margin: 0,
            cash,
            opening_balance: cash,
            live_balance: cash,
            collateral: 0,
            intraday_payin: 0,
        },
        utilised: {
            debits: 0,
            exposure: 0,
            m2m_realised: 0,
            m2m_unrealised: 0,
            option_premium: 0,
            payout: 0,
            span: 0,
            holding_sales: 0,
            turnover: 0,
            liquid_collateral: 0,
            stock_collateral: 0,
            delivery: 0,
        },
    };
}
const margins = { equity: segmentMargins(owned.cash), commodity: segmentMargins(0) };
/** `GET /user/margins` and `/user/margins/:segment` */
export function showMargins(segment) {
    if (segment === undefined)
        return kiteSuccess(margins);
    return segment === 'equity' || segment === 'commodity'
        ? kiteSuccess(margins[segment])
        : inputError('Invalid `segment`.');
}
/** `GET /portfolio/holdings` */
export function showHoldings() {
    const { instrument, quantity, averagePrice } = owned.holding;
    const dayChange = instrument.lastPrice - instrument.closePrice;
    return kiteSuccess([
        {
            tradingsymbol: instrument.symbol,
            exchange: 'NSE',
            instrument_token: kiteToken(instrument),
            isin: instrument.isin,
            product: 'CNC',
            price: 0,
            quantity,
            used_quantity: 0,
            t1_quantity: 0,
            realised_quantity: quantity,
            authorised_quantity: 0,
            authorised_date: '2026-01-01 00:00:00',
            authorisation: {},
            opening_quantity: quantity,
            short_quantity: 0,
            collateral_quantity: 0,
            collateral_type: '',
            discrepancy: false,
            average_price: averagePrice,
            last_price: instrument.lastPrice,
            close_price: instrument.closePrice,
            pnl: (instrument.lastPrice - averagePrice) * quantity,
            day_change: dayChange,
            day_change_percentage: (dayChange / instrument.closePrice) * 100,
            mtf: { quantity: 0, used_quantity: 0, average_price: 0, value: 0, initial_margin: 0 },
        },
    ]);
}
/** `GET /portfolio/positions` */
export function showPositions() {
    const { instrument, quantity, averagePrice } = owned.position;
    const value = -quantity * averagePrice;
    const pnl = (instrument.lastPrice - averagePrice) * quantity;
    const position = {
        tradingsymbol: instrument.symbol,
        exchange: 'NSE',
        instrument_token: kiteToken(instrument),
        product: 'MIS',
        quantity,
        overnight_quantity: 0,
        multiplier: 1,
        average_price: averagePrice,
        close_price: 0,
        last_price: instrument.lastPrice,
        value,
        pnl,
        m2m: pnl,
        unrealised: pnl,
        realised: 0,
        buy_quantity: quantity,
        buy_price: averagePrice,
        buy_value: -value,
        buy_m2m: -value,
        sell_quantity: 0,
        sell_price: 0,
        sell_value: 0,
        sell_m2m: 0,
        day_buy_quantity: quantity,
        day_buy_price: averagePrice,
        day_buy_value: -value,
        day_sell_quantity: 0,
        day_sell_price: 0,
        day_sell_value: 0,
    };
    return kiteSuccess({ net: [position], day: [position] });
}
/** `GET /instruments[/:exchange]`: needs no token (kite.trade/forum comment 48095), so it proves nothing about one. */
export function showInstruments(exchange = 'NSE') {
    const head = 'instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange';
    const rows = exchange === 'NSE' ? instruments : [];
    const lines = rows.map((row) => `${kiteToken(row)},${row.exchangeToken},${row.symbol},${row.name},0,,0,0.05,1,EQ,NSE,NSE`);
    return csvAnswer(`${[head, ...lines].join('\n')}\n`);
}
