export const instruments = [
    {
        symbol: 'INFY',
        name: 'INFOSYS',
        isin: 'INE009A01021',
        exchangeToken: 1594,
        lastPrice: 1520,
        closePrice: 1510,
    },
    {
        symbol: 'RELIANCE',
        name: 'RELIANCE INDUSTRIES',
        isin: 'INE002A01018',
        exchangeToken: 2885,
        lastPrice: 1400,
        closePrice: 1412,
    },
    {
        symbol: 'SBIN',
        name: 'STATE BANK OF INDIA',
        isin: 'INE062A01020',
        exchangeToken: 3045,
        lastPrice: 880,
        closePrice: 875,
    },
    {
        symbol: 'TCS',
        name: 'TATA CONSULTANCY SERV LT',
        isin: 'INE467B01029',
        exchangeToken: 11536,
        lastPrice: 3100,
        closePrice: 3120,
    },
    {
        symbol: 'HDFCBANK',
        name: 'HDFC BANK',
        isin: 'INE040A01034',
        exchangeToken: 1333,
        lastPrice: 990,
        closePrice: 985,
    },
    { symbol: 'ITC', name: 'ITC', isin: 'INE154A01025', exchangeToken: 1660, lastPrice: 410, closePrice: 408 },
];
export const kiteToken = (instrument) => instrument.exchangeToken * 256 + 1;
export const upstoxKey = (instrument) => `NSE_EQ|${instrument.isin}`;
/** What a simulated client owns: one holding and one position, the same for everyone, whatever was ordered. */
export const owned = {
    holding: { instrument: instruments[0], quantity: 10, averagePrice: 1450 },
    position: { instrument: instruments[2], quantity: 5, averagePrice: 872 },
    cash: 1_000_000,
};
