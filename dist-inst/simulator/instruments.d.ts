/** A listed share: real names and numbers, prices that never move. */
export interface Instrument {
    readonly symbol: string;
    readonly name: string;
    readonly isin: string;
    /** The exchange's number; Kite's `instrument_token` is 256 times it, plus 1 for NSE. */
    readonly exchangeToken: number;
    readonly lastPrice: number;
    readonly closePrice: number;
}
export declare const instruments: readonly Instrument[];
export declare const kiteToken: (instrument: Instrument) => number;
export declare const upstoxKey: (instrument: Instrument) => string;
/** What a simulated client owns: one holding and one position, the same for everyone, whatever was ordered. */
export declare const owned: {
    holding: {
        instrument: Instrument;
        quantity: number;
        averagePrice: number;
    };
    position: {
        instrument: Instrument;
        quantity: number;
        averagePrice: number;
    };
    cash: number;
};
